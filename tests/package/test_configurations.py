"""Claims about the comparative analyses, on a study small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest

from casebook import qca
from casebook.errors import AnalysisError
from casebook.qca.covers import minimum_covers
from casebook.qca.effort import Deadline
from casebook.results import configurations
from casebook.results import sets as model_sets

MODELS = {"m": {"outcome": "Y", "conditions": ["A", "B"], "expectations": {"A": 1, "B": 1}}}
CUTOFFS = qca.Cutoffs(consistency=0.8, pri=0.5, frequency=1)
#         A     B     Y
CASES = [
    (1, 1, 1),
    (1, 0, 1),
    (0, 1, 0),
    (0, 0, 0),
    (1, np.nan, 1),
]


@pytest.fixture
def scores():
    """Final scores of five cases, one of them incomplete: Y goes with A, whatever B is."""
    frame = pd.DataFrame(CASES, columns=["A", "B", "Y"], dtype=float)
    frame.insert(0, "case_id", [f"c{number}" for number in range(len(frame))])
    return frame.melt("case_id", var_name="construct", value_name="score")


@pytest.fixture
def memberships(scores):
    """The complete cases as set memberships."""
    return model_sets.set_memberships(scores, MODELS)


def test_incomplete_cases_are_left_out_and_never_filled_in(memberships):
    """Four of five cases have a score on every set of the model."""
    assert ["c0", "c1", "c2", "c3"] == list(memberships["case_id"].unique())


def test_a_recoded_set_gets_the_memberships_of_the_model(scores):
    """The model says what a score means for a set; other sets keep theirs."""
    recode = {"Y": {"label": "y", "levels": [[1, 0.67], [0, 0]], "reason": "why"}}
    models = {"m": {**MODELS["m"], "recode": recode}}
    table = model_sets.set_memberships(scores, models).pivot(
        index="case_id", columns="set", values="membership"
    )
    assert [0.67, 0.67, 0, 0] == list(table["Y"])
    assert [1, 1, 0, 0] == list(table["A"])


def test_a_score_without_membership_is_an_error(scores):
    """A recoding has to cover every score that occurs."""
    recode = {"Y": {"label": "y", "levels": [[1, 1]], "reason": "why"}}
    with pytest.raises(AnalysisError, match="no level"):
        model_sets.set_memberships(scores, {"m": {**MODELS["m"], "recode": recode}})


@pytest.mark.parametrize(
    ("expected", "memberships"),
    [(2, [0, 1]), (2, [0, 0]), (2, [0.33, 0.66]), (2, [0, 0.1]), (3, [0, 1, 2]), (4, [0, 3])],
)
def test_levels_are_counted_from_none_to_the_highest(expected, memberships):
    """Crisp and fuzzy sets have two; in a multi-value set one may be empty."""
    assert expected == model_sets.n_levels(pd.Series(memberships, dtype=float))


def test_an_unknown_construct_is_named_with_the_known_ones(scores):
    """A model that names no construct of the codebook says which there are."""
    models = {"m": {**MODELS["m"], "conditions": ["A", "Z"]}}
    with pytest.raises(AnalysisError, match="no construct Z; the codebook has A, B, Y"):
        model_sets.set_memberships(scores, models)


def test_a_model_without_complete_cases_is_an_error(scores):
    """Nothing to compare is an error, not computed."""
    scores.loc[scores["construct"] == "A", "score"] = np.nan
    with pytest.raises(AnalysisError, match="no case has a score on every set"):
        model_sets.set_memberships(scores, MODELS)


def test_expectations_turn_round_for_the_absence_of_the_outcome(memberships):
    """What is expected to help the outcome is expected to be missing where it fails."""
    present, absent = configurations.analyses(memberships, MODELS)
    assert ("Y", {"A": 1, "B": 1}) == (present.outcome, present.expectations)
    assert ("~Y", {"A": 0, "B": 0}) == (absent.outcome, absent.expectations)


def test_the_formulas_are_those_found_by_hand(memberships):
    """A alone explains Y and ~A alone explains ~Y, in every kind of solution."""
    table = configurations.formulas(memberships, MODELS, CUTOFFS)
    assert {"A => Y", "~A => ~Y"} == set(table["expression"])
    assert (table[["consistency", "coverage"]] == 1).all(axis=None)


def test_an_outcome_without_sufficient_row_is_shown_as_such(memberships):
    """No solution is a result: a line without expression, not a missing line."""
    never = memberships.assign(
        membership=memberships["membership"].where(memberships["set"] != "Y", 0.33)
    )
    strict = qca.Cutoffs(consistency=1, pri=1, frequency=5)
    assert configurations.solutions(never, MODELS, strict).empty
    assert configurations.prime_implicants(never, MODELS, strict).empty
    assert configurations.case_types(never, MODELS, strict, "conservative").empty
    assert configurations.robustness_ranges(never, MODELS, strict, "conservative").empty
    table = configurations.formulas(never, MODELS, CUTOFFS).set_index("outcome")
    assert {0} == set(table.loc["Y", "n_models"])
    assert table.loc["Y", "expression"].isna().all()


def test_each_prime_implicant_lists_the_rows_that_it_covers(memberships):
    """A covers the rows A*~B and A*B, number 3 and 4 of 4."""
    chart = configurations.prime_implicants(memberships, MODELS, CUTOFFS)
    line = chart[(chart["outcome"] == "Y") & (chart["solution"] == "conservative")].iloc[0]
    assert ("A", "3 4", 2, True) == tuple(line[["implicant", "rows", "n_rows", "essential"]])


def test_typical_cases_are_in_solution_and_outcome(memberships):
    """c0 and c1 are typical of A => Y, the others irrelevant."""
    table = configurations.case_types(memberships, MODELS, CUTOFFS, "conservative")
    kinds = table[table["outcome"] == "Y"].set_index("case_id")["type"]
    assert ["typical", "typical", "irrelevant", "irrelevant"] == list(kinds)


def test_robustness_compares_each_setting_with_the_final_choices(memberships):
    """A lower cut-off changes nothing; without c0 and c1 there is no case of Y left to explain."""
    table = configurations.robustness(
        memberships, {}, MODELS, CUTOFFS, "conservative", {"consistency": [0.7, 0.9]}
    )
    mine = table[table["outcome"] == "Y"].set_index(["setting", "value"])
    assert mine.loc[("consistency", "0.7"), "same"]
    assert {"final", "consistency", "dropped case"} == set(table["setting"])
    assert 4 == (mine.index.get_level_values("setting") == "dropped case").sum()


def test_ranges_end_where_the_solution_changes(memberships):
    """With crisp cases any consistency cut-off will do, and no row has more than one case."""
    table = configurations.robustness_ranges(memberships, MODELS, CUTOFFS, "conservative")
    mine = table[table["outcome"] == "Y"].set_index("setting")
    assert 1 == mine.loc["consistency", "upper"]
    assert 1 == mine.loc["frequency", "upper"]


def test_a_test_set_of_the_same_solutions_leaves_everything_robust(memberships):
    """No shaky and no possible cases when no cut-off changes the solution."""
    fit, cases = configurations.robustness_tests(
        memberships, {}, MODELS, CUTOFFS, "conservative", {"consistency": [0.7, 0.9]}
    )
    first = fit[fit["outcome"] == "Y"].iloc[0]
    assert (2, 0, 0, 1) == tuple(first[["n_robust", "n_shaky", "n_possible", "rank"]])
    assert 8 == len(cases)


@pytest.fixture
def tied():
    """Both A and B explain Y: two tied parsimonious models."""
    values = {"A": [1, 0], "B": [1, 0], "Y": [1, 0]}
    frame = pd.DataFrame(values, index=["c0", "c1"], dtype=float).rename_axis("case_id")
    scores = frame.reset_index().melt("case_id", var_name="construct", value_name="score")
    return model_sets.set_memberships(scores, MODELS)


def shown(memberships):
    """The tables that show how many models or assumptions there are."""
    varied = {"consistency": [0.7]}
    final = (memberships, MODELS, CUTOFFS)
    yield configurations.solutions(*final)
    yield configurations.formulas(*final)
    yield configurations.counterfactuals(*final)
    yield configurations.remainders(*final)
    yield configurations.robustness(memberships, {}, MODELS, CUTOFFS, "parsimonious", varied)


def test_counts_that_are_not_exact_are_marked(tied, monkeypatch):
    """Without effort there are at least two models; exact tables have no such column."""
    assert all("exact" not in table for table in shown(tied))
    monkeypatch.setattr("casebook.qca.branching.STEPS", 0)
    monkeypatch.setattr(
        "casebook.qca.solutions.minimum_covers",
        lambda chart, limit, *_: minimum_covers(chart, limit, 0, Deadline(0)),
    )
    for table in shown(tied):
        assert not table["exact"].all()
    formulas = configurations.formulas(tied, MODELS, CUTOFFS).set_index(["outcome", "solution"])
    assert formulas.loc[("Y", "conservative"), "exact"]
    found = formulas.loc[("Y", "parsimonious")].iloc[0]
    assert (2, False) == (found["n_models"], found["exact"])


def test_a_model_without_expectations_has_no_easy_counterfactuals(tied):
    """The study says so itself, with an empty list of expectations."""
    models = {"m": {**MODELS["m"], "expectations": {}}}
    formulas = configurations.formulas(tied, models, CUTOFFS).set_index(["outcome", "solution"])
    assert "A*B => Y" == formulas.loc[("Y", "intermediate"), "expression"]
