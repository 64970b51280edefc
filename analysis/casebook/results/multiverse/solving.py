"""Solving specifications: from a number to the solution that these choices give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from casebook import qca
from casebook.errors import AnalysisError
from casebook.results.multiverse.recoding import counts, positions, probabilities, recode
from casebook.results.multiverse.specification import (
    CASE,
    CODED,
    FINAL,
    LEFT_OUT,
    NONE,
    Multiverse,
    Specification,
)
from casebook.results.scores import wide
from casebook.results.sets import sets_of

SOLVED, NO_ROW, NOT_ANALYSABLE = "solved", "no sufficient row", "not analysable"
LISTED = 5  # tied models written out in the table; all of them count
JOIN = " + "
COLUMNS = [
    *("specification", "model", "outcome", "crossover", "shape", "consistency_cutoff"),
    *("pri_cutoff", "frequency_cutoff", "omitted", "blanks", "coding", "dropped"),
    *("dropped_value", "draw", "n_cases", "status", "n_models", "expression"),
    *("consistency", "pri", "coverage", "same", "kept", "contained"),
]

Terms = frozenset[frozenset[str]]


@dataclass(frozen=True)
class Interpreted:
    """The interpreted solution of one analysis.

    Attributes:
        terms: terms of its first model, as printed.
        models: all tied models, as sets of terms as sets of literals; none without a solution.
    """

    terms: tuple[str, ...]
    models: frozenset[Terms]


def interpreted(formulas: pd.DataFrame, kind: str) -> dict[tuple[str, str], Interpreted]:
    """Read the interpreted solutions.

    Args:
        formulas: `model`, `outcome`, `solution`, `number`, `expression`; one row per tied model,
            with a blank expression where there is no solution.
        kind: the type of solution that is interpreted.

    Returns:
        (model, outcome) → solution, in the order of the table.
    """
    found = {}
    for key, rows in formulas[formulas["solution"] == kind].groupby(
        ["model", "outcome"], sort=False
    ):
        sides = [each.partition(" => ")[0] for each in rows["expression"].dropna()]
        terms = tuple(sides[0].split(JOIN)) if sides else ()
        found[key] = Interpreted(terms, frozenset(map(model_of, sides)))
    return found


def model_of(formula: str) -> Terms:
    """A formula as a set of terms, each a set of literals; `1` is the term without literals."""
    return frozenset(literals_of(term) for term in formula.split(JOIN))


def literals_of(term: str) -> frozenset[str]:
    """The literals of a term."""
    return frozenset(term.split("*")) - {"1"}


@dataclass(frozen=True)
class Evidence:
    """Everything that specifications choose from, as arrays.

    Attributes:
        cases: one row per case: `case_id` and the columns by which cases are dropped.
        constructs: the columns of the scores.
        codings: coding → position of each score among the levels, cases x constructs.
        cumulative: probabilities of re-coding, added up; None with a single pass.
        levels: scores that the codebook allows; the position after the last is a blank.
    """

    cases: pd.DataFrame
    constructs: tuple[str, ...]
    codings: Mapping[str, np.ndarray]
    cumulative: np.ndarray | None
    levels: tuple[float, ...]

    @classmethod
    def of(cls, scores: pd.DataFrame, cases: pd.DataFrame, levels: Sequence[float]) -> "Evidence":
        """Take the evidence from its tables.

        Args:
            scores: `case_id`, `construct`, `score` and a column `score_a`, `score_b` per pass.
            cases: one row per case, `case_id` first.
            levels: scores that the codebook allows.
        """
        tables = {
            name.removeprefix("score_"): wide(scores.assign(score=scores[name]))
            for name in scores.columns
            if name.startswith("score_") and scores[name].notna().any()
        }
        tables[FINAL] = wide(scores)
        codings = {name: positions(table.to_numpy(), levels) for name, table in tables.items()}
        cumulative = None
        if {"a", "b"} <= set(codings):
            chances = probabilities(counts(codings["a"], codings["b"], len(levels)))
            cumulative = chances.cumsum(axis=-1)
        ordered = cases.set_index("case_id").loc[tables[FINAL].index].reset_index()
        return cls(ordered, tuple(tables[FINAL].columns), codings, cumulative, tuple(levels))

    @cached_property
    def ids(self) -> np.ndarray:
        """Ids of the cases."""
        return self.cases["case_id"].to_numpy()

    def coded(self, coding: str) -> np.ndarray:
        """The positions of one coding."""
        if coding not in self.codings:
            raise AnalysisError(
                f"multiverse.codings: there is no pass {coding!r}; accepted are "
                f"{', '.join(name for name in self.codings if name != FINAL)}"
            )
        return self.codings[coding]

    def columns(self, sets: Sequence[str]) -> np.ndarray:
        """Places of sets among the constructs."""
        return np.array([self.constructs.index(code) for code in sets])


@dataclass(frozen=True)
class Memberships:
    """Set memberships of the complete cases.

    Attributes:
        cases: their ids.
        names: names of the conditions.
        conditions: memberships, cases x conditions.
        outcome: membership of each case in the outcome.
    """

    cases: tuple[str, ...]
    names: tuple[str, ...]
    conditions: np.ndarray
    outcome: np.ndarray


class Solver:
    """Solves specifications of one multiverse.

    Args:
        multiverse: the specifications.
        evidence: the scores.
        choices, models: as in `specification.multiverse`.
        kind: type of solution that is interpreted.
        published: the interpreted solutions (`interpreted`).
        seed: of the re-codings; each specification has a random stream of its own.
    """

    def __init__(
        self,
        multiverse: Multiverse,
        evidence: Evidence,
        choices: Mapping,
        models: Mapping[str, Mapping],
        kind: str,
        published: Mapping[tuple[str, str], Interpreted],
        seed: int,
    ):
        """Keep the choices; memberships of levels are worked out once per calibration."""
        self.multiverse, self.evidence = multiverse, evidence
        self.choices, self.models = choices, models
        self.kind, self.published, self.seed = kind, published, seed
        self._memberships: dict[tuple, np.ndarray] = {}

    def table(self, numbers: Iterable[int]) -> pd.DataFrame:
        """Solve specifications: one row each, in the order of the numbers (`COLUMNS`).

        The choices come first. `n_cases` are the cases analysed. `status` is solved, no sufficient
        row, or not analysable (no complete case, or a condition that does not vary). `expression`
        lists up to five tied models joined by "or"; fit is that of the first. `same` says whether
        the models are those of the paper. `kept` names the interpreted terms that stand in every
        tied model, `contained` those that lie inside a term of every tied model: the term itself or
        a wider one, with fewer literals.
        """
        rows = [self.row(self.multiverse.at(number)) for number in numbers]
        return pd.DataFrame(rows, columns=COLUMNS)

    def row(self, spec: Specification) -> list:
        """Solve one specification."""
        head = [spec.number, spec.model, spec.outcome, spec.crossover, spec.shape]
        head += [spec.consistency, spec.pri, spec.frequency, " ".join(spec.omitted) or NONE]
        head += [spec.blanks, spec.coding, *spec.dropped, spec.draw]
        data = self.memberships(spec)
        status, solution = self.solve(spec, data)
        return [*head, len(data.cases), status, *self.result(spec, solution)]

    def solve(self, spec: Specification, data: "Memberships") -> tuple[str, qca.Solution | None]:
        """Status and solution of memberships under the cut-offs of a specification."""
        if not len(data.cases) or (np.ptp(data.conditions, axis=0) == 0).any():
            return NOT_ANALYSABLE, None
        absence = spec.outcome.startswith("~")
        table = qca.tabulate(
            outcome=spec.outcome,
            conditions=data.names,
            levels=(2,) * len(data.names),
            cutoffs=qca.Cutoffs(spec.consistency, spec.pri, spec.frequency),
            case_ids=data.cases,
            values=data.conditions,
            y=1 - data.outcome if absence else data.outcome,
        )
        if not (table.code == "1").any():
            return NO_ROW, None
        given = self.models[spec.model]["expectations"]
        expected = {
            code: 1 - given[code] if absence else given[code]
            for code in data.names
            if code in given
        }
        expected = {**dict.fromkeys(data.names), **expected}
        # without a deadline: what is found in a given time would depend on the machine
        return SOLVED, qca.minimise(table, self.kind, expected, deadline=None)

    def result(self, spec: Specification, solution: qca.Solution | None) -> list:
        """What a solution keeps of the interpreted one: the last columns of the table."""
        paper = self.published[spec.model, spec.outcome]
        if solution is None:
            return [0, None, None, None, None, not paper.models, None, None]
        models = [model_of(model.formula) for model in solution.models]
        kept = [t for t in paper.terms if all(literals_of(t) in model for model in models)]
        contained = [
            t for t in paper.terms if all(_has_within(model, literals_of(t)) for model in models)
        ]
        first = solution.models[0]
        more = " or ..." if solution.n_models > LISTED or not solution.exact else ""
        shown = " or ".join(model.formula for model in solution.models[:LISTED]) + more
        fit = [first.fit.consistency, first.fit.pri, first.fit.coverage]
        same = frozenset(models) == paper.models
        return [
            solution.n_models,
            shown,
            *fit,
            same,
            *(JOIN.join(x) or None for x in (kept, contained)),
        ]

    def memberships(self, spec: Specification) -> "Memberships":
        """Memberships of the cases that a specification analyses."""
        sets = sets_of(self.models[spec.model])
        places = self.evidence.columns(sets)
        given = self.evidence.coded(spec.coding)[:, places]
        if spec.draw:
            given = recode(given, self._chances(places), self._generator(spec))
        values = self._levels(spec)[np.arange(len(sets)), given]
        used = [place for place, code in enumerate(sets) if code not in spec.omitted]
        values = values[:, used]
        inside = self._kept(spec) & ~np.isnan(values).any(axis=1)
        return Memberships(
            cases=tuple(self.evidence.ids[inside]),
            names=tuple(sets[place] for place in used[:-1]),
            conditions=values[inside, :-1],
            outcome=values[inside, -1],
        )

    def _chances(self, places: np.ndarray) -> np.ndarray:
        if self.evidence.cumulative is None:
            raise AnalysisError("multiverse.draws: re-coding needs two passes; accepted is 0")
        return self.evidence.cumulative[places]

    def _generator(self, spec: Specification) -> np.random.Generator:
        return np.random.default_rng([self.seed, spec.number])

    def _kept(self, spec: Specification) -> np.ndarray:
        """Which cases are not dropped."""
        column, value = spec.dropped
        if column == NONE:
            return np.ones(len(self.evidence.ids), dtype=bool)
        cells = self.evidence.cases["case_id" if column == CASE else column]
        return (cells.astype(str) != value).to_numpy()

    def _levels(self, spec: Specification) -> np.ndarray:
        """Membership of each level of each set (sets x levels and blank; NaN where left out)."""
        key = (spec.model, spec.crossover, spec.shape, spec.blanks)
        if key not in self._memberships:
            model = self.models[spec.model]
            self._memberships[key] = np.array(
                [self._of_set(spec, model, code) for code in sets_of(model)]
            )
        return self._memberships[key]

    def _of_set(self, spec: Specification, model: Mapping, code: str) -> list[float]:
        """Membership of each level of one set, and of a blank."""
        steps = []
        if recoded := model.get("recode", {}).get(code):
            steps.append(("recode", recoded["levels"]))
        if spec.crossover != CODED and code in self.choices["crossovers"][spec.crossover]["sets"]:
            steps.append((spec.crossover, self.choices["crossovers"][spec.crossover]["levels"]))
        if spec.shape != CODED:
            steps.append((spec.shape, self.choices["shapes"][spec.shape]["levels"]))
        levels = list(self.evidence.levels)
        found = levels
        for name, pairs in steps:
            found = [_mapped(value, dict(pairs), name, code) for value in found]
        blank = float("nan")
        # ASSUME a case is about its outcome: where the outcome is blank, nothing stands for it.
        if spec.blanks != LEFT_OUT and code != model["outcome"]:
            blank = found[levels.index(self.choices["blanks"][spec.blanks]["score"])]
        return [*found, blank]


def _has_within(model: Terms, literals: frozenset[str]) -> bool:
    """Whether a term lies inside a term of a model."""
    return any(each <= literals for each in model)


def _mapped(value: float, pairs: Mapping[float, float], name: str, code: str) -> float:
    if value not in pairs:
        raise AnalysisError(
            f"multiverse: {name!r} gives no membership for {value:g} of {code}; "
            f"it has {', '.join(f'{each:g}' for each in pairs)}"
        )
    return pairs[value]
