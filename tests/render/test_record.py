"""Claims about the publication record."""

import pytest
import yaml

from casebook.errors import RenderError
from casebook.render import read_record

from .conftest import ROOT, SAMPLE


@pytest.mark.parametrize("folder", [SAMPLE, ROOT / "paper"])
def test_records_are_of_their_form(folder):
    """The toy record and the paper's own are accepted."""
    assert read_record(folder / "metadata.yml")["title"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"doi": "10.1/x"}, "Additional properties are not allowed"),
        ({"title": ""}, "title: '' should be non-empty"),
        ({"author": []}, "author: "),
        ({"lang": "English"}, "lang: 'English' does not match"),
    ],
)
def test_wrong_records_are_errors(tmp_path, change, message):
    """Unknown keys and values of a wrong form are named with their place."""
    record = yaml.safe_load((SAMPLE / "metadata.yml").read_text())
    (tmp_path / "metadata.yml").write_text(yaml.safe_dump({**record, **change}))
    with pytest.raises(RenderError) as error:
        read_record(tmp_path / "metadata.yml")
    assert message in str(error.value)


def test_unquoted_date_is_an_error(tmp_path):
    """A date without quotes would be read differently by each reader of YAML."""
    text = (SAMPLE / "metadata.yml").read_text().replace('"2024-12-30"', "2024-12-30")
    (tmp_path / "metadata.yml").write_text(text)
    with pytest.raises(RenderError, match=r"publication\.history\.published"):
        read_record(tmp_path / "metadata.yml")
