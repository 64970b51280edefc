"""Renders the manuscript in one format, in a folder of its own, by either renderer."""

import json
import os
import shutil
import tempfile
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import strptime

import yaml

from casebook.errors import RenderError
from casebook.manuscript import embedded, quarto
from casebook.manuscript.literal import literal
from casebook.manuscript.renderer import Renderer, embedded_renderer
from casebook.manuscript.syntax import MANUSCRIPT, has_cells
from casebook.manuscript.typeset import typeset
from casebook.publication.record import read_record
from casebook.readers import new_file

LIMIT = 900  # seconds that Quarto may take for a format
LEFT_BEHIND = ("_output", "_build", "_quarto", ".quarto", "manuscript_files", "manuscript.typ")


@dataclass(frozen=True)
class Format:
    """One of the four outputs.

    Attributes:
        name: as the workflow calls it.
        base: Quarto's name of the base format, as in the journal's extension.
        written: ending of the file that pandoc writes.
    """

    name: str
    base: str
    written: str


FORMATS = {
    "html": Format("html", "html", ".html"),
    "pdf": Format("pdf", "typst", ".typ"),
    "docx": Format("docx", "docx", ".docx"),
    "xml": Format("xml", "jats", ".xml"),
}


def render_or_replace(
    paper_dir: Path,
    manuscript: str,
    format: str,
    target: Path,
    renderer: Renderer,
    limit: float = LIMIT,
) -> dict[str, str]:
    """Render as `render` does; where Quarto fails, the embedded renderer takes its place.

    Not where Quarto was asked for by name, nor where the manuscript has cells, which it alone runs.

    Returns:
        What to record: `renderer` and `version` of what made the file and, where that is not what
        was chosen, `instead_of` and the first line of its `error`.

    Raises:
        RenderError: a program failed, and none took its place.
    """
    try:
        render(paper_dir, manuscript, format, target, renderer, limit)
    except RenderError as error:
        if renderer.name == "embedded" or renderer.strict or has_cells(json.loads(manuscript)):
            raise
        other = embedded_renderer("Quarto failed")
        render(paper_dir, manuscript, format, target, other, limit)
        failed = f"{renderer.name} {renderer.version}"
        lines = [line.strip() for line in str(error).splitlines()]
        why = next((line for line in lines[1:] if line), lines[0])
        return {**_record(other), "instead_of": failed, "error": why}
    return _record(renderer)


def _record(renderer: Renderer) -> dict[str, str]:
    return {"renderer": renderer.name, "version": renderer.version}


def render(
    paper_dir: Path,
    manuscript: str,
    format: str,
    target: Path,
    renderer: Renderer,
    limit: float = LIMIT,
) -> Path:
    """Render the manuscript and move the result to `target`.

    Works in a copy of `paper_dir`, so that renders can run side by side and a failed one leaves
    nothing behind. Pandoc and Typst from the locked wheels write the file in either case, so that
    it does not depend on the versions that a Quarto brings.

    Args:
        paper_dir: the Quarto project: `manuscript.qmd`, `metadata.yml`, `_quarto.yml`,
            `_variables.yml`, `_generated/`, `_extensions/`.
        manuscript: the document tree from `read_manuscript`, as JSON; Quarto reads it anew.
        format: `html`, `pdf`, `docx` or `xml` (`jats` is the same).
        target: the file to write; its folder is made.
        renderer: from `find_renderer`.
        limit: seconds that Quarto may take.

    Returns:
        `target`.

    Raises:
        RenderError: a program failed.
    """
    wanted = FORMATS.get({"jats": "xml", "typst": "pdf"}.get(format, format))
    if wanted is None:
        raise RenderError(f"format: {format!r} is not one of {', '.join(FORMATS)}")
    paper_dir, target = Path(paper_dir), Path(target)
    record = read_record(paper_dir / "metadata.yml")
    epoch = publication_epoch(record)
    with tempfile.TemporaryDirectory(prefix="casebook-") as folder:
        work = Path(folder) / "paper"
        left = shutil.ignore_patterns(*LEFT_BEHIND)
        shutil.copytree(paper_dir, work, ignore=left, copy_function=shutil.copyfile)
        texts = yaml.safe_dump(literal(record), allow_unicode=True, sort_keys=False)
        (work / "metadata.yml").write_text(texts, encoding="utf-8")
        written = work / f"{Path(MANUSCRIPT).stem}{wanted.written}"
        environ = canonical_environment(os.environ, epoch)
        by_quarto = renderer.name == "quarto"
        if by_quarto:
            manuscript = quarto.read(work, wanted.base, renderer.path, environ, limit)
        embedded.write(manuscript, work, wanted.base, written, environ, filtered=by_quarto)
        if wanted.name == "pdf":
            written = typeset(written, work, epoch)
        _move(written, target)
    return target


def publication_epoch(record: Mapping) -> int:
    """Seconds from 1970 to the publication date of the record, midnight UTC."""
    published = record["publication"]["history"]["published"]
    return timegm(strptime(published, "%Y-%m-%d"))


def canonical_environment(environ: Mapping[str, str], epoch: int) -> dict[str, str]:
    """The environment of the programs: one clock, time zone and locale."""
    fixed = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"}
    return {**environ, **fixed}


def _move(written: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with new_file(target) as part:
        shutil.copyfile(written, part)
