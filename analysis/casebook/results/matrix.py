"""The cross-case matrix: cases × constructs, ordered so that patterns show."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from casebook.results.scores import wide


def distances(table: pd.DataFrame) -> np.ndarray:
    """Return the mean absolute difference of each two rows over the columns scored in both.

    Args:
        table: memberships from 0 to 1, NaN where there is no score.

    Returns:
        Symmetric matrix, rows × rows; rows without a common column are at distance 1.
    """
    values = table.to_numpy(dtype=float)
    gaps = np.abs(values[:, None, :] - values[None, :, :])
    common = ~np.isnan(gaps)
    total = np.where(common, gaps, 0).sum(axis=2)
    count = common.sum(axis=2)
    return np.divide(total, count, out=np.ones_like(total), where=count > 0)


def seriation(table: pd.DataFrame) -> list:
    """Order the rows so that like rows stand together.

    Average linkage on `distances`, leaves in the order that makes neighbours most alike
    (Bar-Joseph et al.'s optimal leaf ordering, as SciPy has it), turned so that rows with high
    means come first.
    """
    if len(table) < 3:
        return list(table.index)
    condensed = squareform(distances(table), checks=False)
    order = leaves_list(optimal_leaf_ordering(linkage(condensed, "average"), condensed))
    means = table.mean(axis=1).to_numpy()[order]
    half = len(order) // 2
    if means[:half].mean() < means[-half:].mean():
        order = order[::-1]
    return list(table.index[order])


def cross_case_matrix(
    scores: pd.DataFrame, cases: pd.DataFrame, groups: Mapping[str, str]
) -> pd.DataFrame:
    """Return the ordered matrix of final scores.

    Args:
        scores: final scores: `case_id`, `construct`, `score`.
        cases: one row per case: `case_id`, and `city` where cases are cities.
        groups: construct → group, in the order of the codebook.

    Returns:
        `case_id`, `city` where there is one, then a column per construct: groups in the order of
        the codebook and
        inside a group by falling mean score; rows by `seriation`. Blank where not mentioned.
    """
    table = wide(scores)
    means = table.mean()
    order = list(groups.values())
    columns = sorted(groups, key=lambda code: (order.index(groups[code]), -means[code]))
    ordered = table.loc[seriation(table[columns]), columns].reset_index()
    if "city" in cases:
        ordered.insert(1, "city", ordered["case_id"].map(cases.set_index("case_id")["city"]))
    ordered.columns.name = None
    return ordered
