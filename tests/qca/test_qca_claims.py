"""Claims about the engine on frames small enough to check by hand."""

import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod import families

from casebook import qca
from casebook.errors import AnalysisError
from casebook.qca import calibration, partial_covers
from casebook.qca.covers import minimum_covers


def crisp(rows):
    """Cases from strings such as `110`, the last digit being the outcome Y."""
    names = [*"ABCDEFG"[: len(rows[0]) - 1], "Y"]
    return pd.DataFrame(
        [[int(digit) for digit in row] for row in rows],
        columns=names,
        index=[f"case{i}" for i in range(1, len(rows) + 1)],
    )


def table(rows, **cutoffs):
    """Truth table of crisp cases."""
    data = crisp(rows)
    return qca.truth_table(data, "Y", list(data.columns[:-1]), 1, **cutoffs)


# --- calibration


def test_anchor_memberships_of_the_direct_method():
    """Full exclusion, crossover and full inclusion get 0.05, 0.5 and 0.95."""
    found = qca.calibrate_direct([10, 20, 40], (10, 20, 40), half="keep")
    assert [0.05, 0.5, 0.95] == pytest.approx(found.tolist())


def test_decreasing_anchors_mirror_increasing_ones():
    """Anchors in decreasing order give the negated set."""
    x = [3, 8, 12, 17, 30]
    up = qca.calibrate_direct(x, (5, 10, 20))
    down = qca.calibrate_direct(x, (20, 10, 5))
    assert np.allclose(1 - up, down)


def test_six_anchors_make_a_bell_or_a_valley():
    """A bell is 1 between the inner anchors, a valley 0; both are 0.5 at the crossovers."""
    x = [300, 400, 550, 750, 900]
    bell = qca.calibrate_direct(x, (300, 400, 500, 600, 750, 900), half="keep")
    valley = qca.calibrate_direct(x, (500, 400, 300, 900, 750, 600), half="keep")
    assert [0, 0.5, 1, 0.5, 0] == bell.tolist()
    assert [1, 0.5, 0, 0.5, 1] == valley.tolist()


def test_membership_of_half_names_the_cases():
    """A raw value on the crossover is refused, and its case named."""
    x = pd.Series([1.0, 2.0], index=["north", "south"])
    with pytest.raises(AnalysisError, match="south"):
        qca.calibrate_direct(x, (0, 2, 3))
    with pytest.raises(AnalysisError, match="south"):
        qca.calibrate_levels(x, {1.0: 0, 2.0: 0.5})


@pytest.mark.parametrize(
    "anchors",
    [(1, 3, 2), (1, 1, 2), (2, 1, 3), (2, 2, 1), (2, 2.5, 1), (1, 2), (1, 2, 3, 4, 6, 5)],
)
def test_anchors_out_of_order_are_refused(anchors):
    """Anchors must rise or fall throughout, and are shown as they were given."""
    shown = re.escape(f"({', '.join(map(str, anchors))})")
    with pytest.raises(AnalysisError, match=f"anchors {shown}"):
        qca.calibrate_direct([1, 2, 3], anchors)


@pytest.mark.parametrize("anchors", [(1, 2, 3, 3, 4, 5), (3, 2, 1, 6, 5, 4), (3, 2, 1, 5, 4, 3)])
def test_six_anchors_may_meet_in_the_middle(anchors):
    """The two inclusions of a bell may be one value, and the two exclusions of a valley."""
    assert 7 == qca.calibrate_direct(range(7), anchors, half="keep").between(0, 1).sum()


@pytest.mark.parametrize(
    "anchors",
    [
        *[(1, 1, 3, 4, 5, 6), (1, 3, 3, 4, 5, 6), (1, 2, 3, 4, 4, 6), (1, 2, 3, 4, 6, 6)],
        *[(2, 1, 3, 4, 5, 6), (1, 3, 2, 4, 5, 6), (1, 2, 4, 3, 5, 6), (1, 2, 3, 5, 4, 6)],
        *[(3, 3, 1, 6, 5, 4), (3, 1, 1, 6, 5, 4), (3, 2, 1, 6, 6, 4), (3, 2, 1, 6, 4, 4)],
        *[(2, 3, 1, 6, 5, 4), (3, 1, 2, 6, 5, 4), (3, 2, 1, 5, 6, 4), (3, 2, 1, 6, 4, 5)],
        (5, 2, 1, 6, 5, 4),
    ],
)
def test_six_anchors_out_of_order_are_refused(anchors):
    """Each step of a bell rises and each of a valley's halves falls; a valley has a bottom."""
    with pytest.raises(AnalysisError, match="six anchors rise from exclusion"):
        qca.calibrate_direct([1, 2, 3], anchors)


