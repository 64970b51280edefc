"""Analysis of necessity: single conditions, their unions (SUIN) and conjunctions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError
from casebook.qca.expression import TOLERANCE, membership, memberships_of
from casebook.qca.fit import necessity_of, sufficiency_of
from casebook.qca.truth_table import check_names

COLUMNS = ["kind", "expression", "consistency", "coverage", "ron", "necessary"]


@dataclass(frozen=True, eq=False, repr=False)
class NecessityAnalysis:
    """Expressions tested as necessary for an outcome.

    Attributes:
        outcome: outcome expression.
        consistency: cut-off of consistency.
        ron: cut-off of the relevance of necessity.
        coverage: cut-off of coverage.
        conditions: all single conditions and negations, with their fit.
        unions: minimal unions that pass the cut-offs (SUIN conditions).
        conjunctions: conjunctions that pass the cut-offs.

    Frames have the columns kind, expression, consistency, coverage, ron, necessary.
    """

    outcome: str
    consistency: float
    ron: float
    coverage: float
    conditions: pd.DataFrame
    unions: pd.DataFrame
    conjunctions: pd.DataFrame

    def __repr__(self) -> str:
        """Summary line and the table."""
        head = (
            f"NecessityAnalysis({self.outcome}: consistency >= {self.consistency}, "
            f"RoN >= {self.ron}, coverage >= {self.coverage})"
        )
        return f"{head}\n{self.to_frame().to_string(index=False)}"

    def to_frame(self, conjunctions: bool = False) -> pd.DataFrame:
        """Conditions, then unions, then (on request) conjunctions."""
        parts = [self.conditions, self.unions] + ([self.conjunctions] if conjunctions else [])
        filled = [part for part in parts if len(part)]
        return pd.concat(filled, ignore_index=True)


def necessity_analysis(
    data: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    consistency: float = 0.9,
    ron: float = 0.5,
    coverage: float = 0.0,
    depth: int | None = None,
) -> NecessityAnalysis:
    """Test every condition, negation, union and conjunction as necessary for the outcome.

    A union is minimal if no smaller union or single condition inside it passes the cut-offs of
    consistency and coverage; the cut-off of RoN is applied to the minimal ones, as in R.

    Args:
        data: memberships, one row per case.
        outcome: `"Y"` or `"~Y"`.
        conditions: names of the conditions.
        consistency: least consistency of a necessary expression.
        ron: least relevance of necessity.
        coverage: least coverage.
        depth: most literals of a union or conjunction; None for the number of conditions.

    Raises:
        AnalysisError: bad data, as in `truth_table`, or a depth below 1.
    """
    literals, x, y = _literal_sets(data, outcome, conditions)
    depth = _depth(depth, conditions)

    def passes(sets: np.ndarray) -> np.ndarray:
        fit = necessity_of(sets, y)
        return _reaches(fit[0], consistency) & _reaches(fit[1], coverage)

    def consistent(sets: np.ndarray) -> np.ndarray:
        return _reaches(necessity_of(sets, y)[0], consistency)

    def frame(kind: str, terms: list[tuple[int, ...]], sets: np.ndarray) -> pd.DataFrame:
        fit = necessity_of(sets, y)
        enough = [_reaches(*pair) for pair in zip(fit, (consistency, coverage, ron), strict=True)]
        joiner = " + " if kind == "union" else "*"
        return pd.DataFrame(
            {
                "kind": kind,
                "expression": [joiner.join(literals[i][1] for i in term) for term in terms],
                **dict(zip(COLUMNS[2:5], fit, strict=True)),
                "necessary": np.logical_and.reduce(enough),
            }
        )

    singles = frame("condition", [(i,) for i in range(len(literals))], x)
    unions = frame("union", *_minimal(literals, x, depth, np.maximum, passes))
    both = frame("conjunction", *_all_passing(literals, x, depth, consistent))
    return NecessityAnalysis(
        outcome=outcome,
        consistency=consistency,
        ron=ron,
        coverage=coverage,
        conditions=singles,
        unions=unions[unions["necessary"]].reset_index(drop=True),
        conjunctions=both[both["necessary"]].reset_index(drop=True),
    )


def sufficient_conjunctions(
    data: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    consistency: float = 0.9,
    coverage: float = 0.0,
    depth: int | None = None,
) -> pd.DataFrame:
    """Minimal conjunctions that are sufficient for the outcome in the data as they are.

    A conjunction is minimal if no conjunction of some of its literals passes too.

    Args and errors as in `necessity_analysis`.

    Returns:
        Columns: expression, consistency, pri, coverage.
    """
    literals, x, y = _literal_sets(data, outcome, conditions)

    def passes(sets: np.ndarray) -> np.ndarray:
        fit = sufficiency_of(sets, y)
        return _reaches(fit[0], consistency) & _reaches(fit[2], coverage)

    depth = _depth(depth, conditions)
    terms, sets = _minimal(literals, x, depth, np.minimum, passes, singles=True)
    expressions = ["*".join(literals[i][1] for i in term) for term in terms]
    fit = sufficiency_of(sets, y)
    return pd.DataFrame(
        {"expression": expressions, "consistency": fit[0], "pri": fit[1], "coverage": fit[2]}
    )


def _literal_sets(data: pd.DataFrame, outcome: str, conditions: Sequence[str]):
    """Literals as (condition, label), their memberships (cases x literals), and the outcome's."""
    conditions = list(conditions)
    check_names(data, outcome, tuple(conditions))
    values = memberships_of(data, conditions)
    literals, columns = [], []
    for position, name in enumerate(conditions):
        x = values[:, position]
        if x.max() > 1:
            for level in range(int(x.max()) + 1):
                literals.append((position, f"{name}{{{level}}}"))
                columns.append((x == level).astype(float))
        else:
            literals += [(position, name), (position, f"~{name}")]
            columns += [x, 1 - x]
    return literals, np.column_stack(columns), membership(data, outcome).to_numpy()


