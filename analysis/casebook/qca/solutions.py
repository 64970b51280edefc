"""Solutions of a truth table: conservative, intermediate and parsimonious, with all tied models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError
from casebook.qca.covers import Covers, minimum_covers
from casebook.qca.effort import DEADLINE, EFFORT, Deadline
from casebook.qca.expression import FREE, membership, pattern_label
from casebook.qca.fit import Sufficiency, sufficiency_of, unique_coverages
from casebook.qca.minimisation import prime_implicants
from casebook.qca.truth_table import (
    TruthTable,
    configurations,
    corner_memberships,
    rows_covered,
)

SOLUTIONS = ("conservative", "parsimonious", "intermediate")
LIMIT = 10_000  # models listed unless the user asks for more; the count is exact anyway


@dataclass(frozen=True)
class Term:
    """One product of a model.

    Attributes:
        expression: for example `A*~B`.
        pattern: level of each condition, -1 where the condition is not in the term.
        consistency: sufficiency consistency of the term.
        pri: proportional reduction in inconsistency.
        raw_coverage: share of the outcome that the term covers.
        unique_coverage: share that no other term of the model covers; NaN for a single term.
        cases: ids of the cases with a membership above 0.5 in the term.
    """

    expression: str
    pattern: tuple[int, ...]
    consistency: float
    pri: float
    raw_coverage: float
    unique_coverage: float
    cases: tuple

    def __repr__(self) -> str:
        """Expression and fit."""
        return (
            f"Term({self.expression}: consistency {self.consistency:.3f}, PRI {self.pri:.3f}, "
            f"coverage {self.raw_coverage:.3f}, unique {self.unique_coverage:.3f})"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """One disjunction of a minimum number of prime implicants.

    Two models are equal if they have the same terms for the same outcome.

    Attributes:
        outcome: outcome expression.
        patterns: terms as patterns, fewest literals first.
        table: the truth table that was minimised.
    """

    outcome: str
    patterns: tuple[tuple[int, ...], ...]
    table: TruthTable

    def __eq__(self, other: object) -> bool:
        """Compare terms and outcome."""
        if not isinstance(other, Model):
            return NotImplemented
        return self._key == other._key

    def __hash__(self) -> int:
        """Hash terms and outcome."""
        return hash(self._key)

    @property
    def _key(self):
        return self.outcome, self.table.conditions, frozenset(self.patterns)

    def __repr__(self) -> str:
        """Expression and overall fit."""
        fit = self.fit
        return (
            f"Model({self.expression}: consistency {fit.consistency:.3f}, PRI {fit.pri:.3f}, "
            f"coverage {fit.coverage:.3f})"
        )

    @cached_property
    def formula(self) -> str:
        """Left-hand side, for example `A*~B + C`."""
        return " + ".join(
            pattern_label(pattern, self.table.conditions, self.table.levels)
            for pattern in self.patterns
        )

    @property
    def expression(self) -> str:
        """Formula and outcome, for example `A*~B + C => Y`."""
        return f"{self.formula} => {self.outcome}"

    @cached_property
    def term_memberships(self) -> np.ndarray:
        """Membership of each case in each term (cases x terms)."""
        return corner_memberships(
            np.array(self.patterns), self.table.memberships, self.table.levels
        )

    @cached_property
    def membership(self) -> pd.Series:
        """Membership of each case in the model, by case id."""
        return pd.Series(
            self.term_memberships.max(axis=1), index=list(self.table.case_ids), name=self.formula
        )

    @cached_property
    def fit(self) -> Sufficiency:
        """Consistency, PRI and coverage of the whole model."""
        values = sufficiency_of(
            self.term_memberships.max(axis=1, keepdims=True), self.table.outcome_membership
        )
        return Sufficiency(*(float(value[0]) for value in values))

    @cached_property
    def cases(self) -> tuple:
        """Ids of the cases with a membership above 0.5 in the model."""
        return self._members(self.term_memberships.max(axis=1))

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Terms with their fit and the cases they cover."""
        x, y = self.term_memberships, self.table.outcome_membership
        consistency, pri, coverage = sufficiency_of(x, y)
        unique = unique_coverages(x, y)
        return tuple(
            Term(
                pattern_label(pattern, self.table.conditions, self.table.levels),
                pattern,
                float(consistency[i]),
                float(pri[i]),
                float(coverage[i]),
                float(unique[i]),
                self._members(x[:, i]),
            )
            for i, pattern in enumerate(self.patterns)
        )

    def _members(self, x: np.ndarray) -> tuple:
        return tuple(self.table.case_ids[i] for i in np.flatnonzero(x > 0.5))

    @property
    def rows(self) -> frozenset[int]:
        """Numbers of all truth-table rows that the model covers, observed or not."""
        return frozenset(_rows(self.patterns, self.table.levels).tolist())

    def to_frame(self) -> pd.DataFrame:
        """One row per term and a last row `solution`.

        Columns: term, consistency, pri, raw_coverage, unique_coverage, cases (tuple of ids).
        """
        records = [
            (t.expression, t.consistency, t.pri, t.raw_coverage, t.unique_coverage, t.cases)
            for t in self.terms
        ]
        fit = self.fit
        records.append(
            ("solution", fit.consistency, fit.pri, fit.coverage, float("nan"), self.cases)
        )
        columns = ["term", "consistency", "pri", "raw_coverage", "unique_coverage", "cases"]
        return pd.DataFrame(records, columns=columns)


