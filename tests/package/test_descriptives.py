"""Claims about the descriptive analyses, on tables small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau

from casebook.results.descriptives import (
    _taus,
    association,
    cooccurrence,
    prevalence,
    prevalence_by,
)
from casebook.results.scores import wide

GROUPS = {"A": "condition", "Y": "outcome"}


def scores(**columns):
    """A long table of final scores from columns by construct."""
    frame = pd.DataFrame(columns, dtype=float)
    frame.insert(0, "case_id", [f"c{number}" for number in range(len(frame))])
    return frame.melt("case_id", var_name="construct", value_name="score")


def test_absent_is_not_the_same_as_not_mentioned():
    """A score of 0 counts among the scored cases, a blank does not."""
    row = prevalence(scores(A=[1, 0.67, 0.33, 0, np.nan]), {"A": "g"}, 0.95).iloc[0]
    assert tuple(row[["n_cases", "n_scored", "n_missing", "n_present", "n_absent", "n_full"]]) == (
        5,
        4,
        1,
        2,
        2,
        1,
    )
    assert (row["share"], row["mean"]) == (0.5, 0.5)


def test_wilson_interval_of_eight_in_ten():
    """Wilson (1927), 8 of 10 at 95%: from 0.490 to 0.943."""
    row = prevalence(scores(A=[1] * 8 + [0] * 2), {"A": "g"}, 0.95).iloc[0]
    assert (round(row["low"], 4), round(row["high"], 4)) == (0.4902, 0.9433)


def test_a_construct_without_any_score_has_no_share():
    """Nothing scored gives a blank share, not zero and not an error."""
    row = prevalence(scores(A=[np.nan, np.nan]), {"A": "g"}, 0.95).iloc[0]
    assert np.isnan(row[["share", "low", "high"]].astype(float)).all()


def test_strata_add_up_to_the_whole():
    """Scored and missing cases of all levels of a variable are those of the whole."""
    table = scores(A=[1, 0, np.nan, 0.67])
    cases = pd.DataFrame({"case_id": ["c0", "c1", "c2", "c3"], "where": ["n", "n", "s", "s"]})
    strata = pd.DataFrame({"variable": "where", "level": ["s", "n", None]})
    parts = prevalence_by(table, cases, {"A": "g"}, strata, 0.95)
    assert list(parts["level"]) == ["s", "n"]
    assert tuple(parts[["n_scored", "n_missing"]].sum()) == (3, 1)


def test_cooccurrence_uses_cases_scored_on_both():
    """Of three cases scored on both, one has both; chance expects 2/3 times 1/3."""
    row = cooccurrence(scores(A=[1, 1, 0, 1], B=[1, 0, 0, np.nan])).iloc[0]
    assert (row["n_scored"], row["n_both"]) == (3, 1)
    assert pytest.approx(2 / 9) == row["expected_share"]


def test_association_of_a_perfect_pair():
    """Eight cases in perfect order: tau 1, Fisher's p 2/70, no odds ratio with empty cells."""
    table = scores(A=[1, 1, 1, 1, 0, 0, 0, 0], Y=[1, 1, 1, 1, 0, 0, 0, 0])
    row = association(table, GROUPS, "outcome", 100, 0.95, 1).iloc[0]
    assert tuple(row[["n_11", "n_10", "n_01", "n_00"]]) == (4, 0, 0, 4)
    assert pytest.approx(2 / 70) == row["p_exact"]
    assert pytest.approx(1) == row["tau"]
    assert np.isnan(row["odds_ratio"])


def test_holm_multiplies_the_smallest_p_by_the_number_of_tests():
    """Two conditions against one outcome are two tests."""
    table = scores(
        A=[1, 1, 1, 1, 0, 0, 0, 0], B=[1, 0, 1, 0, 1, 0, 1, 0], Y=[1, 1, 1, 1, 0, 0, 0, 0]
    )
    groups = {"A": "condition", "B": "condition", "Y": "outcome"}
    result = association(table, groups, "outcome", 100, 0.95, 1)
    assert pytest.approx(2 * result["p_exact"].min()) == result["p_holm"].min()


def test_wide_keeps_the_order_of_cases_and_constructs():
    """Rows and columns come in the order of the long table, not sorted."""
    table = scores(Z=[1, 0], A=[0, 1])
    assert list(wide(table).columns) == ["Z", "A"]
    assert list(wide(table).index) == ["c0", "c1"]


@pytest.mark.parametrize("seed", range(5))
def test_resampled_taus_are_those_of_scipy(seed):
    """Each is the very number that `scipy.stats.kendalltau` gives for the drawn cases, or blank."""
    random = np.random.default_rng(seed)
    pair = random.choice([0, 0.33, 0.67, 1], size=(random.integers(2, 30), 2))
    draws = random.integers(0, len(pair), size=(200, len(pair)))
    expected = [kendalltau(*pair[draw].T).statistic for draw in draws]
    np.testing.assert_array_equal(expected, _taus(pair, draws))
