"""Claims about the robustness of solutions, on six cases that can be checked by hand."""

from dataclasses import asdict, replace
from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from casebook import qca
from casebook.errors import AnalysisError
from casebook.qca.robustness import Run, Runs

FUZZY = pd.DataFrame(
    {
        "A": [0.9, 0.8, 0.3, 0.2, 0.1, 0.7],
        "B": [0.8, 0.3, 0.9, 0.2, 0.3, 0.2],
        "Y": [0.9, 0.7, 0.4, 0.1, 0.3, 0.6],
    },
    index=list("pqrstu"),
)
ANALYSIS = qca.Analysis("Y", ("A", "B"), qca.Cutoffs(0.85))
# Six rows of three conditions that two models cover equally well.
CYCLE = ["000", "001", "010", "101", "110", "111"]


def crisp(*rows):
    """Cases from strings such as `110`, as often as the number after them; the last is Y."""
    cases = [[int(digit) for digit in row] for row, times in rows for _ in range(times)]
    return pd.DataFrame(cases, columns=[*"ABCDEF"[: len(cases[0]) - 1], "Y"])


def model(*patterns):
    """A model of the six cases."""
    return qca.Model("Y", patterns, ANALYSIS.table(FUZZY))


@pytest.mark.parametrize(
    ("rows", "start", "expected"),
    [
        ([("111", 4), ("101", 3), ("010", 3), ("000", 5)], 2, (1, 2, 3)),
        ([("111", 4), ("101", 3), ("011", 1), ("000", 5)], 3, (2, 3, 3)),
        ([("111", 4), ("101", 4), ("011", 1), ("000", 9)], 4, (2, 4, 4)),
        ([("111", 4), ("101", 4), ("000", 5)], 2, (1, 2, 4)),
        ([("111", 2), ("000", 2)], 1, (1, 1, 2)),
    ],
)
def test_the_frequency_moves_until_a_row_that_counts_comes_or_goes(rows, start, expected):
    """Down to one, up to the largest row, each whole number in between tried."""
    data = crisp(*rows)
    analysis = qca.Analysis("Y", tuple(data.columns[:-1]), qca.Cutoffs(frequency=start))
    found = qca.frequency_range(data, analysis)
    assert ("frequency", *expected) == (found.setting, found.lower, found.value, found.upper)


@pytest.mark.parametrize(
    ("pri", "floor", "lower"), [(0, None, 0.7647), (0.5, None, 0), (0.5, 0.6, 0.6)]
)
def test_a_cutoff_passes_rows_that_another_cutoff_keeps_out(pri, floor, lower):
    """Rows of low PRI stay negative however low the consistency cut-off is."""
    analysis = replace(ANALYSIS, cutoffs=qca.Cutoffs(0.85, pri, consistency0=floor))
    found = qca.cutoff_range(FUZZY, analysis)
    assert found.setting == "consistency"
    assert (lower, 0.9) == pytest.approx((found.lower, found.upper), abs=1e-4)
    frame = found.to_frame()
    assert [asdict(found)] == frame.to_dict("records")


def test_each_case_is_dropped_in_turn():
    """Each run has the solution of the other five, and its own table."""
    runs = qca.leave_one_out(FUZZY, ANALYSIS).runs
    assert [("dropped case", case) for case in FUZZY.index] == [
        (run.setting.name, run.setting.value) for run in runs
    ]
    for run in runs:
        rest = FUZZY.drop(index=run.setting.value)
        assert ANALYSIS.solve(rest).models[0].formula == run.solution.models[0].formula
        assert list(rest.index) == list(run.solution.table.case_ids)


def test_a_solution_that_was_found_before_has_the_table_of_its_setting():
    """Cut-offs with the same codes share the work, and are told apart."""
    settings = [qca.Setting("consistency", cut, qca.Cutoffs(cut)) for cut in (0.8, 0.85, 0.88)]
    runs = qca.solution_over_settings(FUZZY, ANALYSIS, settings)
    assert [0.8, 0.85, 0.88] == [run.solution.table.cutoffs.consistency for run in runs.runs]
    assert runs.initial.models[0].formula == ANALYSIS.solve(FUZZY).models[0].formula
    assert repr(runs).startswith("Runs(3 of 3 settings keep the solution)")


