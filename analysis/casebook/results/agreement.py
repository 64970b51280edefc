"""Agreement between coding passes.

Percent agreement and Krippendorff's alpha for ordinal data, per construct and pooled, as
O'Connor & Joffe (2020, doi:10.1177/1609406919899220) ask: not only pooled, and beside the
prevalence without which a coefficient cannot be read.
"""

import itertools
from collections.abc import Mapping

import krippendorff
import numpy as np
import pandas as pd

from casebook.results.scores import PRESENT_ABOVE

POOLED = "all"


def passes(scores: pd.DataFrame) -> list[str]:
    """Return the names of the columns that hold one coding pass each (`score_a`, …).

    A column without any score is no pass: a study may have coded only once.
    """
    names = [name for name in scores.columns if name.startswith("score_")]
    return [name for name in names if scores[name].notna().any()]


def alpha(values: np.ndarray, levels: list[float]) -> float:
    """Return Krippendorff's ordinal alpha.

    Args:
        values: memberships, passes × units, NaN where a pass gave no score.
        levels: all memberships that the codebook allows, in order.

    Returns:
        alpha, or NaN when it is not defined (no unit scored twice, or no variation at all).
    """
    return _alpha_of_counts(_value_counts(values, levels), levels)


def _value_counts(values: np.ndarray, levels: list[float]) -> np.ndarray:
    """Count how often each unit got each level: units × levels."""
    return np.stack([np.isclose(values, level).sum(axis=0) for level in levels], axis=1)


def _alpha_of_counts(counts: np.ndarray, levels: list[float]) -> float:
    paired = counts[counts.sum(axis=1) > 1]
    if len(paired) == 0 or (paired.sum(axis=0) > 0).sum() < 2:
        return float("nan")
    return krippendorff.alpha(
        value_counts=paired, value_domain=levels, level_of_measurement="ordinal"
    )


def agreement(
    scores: pd.DataFrame,
    groups: Mapping[str, str],
    levels: list[float],
    resamples: int,
    confidence: float,
    seed: int,
) -> pd.DataFrame:
    """Measure agreement per construct and pooled.

    Args:
        scores: one row per case and construct: `case_id`, `construct`, and a column per pass.
        groups: construct → group, in the order of the codebook.
        levels: memberships that the codebook allows, in order.
        resamples: number of bootstrap samples; cases are drawn, so that the cells of one case
            stay together in the pooled interval.
        confidence: of the percentile interval, between 0 and 1.
        seed: of the random generator; one stream per construct.

    Returns:
        One row per construct, then one for all cells: `construct`, `group`, `n_cells`,
        `n_both` (scored by every pass), `n_one` (scored by some, not by all), `n_same`,
        `percent_agreement` (of cells scored by every pass), `alpha` with its interval, and per
        pass the share of its scores above one half. Empty when there are fewer than two passes.
    """
    names = passes(scores)
    columns = ["construct", "group", "n_cells", "n_both", "n_one", "n_same", "percent_agreement"]
    columns += ["alpha", "alpha_low", "alpha_high"]
    columns += [f"prevalence_{name.removeprefix('score_')}" for name in names]
    if len(names) < 2:
        return pd.DataFrame(columns=columns)
    parts = [(code, group, scores[scores["construct"] == code]) for code, group in groups.items()]
    parts.append((POOLED, POOLED, scores))
    rows = [
        [
            code,
            group,
            *_measure(cells, names, levels),
            *_interval(cells, names, levels, resamples, confidence, seed),
            *[(cells[name].dropna() > PRESENT_ABOVE).mean() for name in names],
        ]
        for code, group, cells in parts
    ]
    return pd.DataFrame(rows, columns=columns)


def _measure(cells: pd.DataFrame, names: list[str], levels: list[float]) -> list:
    values = cells[names].to_numpy(dtype=float).T
    given = ~np.isnan(values)
    both = given.all(axis=0)
    n_both, n_same = int(both.sum()), int((both & (values == values[0]).all(axis=0)).sum())
    share = n_same / n_both if n_both else float("nan")
    some = int((given.any(axis=0) & ~both).sum())
    return [len(cells), n_both, some, n_same, share, alpha(values, levels)]


def _interval(
    cells: pd.DataFrame,
    names: list[str],
    levels: list[float],
    resamples: int,
    confidence: float,
    seed: int,
) -> list[float]:
    counts = _value_counts(cells[names].to_numpy(dtype=float).T, levels)
    units = [np.flatnonzero(cells["case_id"].to_numpy() == case) for case in _unique(cells)]
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(units), size=(resamples, len(units)))
    values = [
        _alpha_of_counts(counts[np.concatenate([units[unit] for unit in draw])], levels)
        for draw in draws
    ]
    tail = (1 - confidence) / 2
    finite = [value for value in values if np.isfinite(value)]
    if not finite:
        return [float("nan"), float("nan")]
    return [float(value) for value in np.quantile(finite, [tail, 1 - tail])]


def _unique(cells: pd.DataFrame) -> list:
    return list(dict.fromkeys(cells["case_id"]))


def disagreements(scores: pd.DataFrame) -> pd.DataFrame:
    """List the cells on which the passes differ or that were adjudicated for another cause.

    Args:
        scores: the table of final scores with a column per pass, `cause` and `reason`; a cell
            with a cause was adjudicated.

    Returns:
        `case_id`, `construct`, the passes' columns, `difference` (largest between two passes, in
        membership; blank when a pass gave no score), `score`, `cause`, `reason`; largest
        difference first.
    """
    names = passes(scores)
    columns = ["case_id", "construct", *names, "difference", "score", "cause", "reason"]
    if len(names) < 2:
        return pd.DataFrame(columns=columns)
    unlike = scores["cause"].notna()
    for first, second in itertools.combinations(names, 2):
        unlike |= scores[first].ne(scores[second]) & scores[[first, second]].notna().any(axis=1)
    found = scores[unlike].copy()
    complete = found[names].notna().all(axis=1)
    found["difference"] = (found[names].max(axis=1) - found[names].min(axis=1)).where(complete)
    return found.sort_values(
        ["difference", "case_id", "construct"], ascending=[False, True, True], kind="stable"
    )[columns].reset_index(drop=True)
