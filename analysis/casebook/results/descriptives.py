"""What the scores show, one construct or one pair of constructs at a time.

"Absent" (a score below one half) is always kept apart from "not mentioned" (no score): shares
are shares of the scored cases, and the number of cases without a score stands beside each.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from casebook.results.scores import PRESENT_ABOVE, wide


def prevalence(scores: pd.DataFrame, groups: Mapping[str, str], confidence: float) -> pd.DataFrame:
    """Count in how many cases each construct is present.

    Args:
        scores: final scores: `case_id`, `construct`, `score` (membership from 0 to 1, or blank).
        groups: construct → group, in the order of the codebook.
        confidence: of the Wilson interval, between 0 and 1.

    Returns:
        One row per construct: `construct`, `group`, `n_cases`, `n_scored`, `n_missing`,
        `n_present` (score above one half), `n_absent`, `n_full` (score 1), `share` of the scored
        cases with its Wilson interval `low` to `high`, and the `mean` score.
    """
    table = wide(scores)
    rows = [_presence(table[code], confidence) for code in groups]
    result = pd.DataFrame(rows)
    result.insert(0, "construct", list(groups))
    result.insert(1, "group", list(groups.values()))
    return result


def _presence(values: pd.Series, confidence: float) -> dict:
    scored = values.dropna()
    present = int((scored > PRESENT_ABOVE).sum())
    low = high = float("nan")
    if len(scored):
        low, high = proportion_confint(present, len(scored), 1 - confidence, method="wilson")
    return {
        "n_cases": len(values),
        "n_scored": len(scored),
        "n_missing": len(values) - len(scored),
        "n_present": present,
        "n_absent": len(scored) - present,
        "n_full": int((scored == 1).sum()),
        "share": present / len(scored) if len(scored) else float("nan"),
        "low": low,
        "high": high,
        "mean": scored.mean(),
    }


def prevalence_by(
    scores: pd.DataFrame,
    cases: pd.DataFrame,
    groups: Mapping[str, str],
    strata: pd.DataFrame,
    confidence: float,
) -> pd.DataFrame:
    """Count presence within the strata of each variable (region, decade, …).

    Args:
        scores, groups, confidence: as for `prevalence`.
        cases: one row per case with `case_id` and the variables.
        strata: `variable` (a column of `cases`) and `level`, in the order of the result; a blank
            level is left out.

    Returns:
        `variable`, `level`, then the columns of `prevalence`; no rows without strata.
    """
    parts = []
    for variable, level in strata[["variable", "level"]].dropna().itertuples(index=False):
        members = cases.loc[cases[variable].eq(level), "case_id"]
        part = prevalence(scores[scores["case_id"].isin(members)], groups, confidence)
        part.insert(0, "variable", variable)
        part.insert(1, "level", level)
        parts.append(part)
    if not parts:
        columns = prevalence(scores, groups, confidence).columns
        return pd.DataFrame(columns=["variable", "level", *columns])
    return pd.concat(parts, ignore_index=True)


def cooccurrence(scores: pd.DataFrame) -> pd.DataFrame:
    """Compare how often two constructs are present together with what chance would give.

    Returns:
        One row per pair: `construct_a`, `construct_b`, `n_scored` (cases scored on both),
        `n_both` (present in both), `share_both`, `expected_share` (product of the two shares
        among these cases) and Kendall's `tau` (variant b) of the memberships.
    """
    table = wide(scores)
    rows = []
    for position, first in enumerate(table.columns):
        for second in table.columns[position + 1 :]:
            pair = table[[first, second]].dropna()
            present = pair > PRESENT_ABOVE
            rows.append(
                {
                    "construct_a": first,
                    "construct_b": second,
                    "n_scored": len(pair),
                    "n_both": int(present.all(axis=1).sum()),
                    "share_both": present.all(axis=1).mean(),
                    "expected_share": present.mean().prod(),
                    "tau": _tau(pair.to_numpy()),
                }
            )
    return pd.DataFrame(rows)


def _tau(pair: np.ndarray) -> float:
    if len(pair) < 2 or (pair == pair[0]).all(axis=0).any():
        return float("nan")
    return float(stats.kendalltau(pair[:, 0], pair[:, 1], variant="b").statistic)


def _taus(pair: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Kendall's tau of each resample of a pair of columns: what `_tau` gives, all at once.

    A resample holds each pair of cases as often as it holds the one times the other. All sums are
    of whole numbers, so they are exact in any order.
    """
    times = np.array([np.bincount(draw, minlength=len(pair)) for draw in draws], dtype=float)
    first, second = (np.sign(np.subtract.outer(column, column)) for column in pair.T)
    agreeing, untied_first, untied_second = (
        ((times @ signs) * times).sum(axis=1) / 2
        for signs in (first * second, abs(first), abs(second))
    )
    with np.errstate(invalid="ignore"):
        return np.clip(agreeing / np.sqrt(untied_first) / np.sqrt(untied_second), -1, 1)


def association(
    scores: pd.DataFrame,
    groups: Mapping[str, str],
    outcome_group: str,
    resamples: int,
    confidence: float,
    seed: int,
) -> pd.DataFrame:
    """Relate each challenge or strategy with each outcome.

    Args:
        scores, groups: as for `prevalence`.
        outcome_group: the group whose constructs are outcomes; all others are conditions.
        resamples, confidence, seed: of the percentile bootstrap of tau, which draws cases.

    Returns:
        One row per condition and outcome over the cases scored on both: counts `n`, `n_11`
        (both present), `n_10` (condition only), `n_01` (outcome only), `n_00`; `odds_ratio`
        (blank when a cell is zero), `p_exact` (Fisher, two-sided) and `p_holm` (Holm, over all
        rows); Kendall's `tau` (variant b, of the memberships) from `tau_low` to `tau_high`.
    """
    table = wide(scores)
    outcomes = [code for code, group in groups.items() if group == outcome_group]
    rows = [
        {
            "condition": condition,
            "outcome": outcome,
            "group": groups[condition],
            **_pair(table[[condition, outcome]].dropna(), resamples, confidence, seed),
        }
        for outcome in outcomes
        for condition in groups
        if condition not in outcomes
    ]
    result = pd.DataFrame(rows)
    adjusted = multipletests(result["p_exact"], method="holm")[1]
    result.insert(result.columns.get_loc("p_exact") + 1, "p_holm", adjusted)
    return result


def _pair(pair: pd.DataFrame, resamples: int, confidence: float, seed: int) -> dict:
    present = pair.to_numpy() > PRESENT_ABOVE
    condition, outcome = present[:, 0], present[:, 1]
    counts = np.array(
        [
            [(condition & outcome).sum(), (condition & ~outcome).sum()],
            [(~condition & outcome).sum(), (~condition & ~outcome).sum()],
        ]
    )
    values = pair.to_numpy()
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(values), size=(resamples, len(values)))
    taus = _taus(values, draws)
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(taus, [tail, 1 - tail])
    return {
        "n": len(pair),
        "n_11": int(counts[0, 0]),
        "n_10": int(counts[0, 1]),
        "n_01": int(counts[1, 0]),
        "n_00": int(counts[1, 1]),
        "odds_ratio": Table2x2(counts).oddsratio if counts.all() else float("nan"),
        "p_exact": float(stats.fisher_exact(counts).pvalue),
        "tau": _tau(values),
        "tau_low": float(low),
        "tau_high": float(high),
    }