@dataclass(frozen=True, eq=False, repr=False)
class PrimeImplicants:
    """The prime-implicant chart.

    Attributes:
        patterns: implicants as patterns, fewest literals first.
        labels: implicants as expressions.
        rows: numbers of the positive rows.
        chart: implicants x rows, True where the implicant covers the row.
        essential: True for implicants that are in every model, as in the R package QCA.
        used: True for implicants that are in some model, listed or not.
        all_used: False if `used` may miss some, because counting was given up.
    """

    patterns: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...]
    rows: tuple[int, ...]
    chart: np.ndarray
    essential: np.ndarray
    used: np.ndarray
    all_used: bool = True

    @property
    def sole(self) -> np.ndarray:
        """True for implicants that alone cover some row (essential in the sense of Quine)."""
        return self.chart[:, self.chart.sum(axis=0) == 1].any(axis=1)

    def __len__(self) -> int:
        """Number of implicants."""
        return len(self.patterns)

    def __repr__(self) -> str:
        """Number of implicants and the chart."""
        frame = self.to_frame()
        chart = frame.pivot(index="implicant", columns="row", values="covers")
        marks = chart.replace({True: "x", False: "-"}).loc[list(self.labels)]
        return (
            f"PrimeImplicants({len(self)} for {len(self.rows)} rows, "
            f"{int(self.essential.sum())} essential)\n{marks.to_string()}"
        )

    def to_frame(self) -> pd.DataFrame:
        """Long chart with the columns implicant, row, covers, essential."""
        return pd.DataFrame(
            {
                "implicant": np.repeat(self.labels, len(self.rows)),
                "row": np.tile(self.rows, len(self.labels)),
                "covers": self.chart.ravel(),
                "essential": np.repeat(self.essential, len(self.rows)),
            }
        )