def _depth(depth: int | None, conditions: Sequence[str]) -> int:
    if depth is None:
        return len(conditions)
    if depth < 1:
        raise AnalysisError(f"depth {depth}: give at least 1 literal, or None for no limit")
    return min(int(depth), len(conditions))


def _reaches(values: np.ndarray, cutoff: float) -> np.ndarray:
    """Compare with a cut-off; an undefined value reaches only a cut-off of 0."""
    return np.where(np.isnan(values), cutoff <= 0, values >= cutoff - TOLERANCE)


Terms = list[tuple[int, ...]]


def _longer(literals, x, terms: Terms, sets, combine) -> tuple[Terms, np.ndarray]:
    """Extend each term by each literal of a later condition."""
    pairs = [
        (place, new)
        for place, term in enumerate(terms)
        for new in range(term[-1] + 1, len(literals))
        if literals[new][0] > literals[term[-1]][0]
    ]
    if not pairs:
        return [], np.empty((len(x), 0))
    left, right = np.array(pairs).T
    longer = [(*terms[place], new) for place, new in pairs]
    return longer, combine(sets[:, left], x[:, right])


def _minimal(literals, x, depth, combine, passes, singles=False) -> tuple[Terms, np.ndarray]:
    """Terms that pass and contain no shorter term that passes; single literals on request."""
    terms, sets = [(i,) for i in range(len(literals))], x
    found: Terms = []
    columns: list[np.ndarray] = []
    masks: list[int] = []
    for length in range(1, depth + 1):
        good = passes(sets)
        if length > 1 or singles:
            found += [term for term, ok in zip(terms, good, strict=True) if ok]
            columns.append(sets[:, good])
        masks += [_mask(term) for term, ok in zip(terms, good, strict=True) if ok]
        kept = np.flatnonzero(~good)
        terms, sets = [terms[i] for i in kept], sets[:, kept]
        if length == depth:
            break
        terms, sets = _longer(literals, x, terms, sets, combine)
        free = [not any(mask & _mask(term) == mask for mask in masks) for term in terms]
        terms = [term for term, ok in zip(terms, free, strict=True) if ok]
        sets = sets[:, np.array(free, dtype=bool)]
    return found, np.hstack([np.empty((len(x), 0)), *columns])


def _all_passing(literals, x, depth, consistent) -> tuple[Terms, np.ndarray]:
    """Conjunctions of two or more literals that are consistent: longer ones never gain."""
    terms, sets = [(i,) for i in range(len(literals))], x
    found: Terms = []
    columns: list[np.ndarray] = []
    for length in range(1, depth + 1):
        kept = np.flatnonzero(consistent(sets))
        terms, sets = [terms[i] for i in kept], sets[:, kept]
        if length > 1:
            found += terms
            columns.append(sets)
        terms, sets = _longer(literals, x, terms, sets, np.minimum)
    return found, np.hstack([np.empty((len(x), 0)), *columns])


def _mask(term: tuple[int, ...]) -> int:
    return sum(1 << i for i in term)