@pytest.mark.parametrize(
    "settings",
    [
        *[{"idm": idm} for idm in (0.5, 1, 1.5, 0)],
        *[{"logistic": False, "below": below, "above": 1} for below in (0, -1)],
        *[{"logistic": False, "below": 1, "above": above} for above in (0, -1)],
        {"half": "drop"},
    ],
)
def test_settings_out_of_range_are_refused(settings):
    """A degree of membership lies above one half and below one, exponents above zero."""
    told = r"idm|exponents|half 'drop': accepted are 'error' and 'keep'"
    with pytest.raises(AnalysisError, match=told):
        qca.calibrate_direct([1, 2, 3], (1, 2.5, 3), **settings)


def test_only_memberships_nearer_than_the_snap_become_full():
    """At the very distance they stay as they are; cases and name are kept."""
    x = pd.Series([4.0, 5, 15, 16], index=list("abcd"), name="x")
    found = qca.calibrate_direct(x, (0, 10, 20), logistic=False, snap=0.25)
    pd.testing.assert_series_equal(pd.Series([0, 0.25, 0.75, 1], list("abcd"), name="x"), found)


def test_all_cases_with_a_membership_of_half_are_named():
    """In their order, with commas."""
    x = pd.Series([2.0, 1, 2], index=["north", "east", "south"])
    with pytest.raises(AnalysisError, match=r"membership of exactly 0.5 for north, south: "):
        qca.calibrate_direct(x, (0, 2, 3))


def test_thresholds_of_a_crisp_set_belong_to_the_upper_level():
    """Missing values stay missing; cases and name are kept; the extremes may be thresholds."""
    x = pd.Series([1, 1.5, np.nan, 2, 3], index=list("abcde"), name="x")
    expected = pd.Series([0, 1, np.nan, 2, 2], index=list("abcde"), name="x")
    pd.testing.assert_series_equal(expected, qca.calibrate_crisp(x, (1.5, 2)))
    assert [1, 1, 1] == qca.calibrate_crisp([1, 2, 3], 1).tolist()
    assert [0, 0, 1] == qca.calibrate_crisp([1, 2, 3], 3).tolist()


@pytest.mark.parametrize("thresholds", [(2, 2), (3, 2), np.nan, 0.5, 3.5, (0, 2), (2, 4)])
def test_thresholds_that_cut_nothing_are_refused(thresholds):
    """They rise, are numbers, and lie within the values."""
    with pytest.raises(AnalysisError, match=r"give increasing numbers|within the values, 1 to 3"):
        qca.calibrate_crisp([1, 2, 3], thresholds)


@pytest.mark.parametrize("level", [-0.1, 1.1])
def test_levels_are_memberships(level):
    """They lie between zero and one."""
    with pytest.raises(AnalysisError, match="must lie in"):
        qca.calibrate_levels([0, 1], {0: 0, 1: level})


RAW = [0, 0.3, 0.6, 1, 2, 4, 5, 7]


def test_indirect_calibration_rises_with_the_raw_values():
    """With close thresholds, or one; with six decimals; a zero counts as next to nothing."""
    for thresholds in ((0.4, 1.2, 4.5), (0.5, 0.7, 3), (1.5,)):
        found = qca.calibrate_indirect(RAW, thresholds)
        assert found.is_monotonic_increasing
        assert found.tolist() == found.round(6).tolist()
        assert found.tolist() == qca.calibrate_indirect([1e-5, *RAW[1:]], thresholds).tolist()


@pytest.mark.parametrize(
    ("x", "thresholds"),
    [(RAW, ()), (RAW, (2, 2)), (RAW, (3, 2)), ([1, 2, np.nan], (1.5,)), ([1, 2, -1], (1.5,))],
)
def test_indirect_calibration_refuses_what_it_cannot_fit(x, thresholds):
    """Thresholds that do not rise; raw values that are missing, or negative."""
    with pytest.raises(AnalysisError, match=r"give increasing numbers|present and not < 0"):
        qca.calibrate_indirect(x, thresholds)