@dataclass(frozen=True, eq=False, repr=False)
class Combination:
    """Intermediate models of one conservative and one parsimonious model.

    Attributes:
        conservative: number of the conservative model (from 1).
        parsimonious: number of the parsimonious model (from 1).
        easy: row numbers of the easy counterfactuals.
        parent: the parsimonious model itself.
        decided: row numbers that are no don't-cares.
        covers: minimum covers, counted, listed and charted.
        implicants: prime implicants with the easy counterfactuals as only don't-cares.
    """

    conservative: int
    parsimonious: int
    easy: tuple[int, ...]
    parent: Model
    decided: np.ndarray
    covers: Covers
    implicants: PrimeImplicants

    @property
    def difficult(self) -> tuple[int, ...]:
        """Row numbers of the simplifying assumptions that are not easy."""
        assumed = np.setdiff1d(_rows(self.parent.patterns, self.parent.table.levels), self.decided)
        return tuple(np.setdiff1d(assumed, self.easy).tolist())

    @property
    def patterns(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Models as terms as patterns."""
        return _models(self.implicants, self.covers)


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """All tied models of one solution type.

    Attributes:
        kind: conservative, parsimonious or intermediate.
        table: truth table that was minimised.
        models: models with their fit; all of them unless `stopped`.
        n_models: exact number of models where `exact`, otherwise the number found.
        exact: False if `effort` or the deadline did not suffice to count, and for an intermediate
            solution made from part of the tied models.
        stopped: True if a limit kept models from being listed.
        proven: False if the deadline did not suffice to prove that no model has fewer terms; what
            is used and assumed is then that of the models found.
        prime_implicants: implicants, the chart and the essential ones. For an intermediate
            solution, those of its first combination.
        excluded: row numbers that were forced to be negative.
        combinations: how an intermediate solution came about, empty for the others.
    """

    kind: str
    table: TruthTable
    models: tuple[Model, ...]
    n_models: int
    exact: bool
    stopped: bool
    prime_implicants: PrimeImplicants
    excluded: frozenset[int] = frozenset()
    combinations: tuple[Combination, ...] = field(default=())
    proven: bool = True

    def __repr__(self) -> str:
        """Number of models and their expressions."""
        listed = f", {len(self.models)} listed" if self.stopped else ""
        shorter = "" if self.proven else ", shorter ones not ruled out"
        number = counted(self.n_models, "model", self.exact)
        head = f"Solution({self.kind}, {self.table.outcome}: {number}{listed}{shorter})"
        lines = [f"  M{i}: {model.expression}" for i, model in enumerate(self.models[:20], 1)]
        more = [f"  ... {len(self.models) - 20} more"] if len(self.models) > 20 else []
        return "\n".join([head, *lines, *more])

    @cached_property
    def decided(self) -> np.ndarray:
        """Row numbers that are no don't-cares: coded 1, 0 or C, or excluded."""
        coded = self.table.row[self.table.code != "?"]
        return np.union1d(coded, np.array(sorted(self.excluded), dtype=np.int64))

    def assumptions(self, model: Model) -> tuple[int, ...]:
        """Row numbers of the remainders that a model covers."""
        return tuple(np.setdiff1d(_rows(model.patterns, self.table.levels), self.decided).tolist())

    @cached_property
    def simplifying_assumptions(self) -> tuple[int, ...]:
        """Remainders that some model covers, listed or not, as row numbers.

        They are those of all implicants that are in some model. `all_assumed` says whether any may
        be missing.
        """
        charts = [part.implicants for part in self.combinations] or [self.prime_implicants]
        used = {
            pattern
            for chart in {id(chart): chart for chart in charts}.values()
            for pattern, is_used in zip(chart.patterns, chart.used, strict=True)
            if is_used
        }
        return tuple(np.setdiff1d(_rows(used, self.table.levels), self.decided).tolist())

    @property
    def all_assumed(self) -> bool:
        """False if `simplifying_assumptions` may miss some, because counting was given up."""
        return self.exact if self.combinations else self.prime_implicants.all_used

    @property
    def easy_counterfactuals(self) -> tuple[int, ...]:
        """Simplifying assumptions in line with the expectations (intermediate solution)."""
        return tuple(sorted({row for part in self.combinations for row in part.easy}))

    @property
    def difficult_counterfactuals(self) -> tuple[int, ...]:
        """Other simplifying assumptions of the parsimonious models (intermediate solution)."""
        return tuple(sorted({row for part in self.combinations for row in part.difficult}))

    def on(self, table: TruthTable) -> "Solution":
        """The same models with the fit of another table of equal codes."""
        models = tuple(Model(table.outcome, model.patterns, table) for model in self.models)
        return replace(self, table=table, models=models)

    def to_frame(self) -> pd.DataFrame:
        """One row per term and model; the last row of each model has the term `solution`.

        Columns: number (from 1), n_models, exact (False where there are at least so many models),
        term, consistency, pri, raw_coverage, unique_coverage, cases (tuple of ids).
        """
        frames = []
        for number, model in enumerate(self.models, 1):
            frame = model.to_frame()
            frame.insert(0, "number", number)
            frame.insert(1, "n_models", self.n_models)
            frame.insert(2, "exact", self.exact)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)


