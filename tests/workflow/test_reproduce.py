"""Claims about the bytes: they are the same whatever is different outside."""

import subprocess
import sys
import zipfile

import pytest

from cli import reproduce
from cli.manifest import made
from cli.reproduce import circumstances, differences, lay_out, where


def test_other_circumstances_give_the_same_bytes(built, tmp_path, monkeypatch):
    """Folder, user, network, clock, time zone, locale, umask, hash seed, cores, home, order."""
    monkeypatch.setattr(reproduce, "PYTHON", sys.executable)
    copy = lay_out(built.folder, tmp_path)
    command, options, _ = circumstances(copy)
    done = subprocess.run(command, **options, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(made(copy)) > 100
    assert [] == differences(built.folder, copy)


def parts(path, **texts):
    """A zip file of parts with texts."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


PDF = b"%PDF-1.7\n1 0 obj\n(a)\nendobj\n2 0 obj\n(b)\nendobj\n"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b"one\ntwo\n", b"one\nTwo\n", "byte 4, line 2"),
        (b"one\n", b"one\ntwo\n", "byte 4, line 2"),
        (PDF, PDF.replace(b"(b)", b"(c)"), "byte 37, object 2"),
        (b"\0\1\2", b"\0\1\3", "byte 2:"),
    ],
)
def test_a_difference_is_shown_with_its_place(tmp_path, old, new, place):
    """Line of a text, object of a PDF, byte of the rest."""
    (tmp_path / "a").write_bytes(old)
    (tmp_path / "b").write_bytes(new)
    assert where(tmp_path / "a", tmp_path / "b").startswith(place)


def test_a_difference_in_a_zip_is_shown_with_its_part(tmp_path):
    """The first part that differs, and where in it."""
    old = parts(tmp_path / "a.docx", first="1", second="1\n2")
    new = parts(tmp_path / "b.docx", first="1", second="1\n3")
    assert where(old, new).startswith("part second: byte 2, line 2")
    more = parts(tmp_path / "c.docx", first="1")
    assert "second" in where(old, more)


def test_a_file_that_one_build_lacks_is_shown(tmp_path):
    """Which build lacks it."""
    (tmp_path / "a").write_bytes(b"1")
    assert where(tmp_path / "a", tmp_path / "nowhere/b").startswith("there is none in")
