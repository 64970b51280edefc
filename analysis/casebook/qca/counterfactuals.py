"""Enhanced standard analysis: remainders that no counterfactual may use (Schneider & Wagemann)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from casebook.errors import AnalysisError
from casebook.qca.solutions import LIMIT, Solution, minimise
from casebook.qca.truth_table import TruthTable


@dataclass(frozen=True, eq=False)
class EnhancedAnalysis:
    """Solutions for an outcome and its negation without untenable assumptions.

    Attributes:
        solution: solution for the outcome.
        negation: solution for the negated outcome, or None if that has no positive row.
        contradictory: rows that the parsimonious solutions of both outcomes assume.
        simultaneous: observed rows coded `1` for both outcomes.
        untenable: rows that the user declared untenable.
    """

    solution: Solution
    negation: Solution | None
    contradictory: tuple[int, ...]
    simultaneous: tuple[int, ...]
    untenable: tuple[int, ...]

    def to_frame(self) -> pd.DataFrame:
        """Excluded rows with the columns kind, row, configuration."""
        label = self.solution.table.label
        kinds = ("contradictory", "simultaneous", "untenable")
        records = [(kind, row, label(row)) for kind in kinds for row in getattr(self, kind)]
        return pd.DataFrame(records, columns=["kind", "row", "configuration"])


def contradictory_assumptions(one: Solution, other: Solution) -> tuple[int, ...]:
    """Remainders that the solutions of an outcome and of its negation both assume."""
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
) -> EnhancedAnalysis:
    """Minimise for an outcome and its negation without contradictory and untenable assumptions.

    Excluded from both are the remainders declared untenable, the remainders that the parsimonious
    solutions of both outcomes assume, and the observed rows that are sufficient for both.

    Args:
        table: truth table of the outcome.
        negation: truth table of the negated outcome, with the same conditions.
        solution: type of the resulting solutions.
        expectations: directional expectations for the outcome.
        expectations_negation: directional expectations for its negation.
        untenable: remainders to exclude, as row numbers or expressions.
        limit: most models to list, as in `minimise`.

    Raises:
        AnalysisError: the tables differ in their conditions, or as in `minimise`.
    """
    if table.conditions != negation.conditions or table.levels != negation.levels:
        raise AnalysisError("the tables of the outcome and its negation need the same conditions")
    ruled_out = table.rows_of(untenable)
    both = simultaneous_subsets(table, negation)
    out = [*ruled_out, *both]
    first = minimise(table, "parsimonious", exclude=out, limit=limit)
    contradictory: tuple[int, ...] = ()
    negative = None
    if ((negation.code == "1") & ~pd.Series(negation.row).isin(out).to_numpy()).any():
        second = minimise(negation, "parsimonious", exclude=out, limit=limit)
        contradictory = contradictory_assumptions(first, second)
        wanted = expectations_negation if solution == "intermediate" else None
        negative = minimise(negation, solution, wanted, [*out, *contradictory], limit)
    wanted = expectations if solution == "intermediate" else None
    return EnhancedAnalysis(
        solution=minimise(table, solution, wanted, [*out, *contradictory], limit),
        negation=negative,
        contradictory=contradictory,
        simultaneous=both,
        untenable=tuple(sorted(ruled_out)),
    )