def counted(number: int, noun: str, exact: bool) -> str:
    """Write a number of things: `1 model`, `3 models`, `at least 3 models, not counted`."""
    words = f"{number} {noun}" if number == 1 else f"{number} {noun}s"
    return words if exact else f"at least {words}, not counted"


def minimise(
    table: TruthTable,
    solution: str = "conservative",
    expectations: Mapping[str, int] | None = None,
    exclude: str | Iterable[int | str] = (),
    limit: int = LIMIT,
    effort: int = EFFORT,
    deadline: float | None = DEADLINE,
) -> Solution:
    """Minimise a truth table and keep every tied model.

    Models are all disjunctions of the minimum number of prime implicants that cover the positive
    rows. Conservative: no remainder is used. Parsimonious: every remainder may be used.
    Intermediate: for each pair of a conservative and a parsimonious model, only the easy
    counterfactuals, that is the remainders of the parsimonious model that remain covered when
    conservative terms drop the literals that contradict an expectation (Ragin & Sonnett 2005).

    Args:
        table: truth table with at least one positive row.
        solution: `"conservative"`, `"parsimonious"` or `"intermediate"`.
        expectations: level of each condition that should go with the outcome, as `{"A": 1}`; None
            for no expectation, as is a condition that is left out. An intermediate solution needs
            at least one condition there; the other solution types make no use of it.
        exclude: rows that no model may cover, as numbers or expressions such as `"A*~B"`
            (untenable or contradictory assumptions: enhanced standard analysis).
        limit: most models to list; more are counted but not listed, and `stopped` says so.
        effort: most partial covers to keep at once while counting; a fortieth of it is the most
            to branch on. Where a table needs more, `exact` is False, the models are only a sample
            and `n_models` their number.
        deadline: seconds after which the search stops, in the same way; what it has found by then
            depends on the machine. None for no limit.

    Raises:
        AnalysisError: no positive row, only contradictory rows, no expectations for an intermediate
            solution, an unknown condition or level in them, rows that do not exist.
    """
    if solution not in SOLUTIONS:
        raise AnalysisError(f"solution {solution!r}: accepted are {', '.join(SOLUTIONS)}")
    if limit < 1:
        raise AnalysisError(f"limit {limit}: list at least one model")
    problem = _Problem.of(table, table.rows_of(exclude), effort, Deadline(deadline))
    if solution == "intermediate":
        return _intermediate(problem, expected_levels(table, expectations), limit)
    return _plain(problem, solution, limit)


@dataclass(frozen=True, eq=False)
class _Problem:
    """Positive and excluded rows of a table."""

    table: TruthTable
    positive: np.ndarray  # configurations of the positive rows
    rows: tuple[int, ...]  # their numbers
    negative: np.ndarray  # row numbers of all rows that no model may cover
    excluded: frozenset[int]
    effort: int
    deadline: Deadline

    @classmethod
    def of(
        cls, table: TruthTable, excluded: frozenset[int], effort: int, deadline: Deadline
    ) -> "_Problem":
        out = np.isin(table.row, list(excluded))
        positive = (table.code == "1") & ~out
        _check_positive(table, positive)
        decided = table.row[((table.code == "0") | (table.code == "C"))]
        negative = np.union1d(decided, np.array(sorted(excluded), dtype=np.int64))
        rows = tuple(table.row[positive].tolist())
        configurations = table.configurations[positive]
        return cls(table, configurations, rows, negative, excluded, effort, deadline)

    def solve(
        self, limit: int, *, excluded: Iterable[int] | None = None, allowed: Iterable[int] = ()
    ) -> tuple[PrimeImplicants, Covers]:
        """Prime implicants and minimum covers of the positive rows.

        `excluded` lists the rows that may not be covered; without it, `allowed` lists those that
        may be covered besides the positive ones (row numbers).
        """
        levels = self.table.levels
        if excluded is None:
            rows = np.array([*self.rows, *allowed], dtype=np.int64)
            limits = {"allowed": configurations(rows - 1, levels)}
        else:
            limits = {"excluded": configurations(np.asarray(excluded) - 1, levels)}
        patterns, chart = prime_implicants(self.positive, levels, **limits)
        covers = minimum_covers(chart, limit, self.effort, self.deadline)
        patterns = patterns.tolist()
        labels = (pattern_label(pattern, self.table.conditions, levels) for pattern in patterns)
        essential, used = np.zeros((2, len(patterns)), dtype=bool)
        essential[list(covers.essential)] = True
        used[list(covers.used)] = True
        implicants = PrimeImplicants(
            tuple(map(tuple, patterns)),
            tuple(labels),
            self.rows,
            chart,
            essential,
            used,
            covers.all_used,
        )
        return implicants, covers


