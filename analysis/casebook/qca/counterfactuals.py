"""Enhanced standard analysis: remainders that no counterfactual may use (Schneider & Wagemann)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError
from casebook.qca.effort import DEADLINE, EFFORT, Deadline
from casebook.qca.solutions import LIMIT, Solution, counted, expected_levels, minimise
from casebook.qca.truth_table import TruthTable


@dataclass(frozen=True, eq=False, repr=False)
class EnhancedAnalysis:
    """Solutions for an outcome and its negation without untenable assumptions.

    Attributes:
        solution: solution for the outcome.
        negation: solution for the negated outcome, or None if that has no positive row.
        contradictory: rows that the parsimonious solutions of both outcomes assume.
        simultaneous: observed rows coded `1` for both outcomes.
        untenable: remainders that the user declared untenable.
        exact: False if `contradictory` may miss rows, because the models of a parsimonious
            solution could not be counted in time; the solutions say for themselves whether they
            are exact with the rows excluded here.
        proven: False if `contradictory` comes from models that may not be the shortest, and may
            hold rows too many as well.
    """

    solution: Solution
    negation: Solution | None
    contradictory: tuple[int, ...]
    simultaneous: tuple[int, ...]
    untenable: tuple[int, ...]
    exact: bool = True
    proven: bool = True

    def __repr__(self) -> str:
        """Numbers of excluded rows, and both solutions."""
        rows = counted(len(self.contradictory), "contradictory row", self.exact)
        rows += "" if self.proven else ", from models that may not be shortest"
        others = f"{len(self.simultaneous)} simultaneous, {len(self.untenable)} untenable"
        head = f"EnhancedAnalysis(without {rows}; {others})"
        return "\n".join([head, *(repr(each) for each in (self.solution, self.negation) if each)])

    def to_frame(self) -> pd.DataFrame:
        """Excluded rows with the columns kind, row, configuration, exact.

        `exact` is False for all rows of a kind of which some may be missing.
        """
        label = self.solution.table.label
        kinds = {"contradictory": self.exact, "simultaneous": True, "untenable": True}
        records = [
            (kind, row, label(row), exact)
            for kind, exact in kinds.items()
            for row in getattr(self, kind)
        ]
        return pd.DataFrame(records, columns=["kind", "row", "configuration", "exact"])


def contradictory_assumptions(one: Solution, other: Solution) -> tuple[int, ...]:
    """Remainders that the solutions of an outcome and of its negation both assume.

    Models count whether they are listed or not. None is missing where both are `all_assumed`.
    """
    return tuple(sorted({*one.simplifying_assumptions} & {*other.simplifying_assumptions}))


def simultaneous_subsets(table: TruthTable, negation: TruthTable) -> tuple[int, ...]:
    """Rows coded `1` both for the outcome and for its negation."""
    rows = set(table.row[table.code == "1"].tolist())
    return tuple(sorted(rows & set(negation.row[negation.code == "1"].tolist())))


def enhanced_analysis(
    table: TruthTable,
    negation: TruthTable,
    solution: str = "intermediate",
    expectations: Mapping[str, int] | None = None,
    expectations_negation: Mapping[str, int] | None = None,
    untenable: str | Iterable[int | str] = (),
    limit: int = LIMIT,
    effort: int = EFFORT,
    deadline: float | None = DEADLINE,
) -> EnhancedAnalysis:
    """Minimise for an outcome and its negation without contradictory and untenable assumptions.

    Excluded from both are the remainders declared untenable, the remainders that the parsimonious
    solutions of both outcomes assume, and the observed rows that are sufficient for both.

    Args:
        table: truth table of the outcome.
        negation: truth table of the negated outcome, with the same conditions.
        solution: type of the resulting solutions.
        expectations: directional expectations for the outcome, as in `minimise`.
        expectations_negation: directional expectations for its negation.
        untenable: remainders to exclude, as row numbers or expressions; observed rows among them
            keep their codes.
        limit: most models to list, as in `minimise`.
        effort: as in `minimise`, for each solution.
        deadline: seconds for all solutions together, or None for no limit.

    Raises:
        AnalysisError: the tables differ in their conditions, or as in `minimise`.
    """
    if table.conditions != negation.conditions or table.levels != negation.levels:
        raise AnalysisError("the tables of the outcome and its negation need the same conditions")
    ruled_out = table.rows_of(untenable).difference(_observed(table), _observed(negation))
    both = simultaneous_subsets(table, negation)
    out = [*ruled_out, *both]
    negated = bool(((negation.code == "1") & ~np.isin(negation.row, out)).any())
    if solution == "intermediate":  # refused before any time is spent
        expected_levels(table, expectations)
        if negated:
            expected_levels(negation, expectations_negation)
    until = Deadline(deadline)

    def solve(which: TruthTable, kind: str, expected=None, exclude=out, share=1.0) -> Solution:
        seconds = until.sooner(share).left
        return minimise(which, kind, expected, exclude, limit, effort, seconds)

    contradictory: tuple[int, ...] = ()
    negative, exact, proven = None, True, True
    if negated:
        first = solve(table, "parsimonious", share=1 / 4)
        second = solve(negation, "parsimonious", share=1 / 3)
        contradictory = contradictory_assumptions(first, second)
        exact = first.all_assumed and second.all_assumed
        proven = first.proven and second.proven
        negative = solve(
            negation, solution, expectations_negation, [*out, *contradictory], share=1 / 2
        )
    return EnhancedAnalysis(
        solution=solve(table, solution, expectations, [*out, *contradictory]),
        negation=negative,
        contradictory=contradictory,
        simultaneous=both,
        untenable=tuple(sorted(ruled_out)),
        exact=exact,
        proven=proven,
    )


def _observed(table: TruthTable) -> set[int]:
    """Rows that are no remainders."""
    return set(table.row[table.code != "?"].tolist())
