"""Which program renders: an installed Quarto, or pandoc and Typst from the locked wheels."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from casebook.errors import RenderError

CHOICES = ("auto", "quarto", "embedded")
# Older ones bring a Typst that refuses the journal's template; newer ones were never tried.
OLDEST_QUARTO, NEWEST_QUARTO = (1, 7), (1, 10)
PREVIEW = "CASEBOOK_PREVIEW"  # the variable that spares Quarto where it was not asked for
SPARED = "the preview does without Quarto, which takes longer; `make paper` looks for it"
WHEELS = ("pypandoc-binary", "typst")  # what the embedded renderer is


@dataclass(frozen=True)
class Renderer:
    """The program that renders the manuscript.

    Attributes:
        name: `quarto` or `embedded`.
        version: of Quarto, or of the wheels (`pypandoc-binary 1.17, typst 0.15.2`).
        path: the program `quarto`, or None for the embedded renderer.
        reason: why this one, as a phrase for the build record.
        strict: it was asked for by name, and none may take its place where it fails.
    """

    name: str
    version: str
    path: Path | None
    reason: str
    strict: bool = False


def find_renderer(choice: str, environ: Mapping[str, str]) -> Renderer:
    """Choose the renderer.

    Quarto is looked for at `QUARTO_PATH` (the program or its folder), on `PATH`, and beside the
    running Python; it must be 1.7 or newer.

    Args:
        choice: `auto` (Quarto if there is one, but for a preview), `quarto`, or `embedded`.
        environ: the environment variables.

    Raises:
        RenderError: the choice is unknown; `quarto` is asked for and there is none;
            `QUARTO_PATH` names something that is not Quarto.
    """
    if choice not in CHOICES:
        raise RenderError(f"renderer: {choice!r} is not one of {', '.join(CHOICES)}")
    if choice == "embedded":
        return embedded_renderer("the configuration asks for it")
    if choice == "auto" and environ.get(PREVIEW):
        return embedded_renderer(SPARED)
    found, reason = find_quarto(environ)
    if found:
        return replace(found, strict=choice == "quarto")
    if choice == "quarto":
        raise RenderError(
            f"renderer: quarto is asked for, but {reason}; install Quarto 1.7 or newer, "
            "set QUARTO_PATH, or choose `auto` or `embedded`"
        )
    return embedded_renderer(reason)


def embedded_renderer(reason: str) -> Renderer:
    """Give the renderer that is always there."""
    from importlib.metadata import version  # `make status` does without it, and answers sooner

    wheels = ", ".join(f"{name} {version(name)}" for name in WHEELS)
    return Renderer("embedded", wheels, None, reason)


def find_quarto(environ: Mapping[str, str]) -> tuple[Renderer | None, str]:
    """Find an installed Quarto; where there is none that serves, say why."""
    named = environ.get("QUARTO_PATH", "")
    if named:
        path = _named_program(Path(named))
        if path is None:
            raise RenderError(
                f"QUARTO_PATH: {named!r} is neither Quarto nor a folder that holds it"
            )
        return _checked(path, "QUARTO_PATH names it")
    on_path = shutil.which("quarto", path=environ.get("PATH", ""))
    if on_path:
        return _checked(Path(on_path), "it is on PATH")
    beside = shutil.which("quarto", path=str(Path(sys.executable).parent))
    if beside:
        return _checked(Path(beside), "it is installed in the environment")
    return None, "no Quarto was found"


def _named_program(path: Path) -> Path | None:
    if path.is_file():
        return path
    found = shutil.which("quarto", path=str(path)) or shutil.which("quarto", path=str(path / "bin"))
    return Path(found) if found else None


def _checked(path: Path, reason: str) -> tuple[Renderer | None, str]:
    try:
        answer = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, f"{path.name} does not run ({error})"
    number = re.match(r"(\d+)\.(\d+)\.\d+", answer.stdout.strip())
    if not number:
        return None, "Quarto does not tell its version"
    version, tried = answer.stdout.strip(), (int(number[1]), int(number[2]))
    if tried < OLDEST_QUARTO:
        return None, f"Quarto {version} is older than {_shown(OLDEST_QUARTO)}"
    if tried > NEWEST_QUARTO:
        oldest, newest = _shown(OLDEST_QUARTO), _shown(NEWEST_QUARTO)
        reason += f"; it was never tried, only {oldest} to {newest} were"
    return Renderer("quarto", version, path.absolute(), reason), ""


def _shown(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
