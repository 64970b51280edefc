"""Claims about the bibliography."""

import pytest

from casebook.errors import InputError
from casebook.publication.bibliography import bibliography


def test_a_work_without_author_gets_a_short_title():
    """It is cited by its first four words, which end in an ellipsis."""
    item = {"id": "a", "title": "Police and residents met: what they said about trust"}
    assert "Police and residents met …" == bibliography([item])[0]["title-short"]


def test_other_works_are_left_as_they_are():
    """An author, or a title that is short already, needs no short title."""
    items = [
        {"id": "a", "title": "One two three four five six seven", "author": [{"family": "B"}]},
        {"id": "b", "title": "Short title"},
    ]
    assert items == bibliography(items)


def test_a_key_stands_only_once():
    """Two collections may not share a key."""
    with pytest.raises(InputError, match="'a'"):
        bibliography([{"id": "a", "title": "x"}], [{"id": "a", "title": "y"}])


@pytest.mark.parametrize(
    "item",
    [
        *({}, {"id": "b"}, {"title": "x"}, {"id": " ", "title": "x"}, {"id": "b", "title": ""}),
        *({"id": 1, "title": "x"}, {"id": "b", "title": None}, "b", None),
    ],
)
def test_an_item_has_an_id_and_a_title(item):
    """What has not both as text is refused, with its place among all items."""
    with pytest.raises(InputError, match=r"item 2: .*an item with an id and a title"):
        bibliography([{"id": "a", "title": "x"}], [item])
