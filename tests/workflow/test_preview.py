"""Claims about the preview: the page comes first, everything follows, faults are shown."""

import sys

import pytest

from cli import build, preview
from cli.server import Board

PARAGRAPH = "\n\nThis sentence is new.\n"


@pytest.fixture
def author(copy, tmp_path, monkeypatch):
    """A preview of a built study, which a test edits."""
    monkeypatch.setattr(preview, "PYTHON", sys.executable)
    monkeypatch.setattr(build, "PYTHON", sys.executable)
    board = Board()
    with preview.Worker(copy.folder, tmp_path / "error.txt") as worker:
        preview_ = preview.Preview(copy.folder, board, worker)
        preview_.everything()
        yield copy, board, preview_


def add(copy, text):
    """Add a text to the manuscript."""
    path = copy.folder / "paper/manuscript.qmd"
    path.write_text(path.read_text("utf-8") + text, encoding="utf-8")
    return {"paper/manuscript.qmd"}


def test_an_edit_is_on_the_page_before_the_other_formats_are_made(author):
    """The page alone is rendered and announced; the rest is as it was until everything is built."""
    copy, board, shown = author
    before = (copy.folder / "paper/_output/manuscript.pdf").read_bytes()
    edition = board.editions["manuscript.html"]
    assert shown.page(add(copy, PARAGRAPH))
    assert "This sentence is new." in (copy.folder / preview.RENDERED).read_text("utf-8")
    assert edition + 1 == board.editions["manuscript.html"]
    assert before == (copy.folder / "paper/_output/manuscript.pdf").read_bytes()
    shown.everything()
    finished = (copy.folder / "paper/_output/manuscript.html").read_text("utf-8")
    assert "This sentence is new." in finished
    assert before != (copy.folder / "paper/_output/manuscript.pdf").read_bytes()
    assert not board.problem
    assert build.build(copy.folder) is None


def test_a_fault_is_named_until_it_is_mended(author):
    """File and line stand in the news; the page that is shown stays."""
    copy, board, shown = author
    path = copy.folder / "paper/manuscript.qmd"
    text, page = path.read_text("utf-8"), (copy.folder / preview.RENDERED).read_bytes()
    assert not shown.page(add(copy, "\n\nSee [@nobody1900].\n"))
    shown.everything()
    assert f"manuscript.qmd: line {text.count(chr(10)) + 3}" in board.problem
    assert "@nobody1900 is not in the bibliography" in board.problem
    assert page == (copy.folder / preview.RENDERED).read_bytes()
    path.write_text(text, encoding="utf-8")
    shown.page({"paper/manuscript.qmd"})
    shown.everything()
    assert not board.problem


def test_a_changed_module_is_taken_up(author):
    """A worker that has imported a module lets a new one take its place."""
    copy, _, shown = author
    first = shown.worker.process.pid
    copy.edit("analysis/casebook/errors.py", "import os", "import os\n\nBROKEN = 1 / 0")
    assert not shown.page({"analysis/casebook/errors.py"})
    assert first != shown.worker.process.pid


def test_a_worker_runs_snakemake_again_and_again(tmp_path, copy, monkeypatch):
    """Its exit codes are Snakemake's, and one run does not know of another."""
    monkeypatch.setattr(preview, "PYTHON", sys.executable)
    with preview.Worker(copy.folder, tmp_path / "error.txt") as worker:
        assert [0, 1, 0] == [
            worker.run([], "--version"),
            worker.run([], "--dry-run", "no/such/file"),
            worker.run([], "--dry-run", "--quiet", "all"),
        ]
