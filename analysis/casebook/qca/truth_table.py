"""The truth table: configurations with their cases, fit and outcome code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError
from casebook.qca.expression import (
    TOLERANCE,
    check_name,
    literals,
    membership,
    memberships_of,
    pattern_label,
    patterns_of,
)
from casebook.qca.fit import sufficiency_of

MOST_CONFIGURATIONS = 2**24  # beyond this the lattice of condition sets outgrows a laptop


@dataclass(frozen=True)
class Cutoffs:
    """What makes a row positive.

    Attributes:
        consistency: least consistency of a positive row.
        pri: least PRI of a positive row; a row that fails it is negative.
        frequency: least number of cases of a row that is not a remainder.
        consistency0: rows from here up to `consistency` are contradictions (`C`); None for none.
    """

    consistency: float = 0.8
    pri: float = 0.0
    frequency: int = 1
    consistency0: float | None = None

    def __post_init__(self):
        """Refuse values out of range."""
        for name, value in (("consistency", self.consistency), ("pri", self.pri)):
            if not 0 <= value <= 1:
                raise AnalysisError(f"{name} cut-off {value}: give a number from 0 to 1")
        if self.frequency < 1 or self.frequency != int(self.frequency):
            raise AnalysisError(f"frequency cut-off {self.frequency}: give a whole number from 1")
        low = self.consistency0
        if low is not None and not 0 <= low <= self.consistency:
            raise AnalysisError(
                f"consistency0 cut-off {low}: give a number from 0 to the consistency cut-off "
                f"{self.consistency}"
            )


@dataclass(frozen=True, eq=False, repr=False)
class TruthTable:
    """Observed configurations of conditions, each coded for an outcome.

    Attributes:
        outcome: outcome expression, for example `TRU` or `~TRU`.
        conditions: names in the order of the columns.
        levels: number of levels of each condition (2 for crisp and fuzzy sets).
        cutoffs: what made a row positive.
        row: 1-based mixed-radix numbers of the observed rows, first condition most significant.
        n: number of cases with a membership above 0.5 in each row.
        consistency: sufficiency of each row for the outcome, over all cases.
        pri: proportional reduction in inconsistency (NaN where undefined).
        code: `1`, `0`, `C` (contradiction) or `?` (fewer cases than the frequency cut-off).
        cases: case ids of each row.
        case_ids: all cases in the order of the data.
        memberships: cases x conditions; levels for multi-value conditions.
        outcome_membership: membership of each case in the outcome.
    """

    outcome: str
    conditions: tuple[str, ...]
    levels: tuple[int, ...]
    cutoffs: Cutoffs
    row: np.ndarray
    n: np.ndarray
    consistency: np.ndarray
    pri: np.ndarray
    code: np.ndarray
    cases: tuple[tuple, ...]
    case_ids: tuple
    memberships: np.ndarray
    outcome_membership: np.ndarray

    def __repr__(self) -> str:
        """Summary line and one line per row."""
        counts = ", ".join(f"{(self.code == code).sum()} {code!r}" for code in "10C?")
        head = (
            f"TruthTable({' '.join(self.conditions)} => {self.outcome}: {len(self.row)} observed "
            f"rows ({counts}), {self.remainders} remainders)"
        )
        return f"{head}\n{self.to_frame().to_string(index=False)}"

    @property
    def n_configurations(self) -> int:
        """Number of logically possible rows."""
        return int(np.prod(self.levels, dtype=object))

    @property
    def remainders(self) -> int:
        """Number of rows without enough cases: unobserved, or below the frequency cut-off."""
        return self.n_configurations - int((self.code != "?").sum())

    @cached_property
    def configurations(self) -> np.ndarray:
        """Level of each condition in each observed row (rows x conditions)."""
        return configurations(self.row - 1, self.levels)

    @property
    def unassigned(self) -> tuple:
        """Cases that belong to no row because a condition has a membership of exactly 0.5."""
        assigned = {case for cases in self.cases for case in cases}
        return tuple(case for case in self.case_ids if case not in assigned)

    @cached_property
    def contradictions(self) -> pd.DataFrame:
        """Rows coded `C` or with cases on both sides of the outcome.

        Columns: row, configuration, code, cases_in, cases_out (tuples of case ids).
        """
        inside = dict(zip(self.case_ids, self.outcome_membership > 0.5, strict=True))
        records = []
        for row, label, code, cases in zip(
            self.row, self.labels, self.code, self.cases, strict=True
        ):
            members = tuple(case for case in cases if inside[case])
            others = tuple(case for case in cases if not inside[case])
            if code == "C" or (members and others):
                records.append((int(row), label, str(code), members, others))
        columns = ["row", "configuration", "code", "cases_in", "cases_out"]
        return pd.DataFrame(records, columns=columns)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Each observed row as an expression such as `A*~B*C`."""
        return tuple(self.label(row) for row in self.row)

    def label(self, row: int) -> str:
        """Expression of any row number, observed or not."""
        pattern = configurations(np.array([row - 1]), self.levels)[0]
        return pattern_label(pattern, self.conditions, self.levels)

    def to_frame(self, remainders: bool = False) -> pd.DataFrame:
        """The table as a frame, in the order of the row numbers.

        Args:
            remainders: also list the rows without cases (all configurations).

        Returns:
            Columns: row, one per condition (level), configuration, n, cases (tuple of ids),
            consistency, pri, code. Rows without cases have the code `?`.
        """
        table = self._with_remainders() if remainders else self
        frame = pd.DataFrame({"row": table.row})
        for position, name in enumerate(table.conditions):
            frame[name] = table.configurations[:, position]
        return frame.assign(
            configuration=table.labels,
            n=table.n,
            cases=list(table.cases),
            consistency=table.consistency,
            pri=table.pri,
            code=table.code,
        )

    def rows_of(self, chosen: str | Iterable[int | str]) -> frozenset[int]:
        """Row numbers meant by numbers, expressions, or a mix of both.

        Args:
            chosen: an expression over the conditions such as `A*~B`, a row number, or several.

        Raises:
            AnalysisError: a number is no row of this table, or an expression cannot be read.
        """
        if isinstance(chosen, (str, int, np.integer)):
            chosen = [chosen]
        rows: set[int] = set()
        for item in chosen:
            if isinstance(item, str):
                for pattern in patterns_of(item, self.conditions, self.levels):
                    rows.update((rows_covered(pattern, self.levels) + 1).tolist())
            elif 1 <= int(item) <= self.n_configurations:
                rows.add(int(item))
            else:
                raise AnalysisError(f"row {item}: the table has rows 1 to {self.n_configurations}")
        return frozenset(rows)

    def without(self, chosen: str | Iterable[int | str]) -> "TruthTable":
        """The table with these observed rows coded `0` (see `rows_of`)."""
        out = np.isin(self.row, list(self.rows_of(chosen)))
        return replace(self, code=np.where(out, "0", self.code))

    def at(self, cutoffs: Cutoffs) -> "TruthTable":
        """The same rows coded again with other cut-offs."""
        code = codes(self.n, self.consistency, self.pri, cutoffs)
        return replace(self, cutoffs=cutoffs, code=code)

    def _with_remainders(self) -> "TruthTable":
        rows = np.arange(1, self.n_configurations + 1)
        corners = corner_memberships(
            configurations(rows - 1, self.levels), self.memberships, self.levels
        )
        consistency, pri, _ = sufficiency_of(corners, self.outcome_membership)
        place = self.row - 1
        n, code = np.zeros(len(rows), dtype=int), np.full(len(rows), "?")
        n[place], code[place] = self.n, self.code
        observed = dict(zip(self.row.tolist(), self.cases, strict=True))
        cases = tuple(observed.get(row, ()) for row in rows.tolist())
        return replace(
            self, row=rows, n=n, consistency=consistency, pri=pri, code=code, cases=cases
        )


