"""Claims about the choice of the renderer."""

import json
import subprocess
import sys
import time

import pytest

from casebook.errors import RenderError
from casebook.manuscript.formats import render_or_replace
from casebook.manuscript.manuscript import read_manuscript
from casebook.manuscript.renderer import PREVIEW, SPARED, find_renderer
from casebook.publication.build_record import replacements

pytestmark = pytest.mark.slow


def fake_quarto(folder, version):
    """Make a program `quarto` that tells a version."""
    path = folder / "quarto"
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return path


def test_embedded_is_taken_when_asked_for():
    """`embedded` never looks for Quarto."""
    assert find_renderer("embedded", {"QUARTO_PATH": "nowhere"}).name == "embedded"


def test_auto_without_quarto_is_embedded(monkeypatch, tmp_path):
    """`auto` falls back, and says why."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    found = find_renderer("auto", {"PATH": str(tmp_path)})
    assert (found.name, found.path, found.reason) == ("embedded", None, "no Quarto was found")


def test_quarto_without_quarto_is_an_error(monkeypatch, tmp_path):
    """`quarto` without Quarto says what to do."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(RenderError, match="install Quarto"):
        find_renderer("quarto", {"PATH": str(tmp_path)})


@pytest.mark.parametrize("key", ["PATH", "QUARTO_PATH"])
def test_quarto_is_found_in_a_folder(tmp_path, key):
    """A folder on PATH or in QUARTO_PATH gives Quarto and its version."""
    fake_quarto(tmp_path, "1.7.34")
    found = find_renderer("auto", {key: str(tmp_path)})
    assert (found.name, found.version) == ("quarto", "1.7.34")


def test_quarto_path_may_name_the_program(tmp_path):
    """QUARTO_PATH may be the program itself."""
    path = fake_quarto(tmp_path, "1.10.2")
    assert find_renderer("quarto", {"QUARTO_PATH": str(path)}).path == path


def test_old_quarto_is_not_taken(tmp_path):
    """Quarto 1.6 is too old: `auto` says so and goes on, `quarto` stops."""
    fake_quarto(tmp_path, "1.6.43")
    assert find_renderer("auto", {"PATH": str(tmp_path)}).reason.endswith("older than 1.7")
    with pytest.raises(RenderError, match="older than"):
        find_renderer("quarto", {"PATH": str(tmp_path)})


def test_a_quarto_that_was_never_tried_is_taken_and_that_is_said(tmp_path):
    """A newer version may do well; the summary says that nobody knows."""
    fake_quarto(tmp_path, "1.99.0")
    found = find_renderer("auto", {"PATH": str(tmp_path)})
    assert ("quarto", "1.99.0") == (found.name, found.version)
    assert "it is on PATH; it was never tried, only 1.7 to 1.10 were" == found.reason


def test_a_preview_does_without_quarto_unless_it_is_asked_for(tmp_path):
    """`auto` leaves it to the final build; `quarto` means it."""
    fake_quarto(tmp_path, "1.10.18")
    environ = {"PATH": str(tmp_path), PREVIEW: "1"}
    assert ("embedded", SPARED) == (
        find_renderer("auto", environ).name,
        find_renderer("auto", environ).reason,
    )
    assert "quarto" == find_renderer("quarto", environ).name


def failing_quarto(folder, says):
    """Make a program that is called a Quarto, and fails or never ends."""
    path = fake_quarto(folder, "1.10.18")
    path.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo 1.10.18 && exit\n{says}\n')
    return path


def tree_of(paper):
    """The manuscript as the workflow hands it to a render."""
    return json.dumps(read_manuscript(paper))


@pytest.mark.parametrize(
    ("says", "error"),
    [
        (
            "echo; echo 'ERROR: no such thing' >&2; echo at line 3 >&2; exit 1",
            "ERROR: no such thing",
        ),
        (
            "echo 'Error running filter: RenderError: the label is gone' >&2; exit 83",
            "the label is gone",
        ),
        ("exit 0", "Quarto did not run the journal's filters for html"),
        ("sleep 60 & sleep 60", "Quarto took more than 0.5 seconds for html"),
    ],
)
def test_where_quarto_fails_the_embedded_renderer_takes_its_place(
    paper, outputs, tmp_path, says, error
):
    """The page is there, and the record says which renderer failed, and how."""
    quarto = find_renderer("auto", {"QUARTO_PATH": str(failing_quarto(tmp_path, says))})
    target, start = tmp_path / "raw.html", time.monotonic()
    record = render_or_replace(paper, tree_of(paper), "html", target, quarto, 0.5)
    assert ("embedded", "quarto 1.10.18") == (record["renderer"], record["instead_of"])
    assert error in record["error"]
    assert "A toy article" in target.read_text(encoding="utf-8")
    assert time.monotonic() - start < 30  # nothing is waited for that will not end


def test_a_quarto_that_was_asked_for_by_name_is_not_replaced(paper, tmp_path):
    """`renderer: quarto` stays strict, and leaves nothing behind."""
    path = failing_quarto(tmp_path, "echo 'ERROR: no such thing' >&2; exit 1")
    quarto = find_renderer("quarto", {"QUARTO_PATH": str(path)})
    target = tmp_path / "out" / "raw.html"
    with pytest.raises(RenderError, match="Quarto failed:\n  ERROR: no such thing"):
        render_or_replace(paper, tree_of(paper), "html", target, quarto)
    assert not target.exists()


def test_a_text_with_cells_is_not_rendered_without_quarto(paper, tmp_path):
    """The embedded renderer runs none."""
    path = failing_quarto(tmp_path, "echo 'ERROR: no kernel' >&2; exit 1")
    with (paper / "manuscript.qmd").open("a") as text:
        text.write("\n```{python}\n1\n```\n")
    tree = json.dumps(read_manuscript(paper, runs_cells=True))
    quarto = find_renderer("auto", {"QUARTO_PATH": str(path)})
    with pytest.raises(RenderError, match="no kernel"):
        render_or_replace(paper, tree, "html", tmp_path / "raw.html", quarto)


def test_what_was_replaced_is_in_the_record_of_the_build():
    """By format; nothing where the renderer that was chosen made all."""
    good = {"renderer": "quarto", "version": "1.10.18"}
    other = {"renderer": "embedded", "version": "3", "instead_of": "quarto 1.10.18", "error": "x"}
    assert {} == replacements({"html": good})
    assert {"replaced": {"pdf": other}} == replacements({"html": good, "pdf": other})


def test_wrong_quarto_path_is_an_error(tmp_path):
    """A QUARTO_PATH that leads nowhere is not passed over in silence."""
    with pytest.raises(RenderError, match="QUARTO_PATH"):
        find_renderer("auto", {"QUARTO_PATH": str(tmp_path / "missing")})


def test_unknown_choice_is_an_error():
    """Only auto, quarto and embedded are choices."""
    with pytest.raises(RenderError, match="'pandoc' is not one of"):
        find_renderer("pandoc", {})


def test_import_is_light():
    """The workflow reads this module at each start: no lxml, pandas or pikepdf."""
    code = (
        "import sys, casebook.manuscript.renderer; "
        "print(sorted({'lxml', 'pandas', 'pikepdf', 'typst', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
