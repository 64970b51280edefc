"""What a search may spend before it stops with what it has found."""

from math import inf
from time import monotonic

from casebook.errors import AnalysisError

EFFORT = 200_000  # most partial covers to keep at once unless the user allows more
DEADLINE = 40.0  # seconds, so that an analysis ends within a minute unless the user allows more


class TooLong(Exception):  # noqa: N818 -- a signal, not an error
    """A search has used up its steps or its time."""


class Deadline:
    """A moment at which searches stop. What they find until then depends on the machine."""

    def __init__(self, seconds: float | None):
        """Set it so many seconds from now; None for never."""
        if seconds is not None and not seconds >= 0:
            raise AnalysisError(f"deadline {seconds}: give seconds from 0, or None for no limit")
        self.end = inf if seconds is None else monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left, 0 if none are."""
        return max(self.end - monotonic(), 0.0)

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return monotonic() >= self.end

    def check(self) -> None:
        """Raise `TooLong` where no time is left."""
        if self.passed:
            raise TooLong

    def sooner(self, share: float) -> "Deadline":
        """Deadline after a share of the time that is left."""
        return Deadline(None if self.end == inf else share * self.left)


NEVER = Deadline(None)
