"""The manifest: every file that the workflow reads or makes, with the SHA-256 of its content.

One list for `status`, `paper`, `verify`, `accept` and the research object. It names files by
their place in the project, and trusts nothing but contents: no dates, no sizes.
"""

import hashlib
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from casebook.render.renderer import WHEELS, find_quarto

# What the workflow reads: files, and folders with all that is in them.
READ = [
    "Snakefile",
    "analysis",
    "data/raw",
    "paper",
    "profiles",
    "pyproject.toml",
    "quarto.lock",
    "requirements.lock",
]
# What it makes.
MADE = [
    "data/processed",
    "paper/_build",
    "paper/_generated",
    "paper/_output",
    "paper/_variables.yml",
]
# What is published or rests on it, the same bytes on every build. The copies of sources in the
# research object are sources, and are not counted twice.
CANONICAL = ["data/processed", "paper/_output"]
COPIES = "paper/_output/source"
UNREAD = {"__pycache__", ".snakemake_timestamp"}  # Python's and Snakemake's own
# Left in `paper/` by a plain `quarto render`, and what `make accept` writes.
ASIDE = ["paper/manuscript.typ", "paper/manuscript_files", "paper/expected.sha256"]


def sources(root: Path) -> list[str]:
    """What the workflow reads in the project at `root`; hidden files and backups are nothing."""
    found = _files(root, READ, {*MADE, *ASIDE})
    return [name for name in found if not re.search(r"(^|/)[.#]|~$", name)]


def made(root: Path) -> list[str]:
    """What the workflow has made there."""
    return _files(root, MADE)


def canonical(root: Path) -> list[str]:
    """The outputs that are the same on every build."""
    return _files(root, CANONICAL, {COPIES})


def _files(root: Path, tops: Iterable[str], without: Iterable[str] = ()) -> list[str]:
    found = {top for top in tops if Path(root, top).is_file()}
    for top in tops:
        for folder, inner, names in os.walk(Path(root, top), followlinks=True):
            at = Path(folder).relative_to(root)
            inner[:] = [x for x in inner if x not in UNREAD and (at / x).as_posix() not in without]
            found |= {(at / name).as_posix() for name in names if name not in UNREAD}
    return sorted(found.difference(without))


def digests(root: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each file that is there, by its name."""
    found = ((name, sha256(Path(root, name))) for name in names)
    return {name: digest for name, digest in found if digest}


def sha256(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits, or "" where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


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