def _check_positive(table: TruthTable, positive: np.ndarray) -> None:
    if positive.any():
        return
    cut = table.cutoffs
    observed = table.code[table.code != "?"]
    if not len(observed):
        raise AnalysisError(
            f"outcome {table.outcome!r}: no row has {cut.frequency} cases; lower the frequency "
            "cut-off or use fewer conditions"
        )
    if (observed == "C").all():
        raise AnalysisError(
            f"outcome {table.outcome!r}: all {len(observed)} rows are contradictory; add a "
            "condition that tells their cases apart, or change the consistency cut-offs"
        )
    best = np.nanmax(table.consistency[table.code != "?"])
    raise AnalysisError(
        f"outcome {table.outcome!r}: no row is positive at consistency >= {cut.consistency}, "
        f"PRI >= {cut.pri}, frequency >= {cut.frequency} (highest consistency {best:.3f}); lower a "
        "cut-off, exclude fewer rows or add a condition"
    )


def _models(implicants: PrimeImplicants, covers: Covers) -> tuple:
    return tuple(tuple(implicants.patterns[i] for i in cover) for cover in covers.covers)


def _plain(problem: _Problem, kind: str, limit: int) -> Solution:
    return _of_covers(problem, kind, *_solved(problem, kind, limit))


def _solved(problem: _Problem, kind: str, limit: int) -> tuple[PrimeImplicants, Covers]:
    if kind == "conservative":
        return problem.solve(limit)
    return problem.solve(limit, excluded=problem.negative)


def _of_covers(
    problem: _Problem, kind: str, implicants: PrimeImplicants, covers: Covers
) -> Solution:
    table = problem.table
    models = (Model(table.outcome, patterns, table) for patterns in _models(implicants, covers))
    return Solution(
        kind=kind,
        table=table,
        models=tuple(models),
        n_models=covers.count,
        exact=covers.exact,
        stopped=not covers.exact or covers.count > len(covers.covers),
        prime_implicants=implicants,
        excluded=problem.excluded,
        proven=covers.proven,
    )


def expected_levels(table: TruthTable, given: Mapping[str, int] | None) -> np.ndarray:
    """Expected level of each condition, -1 for none."""
    accepted = (
        f"give the level that goes with outcome {table.outcome!r} for at least one condition, such "
        f"as {{{table.conditions[0]!r}: 1}}, or None for a condition without expectation"
    )
    if given is not None and not isinstance(given, Mapping):
        raise AnalysisError(f"expectations {given!r}: {accepted}")
    if not given:
        raise AnalysisError(f"an intermediate solution needs expectations: {accepted}")
    expected = np.full(len(table.conditions), FREE)
    for name, level in given.items():
        if name not in table.conditions:
            raise AnalysisError(
                f"expectations: {name!r} is not a condition of the truth table; "
                f"the conditions are {', '.join(table.conditions)}"
            )
        position = table.conditions.index(name)
        if level is None:
            continue
        if level not in range(table.levels[position]):
            raise AnalysisError(
                f"expectations: condition {name!r} has no level {level!r}; "
                f"give 0 to {table.levels[position] - 1}, or leave the condition out"
            )
        expected[position] = int(level)
    return expected


