"""Claims about the choice of the renderer."""

import subprocess
import sys

import pytest

from casebook.errors import RenderError
from casebook.manuscript.renderer import find_renderer


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