def test_the_deviance_is_that_of_statsmodels():
    """Also where a group has no membership, or a full one; and without a warning."""
    target, fitted = np.array([0, 0.25, 0.5, 1]), np.array([0.1, 0.5, 0.4, 0.8])
    expected = families.Binomial().deviance(target, fitted)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert expected == pytest.approx(calibration._deviance(target, fitted))


def test_levels_keep_missing_values_and_refuse_unknown_ones():
    """A value without a level is an error; a missing value stays missing."""
    found = qca.calibrate_levels(pd.Series([0, None, 2]), {0: 0, 2: 1})
    assert [0, 1] == found.dropna().tolist()
    with pytest.raises(AnalysisError, match="no level for"):
        qca.calibrate_levels([0, 1], {0: 0})


# --- notation and fit


def test_expressions_are_evaluated_as_written():
    """Products are minima, sums maxima, `~` is 1 - x, braces choose a level."""
    data = pd.DataFrame({"A": [0.2, 0.9], "B": [0.6, 0.3], "M": [2, 0]})
    assert [0.6, 0.7] == pytest.approx(qca.membership(data, "A*~B + B").tolist())
    assert [1, 0] == qca.membership(data, "M{2}").tolist()
    assert [0, 1] == qca.membership(data, "~M{2}").tolist()


def test_parameters_of_fit_by_hand():
    """X = (0.5, 1), Y = (1, 0.25): consistency 0.75/1.5, coverage 0.75/1.25, RoN 0.5/1.25."""
    x, y = np.array([0.5, 1.0]), np.array([1.0, 0.25])
    assert qca.sufficiency(x, y).consistency == pytest.approx(0.5)
    assert qca.sufficiency(x, y).coverage == pytest.approx(0.6)
    assert qca.sufficiency(x, y).pri == pytest.approx((0.75 - 0.25) / (1.5 - 0.25))
    assert qca.necessity(x, y).ron == pytest.approx(0.5 / 1.25)


def test_undefined_parameters_are_nan():
    """An empty set has no consistency."""
    assert np.isnan(qca.sufficiency(np.zeros(3), np.ones(3)).consistency)


# --- truth table


def test_row_codes():
    """Rows are 1, 0, C or ? by consistency and frequency."""
    rows = ["111", "111", "101", "100", "100", "010", "010", "001"]
    found = table(rows, frequency=2, consistency0=0.3)
    assert ["?", "0", "C", "1"] == found.code.tolist()
    assert [1, 2, 3, 4] == found.row.tolist()
    assert found.remainders == 1
    assert found.contradictions["cases_in"].tolist() == [("case3",)]


def test_half_memberships_belong_to_no_row():
    """A case with a membership of 0.5 is left out of every row but counts for consistency."""
    data = pd.DataFrame({"A": [0.5, 0.9, 0.1], "Y": [0.0, 1.0, 0.0]}, index=["h", "i", "o"])
    found = qca.truth_table(data, "Y", ["A"])
    assert found.unassigned == ("h",)
    assert found.n.tolist() == [1, 1]
    assert found.consistency[1] == pytest.approx(0.9 / 1.5)


def test_remainders_are_listed_on_request():
    """The long form of the table has every configuration."""
    found = table(["111", "000"])
    assert len(found.to_frame()) == 2
    assert found.to_frame(remainders=True)["code"].tolist() == ["0", "?", "?", "1"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.drop(columns="A"), "no set named 'A'"),
        (lambda d: d.assign(A=1), "condition 'A' is 1 for every case"),
        (lambda d: d.assign(A=[None, *d["A"][1:]]), "no membership for case case1"),
        (lambda d: d.assign(A=[0.4, 1.5, *d["A"][2:]]), "outside .* case case2"),
        (lambda d: d.assign(A=[-1, *d["A"][1:]]), "outside .* case case1"),
        (lambda d: d.assign(A="high"), "calibrate it"),
        (lambda d: d.rename(index={"case2": "case1"}), "more than once"),
    ],
)
def test_bad_data_are_refused(change, message):
    """The error names the set, the cases and what to change."""
    data = crisp(["111", "010", "100", "001"])
    with pytest.raises(AnalysisError, match=message):
        qca.truth_table(change(data), "Y", ["A", "B"])


