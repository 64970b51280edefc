"""The errors that users can cause: each says where it is and what would be accepted."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

LONGEST = 120  # characters of an offending value that a message shows
ERROR_FILE = "CASEBOOK_ERROR_FILE"  # keeps the last error for whoever started the build


class CasebookError(Exception):
    """Base of all errors that a change of data, configuration or manuscript can correct."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in an input.

    Attributes:
        file: name of the file as the user knows it (for example `data/raw/cases.csv`).
        place: where in it (`row 12, column score`, `line 40`, `qca.models.trust`), or "".
        value: the offending value as text, or "" where there is none.
        accepted: what would be accepted, as a phrase.
    """

    file: str
    place: str
    value: str
    accepted: str

    def __str__(self) -> str:
        """One line: `file: place: "value": accepted`."""
        value = repr(self.value) if self.value else ""
        value = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
        return ": ".join(part for part in (self.file, self.place, value, self.accepted) if part)


class InputError(CasebookError):
    """Raw data, configuration or manuscript break their rules; carries all problems found.

    Args:
        problems: every `Problem` found, in the order of the files.
    """

    def __init__(self, problems: list[Problem]):
        """Keep the problems and show one a line."""
        self.problems = list(problems)
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the inputs"
        super().__init__("\n  ".join([head, *map(str, self.problems)]))


class AnalysisError(CasebookError):
    """Data or settings do not allow an analysis; the message says what to change."""


class RenderError(CasebookError):
    """The manuscript cannot be rendered; the message names file and line."""


def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show an error that the user can correct by its message alone, any other one in full."""
    if issubclass(kind, CasebookError):
        print(f"\nerror: {error}\n", file=sys.stderr)
        keep(error)
    else:
        sys.__excepthook__(kind, error, trace)


def keep(error: CasebookError) -> None:
    """Keep an error for whoever started the build, and repeats it at the end."""
    if path := os.environ.get(ERROR_FILE):
        Path(path).write_text(str(error), encoding="utf-8")


sys.excepthook = show  # each step of the workflow is a process of its own
