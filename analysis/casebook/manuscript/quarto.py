"""Lets Quarto read the manuscript: its reader, its cells and filters, and the journal's filters."""

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from casebook.errors import RenderError
from casebook.manuscript.project import read_project
from casebook.manuscript.syntax import MANUSCRIPT

TREE = "quarto.json"


def read(work: Path, base: str, program: Path, environ: Mapping[str, str], limit: float) -> str:
    """Let Quarto render the manuscript in `work` up to its last filter.

    Args:
        work: a copy of the paper; Quarto writes into it.
        base: the base format in the journal's extension (`html`, `typst`, `docx`, `jats`).
        program: `quarto`.
        environ: the environment variables.
        limit: seconds that it may take.

    Returns:
        Pandoc's document tree as JSON, with nothing left to do but to resolve the citations and
        to write it.

    Raises:
        RenderError: Quarto failed (with the journal's own message, or the end of what Quarto
            said), took too long, or did not run the journal's filters.
    """
    tree = work / TREE
    command = [program, "render", MANUSCRIPT, "--to", f"{read_project(work).extension}-{base}"]
    environ = {**environ, "CASEBOOK_TREE": str(tree)}
    # With its Markdown Quarto keeps what cells have drawn, which is still to be written.
    options = ["--no-execute-daemon", "-M", "keep-md:true"]
    code, said = _run([*command, *options], work, environ, base, limit)
    if code != 0:
        raise RenderError(f"manuscript.qmd: {_reason(said)}")
    if not tree.is_file():
        raise RenderError(f"manuscript.qmd: Quarto did not run the journal's filters for {base}")
    return tree.read_text(encoding="utf-8")


def _run(
    command: list, folder: Path, environ: Mapping[str, str], base: str, limit: float
) -> tuple[int, str]:
    """Run Quarto, with all that it starts as one group; give its exit code and what it said."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(
        command, cwd=folder, env=environ, start_new_session=True, **pipes
    ) as process:
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            _end(process)
            raise RenderError(
                f"manuscript.qmd: Quarto took more than {limit:g} seconds for {base}: "
                "accepted is a longer `render_limit`, or `renderer: embedded`"
            ) from None
        except BaseException:  # an interrupt does not reach a session of its own
            _end(process)
            raise
    return process.returncode, said


def _end(process: subprocess.Popen) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _reason(printed: str) -> str:
    """The message of the journal's own checks, or the end of what Quarto said."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    ours = re.search(r"RenderError: (.*)", plain)
    if ours:
        return ours[1]
    lines = [line for line in plain.splitlines() if line.strip()]
    first = next((line for line in lines if re.match(r"(ERROR|Error)\b", line)), "")
    shown = [first, *lines[-25:]] if first and first not in lines[-25:] else lines[-25:]
    return "Quarto failed:\n" + "\n".join(f"  {line}" for line in shown)