def truth_table(
    data: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    consistency: float = 0.8,
    pri: float = 0.0,
    frequency: int = 1,
    consistency0: float | None = None,
    *,
    levels: Mapping[str, int] | None = None,
) -> TruthTable:
    """Sort cases into configurations and code each for the outcome.

    A row is `1` if it has at least `frequency` cases, its consistency reaches `consistency` and
    its PRI reaches `pri`; `C` if its consistency lies from `consistency0` up to `consistency`; `?`
    if it has too few cases; otherwise `0`. Comparisons allow 1.5e-8 for rounding. An undefined PRI
    (0/0) passes only where no PRI is asked for.

    Args:
        data: memberships in [0, 1] (or whole levels 0, 1, 2, ...), one row per case, ids as index.
        outcome: `"Y"`, `"~Y"`, or a level `"Y{2}"`.
        conditions: names of the conditions, in the order of the table.
        consistency: cut-off of consistency.
        pri: cut-off of PRI.
        frequency: least number of cases per row.
        consistency0: lower end of contradictions, or None.
        levels: number of levels of conditions whose highest level does not occur.

    Returns:
        A `TruthTable` of the observed rows, by row number.

    Raises:
        AnalysisError: an unknown, repeated or constant condition, the outcome among the conditions,
            missing memberships or values outside [0, 1], repeated case ids, cut-offs out of range.
    """
    conditions = tuple(conditions)
    cutoffs = Cutoffs(consistency, pri, frequency, consistency0)
    check_names(data, outcome, conditions)
    values = memberships_of(data, conditions)
    _check_variation(conditions, values)
    sizes = _levels(conditions, values, levels or {})
    y = membership(data, outcome).to_numpy()
    return tabulate(outcome.strip(), conditions, sizes, cutoffs, tuple(data.index), values, y)