def test_tables_without_a_positive_row_are_refused():
    """No positive row, only contradictions, or too few cases: three different messages."""
    with pytest.raises(AnalysisError, match="no row is positive"):
        qca.minimise(table(["110", "000", "010"]))
    with pytest.raises(AnalysisError, match="contradictory"):
        qca.minimise(table(["111", "110", "001", "000"], consistency0=0.2))
    with pytest.raises(AnalysisError, match="no row has 3 cases"):
        qca.minimise(table(["111", "000"], frequency=3))


def test_unknown_names_in_settings_are_refused():
    """Expectations and exclusions must speak of the conditions of the table."""
    found = table(["111", "000"])
    with pytest.raises(AnalysisError, match="'Z' is not a condition"):
        qca.minimise(found, "intermediate", {"Z": 1})
    with pytest.raises(AnalysisError, match="no level 2"):
        qca.minimise(found, "intermediate", {"A": 2})
    with pytest.raises(AnalysisError, match="row 9"):
        qca.minimise(found, "parsimonious", exclude=[9])
    with pytest.raises(AnalysisError, match="'Z'"):
        qca.minimise(found, "parsimonious", exclude="Z*A")
    with pytest.raises(AnalysisError, match="accepted are"):
        qca.minimise(found, "complex")


# --- minimisation


def test_a_table_without_negative_rows_is_a_tautology():
    """R stops here; by definition every configuration may be covered, so the term is empty."""
    solution = qca.minimise(table(["111", "001"]), "parsimonious")
    assert ["1 => Y"] == [model.expression for model in solution.models]
    assert solution.models[0].fit.coverage == 1
    data = crisp(["111", "001"])
    assert qca.membership(data, solution.models[0].formula).tolist() == [1, 1]
    assert qca.case_types(data, solution.models[0])["terms"].tolist() == [("1",), ("1",)]


def test_all_tied_models_are_found():
    """A cyclic chart of six rows has two minimum covers."""
    rows = ["0001", "0011", "0111", "1111", "1101", "1001", "0100", "1010"]
    solution = qca.minimise(table(rows))
    assert solution.n_models == 2
    assert {3} == {len(model.terms) for model in solution.models}
    assert not solution.prime_implicants.essential.any()


def test_a_limit_is_announced():
    """Models beyond the limit are counted, not listed, and the solution says so."""
    rows = ["0001", "0011", "0111", "1111", "1101", "1001", "0100", "1010"]
    solution = qca.minimise(table(rows), limit=1)
    assert solution.n_models == 2
    assert len(solution.models) == 1
    assert solution.stopped
    assert solution.exact


def test_spent_effort_is_announced(monkeypatch):
    """Where counting is given up, the covers are a sample and not called exact."""
    random = np.random.default_rng(0)
    chart = random.random((40, 16)) < 0.2
    chart[random.integers(40, size=16), np.arange(16)] = True
    full = minimum_covers(chart, 10)
    assert full.exact
    monkeypatch.setattr("casebook.qca.branching.STEPS", 0)
    part = minimum_covers(chart, 10, effort=0)
    assert not part.exact
    assert part.size == full.size
    assert part.count == len(part.covers)


def test_counts_larger_than_machine_words():
    """Forty pairs of interchangeable implicants make 2**40 covers; seventy make 2**70."""
    for pairs in (40, 70):
        chart = np.repeat(np.eye(pairs, dtype=bool), 2, axis=0)
        assert minimum_covers(chart, 5).count == 2**pairs
    ways = partial_covers._roomy(np.array([2**61]), 4)
    assert ways.dtype == object


def test_equal_remainders_are_counted_once():
    """An 8 x 8 board has 12,988,816 tilings by dominoes: minimum covers of squares by pairs."""
    square = np.arange(64).reshape(8, 8)
    beside = [(square[:, :-1], square[:, 1:]), (square[:-1], square[1:])]
    pairs = np.concatenate([np.stack([a.ravel(), b.ravel()], axis=1) for a, b in beside])
    chart = np.zeros((len(pairs), 64), dtype=bool)
    np.put_along_axis(chart, pairs, True, axis=1)
    found = minimum_covers(chart, 3)
    assert (found.size, found.count, len(found.covers)) == (32, 12_988_816, 3)


