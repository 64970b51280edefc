"""The versions of what builds, as far as can be known without starting it."""

import platform
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from casebook.manuscript.renderer import PREVIEW, SPARED, WHEELS, find_quarto


def versions(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What builds, besides the packages of `requirements.lock`: name to version."""
    name, version, _reason = renderer(root, environ)
    return {
        "python": platform.python_version(),
        "platform": f"{sys.platform} {platform.machine()}",
        "renderer": f"{name} {version}",
    }


def renderer(root: Path, environ: Mapping[str, str]) -> tuple[str, str, str]:
    """Name, version and reason of the renderer, as the workflow will choose it.

    The configuration is YAML, for which Python alone has no reader; a line that is not understood
    counts as `auto`, and the workflow has the last word.
    """
    text = _text(root / "analysis/config.yaml")
    choice = re.search(r"^renderer: *[\"']?(\w+)", text, re.M)
    if choice and choice[1] == "embedded":
        reason = "the configuration asks for it"
    elif environ.get(PREVIEW) and not (choice and choice[1] == "quarto"):
        reason = SPARED
    else:
        found, reason = find_quarto(environ)
        if found:
            return found.name, found.version, found.reason
    locked = dict(re.findall(r"^([\w-]+)==(\S+)", _text(root / "requirements.lock"), re.M))
    wheels = ", ".join(f"{name} {locked.get(name, '?')}" for name in WHEELS)
    return "embedded", wheels, reason


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
