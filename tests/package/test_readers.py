"""Claims about YAML: data and nothing more, and the same whichever loader reads it."""

from pathlib import Path

import pytest
import yaml

from casebook.errors import InputError
from casebook.readers import _FastLoader, _PlainLoader, new_file, read_yaml

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for top in ("analysis", "paper", "data/raw") for path in (ROOT / top).rglob("*.y*ml")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_both_loaders_read_the_same(path):
    """Each YAML file of the project is the same data to both."""
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, _PlainLoader) == yaml.load(text, _FastLoader)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &here [1]\nb: *here\n", "line 2, column 4: valid YAML (aliases are not read)"),
        ("a: &here {b: *here}\n", "line 1, column 14: valid YAML (aliases are not read)"),
        ("a:\n  b: 1\n  b: 1\n", "line 3, column 3: valid YAML (the key 'b' stands here twice)"),
        ("a: b: c\n", "line 1, column 5: valid YAML (mapping values are not allowed here)"),
        ("a: &here {}\nb: {<<: *here}\n", "line 2, column 9: valid YAML (aliases are not read)"),
        ("a: 2020-13-01\n", "valid YAML (month must be in 1..12)"),
        ("[" * 10**5 + "]" * 10**5, "YAML that is less deeply nested"),
    ],
)
def test_what_is_more_or_less_than_data_is_refused(tmp_path, text, expected):
    """The error names the line."""
    path = tmp_path / "a.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_yaml(path, "a.yml")
    assert expected in str(error.value)
    with pytest.raises((yaml.YAMLError, ValueError, RecursionError)):
        yaml.load(text, _FastLoader)


def test_a_tab_is_refused_as_other_programs_do(tmp_path):
    """The fast loader takes it; what reads the file later would not."""
    path = tmp_path / "a.yml"
    path.write_text("a:\tb\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1, column 3: valid YAML"):
        read_yaml(path, "a.yml")


def fail_after(path, text):
    """Write a text, and find the disk full."""
    path.write_text(text, encoding="utf-8")
    raise OSError("the disk is full")


def test_a_new_file_takes_its_place_when_all_is_written(tmp_path):
    """Until then the old one stands there, and after an error, too; nothing is left beside it."""
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(OSError, match="full"), new_file(path) as part:
        fail_after(part, "half")
    assert "old" == path.read_text(encoding="utf-8")
    with new_file(path) as part:
        part.write_text("new", encoding="utf-8")
        assert "old" == path.read_text(encoding="utf-8")
    assert "new" == path.read_text(encoding="utf-8")
    assert [path] == [*tmp_path.iterdir()]