def test_the_table_of_runs_has_a_row_a_setting():
    """The same solution; another one, with its fit and distance; none, with the reason."""
    settings = [qca.Setting("consistency", cut, qca.Cutoffs(cut)) for cut in (0.85, 0.6, 1.0)]
    frame = qca.solution_over_settings(FUZZY, ANALYSIS, settings).to_frame()
    other = replace(ANALYSIS, cutoffs=qca.Cutoffs(0.6)).solve(FUZZY).models[0]
    fit = qca.robustness_fit(ANALYSIS.solve(FUZZY).models[0], [other])
    assert {
        "setting": "consistency",
        "value": 0.6,
        "expression": "A + B => Y",
        "n_models": 1,
        "exact": True,
        "same": False,
        "consistency": other.fit.consistency,
        "pri": other.fit.pri,
        "coverage": other.fit.coverage,
        "rf_cons": fit.rf_cons,
        "rf_cov": fit.rf_cov,
        "rf_sc": fit.rf_sc_min,
        "problem": "",
    } == frame.loc[1].to_dict()
    assert ["A => Y", True, ""] == frame.loc[0, ["expression", "same", "problem"]].tolist()
    empty = frame.loc[2]
    assert ["", 0, False] == empty[["expression", "n_models", "same"]].tolist()
    assert "no row is positive" in empty["problem"]
    assert empty[["consistency", "rf_sc"]].isna().all()


@pytest.mark.parametrize(("n_models", "more"), [(5, ""), (6, " or ..."), (7, " or ...")])
def test_more_than_five_models_are_not_all_shown(n_models, more):
    """The table of runs says that there are more."""
    first = ANALYSIS.solve(FUZZY)
    many = SimpleNamespace(models=first.models * n_models, n_models=n_models, exact=True)
    runs = Runs(first, (Run(qca.Setting("as it is", 0), many, True),))
    assert f"A or A or A or A or A{more} => Y" == runs.to_frame().loc[0, "expression"]


def test_a_setting_without_a_solution_is_not_the_same():
    """Nor is it unknown; the run says why."""
    settings = [qca.Setting("consistency", 1.0, qca.Cutoffs(1.0))]
    (run,) = qca.solution_over_settings(FUZZY, ANALYSIS, settings).runs
    assert (None, False) == (run.solution, run.same)
    assert "no row is positive" in run.problem


@pytest.mark.parametrize(("copies", "shown", "more"), [(1, 2, ""), (2, 4, ""), (3, 5, " or ...")])
def test_five_models_of_a_run_are_shown(copies, shown, more):
    """Models that fit equally well are joined by `or`; that there are more is said."""
    apart = ["000", "011", "101"][:copies]  # so far from each other that no rows are joined
    rows = [(f"{one}{other}1", 1) for one, other in product(CYCLE, apart)]
    data = crisp(*rows, ("0111110", 1))
    analysis = qca.Analysis("Y", tuple("ABCDEF"))
    runs = qca.solution_over_settings(data, analysis, [qca.Setting("as it is", 0)])
    solution = runs.initial
    assert 2**copies == solution.n_models
    formulas = [each.formula for each in solution.models[:shown]]
    frame = runs.to_frame()
    assert f"{' or '.join(formulas)}{more} => Y" == frame.loc[0, "expression"]
    assert 2**copies == frame.loc[0, "n_models"]
    assert 1 == len(replace(analysis, limit=1).solve(data).models)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("conservative", "A*B*~C"), ("intermediate", "A*B"), ("parsimonious", "A")],
)
def test_expectations_count_for_the_intermediate_solution_alone(kind, expected):
    """C is expected to help, so that A and B would do with it, too; nobody has seen such a case."""
    data = crisp(("1101", 1), ("0010", 1), ("0100", 1))
    analysis = qca.Analysis("Y", tuple("ABC"), solution=kind, expectations={"C": 1})
    assert expected == analysis.solve(data).models[0].formula


RAW = pd.Series([120, 80, 30, 21, 10, 70.0], index=FUZZY.index)


@pytest.mark.parametrize(
    ("anchors", "expected"),
    [
        ((20, 50, 100), [(-90, 50), (20, 100), (50, 210)]),
        ((100, 50, 20), [(50, 210), (20, 100), (-90, 50)]),
        ((5, 50, 130), [(-120, 50), (5, 130), (50, 255)]),
        ((20, 50, 70, 90, 100), [(-90, 50), (20, 70), (50, 90), (70, 100), (90, 210)]),
        ((20, 50, 50, 100), [(-90, 50), (20, 160), (-60, 100), (50, 210)]),
    ],
)
def test_an_anchor_moves_between_its_neighbours(anchors, expected):
    """Outer ones by the range of raw values and anchors; here no move changes the solution."""
    tried = []

    def calibrate(raw, moved):
        tried.append(tuple(moved))
        return FUZZY["A"]

    found = qca.anchor_ranges(FUZZY, ANALYSIS, "A", RAW, anchors, calibrate, steps=3)
    assert expected == [(each.lower, each.upper) for each in found]
    assert 7 * len(anchors) == len(tried)
    assert (expected[0][0], *anchors[1:]) in tried
    tried.clear()
    qca.anchor_ranges(FUZZY, ANALYSIS, "A", RAW, anchors, calibrate)
    assert 101 * len(anchors) == len(tried)


