"""Claims about re-coding: cells change as often as the passes differ, and to what they differ."""

import numpy as np
import pytest

from casebook.errors import AnalysisError
from casebook.results.multiverse.recoding import counts, positions, probabilities, recode

LEVELS = [1, 0.67, 0.33, 0]
BLANK = 4
#  pass a: four cells of one construct;  pass b differs in one of them
ONE = np.array([[0], [0], [0], [BLANK]])
OTHER = np.array([[0], [0], [1], [BLANK]])


def test_positions_count_levels_and_then_the_blank():
    """A blank has the position after the last level."""
    assert [0, 1, 3, BLANK] == positions(np.array([1, 0.67, 0, np.nan]), LEVELS).tolist()


def test_a_score_off_the_scale_is_an_error():
    """The message lists the levels."""
    with pytest.raises(AnalysisError, match=r"0\.5: the levels are 1, 0\.67, 0\.33, 0"):
        positions(np.array([0.5]), LEVELS)


def test_each_cell_is_counted_from_both_sides():
    """Two cells 1 and 1, one cell 1 and 0.67, one blank twice."""
    table = counts(ONE, OTHER, len(LEVELS))[0]
    assert (4, 1, 1, 2) == (table[0, 0], table[0, 1], table[1, 0], table[BLANK, BLANK])
    assert 2 * len(ONE) == table.sum()


def test_probabilities_are_the_observed_shares():
    """Of five codings as 1, one was 0.67 in the other pass; the 0.67 was 1 there."""
    chances = probabilities(counts(ONE, OTHER, len(LEVELS)))[0]
    assert [4 / 5, 1 / 5, 0, 0, 0] == chances[0].tolist()
    assert [1, 0, 0, 0, 0] == chances[1].tolist()
    assert [0, 0, 0, 0, 1] == chances[BLANK].tolist()


def test_what_neither_pass_gave_is_never_changed():
    """No disagreement was seen about 0, so that an adjudicated 0 stays."""
    chances = probabilities(counts(ONE, OTHER, len(LEVELS)))[0]
    assert [0, 0, 0, 1, 0] == chances[3].tolist()


def test_cells_are_expected_to_change_as_often_as_the_passes_differ(scores):
    """Over both passes, the expected share of changed cells is the share of differing ones."""
    wide = [
        scores.pivot(index="case_id", columns="construct", values=name).to_numpy()
        for name in ("score_a", "score_b")
    ]
    one, other = (positions(table, LEVELS) for table in wide)
    stay = probabilities(counts(one, other, len(LEVELS)))
    construct = np.arange(one.shape[1])
    changed = [1 - stay[construct, given, given] for given in (one, other)]
    assert np.isclose((one != other).mean(), np.mean(changed))


def test_drawn_cells_change_as_often_as_the_passes_differ():
    """Of many cells coded 1, a fifth becomes 0.67, and nothing else ever."""
    cumulative = probabilities(counts(ONE, OTHER, len(LEVELS))).cumsum(axis=-1)
    drawn = recode(np.zeros((20_000, 1), int), cumulative, np.random.default_rng(1))
    assert {0, 1} == set(drawn.ravel().tolist())
    assert np.isclose(1 / 5, drawn.mean(), atol=0.01)


def test_passes_that_agree_change_nothing():
    """Without disagreement every draw gives the scores as they are."""
    cumulative = probabilities(counts(ONE, ONE, len(LEVELS))).cumsum(axis=-1)
    assert np.array_equal(ONE, recode(ONE, cumulative, np.random.default_rng(1)))