def tabulate(
    outcome: str,
    conditions: tuple[str, ...],
    levels: tuple[int, ...],
    cutoffs: Cutoffs,
    case_ids: tuple,
    values: np.ndarray,
    y: np.ndarray,
) -> TruthTable:
    """Make a truth table of arrays that are known to be right: `truth_table` without its checks.

    Args:
        outcome: outcome expression, only to be named.
        conditions: names of the conditions.
        levels: number of levels of each condition.
        cutoffs: what makes a row positive.
        case_ids: ids of the cases.
        values: memberships, cases x conditions.
        y: membership of each case in the outcome.
    """
    corner = _corners(values, levels)
    row, inverse = np.unique(corner, return_inverse=True)
    members: list[list] = [[] for _ in row]
    for case, position in zip(case_ids, inverse.tolist(), strict=True):
        members[position].append(case)
    if len(row) and row[0] == -1:
        row, members = row[1:], members[1:]
    n = np.array([len(cases) for cases in members], dtype=int)
    corners = corner_memberships(configurations(row, levels), values, levels)
    consistency, pri, _ = sufficiency_of(corners, y)
    return TruthTable(
        outcome=outcome,
        conditions=conditions,
        levels=levels,
        cutoffs=cutoffs,
        row=row + 1,
        n=n,
        consistency=consistency,
        pri=pri,
        code=codes(n, consistency, pri, cutoffs),
        cases=tuple(map(tuple, members)),
        case_ids=case_ids,
        memberships=values,
        outcome_membership=y,
    )


def codes(n: np.ndarray, consistency: np.ndarray, pri: np.ndarray, cutoffs: Cutoffs) -> np.ndarray:
    """Outcome code of each row, as described in `truth_table`."""
    consistent = consistency >= cutoffs.consistency - TOLERANCE
    proportional = pri >= cutoffs.pri - TOLERANCE
    if cutoffs.pri <= 0:
        proportional = np.ones_like(consistent)
    code = np.where(consistent & proportional, "1", "0")
    if cutoffs.consistency0 is not None:
        partly = ~consistent & (consistency >= cutoffs.consistency0 - TOLERANCE)
        code = np.where(partly, "C", code)
    return np.where(n < cutoffs.frequency, "?", code)


def strides(levels: Sequence[int]) -> np.ndarray:
    """Weight of each condition in the row number (first condition most significant)."""
    return np.array(_strides(tuple(levels)), dtype=np.int64)


@lru_cache
def _strides(levels: tuple[int, ...]) -> tuple[int, ...]:
    sizes = [1]
    for size in levels[:0:-1]:
        sizes.append(sizes[-1] * size)
    return tuple(sizes[::-1])


