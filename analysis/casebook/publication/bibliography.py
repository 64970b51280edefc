"""One bibliography for the manuscript."""

import re
from collections.abc import Iterable, Mapping

from casebook.errors import InputError, Problem

# What citation styles print as markup, and nothing else.
MARKUP = re.compile(r"<(?!/?(i|b|em|strong|sup|sub|sc|span)\b)[A-Za-z/!?][^>']*")
SHORT = 4  # words by which a work without an author is cited in the text


def bibliography(*collections: Iterable[Mapping]) -> list[dict]:
    """Join collections of CSL-JSON items.

    A work without an author is cited by the beginning of its title, as APA has it; styles take
    that from `title-short`, which is added where it is missing.

    Args:
        collections: CSL-JSON items each.

    Returns:
        All items, in order.

    Raises:
        InputError: something is no item, a key stands in more than one place, or a text holds
            markup that no style prints.
    """
    items = [item for collection in collections for item in collection]
    problems = [
        Problem("bibliography", f"item {number}", str(item)[:40], "an item with an id and a title")
        for number, item in enumerate(items, 1)
        if not (isinstance(item, Mapping) and all(_is_text(item, key) for key in ("id", "title")))
    ]
    if problems:
        raise InputError(problems)
    items = [dict(item) for item in items]
    keys = [item["id"] for item in items]
    problems = [
        Problem("bibliography", "id", key, "a key that stands only once")
        for key in dict.fromkeys(keys)
        if keys.count(key) > 1
    ]
    problems += [
        Problem("bibliography", item["id"], markup[0], "text without markup but <i>, <b>, <sub>…")
        for item in items
        if (markup := MARKUP.search(str(item)))
    ]
    if problems:
        raise InputError(problems)
    for item in items:
        words = item["title"].split()
        if not item.get("author") and len(words) > SHORT + 2:
            item.setdefault("title-short", " ".join(words[:SHORT]).rstrip(",:;–-") + " …")
    return items


def _is_text(item: Mapping, key: str) -> bool:
    return isinstance(item.get(key), str) and bool(item[key].strip())