def _intermediate(problem: _Problem, expected: np.ndarray, limit: int) -> Solution:
    # without any easy counterfactual the intermediate problem is the conservative one
    solved = {(): _solved(problem, "conservative", limit)}
    conservative = _of_covers(problem, "conservative", *solved[()])
    parsimonious = _plain(problem, "parsimonious", limit)
    combinations = []
    decided, levels = parsimonious.decided, problem.table.levels
    for (j, large), (i, small) in product(
        enumerate(parsimonious.models, 1), enumerate(conservative.models, 1)
    ):
        # shortened terms lie inside the terms of the parsimonious model, and so do their rows
        if combinations and problem.deadline.passed:
            break
        reached = _rows(_shortened(small, large, expected), levels)
        easy = tuple(np.setdiff1d(reached, decided).tolist())
        if easy not in solved:
            solved[easy] = problem.solve(limit, allowed=easy)
        implicants, covers = solved[easy]
        combinations.append(Combination(i, j, easy, large, decided, covers, implicants))
    table = problem.table
    found = dict.fromkeys(patterns for part in combinations for patterns in part.patterns)
    exact = not (
        conservative.stopped
        or parsimonious.stopped
        or any(c.count > len(c.covers) or not c.exact for _, c in solved.values())
        or len(combinations) < len(parsimonious.models) * len(conservative.models)
    )
    models = tuple(Model(table.outcome, patterns, table) for patterns in found)
    return Solution(
        kind="intermediate",
        table=table,
        models=models[:limit],
        n_models=len(models),
        exact=exact,
        stopped=not exact or len(models) > limit,
        prime_implicants=combinations[0].implicants,
        excluded=problem.excluded,
        combinations=tuple(combinations),
        proven=all(covers.proven for _, covers in solved.values()) and parsimonious.proven,
    )


def _shortened(small: Model, large: Model, expected: np.ndarray) -> list[tuple[int, ...]]:
    """Conservative terms without the literals that contradict the expectations.

    For a conservative term q inside a parsimonious term p, the literals of q that are not in p, for
    which there is an expectation, and which differ from it, are dropped.
    """
    wanted = expected.tolist()
    shortened = {
        tuple(
            FREE if b == FREE and level not in (FREE, a) else a
            for a, b, level in zip(q, p, wanted, strict=True)
        )
        for q in small.patterns
        for p in large.patterns
        if all(b in (FREE, a) for a, b in zip(q, p, strict=True))
    }
    return sorted(shortened)


def _rows(patterns: Iterable[Sequence[int]], levels: Sequence[int]) -> np.ndarray:
    """Numbers of the rows that any of these patterns covers, ascending."""
    covered = np.zeros(int(np.prod(levels)), dtype=bool)
    for pattern in patterns:
        covered[rows_covered(pattern, levels)] = True
    return np.flatnonzero(covered) + 1


def case_types(data: pd.DataFrame | None, model: Model) -> pd.DataFrame:
    """Type of each case with regard to a model (Schneider & Rohlfing 2013).

    A case is a member of a set above 0.5. Typical: in the model and in the outcome. Deviant
    consistency: in the model only. Deviant coverage: in the outcome only. Irrelevant: in neither.

    Args:
        data: memberships of the cases; None for the data of the model's own truth table.
        model: a model of a solution.

    Returns:
        Indexed by case id: membership, outcome_membership, type, terms (tuple of the expressions
        of the terms of which the case is a member).
    """
    table = model.table
    if data is None:
        x, y, ids = model.term_memberships, table.outcome_membership, list(table.case_ids)
    else:
        terms = [term.expression for term in model.terms]
        x = np.column_stack([membership(data, term) for term in terms])
        y, ids = membership(data, model.outcome).to_numpy(), data.index
    inside, outcome = x.max(axis=1) > 0.5, y > 0.5
    names = np.array(["irrelevant", "deviant coverage", "deviant consistency", "typical"])
    expressions = [term.expression for term in model.terms]
    return pd.DataFrame(
        {
            "membership": x.max(axis=1),
            "outcome_membership": y,
            "type": names[2 * inside + outcome],
            "terms": [
                tuple(name for name, member in zip(expressions, row > 0.5, strict=True) if member)
                for row in x
            ],
        },
        index=ids,
    )