def test_an_anchor_may_pass_a_raw_value():
    """A case that lies on the crossover on the way, at 70, does not end the range."""
    raw = pd.Series([90, 80, 30, 20, 10, 70.0], index=FUZZY.index)
    crossover = qca.anchor_ranges(FUZZY, ANALYSIS, "A", raw, (0, 50, 100))[1]
    assert 80 == pytest.approx(crossover.upper, abs=0.01)


def test_numbers_are_tried_step_by_step_and_the_last_step_is_halved():
    """Fifty steps a side unless told otherwise; ten halvings where the solution changes."""
    tried = []

    def recalibrate(number):
        tried.append(number)
        return FUZZY if number <= 3 else FUZZY.assign(A=1 - FUZZY["A"])

    found = qca.parameter_range(recalibrate, ANALYSIS, 0, 0, 8, steps=4)
    assert [0, 2, 4, 3, 3.5, 3.25] == tried[:6]
    assert 1 + 2 + 10 == len(tried)
    assert ("parameter", 0, 3) == (found.setting, found.lower, found.upper)
    tried.clear()
    qca.parameter_range(recalibrate, ANALYSIS, 0, -1, 1)
    assert 1 + 50 + 50 == len(tried)


def test_a_model_of_other_cases_is_taken_to_the_cases_of_the_first():
    """Its terms are what counts, not the cases that it was found with."""
    start = model((1, -1))
    elsewhere = qca.Model("Y", ((1, 1),), ANALYSIS.table(FUZZY.drop(index="t")))
    same = qca.robustness_cases(start, [model((1, 1))]).to_frame()
    pd.testing.assert_frame_equal(same, qca.robustness_cases(start, [elsewhere]).to_frame())
    with pytest.raises(AnalysisError, match="another outcome or other conditions"):
        qca.robustness_fit(start, [qca.Model("~Y", ((1, 1),), ANALYSIS.table(FUZZY))])


def test_the_table_of_cases_names_each_with_its_memberships():
    """In the initial solution, the least and the most of the test set, and the outcome."""
    data = FUZZY.assign(Y=[0.9, 0.2, 0.4, 0.9, 0.3, 0.6])  # q deviates, s is missed by all
    table = qca.truth_table(data, "Y", ["A", "B"], 0.5)
    start, core, wide = (
        qca.Model("Y", patterns, table) for patterns in (((1, -1),), ((1, 1),), ((-1, 1),))
    )
    cases = qca.robustness_cases(start, [core, wide])
    frame = cases.to_frame()
    assert ["case_id", "initial", "smallest", "largest", "outcome", "type"] == list(frame)
    first = frame.set_index("case_id").loc[["p", "s"]].drop(columns="type")
    assert [[0.9, 0.8, 0.8, 0.9], [0.2, 0.2, 0.2, 0.9]] == first.to_numpy().tolist()
    assert [
        *("robust typical", "shaky deviant", "possible deviant"),
        *("extreme deviant coverage", "irrelevant", "shaky typical"),
    ] == frame["type"].tolist()
    assert (1 / 2, 0) == (cases.rcr_typ, cases.rcr_dev)
    all_robust = qca.robustness_cases(start, [start])
    assert (1, 1) == (all_robust.rcr_typ, all_robust.rcr_dev)


def test_a_membership_of_half_is_neither_in_nor_more_in_than_out():
    """In the initial solution, in the least or the most of the test set, and in the outcome."""
    rows = {"in": (0.9, 0.8, 0.9), "initial": (0.5, 0.2, 0.3), "least": (0.8, 0.5, 0.9)}
    rows |= {"most": (0.2, 0.5, 0.1), "outcome": (0.1, 0.1, 0.5)}
    data = pd.DataFrame(rows, index=["A", "B", "Y"]).T
    table = qca.truth_table(data, "Y", ["A", "B"], 0.5)
    start, *tests = (
        qca.Model("Y", patterns, table) for patterns in (((1, -1),), ((1, 1),), ((-1, 1),))
    )
    assert {
        "in": "robust typical",
        "initial": "irrelevant",
        "least": "shaky typical",
        "most": "irrelevant",
        "outcome": "irrelevant",
    } == qca.robustness_cases(start, tests).types["type"].to_dict()


def test_the_fit_of_the_core_is_that_of_its_terms():
    """The core of A and of A*B is A*B."""
    fit, core = qca.robustness_fit(model((1, -1)), [model((1, 1))]), model((1, 1)).fit
    expected = (core.consistency, core.pri, core.coverage)
    assert expected == pytest.approx((fit.core_consistency, fit.core_pri, fit.core_coverage))
    assert [asdict(fit)] == fit.to_frame().to_dict("records")
    assert np.isfinite(fit.rf_sc_max)