def test_excluded_rows_are_never_covered():
    """Rows excluded by number or expression change the parsimonious solution."""
    found = table(["1111", "0000"])
    free = qca.minimise(found, "parsimonious")
    held = qca.minimise(found, "parsimonious", exclude="A*~B")
    assert {"A", "B", "C"} == {model.formula for model in free.models}
    assert {"B", "C"} >= {model.formula for model in held.models}
    assert all(not {5, 6} & model.rows for model in held.models)


def test_counterfactuals_of_an_intermediate_solution():
    """If ~B is expected, A*B loses its B towards A (easy), but not its A towards B (difficult)."""
    found = table(["111", "000"])
    solution = qca.minimise(found, "intermediate", {"B": 0})
    assert solution.easy_counterfactuals == (3,)
    assert solution.difficult_counterfactuals == (2,)
    assert {"A", "A*B"} == {model.formula for model in solution.models}


def test_enhanced_analysis_excludes_what_both_outcomes_assume():
    """No remainder supports both the outcome and its negation."""
    data = crisp(["111", "000"])
    tables = [qca.truth_table(data, outcome, ["A", "B"], 1) for outcome in ("Y", "~Y")]
    found = qca.enhanced_analysis(*tables, "parsimonious")
    assert found.contradictory == (2, 3)
    assert ["A*B => Y"] == [model.expression for model in found.solution.models]
    assert ["~A*~B => ~Y"] == [model.expression for model in found.negation.models]
    assert qca.contradictory_assumptions(found.solution, found.negation) == ()


def test_case_types():
    """Typical, deviant for consistency, deviant for coverage and irrelevant cases."""
    data = pd.DataFrame(
        {"A": [0.9, 0.8, 0.1, 0.2], "Y": [0.9, 0.4, 0.9, 0.1]}, index=["t", "d", "c", "i"]
    )
    model = qca.minimise(qca.truth_table(data, "Y", ["A"], 0.7)).models[0]
    types = qca.case_types(data, model)["type"]
    assert types.to_dict() == {
        "t": "typical",
        "d": "deviant consistency",
        "c": "deviant coverage",
        "i": "irrelevant",
    }


# --- robustness

FUZZY = pd.DataFrame(
    {
        "A": [0.9, 0.8, 0.3, 0.2, 0.1, 0.7],
        "B": [0.8, 0.3, 0.9, 0.2, 0.3, 0.2],
        "Y": [0.9, 0.7, 0.4, 0.1, 0.3, 0.6],
    },
    index=list("pqrstu"),
)
ANALYSIS = qca.Analysis("Y", ("A", "B"), qca.Cutoffs(0.85))


def test_consistency_range_is_bounded_by_row_consistencies():
    """The solution stays up to the lowest consistency of a positive row, above the next lower."""
    found = qca.cutoff_range(FUZZY, ANALYSIS)
    rows = ANALYSIS.table(FUZZY)
    positive = rows.code == "1"
    assert found.upper == pytest.approx(rows.consistency[positive].min())
    assert found.lower == pytest.approx(rows.consistency[~positive].max())
    for value, same in ((found.upper, True), (found.upper + 1e-6, False), (found.lower, False)):
        runs = qca.solution_over_settings(
            FUZZY, ANALYSIS, [qca.Setting("consistency", value, qca.Cutoffs(value))]
        )
        assert runs.runs[0].same is same


@pytest.mark.parametrize(
    ("name", "start"),
    [
        *[("consistency", start) for start in (0.05, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9)],
        *[("pri", start) for start in (0.05, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85)],
    ],
)
@pytest.mark.parametrize("floor", [None, 0.2])
def test_a_cutoff_range_is_where_the_solution_is_the_same(name, start, floor):
    """It is so at cut-offs all over the range, and not just below it, nor just above."""
    cutoffs = replace(qca.Cutoffs(0.6, consistency0=floor), **{name: max(start, floor or 0)})
    analysis = qca.Analysis("Y", ("A", "B"), cutoffs)
    found = qca.cutoff_range(FUZZY, analysis, name)
    lowest = (floor or 0) if name == "consistency" else 0
    assert lowest <= found.lower < found.upper <= 1
    assert found.lower <= found.value <= found.upper

    def same(value):
        setting = qca.Setting(name, value, replace(cutoffs, **{name: value}))
        return qca.solution_over_settings(FUZZY, analysis, [setting]).runs[0].same

    inside = np.linspace(found.lower + 1e-6, found.upper, 20)
    assert all(same(value) for value in inside)
    assert lowest == found.lower or not same(found.lower)
    assert 1 == found.upper or not same(found.upper + 1e-6)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 10, (2.03, 7.01)),
        (3, 10, (3, 7.01)),
        (0, 6, (2.03, 6)),
        (5, 5, (5, 5)),
        (4.8, 5, (4.8, 5)),
    ],
)
def test_the_range_of_a_number_ends_where_the_solution_changes(low, high, expected):
    """To a thousandth of a step on either side, never outside; or where no more is tried."""

    def recalibrate(number):
        return FUZZY if 2.03 <= number <= 7.01 else FUZZY.assign(A=1 - FUZZY["A"])

    found = qca.parameter_range(recalibrate, ANALYSIS, 5, low, high, name="number", steps=50)
    assert ("number", 5) == (found.setting, found.value)
    assert expected == pytest.approx(
        (found.lower, found.upper), abs=(high - low) / 50 / 1000 + 1e-9
    )
    assert expected[0] <= found.lower <= 5 <= found.upper <= expected[1]


