"""One bibliography for the manuscript."""

from collections.abc import Iterable, Mapping

from casebook.errors import InputError, Problem

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
        InputError: a key stands in more than one place.
    """
    items = [dict(item) for collection in collections for item in collection]
    keys = [item["id"] for item in items]
    problems = [
        Problem("bibliography", "id", key, "a key that stands only once")
        for key in dict.fromkeys(keys)
        if keys.count(key) > 1
    ]
    if problems:
        raise InputError(problems)
    for item in items:
        words = item["title"].split()
        if not item.get("author") and len(words) > SHORT + 2:
            item.setdefault("title-short", " ".join(words[:SHORT]).rstrip(",:;–-") + " …")
    return items