def configurations(rows: np.ndarray, levels: Sequence[int]) -> np.ndarray:
    """Levels (rows x conditions) of 0-based row numbers."""
    return (np.asarray(rows)[:, None] // strides(levels)) % np.array(levels)


def rows_covered(pattern: Sequence[int], levels: Sequence[int]) -> np.ndarray:
    """0-based numbers of the rows that a pattern covers, ascending."""
    rows = np.zeros(1, dtype=np.int64)
    first = 0
    for value, size, stride in zip(pattern, levels, _strides(tuple(levels)), strict=True):
        if value < 0:
            rows = np.add.outer(rows, np.arange(0, size * stride, stride)).ravel()
        else:
            first += value * stride
    return rows + first


def corner_memberships(
    patterns: np.ndarray, values: np.ndarray, levels: Sequence[int]
) -> np.ndarray:
    """Membership of each case in each pattern (cases x patterns): minimum over its literals."""
    result = np.ones((len(values), len(patterns)))
    for position, size in enumerate(levels):
        x = values[:, position]
        wanted = patterns[:, position]
        absent = [1 - x, x] if size == 2 else [(x == level).astype(float) for level in range(size)]
        literal = np.column_stack([*absent, np.ones_like(x)])  # the last column serves -1, free
        np.minimum(result, literal[:, wanted], out=result)
    return result


def _corners(values: np.ndarray, levels: Sequence[int]) -> np.ndarray:
    """0-based row of each case; -1 where a fuzzy membership is 0.5 (within 1.5e-8)."""
    fuzzy = np.array(levels) == 2
    nearest = np.where(fuzzy, values > 0.5, values).astype(np.int64)
    undecided = (fuzzy & (np.abs(values - 0.5) <= TOLERANCE)).any(axis=1)
    return np.where(undecided, -1, nearest @ strides(levels))


def _levels(
    conditions: tuple[str, ...], values: np.ndarray, given: Mapping[str, int]
) -> tuple[int, ...]:
    found = [max(2, int(np.floor(highest)) + 1) for highest in values.max(axis=0)]
    for name, size in given.items():
        if name not in conditions:
            raise AnalysisError(f"levels: {name!r} is not among the conditions")
        position = conditions.index(name)
        if size < found[position]:
            raise AnalysisError(
                f"condition {name!r} has values up to {found[position] - 1}: "
                f"levels must be at least {found[position]}, not {size}"
            )
        found[position] = int(size)
    if np.prod(found, dtype=object) > MOST_CONFIGURATIONS:
        raise AnalysisError(
            f"{len(conditions)} conditions have {np.prod(found, dtype=object)} configurations, "
            f"more than the {MOST_CONFIGURATIONS} that can be searched; use fewer conditions"
        )
    return tuple(found)


def check_names(data: pd.DataFrame, outcome: str, conditions: tuple[str, ...]) -> None:
    """Refuse unreadable or repeated names, an outcome that is no single set, repeated case ids."""
    if not conditions:
        raise AnalysisError("no conditions given; name at least one column of the data")
    for name in conditions:
        check_name(name)
    if len(set(conditions)) < len(conditions):
        raise AnalysisError(f"conditions {', '.join(conditions)}: name each only once")
    parts = literals(outcome)
    if len(parts) != 1 or len(parts[0]) != 1:
        raise AnalysisError(f"outcome {outcome!r}: give one set, its negation, or one level")
    if parts[0][0][0] in conditions:
        raise AnalysisError(f"outcome {outcome!r} is also a condition; remove it from one place")
    if data.index.has_duplicates:
        again = data.index[data.index.duplicated()][0]
        raise AnalysisError(f"case id {again!r} occurs more than once in the data; keep one")


def _check_variation(conditions: tuple[str, ...], values: np.ndarray) -> None:
    constant = np.ptp(values, axis=0) == 0
    if constant.any():
        name = conditions[int(np.argmax(constant))]
        raise AnalysisError(
            f"condition {name!r} is {values[0, np.argmax(constant)]:g} for every case and cannot "
            "explain a difference; remove it from the conditions or calibrate it again"
        )
