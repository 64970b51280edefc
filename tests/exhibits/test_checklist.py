"""Claims about the checklist: a blank item stops the build."""

import pytest

from casebook.errors import InputError
from casebook.exhibits.tables.checklist import checklist


def test_items_are_numbered_in_order():
    """Two entries are the rows 1 and 2."""
    entries = [{"item": "a", "answer": "b"}, {"item": "c", "answer": "d"}]
    assert [["1", "a", "b"], ["2", "c", "d"]] == checklist(entries, "f")[0].rows


@pytest.mark.parametrize("entry", [{"item": "a", "answer": " "}, {"item": "a"}, "a", {}])
def test_a_blank_item_is_an_error(entry):
    """The message names the file and the entry."""
    with pytest.raises(InputError, match=r"checklist\.yml: entry 2"):
        checklist([{"item": "a", "answer": "b"}, entry], "paper/checklist.yml")