def test_frequency_range():
    """The solution is lost as soon as the row of a single positive case becomes a remainder."""
    found = qca.frequency_range(FUZZY, ANALYSIS)
    assert ANALYSIS.table(FUZZY).n.tolist() == [2, 1, 2, 1]
    assert (found.lower, found.value, found.upper) == (1, 1, 1)


def test_anchor_ranges_keep_the_solution_inside_only():
    """Moving an anchor to its bounds keeps the solution."""
    raw = pd.Series([90, 80, 30, 20, 10, 70.0], index=FUZZY.index)
    for place, found in enumerate(qca.anchor_ranges(FUZZY, ANALYSIS, "A", raw, (0, 50, 100))):
        assert found.lower <= found.value <= found.upper
        assert found.setting == f"A, anchor {place + 1}"
        for value in (found.lower, found.upper):
            anchors = [0, 50, 100]
            anchors[place] = value
            moved = FUZZY.assign(A=qca.calibrate_direct(raw, anchors, half="keep"))
            setting = qca.Setting("anchor", value, data=moved)
            base = FUZZY.assign(A=qca.calibrate_direct(raw, (0, 50, 100), half="keep"))
            assert qca.solution_over_settings(base, ANALYSIS, [setting]).runs[0].same


def test_robustness_fit_against_itself_is_perfect():
    """A solution that equals its test set has a robust core equal to itself."""
    model = ANALYSIS.solve(FUZZY).models[0]
    fit = qca.robustness_fit(model, [model])
    assert (1, 1, 1, 1) == (fit.rf_cons, fit.rf_cov, fit.rf_sc_min, fit.rf_sc_max)
    cases = qca.robustness_cases(model, [model])
    assert cases.rank == 1
    assert cases.rcr_typ == 1


def test_robust_shaky_and_possible_cases_by_hand():
    """IS = A, test set = {A*B, B}: p is robust, q and u are shaky, r is possible."""
    rows = ANALYSIS.table(FUZZY)
    start, *tests = (
        qca.Model("Y", patterns, rows) for patterns in (((1, -1),), ((1, 1),), ((-1, 1),))
    )
    found = qca.robustness_cases(start, tests)
    assert found.types["type"].to_dict() == {
        "p": "robust typical",
        "q": "shaky typical",
        "r": "possible deviant",
        "s": "irrelevant",
        "t": "irrelevant",
        "u": "shaky typical",
    }
    assert found.rank == 4
    assert found.rcr_typ == pytest.approx(1 / 3)
    assert found.rcr_dev == 0
    fit = qca.robustness_fit(start, tests)
    core = np.minimum(FUZZY["A"], FUZZY["B"])
    assert fit.core_coverage == pytest.approx(np.minimum(core, FUZZY["Y"]).sum() / 3.0)
    assert fit.rf_sc_min == pytest.approx(core.sum() / FUZZY["A"].sum())


def test_settings_without_a_solution_are_kept():
    """A setting that leaves no positive row is a run with a problem, not an error."""
    strict = qca.Setting("consistency", 1.0, qca.Cutoffs(1.0))
    runs = qca.solution_over_settings(FUZZY, ANALYSIS, [strict])
    frame = runs.to_frame()
    assert frame.loc[0, "n_models"] in (0, 1)
    assert len(qca.leave_one_out(FUZZY, ANALYSIS).runs) == len(FUZZY)
