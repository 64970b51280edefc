"""Claims about the cross-case matrix."""

import numpy as np
import pandas as pd

from casebook.results.matrix import cross_case_matrix, distances, seriation

TABLE = pd.DataFrame(
    {"A": [1, 0, 1, 0], "B": [1, 0, 0.67, np.nan]}, index=["p", "q", "r", "s"], dtype=float
)


def test_distance_uses_the_columns_scored_in_both():
    """Q and s share only A, on which they agree; p and r differ by a third on one of two."""
    found = distances(TABLE)
    assert found[1, 3] == 0
    assert np.isclose(0.165, found[0, 2])


def test_rows_without_a_common_column_are_far_apart():
    """Nothing to compare counts as distance 1."""
    table = pd.DataFrame({"A": [1, np.nan], "B": [np.nan, 1]})
    assert distances(table)[0, 1] == 1


def test_like_rows_stand_together_and_high_ones_come_first():
    """The two high rows lead, the two low rows follow."""
    assert {"p", "r"} == set(seriation(TABLE)[:2])


def test_the_matrix_keeps_every_case_and_construct():
    """Ordering loses nothing: same cases, same scores, blanks stay blank."""
    long = (
        TABLE.rename_axis("case_id")
        .reset_index()
        .melt("case_id", var_name="construct", value_name="score")
    )
    cases = pd.DataFrame({"case_id": list("pqrs"), "city": list("PQRS")})
    matrix = cross_case_matrix(long, cases, {"A": "g", "B": "g"}).set_index("case_id")
    assert set("pqrs") == set(matrix.index)
    pd.testing.assert_frame_equal(TABLE, matrix.loc[TABLE.index, ["A", "B"]], check_names=False)
