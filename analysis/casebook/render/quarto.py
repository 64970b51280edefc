"""Runs the Quarto command line interface on a copy of the paper."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from casebook.errors import RenderError
from casebook.render.manuscript import MANUSCRIPT
from casebook.render.project import read_project

TIMEOUT = 900


def write(
    work: Path, base: str, written: str, program: Path, environ: Mapping[str, str]
) -> Path:
    """Let Quarto render the manuscript in `work`.

    Args:
        work: a copy of the paper; Quarto writes into it.
        base: the base format in the journal's extension (`html`, `typst`, `docx`, `jats`).
        written: name of the file that is wanted (for `typst` the kept source).
        program: `quarto`.
        environ: the environment variables.

    Returns:
        The file.

    Raises:
        RenderError: Quarto failed (with the end of what it said), or left no file.
    """
    project = read_project(work)
    command = [program, "render", MANUSCRIPT, "--to", f"{project.extension}-{base}"]
    done = subprocess.run(
        [*command, "--no-execute-daemon"],
        cwd=work,
        env=dict(environ),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    if done.returncode != 0:
        raise RenderError(f"manuscript.qmd: Quarto failed:\n{_said(done.stdout + done.stderr)}")
    for place in (work / project.output_dir / written, work / written):
        if place.is_file():
            return place
    raise RenderError(f"manuscript.qmd: Quarto wrote no {written}:\n{_said(done.stderr)}")


def _said(text: str) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines()
    return "\n".join(f"  {line}" for line in plain[-25:])
