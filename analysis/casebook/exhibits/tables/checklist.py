"""The checklist of a good report: each item and how the paper answers it."""

from collections.abc import Mapping, Sequence

from casebook.errors import InputError, Problem
from casebook.exhibits.markdown import PrintedTable


def checklist(entries: Sequence[Mapping], file: str) -> list[PrintedTable]:
    """Return the checklist as a table of item and answer.

    Args:
        entries: `item` and `answer` each, both Markdown; numbers in answers are variables, so
            that an answer without a result behind it cannot be written.
        file: name of the file of entries, for messages.

    Raises:
        InputError: with every entry that lacks an item or an answer, or has anything else.
    """
    problems = [
        Problem(file, f"entry {number}", "", "an item and an answer, both texts that are not blank")
        for number, entry in enumerate(entries, 1)
        if not _complete(entry)
    ]
    if problems:
        raise InputError(problems)
    rows = [
        [str(number), *(" ".join(entry[key].split()) for key in ("item", "answer"))]
        for number, entry in enumerate(entries, 1)
    ]
    return [PrintedTable(["No.", "Item", "Answer"], rows, "rll", [5, 35, 60], style="small")]


def _complete(entry: object) -> bool:
    if not isinstance(entry, Mapping) or set(entry) != {"item", "answer"}:
        return False
    return all(isinstance(text, str) and text.strip() for text in entry.values())
