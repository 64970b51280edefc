"""Runs pandoc from the wheel."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pypandoc

from casebook.errors import RenderError

# The wheel would prefer a newer one that is installed beside it, which prints other bytes.
PROGRAM = str(Path(pypandoc.__file__).parent / "files" / "pandoc")
# Pandoc looks through all of its memory only when it holds 128 MB: a sixth of its time.
MEMORY = ["+RTS", "-O128m", "-RTS"]
LOCALE = {"LC_ALL": "C.UTF-8"}  # by which pandoc reads the names of files
TIMEOUT = 300


def run_pandoc(
    arguments: Sequence[str],
    text: str,
    folder: Path,
    environ: Mapping[str, str] | None = None,
    name: str = "manuscript.qmd",
) -> str:
    """Run pandoc with `text` on its input, in `folder`; give what it prints.

    Args:
        arguments: its options.
        text: its input.
        folder: where it looks for files.
        environ: the environment variables; those of this process if there are none.
        name: the file that an error is about.

    Raises:
        RenderError: pandoc or a filter failed, or pandoc warned of something that would be wrong
            in the output (an unknown citation, a file that it could not read).
    """
    said, printed = run_with_warnings(arguments, text, folder, environ, name)
    if "[WARNING]" in said:
        raise RenderError(f"{name}: {_shortened(said)}")
    return printed


def run_with_warnings(
    arguments: Sequence[str],
    text: str,
    folder: Path,
    environ: Mapping[str, str] | None = None,
    name: str = "manuscript.qmd",
) -> tuple[str, str]:
    """Run pandoc as `run_pandoc` does, and give its warnings and what it prints."""
    done = subprocess.run(
        [PROGRAM, *MEMORY, f"--data-dir={os.devnull}", *arguments],  # nothing of the user's
        input=text.encode(),
        cwd=folder,
        env={**(os.environ if environ is None else environ), **LOCALE},
        capture_output=True,
        timeout=TIMEOUT,
        check=False,
    )
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode != 0:
        raise RenderError(f"{name}: {_shortened(said)}")
    return said, done.stdout.decode()


def _shortened(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip() and "stack traceback" not in line]
    for line in lines:
        if "RenderError: " in line:
            return line.partition("RenderError: ")[2]
    return "pandoc: " + "\n  ".join(lines[:12])
