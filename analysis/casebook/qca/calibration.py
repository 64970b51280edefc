"""Calibration of raw measures to set memberships (Ragin 2008; Dusa 2019, chapter 4)."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit

from casebook.errors import AnalysisError

SNAP = 1e-4  # memberships nearer to 0 or 1 than this become 0 or 1, as in the R package QCA


def calibrate_direct(
    x: pd.Series | Sequence[float],
    anchors: Sequence[float],
    logistic: bool = True,
    *,
    idm: float = 0.95,
    below: float = 1,
    above: float = 1,
    snap: float = SNAP,
    half: str = "error",
) -> pd.Series:
    """Direct method with three anchors, or six for a set with two crossovers.

    Logistic: `1 / (1 + exp(-log(idm/(1-idm)) * (x-c)/(i-c)))` on the side of full inclusion, with
    `(x-c)/(c-e)` in the exponent on the side of full exclusion. Otherwise piecewise:
    `((x-e)/(c-e))**below / 2` up to the crossover and `1 - ((i-x)/(i-c))**above / 2` above it.
    Six anchors are always piecewise.

    Args:
        x: raw values, one per case.
        anchors: full exclusion, crossover, full inclusion: increasing, or decreasing for a set
            that is fuller where `x` is smaller. Six: exclusion, crossover, inclusion, inclusion,
            crossover, exclusion; increasing for a bell. For a valley both halves fall, and the
            first exclusion is not above the last.
        logistic: logistic (True) or piecewise function (False).
        idm: membership at the anchor of full inclusion (logistic function), above 0.5, below 1.
        below: exponent below the crossover (piecewise function).
        above: exponent above the crossover (piecewise function).
        snap: memberships below `snap` become 0, above `1 - snap` become 1; 0 turns this off.
        half: `"error"`, or `"keep"` to allow memberships of exactly 0.5.

    Returns:
        Memberships in [0, 1] indexed as `x`; missing values stay missing.

    Raises:
        AnalysisError: anchors out of order or equal, settings out of range, or cases with a
            membership of exactly 0.5 (named).
    """
    values = _series(x)
    anchors = _anchors(anchors)
    if len(anchors) == 6:
        result = _two_sided(values.to_numpy(), anchors, below, above)
    elif logistic:
        result = _logistic(values.to_numpy(), anchors, idm)
    else:
        result = _piecewise(values.to_numpy(), anchors, below, above)
    return _finish(values, result, snap, half)


def calibrate_indirect(
    x: pd.Series | Sequence[float],
    thresholds: Sequence[float],
    *,
    snap: float = SNAP,
    half: str = "error",
) -> pd.Series:
    """Indirect method: a fractional polynomial logit fitted to qualitative groups.

    The thresholds cut `x` into groups with equally spaced memberships from 0 to 1 (three decimals,
    as the R package QCA rounds them); a quasi-binomial logit model on log x, sqrt x, x and x^2 is
    fitted to them, and its predictions are the memberships (six decimals).

    Args:
        x: raw values, not negative, one per case.
        thresholds: group boundaries in increasing order; a value on a boundary is below it.
        snap: as in `calibrate_direct`.
        half: as in `calibrate_direct`.

    Returns:
        Memberships in [0, 1] indexed as `x`.

    Raises:
        AnalysisError: thresholds out of order, missing or negative raw values, memberships of 0.5.
    """
    values = _series(x)
    cuts = np.asarray(thresholds, dtype=float)
    if len(cuts) == 0 or (np.diff(cuts) <= 0).any():
        raise AnalysisError(f"thresholds {_text(cuts)}: give increasing numbers")
    raw = values.to_numpy()
    if np.isnan(raw).any() or (raw < 0).any():
        raise AnalysisError("indirect calibration needs raw values that are present and not < 0")
    grades = np.round(np.linspace(0, 1, len(cuts) + 1), 3)
    target = grades[np.searchsorted(cuts, raw, side="left")]
    base = np.where(raw == 0, 1e-5, raw)
    design = np.column_stack([np.ones_like(base), np.log(base), np.sqrt(base), base, base**2])
    return _finish(values, np.round(_fractional_logit(design, target), 6), snap, half)


def calibrate_levels(
    x: pd.Series | Sequence, levels: Mapping[object, float], *, half: str = "error"
) -> pd.Series:
    """Qualitative calibration: a given membership for each value.

    Args:
        x: coded values, one per case; missing values stay missing.
        levels: membership in [0, 1] of each value that occurs.
        half: as in `calibrate_direct`.

    Raises:
        AnalysisError: a value has no level, a level lies outside [0, 1], or is exactly 0.5 for
            some case.
    """
    series = x if isinstance(x, pd.Series) else pd.Series(list(x))
    outside = {key: level for key, level in levels.items() if not 0 <= level <= 1}
    if outside:
        raise AnalysisError(f"levels {outside}: memberships must lie in [0, 1]")
    unknown = [value for value in series.dropna().unique() if value not in levels]
    if unknown:
        raise AnalysisError(f"no level for {unknown}; levels are given for {list(levels)}")
    result = series.map(dict(levels)).astype(float)
    return _finish(series, result.to_numpy(), 0, half)


def calibrate_crisp(
    x: pd.Series | Sequence[float], threshold: float | Sequence[float]
) -> pd.Series:
    """Crisp set: 1 where `x >= threshold`; several thresholds give the levels 0, 1, 2, ...

    Args:
        x: raw values, one per case; missing values stay missing.
        threshold: one number, or increasing numbers for a multi-value set.

    Raises:
        AnalysisError: thresholds out of order, or outside the range of `x`.
    """
    values = _series(x)
    cuts = np.atleast_1d(np.asarray(threshold, dtype=float))
    if (np.diff(cuts) <= 0).any() or np.isnan(cuts).any():
        raise AnalysisError(f"thresholds {_text(cuts)}: give increasing numbers")
    raw = values.to_numpy()
    if len(raw) and ((cuts < np.nanmin(raw)) | (cuts > np.nanmax(raw))).any():
        raise AnalysisError(
            f"thresholds {_text(cuts)}: choose within the values, "
            f"{np.nanmin(raw):g} to {np.nanmax(raw):g}"
        )
    result = np.searchsorted(cuts, raw, side="right").astype(float)
    return pd.Series(np.where(np.isnan(raw), np.nan, result), index=values.index, name=values.name)


def _series(x: pd.Series | Iterable[float]) -> pd.Series:
    series = x if isinstance(x, pd.Series) else pd.Series(list(x))
    try:
        return series.astype(float)
    except (TypeError, ValueError):
        raise AnalysisError(f"raw values of {series.name!r} must be numbers to calibrate") from None


def _text(values: Iterable[float]) -> str:
    return "(" + ", ".join(f"{value:g}" for value in values) + ")"


def _anchors(anchors: Sequence[float]) -> np.ndarray:
    values = np.asarray(anchors, dtype=float)
    if values.shape not in ((3,), (6,)):
        raise AnalysisError(
            f"anchors {_text(values.ravel())}: give three (full exclusion, crossover, full "
            "inclusion) or six (exclusion, crossover, inclusion, and back)"
        )
    steps = np.diff(values)
    if len(values) == 3 and not ((steps > 0).all() or (steps < 0).all()):
        raise AnalysisError(
            f"anchors {_text(values)} are out of order: the crossover must lie between full "
            "exclusion and full inclusion"
        )
    if len(values) == 6 and not (_is_bell(values) or _is_valley(values)):
        raise AnalysisError(
            f"anchors {_text(values)} are out of order: six anchors rise from exclusion through "
            "crossover to inclusion, then inclusion, crossover, exclusion (or fall in both halves)"
        )
    return values


def _is_bell(anchors: np.ndarray) -> bool:
    steps = np.diff(anchors)
    return bool((steps[[0, 1, 3, 4]] > 0).all() and steps[2] >= 0)


def _is_valley(anchors: np.ndarray) -> bool:
    steps = np.diff(anchors)
    return bool((steps[[0, 1, 3, 4]] < 0).all() and anchors[0] <= anchors[5])


def _logistic(x: np.ndarray, anchors: np.ndarray, idm: float) -> np.ndarray:
    if not 0.5 < idm < 1:
        raise AnalysisError(f"idm {idm:g}: give a degree of membership above 0.5 and below 1")
    exclusion, crossover, inclusion = anchors
    towards_inclusion = (x - crossover) * np.sign(inclusion - crossover) >= 0
    width = np.where(towards_inclusion, inclusion - crossover, crossover - exclusion)
    exponent = np.log(idm / (1 - idm)) * (x - crossover) / width
    return expit(exponent)


def _piecewise(x: np.ndarray, anchors: np.ndarray, below: float, above: float) -> np.ndarray:
    if below <= 0 or above <= 0:
        raise AnalysisError(f"below {below:g}, above {above:g}: the exponents must be positive")
    exclusion, crossover, inclusion = anchors
    lower = np.clip((x - exclusion) / (crossover - exclusion), 0, 1)
    upper = np.clip((inclusion - x) / (inclusion - crossover), 0, 1)
    return np.where(lower < 1, lower**below / 2, 1 - upper**above / 2)


def _two_sided(x: np.ndarray, anchors: np.ndarray, below: float, above: float) -> np.ndarray:
    one = _piecewise(x, anchors[:3], below, above)
    other = _piecewise(x, anchors[:2:-1], below, above)
    return np.minimum(one, other) if _is_bell(anchors) else np.maximum(one, other)


def _fractional_logit(design: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Fit by iteratively reweighted least squares, stopping where R's `glm` stops."""
    fitted = (target + 0.5) / 2
    deviance = np.inf
    for _ in range(25):
        weight = fitted * (1 - fitted)
        linear = np.log(fitted / (1 - fitted))
        root = np.sqrt(weight)
        response = (linear + (target - fitted) / weight) * root
        slope = np.linalg.lstsq(design * root[:, None], response, rcond=None)[0]
        limit = 1 - np.finfo(float).eps
        fitted = np.clip(expit(design @ slope), 1 - limit, limit)
        previous, deviance = deviance, _deviance(target, fitted)
        if abs(deviance - previous) / (abs(deviance) + 0.1) < 1e-8:
            break
    return fitted


def _deviance(target: np.ndarray, fitted: np.ndarray) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.where(target > 0, target * np.log(target / fitted), 0)
        zero = np.where(target < 1, (1 - target) * np.log((1 - target) / (1 - fitted)), 0)
    return float(2 * (one + zero).sum())


def _finish(source: pd.Series, result: np.ndarray, snap: float, half: str) -> pd.Series:
    result = np.where(result < snap, 0.0, np.where(result > 1 - snap, 1.0, result))
    if half not in ("error", "keep"):
        raise AnalysisError(f"half {half!r}: accepted are 'error' and 'keep'")
    at_half = result == 0.5
    if half == "error" and at_half.any():
        cases = ", ".join(str(case) for case in source.index[at_half])
        raise AnalysisError(
            f"membership of exactly 0.5 for {cases}: such a case is neither in nor out of the set; "
            "move the crossover off these raw values"
        )
    return pd.Series(result, index=source.index, name=source.name)
