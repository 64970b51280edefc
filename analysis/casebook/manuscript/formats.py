"""Renders the manuscript in one format, in a folder of its own, by either renderer."""

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
from casebook.manuscript.manuscript import MANUSCRIPT
from casebook.manuscript.renderer import Renderer
from casebook.manuscript.typeset import typeset
from casebook.pandoc import PROGRAM
from casebook.publication.record import read_record

LEFT_BEHIND = ("_output", "_build", ".quarto", "manuscript_files", "manuscript.typ")


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


def render(paper_dir: Path, manuscript: str, format: str, target: Path, renderer: Renderer) -> Path:
    """Render the manuscript and move the result to `target`.

    Works in a copy of `paper_dir`, so that renders can run side by side and a failed one leaves
    nothing behind. Both renderers give pandoc's output; Typst from the locked wheel makes the
    PDF of it in either case, so that fonts, tags and dates do not depend on the renderer.

    Args:
        paper_dir: the Quarto project: `manuscript.qmd`, `metadata.yml`, `_quarto.yml`,
            `_variables.yml`, `_generated/`, `_extensions/`.
        manuscript: the document tree from `read_manuscript`, as JSON; Quarto reads it anew.
        format: `html`, `pdf`, `docx` or `xml` (`jats` is the same).
        target: the file to write; its folder is made.
        renderer: from `find_renderer`.

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
        if renderer.name == "quarto":
            # Quarto's own pandoc would resolve the citations in its own version's way.
            environ["CASEBOOK_PANDOC"] = PROGRAM
            written = quarto.write(work, wanted.base, written.name, renderer.path, environ)
        else:
            embedded.write(manuscript, work, wanted.base, written, environ)
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
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(written, part)
    part.replace(target)
