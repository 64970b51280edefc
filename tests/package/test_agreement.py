"""Claims about agreement, on tables small enough to check by hand."""

import krippendorff
import numpy as np
import pandas as pd
import pytest

from casebook.results.agreement import agreement, alpha, disagreements

LEVELS = [0.0, 0.33, 0.67, 1.0]


def table(a, b, construct="X"):
    """Scores of two passes for one construct."""
    cases = [f"c{number}" for number in range(len(a))]
    frame = {"case_id": cases, "construct": construct, "score_a": a, "score_b": b, "score": a}
    return pd.DataFrame(frame).assign(cause=None, reason=None)


def measured(scores, groups=None, **changes):
    """Agreement with few resamples."""
    settings = {"resamples": 50, "confidence": 0.95, "seed": 1} | changes
    return agreement(scores, groups or {"X": "g"}, LEVELS, **settings).set_index("construct")


def test_percent_agreement_counts_only_cells_scored_by_both():
    """Three cells were scored twice, two alike: 2/3; a blank against a score is counted apart."""
    result = measured(table([1, 0, 0.33, np.nan, 1], [1, 0, 0.67, np.nan, np.nan])).loc["X"]
    assert tuple(result[["n_cells", "n_both", "n_one", "n_same"]]) == (5, 3, 1, 2)
    assert pytest.approx(2 / 3) == result["percent_agreement"]


def test_perfect_agreement_has_alpha_one():
    """Two identical passes with variation give alpha 1 and an interval at 1."""
    result = measured(table([0, 0.33, 0.67, 1, 1, 0], [0, 0.33, 0.67, 1, 1, 0])).loc["X"]
    assert (result["alpha"], result["alpha_high"]) == (1, 1)


def test_alpha_is_that_of_the_package_on_raw_reliability_data():
    """Counting levels first changes nothing against the package's own reading of the passes."""
    values = np.array([[0, 0.33, 0.67, 1, 1, np.nan], [0, 0.67, 0.67, 1, 0.33, 0]])
    expected = krippendorff.alpha(values, value_domain=LEVELS, level_of_measurement="ordinal")
    assert pytest.approx(expected) == alpha(values, LEVELS)


def test_alpha_without_variation_is_not_defined():
    """Two passes that give the same score everywhere have no alpha, not an alpha of 1."""
    assert np.isnan(alpha(np.ones((2, 4)), LEVELS))


def test_bootstrap_is_the_same_with_the_same_seed():
    """The interval is a function of the seed."""
    scores = table([0, 0.33, 0.67, 1, 1, 0], [0, 0.67, 0.67, 1, 0.33, 0])
    assert measured(scores).equals(measured(scores))
    assert not measured(scores).equals(measured(scores, seed=2))


def test_the_last_row_pools_all_constructs():
    """The pooled row counts every cell."""
    scores = pd.concat([table([1, 0], [1, 0]), table([1, 0.33], [1, 0], "Y")])
    result = measured(scores, {"X": "g", "Y": "g"})
    assert list(result.index) == ["X", "Y", "all"]
    assert result.loc["all", "n_cells"] == 4


def test_one_pass_has_no_agreement():
    """A study with a single pass gets empty tables, not errors."""
    single = table([1, 0], [1, 0]).drop(columns="score_b")
    assert agreement(single, {"X": "g"}, LEVELS, 50, 0.95, 1).empty
    assert disagreements(single).empty


def test_cells_adjudicated_for_another_cause_are_listed_too():
    """Two passes that agree may both have broken a rule; the resolution is shown."""
    scores = table([1.0, 0.0], [1.0, 0.0]).assign(score=[0.33, 0.0], cause=["rule", None])
    listed = disagreements(scores)
    assert [("c0", 0.0, "rule")] == list(
        listed[["case_id", "difference", "cause"]].itertuples(index=False, name=None)
    )


def test_disagreements_are_listed_largest_first():
    """Cells with like scores, or blank in both passes, are not listed."""
    listed = disagreements(table([1, 0.33, 0, np.nan, 1], [1, 0.67, 1, np.nan, np.nan]))
    assert list(listed["case_id"]) == ["c2", "c1", "c4"]
    assert [1, pytest.approx(0.34)] == list(listed["difference"].dropna())
