"""Runs the Quarto command line interface on a copy of the paper."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from casebook.errors import RenderError
from casebook.manuscript.manuscript import MANUSCRIPT
from casebook.manuscript.project import read_project
from casebook.pandoc import run_pandoc

TIMEOUT = 900
# The TeX source, and the space that marks a formula on a line of its own.
FORMULA = re.compile(r'#journal-math\("((?:[^"\\]|\\.)*)"\)\[\$( ?)(?:[^$\\]|\\.)*\$\]')


def write(work: Path, base: str, written: str, program: Path, environ: Mapping[str, str]) -> Path:
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
        [*command, "--no-execute-daemon", "-M", "keep-typ:true"],
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
            if base == "typst":
                _renew_formulas(place, work)
            return place
    raise RenderError(f"manuscript.qmd: Quarto wrote no {written}:\n{_said(done.stderr)}")


def _renew_formulas(path: Path, work: Path) -> None:
    """Let the locked pandoc write the formulas: its versions write Typst's mathematics differently.

    The journal's filter leaves each formula as `#journal-math("TeX")[$…$]`.
    """
    text = path.read_text(encoding="utf-8")
    sources = list(dict.fromkeys(FORMULA.findall(text)))
    if not sources:
        return
    formulas = [
        {"t": "Para", "c": [{"t": "Math", "c": [{"t": kind}, _unescaped(source)]}]}
        for source, space in sources
        for kind in ["DisplayMath" if space else "InlineMath"]
    ]
    tree = {"pandoc-api-version": [1, 23], "meta": {}, "blocks": formulas}
    arguments = ["--from", "json", "--to", "typst", "--wrap", "none"]
    written = run_pandoc(arguments, json.dumps(tree), work).strip().split("\n\n")
    if len(written) != len(sources):
        raise RenderError("manuscript.qmd: a formula does not fit into one paragraph")
    renewed = dict(zip(sources, written, strict=True))
    text = FORMULA.sub(
        lambda match: f'#journal-math("{match[1]}")[{renewed[match[1], match[2]]}]', text
    )
    path.write_text(text, encoding="utf-8")


def _unescaped(source: str) -> str:
    return re.sub(r"\\(.)", r"\1", source)


def _said(text: str) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines()
    return "\n".join(f"  {line}" for line in plain[-25:])
