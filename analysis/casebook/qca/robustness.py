"""Robustness of a solution to the choices behind it (Oana & Schneider 2024).

Sensitivity ranges tell how far one choice can move before the solution changes. Fit-oriented
measures compare the initial solution (IS) with its robust core, the intersection with all test
solutions (TS). Case-oriented measures name robust, shaky and possible cases.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError
from casebook.qca.calibration import calibrate_direct
from casebook.qca.effort import DEADLINE, EFFORT
from casebook.qca.fit import ratio, sufficiency_of
from casebook.qca.solutions import LIMIT, Model, Solution, minimise
from casebook.qca.truth_table import Cutoffs, TruthTable, corner_memberships, truth_table


@dataclass(frozen=True)
class Analysis:
    """All choices of a sufficiency analysis but the data.

    Attributes:
        outcome: outcome expression.
        conditions: names of the conditions.
        cutoffs: cut-offs of the truth table.
        solution: solution type.
        expectations: directional expectations of the intermediate solution.
        exclude: rows that no model may cover, as in `minimise`.
        limit: most models to list, as in `minimise`.
        effort: as in `minimise`.
        deadline: seconds for each solution, as in `minimise`.
    """

    outcome: str
    conditions: tuple[str, ...]
    cutoffs: Cutoffs = field(default_factory=Cutoffs)
    solution: str = "conservative"
    expectations: Mapping[str, int] = field(default_factory=dict)
    exclude: tuple = ()
    limit: int = LIMIT
    effort: int = EFFORT
    deadline: float | None = DEADLINE

    def table(self, data: pd.DataFrame) -> TruthTable:
        """Truth table of the data."""
        return truth_table(data, self.outcome, self.conditions, **asdict(self.cutoffs))

    def solve(self, data: pd.DataFrame) -> Solution:
        """Solution of the data."""
        return self.minimise(self.table(data))

    def minimise(self, table: TruthTable) -> Solution:
        """Solution of a truth table."""
        return minimise(
            table,
            self.solution,
            self.expectations,
            self.exclude,
            self.limit,
            self.effort,
            self.deadline,
        )


@dataclass(frozen=True)
class Setting:
    """One change to an analysis.

    Attributes:
        name: what is changed, for example `consistency` or `dropped case`.
        value: its value, for the tables.
        cutoffs: other cut-offs, or None.
        data: other memberships, or None.
    """

    name: str
    value: object
    cutoffs: Cutoffs | None = None
    data: pd.DataFrame | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Run:
    """An analysis under one setting.

    Attributes:
        setting: what was changed.
        solution: its solution, or None where there is none.
        same: whether it has the same models as the initial solution.
        problem: why there is no solution, or "".
    """

    setting: Setting
    solution: Solution | None
    same: bool
    problem: str = ""


@dataclass(frozen=True, eq=False)
class Runs:
    """An initial solution and the analysis under many settings.

    Attributes:
        initial: solution of the analysis as it is.
        runs: one `Run` per setting, in their order.
    """

    initial: Solution
    runs: tuple[Run, ...]

    def __repr__(self) -> str:
        """Number of runs that keep the solution."""
        same = sum(run.same for run in self.runs)
        return f"Runs({same} of {len(self.runs)} settings keep the solution)\n{self.initial!r}"

    @property
    def models(self) -> tuple[Model, ...]:
        """Models of all runs: the test set of the protocol."""
        return tuple(model for run in self.runs if run.solution for model in run.solution.models)

    def to_frame(self) -> pd.DataFrame:
        """One row per setting, described by its first model.

        Columns: setting, value, expression (models joined by `or`), n_models, exact (False where
        there are at least so many), same, consistency, pri, coverage, rf_cons, rf_cov, rf_sc
        (robustness fit against this setting alone), problem.
        Settings without a solution have blank measures.
        """
        return pd.DataFrame([_record(run, self.initial) for run in self.runs])


def _record(run: Run, initial: Solution) -> dict:
    record = {"setting": run.setting.name, "value": run.setting.value}
    if run.solution is None:
        none = {"expression": "", "n_models": 0, "exact": True, "same": False}
        return {**record, **none, "problem": run.problem}
    first = run.solution.models[0]
    shown = " or ".join(model.formula for model in run.solution.models[:5])
    more = " or ..." if run.solution.n_models > 5 or not run.solution.exact else ""
    fit = robustness_fit(initial.models[0], [first])
    return {
        **record,
        "expression": f"{shown}{more} => {first.outcome}",
        "n_models": run.solution.n_models,
        "exact": run.solution.exact,
        "same": run.same,
        "consistency": first.fit.consistency,
        "pri": first.fit.pri,
        "coverage": first.fit.coverage,
        "rf_cons": fit.rf_cons,
        "rf_cov": fit.rf_cov,
        "rf_sc": fit.rf_sc_min,
        "problem": "",
    }


def solution_over_settings(
    data: pd.DataFrame, analysis: Analysis, settings: Iterable[Setting]
) -> Runs:
    """Solve an analysis again under each setting.

    Truth tables are made once per data and recoded for other cut-offs; tables with the same codes
    are minimised once.

    Args:
        data: memberships of the cases.
        analysis: the initial choices.
        settings: changes, each on its own.

    Raises:
        AnalysisError: the initial analysis has no solution. Settings without one are kept as runs
            with a `problem`.
    """
    table = analysis.table(data)
    solver = _Solver(analysis)
    initial = solver.solve(table)
    key = _key(initial)
    runs = []
    for setting in settings:
        try:
            changed = table if setting.data is None else analysis.table(setting.data)
            if setting.cutoffs is not None:
                changed = changed.at(setting.cutoffs)
            solution = solver.solve(changed)
        except AnalysisError as error:
            runs.append(Run(setting, None, False, str(error)))
        else:
            runs.append(Run(setting, solution, _key(solution) == key))
    return Runs(initial, tuple(runs))


class _Solver:
    """Minimises each pattern of codes once."""

    def __init__(self, analysis: Analysis):
        self.analysis = analysis
        self.solved: dict[tuple, Solution | AnalysisError] = {}

    def solve(self, table: TruthTable) -> Solution:
        key = (table.levels, table.row.tobytes(), "".join(table.code.tolist()))
        if key not in self.solved:
            try:
                self.solved[key] = self.analysis.minimise(table)
            except AnalysisError as error:
                self.solved[key] = error
        found = self.solved[key]
        if isinstance(found, AnalysisError):
            raise found
        return found if found.table is table else found.on(table)


def _key(solution: Solution) -> tuple[int, frozenset]:
    return solution.n_models, frozenset(frozenset(model.patterns) for model in solution.models)


def leave_one_out(data: pd.DataFrame, analysis: Analysis) -> Runs:
    """Solve the analysis again without each case in turn (setting `dropped case`)."""
    settings = (Setting("dropped case", case, data=data.drop(index=case)) for case in data.index)
    return solution_over_settings(data, analysis, settings)


@dataclass(frozen=True)
class Range:
    """How far one choice can move before the solution changes.

    Attributes:
        setting: what was moved.
        value: its value in the analysis.
        lower: lowest value with the same solution; for a cut-off of consistency or PRI the largest
            number below all values with the same solution.
        upper: highest value with the same solution.
    """

    setting: str
    value: float
    lower: float
    upper: float

    def to_frame(self) -> pd.DataFrame:
        """One row with setting, value, lower, upper."""
        return pd.DataFrame([asdict(self)])


def cutoff_range(data: pd.DataFrame, analysis: Analysis, name: str = "consistency") -> Range:
    """Exact range of the consistency or PRI cut-off within which the solution stays the same.

    Codes change only where the cut-off passes the value of a row, so the range is bounded by such
    values, by 0 (or the lower cut-off of contradictions) and by 1.
    """
    if name not in ("consistency", "pri"):
        raise AnalysisError(f"cut-off {name!r}: accepted are 'consistency' and 'pri'")
    table = analysis.table(data)
    solver = _Solver(analysis)
    key = _key(solver.solve(table))
    now = getattr(analysis.cutoffs, name)
    floor = (analysis.cutoffs.consistency0 or 0.0) if name == "consistency" else 0.0
    values = getattr(table, name)[table.n >= analysis.cutoffs.frequency]
    steps = np.unique(np.clip(values[~np.isnan(values)], floor, 1))
    bounds = np.unique([floor, *steps, 1.0])
    upper = bounds[np.searchsorted(bounds, now - 1e-8) :]  # cut-offs that end an interval upwards
    lower = bounds[: np.searchsorted(bounds, now - 1e-8)][::-1]

    def same(value: float) -> bool:
        changed = replace(analysis.cutoffs, **{name: float(value)})
        return _same(solver, table.at(changed), key)

    highest = now
    for value in upper:
        if not same(value):
            break
        highest = max(now, value)  # the value of a row may lie a rounding error below `now`
    lowest = now
    for value in lower:  # between this bound and the next the codes do not change
        lowest = value
        if value == floor or not same(value):
            break
    return Range(name, now, float(lowest), float(highest))


def frequency_range(data: pd.DataFrame, analysis: Analysis) -> Range:
    """Range of the frequency cut-off within which the solution stays the same."""
    table = analysis.table(data)
    solver = _Solver(analysis)
    key = _key(solver.solve(table))
    now = analysis.cutoffs.frequency

    def same(value: int) -> bool:
        return _same(solver, table.at(replace(analysis.cutoffs, frequency=value)), key)

    lower = upper = now
    while lower > 1 and same(lower - 1):
        lower -= 1
    while upper < table.n.max() and same(upper + 1):
        upper += 1
    return Range("frequency", now, lower, upper)


def _same(solver: _Solver, table: TruthTable, key: tuple) -> bool:
    try:
        return _key(solver.solve(table)) == key
    except AnalysisError:
        return False


def parameter_range(
    recalibrate: Callable[[float], pd.DataFrame],
    analysis: Analysis,
    value: float,
    low: float,
    high: float,
    *,
    name: str = "parameter",
    steps: int = 50,
) -> Range:
    """Range of any number behind the data within which the solution stays the same.

    The number is moved away from `value` in `steps` equal steps on each side; the last step is
    halved until the bound is known to a thousandth of a step.

    Args:
        recalibrate: memberships of all sets for a value of the number.
        analysis: the choices that stay.
        value: the number in the analysis.
        low: lowest value to try.
        high: highest value to try.
        name: name of the number in the result.
        steps: steps on each side.
    """
    if not low <= value <= high:
        raise AnalysisError(f"{name}: {value:g} must lie between {low:g} and {high:g}")
    solver = _Solver(analysis)
    key = _key(solver.solve(analysis.table(recalibrate(value))))

    def same(number: float) -> bool:
        try:
            return _same(solver, analysis.table(recalibrate(number)), key)
        except AnalysisError:
            return False

    # ASSUME: a solution that changes and changes back within one step is taken as unchanged.
    lower, upper = (_last_same(same, value, end, steps) for end in (low, high))
    return Range(name, value, lower, upper)


def _last_same(same: Callable[[float], bool], start: float, end: float, steps: int) -> float:
    """Farthest number from `start` towards `end` up to which `same` holds."""
    if start == end:
        return start
    good, bad = start, None
    for number in np.linspace(start, end, steps + 1)[1:].tolist():
        if not same(number):
            bad = number
            break
        good = number
    if bad is None:
        return good
    for _ in range(10):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if same(middle) else (good, middle)
    return good


def anchor_ranges(
    data: pd.DataFrame,
    analysis: Analysis,
    name: str,
    raw: pd.Series,
    anchors: Sequence[float],
    calibrate: Callable[[pd.Series, Sequence[float]], pd.Series] | None = None,
    *,
    steps: int = 50,
) -> tuple[Range, ...]:
    """Range of each anchor of one set, the other anchors held.

    Each anchor moves between its neighbours; the outer ones move outwards by up to the range of the
    raw values and the anchors.

    Args:
        data: memberships of the cases.
        analysis: the choices that stay.
        name: set that is calibrated again, a condition or the outcome.
        raw: its raw values, indexed as `data`.
        anchors: anchors in the analysis.
        calibrate: memberships from raw values and anchors; `calibrate_direct` by default, with
            memberships of exactly 0.5 allowed.
        steps: steps on each side, as in `parameter_range`.

    Returns:
        One `Range` per anchor, named `name, anchor 1` and so on.
    """
    if name not in data.columns:
        raise AnalysisError(f"no set named {name!r} in the data to calibrate again")
    if not raw.index.equals(data.index):
        raise AnalysisError(f"raw values of {name!r} have other cases than the data")
    calibrate = calibrate or (lambda x, a: calibrate_direct(x, a, half="keep"))
    anchors = [float(anchor) for anchor in anchors]
    span = max(raw.max(), *anchors) - min(raw.min(), *anchors)
    ranges = []
    for place, anchor in enumerate(anchors):
        around = [*anchors[max(place - 1, 0) : place], *anchors[place + 1 : place + 2]]
        low = max([a for a in around if a < anchor], default=anchor - span)
        high = min([a for a in around if a > anchor], default=anchor + span)

        def recalibrate(value: float, place: int = place) -> pd.DataFrame:
            moved = [*anchors[:place], value, *anchors[place + 1 :]]
            return data.assign(**{name: calibrate(raw, moved)})

        label = f"{name}, anchor {place + 1}"
        ranges.append(
            parameter_range(recalibrate, analysis, anchor, low, high, name=label, steps=steps)
        )
    return tuple(ranges)


@dataclass(frozen=True)
class RobustnessFit:
    """Fit of an initial solution against a test set.

    The robust core is the minimum of the initial and all test solutions.

    Attributes:
        core_consistency: consistency of the robust core.
        core_pri: PRI of the robust core.
        core_coverage: coverage of the robust core.
        rf_cons: consistency of the initial solution / consistency of the core.
        rf_cov: coverage of the core / coverage of the initial solution.
        rf_sc_min: set coincidence of the initial solution with the minimum of the test set,
            sum min(IS, minTS) / sum max(IS, minTS).
        rf_sc_max: set coincidence with the maximum of the test set.
    """

    core_consistency: float
    core_pri: float
    core_coverage: float
    rf_cons: float
    rf_cov: float
    rf_sc_min: float
    rf_sc_max: float

    def to_frame(self) -> pd.DataFrame:
        """One row with the measures as columns."""
        return pd.DataFrame([asdict(self)])


def robustness_fit(initial: Model, tests: Sequence[Model]) -> RobustnessFit:
    """Compare an initial model with a test set of models, on the cases of the initial one.

    A test model counts with the memberships of its own data if these have the same cases (another
    calibration); otherwise its formula is evaluated on the data of the initial model.
    """
    start, smallest, largest = _envelope(initial, tests)
    y = initial.table.outcome_membership
    core = np.minimum(start, smallest)
    consistency, pri, coverage = (values[0] for values in sufficiency_of(core[:, None], y))
    return RobustnessFit(
        core_consistency=float(consistency),
        core_pri=float(pri),
        core_coverage=float(coverage),
        rf_cons=float(ratio(initial.fit.consistency, consistency)),
        rf_cov=float(ratio(coverage, initial.fit.coverage)),
        rf_sc_min=_coincidence(start, smallest),
        rf_sc_max=_coincidence(start, largest),
    )


@dataclass(frozen=True, eq=False)
class RobustnessCases:
    """Cases of an initial solution against a test set.

    Attributes:
        types: indexed by case: initial, smallest, largest (memberships in the initial solution and
            in the minimum and maximum of the test set), outcome, type.
        rcr_typ: robust typical / (robust + shaky + possible typical) cases; NaN if there are none.
        rcr_dev: the same for deviant cases.
        rank: 1 no shaky and no possible cases, 2 possible only, 3 shaky only, 4 both.
    """

    types: pd.DataFrame
    rcr_typ: float
    rcr_dev: float
    rank: int

    def to_frame(self) -> pd.DataFrame:
        """The types, with the case id as a column."""
        return self.types.rename_axis("case_id").reset_index()


def robustness_cases(initial: Model, tests: Sequence[Model]) -> RobustnessCases:
    """Name robust, shaky and possible cases.

    Robust: in the initial solution and in every test solution. Shaky: in the initial solution but
    not in every test solution. Possible: in some test solution but not in the initial one. Each is
    typical if the case is in the outcome and deviant otherwise. Cases outside all solutions are
    `extreme deviant coverage` or `irrelevant`. A case is in a set above 0.5.
    """
    start, smallest, largest = _envelope(initial, tests)
    outcome = initial.table.outcome_membership > 0.5
    inside = start > 0.5
    robust, shaky = inside & (smallest > 0.5), inside & (smallest <= 0.5)
    possible = ~inside & (largest > 0.5)
    kinds = np.select([robust, shaky, possible], ["robust", "shaky", "possible"], "")
    types = np.char.add(np.char.add(kinds, " "), np.where(outcome, "typical", "deviant"))
    outside = np.where(outcome, "extreme deviant coverage", "irrelevant")
    frame = pd.DataFrame(
        {
            "initial": start,
            "smallest": smallest,
            "largest": largest,
            "outcome": initial.table.outcome_membership,
            "type": np.where(kinds == "", outside, types),
        },
        index=list(initial.table.case_ids),
    )
    counted = robust | shaky | possible
    rank = 1 + int(possible.any()) + 2 * int(shaky.any())
    return RobustnessCases(
        types=frame,
        rcr_typ=float(ratio((robust & outcome).sum(), (counted & outcome).sum())),
        rcr_dev=float(ratio((robust & ~outcome).sum(), (counted & ~outcome).sum())),
        rank=rank,
    )


def _envelope(initial: Model, tests: Sequence[Model]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Memberships in the initial model, and least and greatest in the test models."""
    if not tests:
        raise AnalysisError("the test set is empty; give at least one alternative solution")
    table = initial.table
    members = []
    for test in tests:
        if test.outcome != initial.outcome or test.table.conditions != table.conditions:
            raise AnalysisError(
                f"test model {test.expression!r} has another outcome or other conditions than "
                f"{initial.expression!r}"
            )
        if test.table.case_ids == table.case_ids:
            terms = test.term_memberships
        else:
            terms = corner_memberships(np.array(test.patterns), table.memberships, table.levels)
        members.append(terms.max(axis=1))
    sets = np.column_stack(members)
    return initial.term_memberships.max(axis=1), sets.min(axis=1), sets.max(axis=1)


def _coincidence(one: np.ndarray, other: np.ndarray) -> float:
    return float(ratio(np.minimum(one, other).sum(), np.maximum(one, other).sum()))
