"""Parameters of fit of set relations (Schneider & Wagemann 2012; Dusa 2019, chapters 5 and 6)."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError


@dataclass(frozen=True)
class Sufficiency:
    """Fit of the statement that X is sufficient for Y.

    Attributes:
        consistency: sum min(X, Y) / sum X.
        pri: (sum min(X, Y) - sum min(X, Y, ~Y)) / (sum X - sum min(X, Y, ~Y)).
        coverage: sum min(X, Y) / sum Y.

    A parameter is NaN where its denominator is 0.
    """

    consistency: float
    pri: float
    coverage: float

    def to_frame(self) -> pd.DataFrame:
        """One row with the parameters as columns."""
        return pd.DataFrame([asdict(self)])


@dataclass(frozen=True)
class Necessity:
    """Fit of the statement that X is necessary for Y.

    Attributes:
        consistency: sum min(X, Y) / sum Y.
        coverage: sum min(X, Y) / sum X.
        ron: relevance of necessity, sum (1 - X) / sum (1 - min(X, Y)).

    A parameter is NaN where its denominator is 0.
    """

    consistency: float
    coverage: float
    ron: float

    def to_frame(self) -> pd.DataFrame:
        """One row with the parameters as columns."""
        return pd.DataFrame([asdict(self)])


def sufficiency(x: pd.Series | np.ndarray, y: pd.Series | np.ndarray) -> Sufficiency:
    """Consistency, PRI and coverage of X as a sufficient condition of Y.

    Args:
        x: memberships of the cases in the condition or expression.
        y: memberships of the same cases in the outcome.

    Raises:
        AnalysisError: lengths or indexes differ, values are missing or outside [0, 1].
    """
    x, y = _pair(x, y)
    return Sufficiency(*(float(value[0]) for value in sufficiency_of(x[:, None], y)))


def necessity(x: pd.Series | np.ndarray, y: pd.Series | np.ndarray) -> Necessity:
    """Consistency, coverage and relevance of X as a necessary condition of Y.

    Args and errors as in `sufficiency`.
    """
    x, y = _pair(x, y)
    return Necessity(*(float(value[0]) for value in necessity_of(x[:, None], y)))


def sufficiency_of(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Consistency, PRI and coverage of many sets at once (`x`: cases x sets, `y`: cases)."""
    outcome = y[:, None]
    both = np.minimum(x, outcome).sum(0)
    contradictory = np.minimum(x, np.minimum(outcome, 1 - outcome)).sum(0)
    size = x.sum(0)
    return (
        ratio(both, size),
        ratio(both - contradictory, size - contradictory),
        ratio(both, y.sum()),
    )


def necessity_of(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Consistency, coverage and RoN of many sets at once (`x`: cases x sets, `y`: cases)."""
    shared = np.minimum(x, y[:, None])
    both = shared.sum(0)
    return ratio(both, y.sum()), ratio(both, x.sum(0)), ratio((1 - x).sum(0), (1 - shared).sum(0))


def unique_coverages(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Coverage that each set adds to all others together (`x`: cases x sets, `y`: cases).

    Formula: coverage of set i - sum min(X_i, Y, max of min(X_k, Y) over the others) / sum Y.
    NaN for a single set: there are no others.
    """
    shared = np.minimum(x, y[:, None])
    if shared.shape[1] < 2:
        return np.full(shared.shape[1], np.nan)
    ordered = np.sort(shared, axis=1)
    first, second = ordered[:, -1:], ordered[:, -2:-1]
    others = np.where(shared == first, second, first)
    return ratio((shared - np.minimum(shared, others)).sum(0), y.sum())


def ratio(numerator: np.ndarray, denominator: np.ndarray | float) -> np.ndarray:
    """Divide, giving NaN where the denominator is 0 (within rounding)."""
    numerator, denominator = np.broadcast_arrays(
        np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    )
    result = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=result, where=np.abs(denominator) > 1e-12)
    return result


def _pair(x: pd.Series | np.ndarray, y: pd.Series | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(x, pd.Series) and isinstance(y, pd.Series) and not x.index.equals(y.index):
        raise AnalysisError("the two sets have different cases; align them by case first")
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape or x.ndim != 1 or not len(x):
        raise AnalysisError(f"give one membership per case in both sets, not {x.shape}, {y.shape}")
    for values in (x, y):
        if not ((values >= 0) & (values <= 1)).all():
            raise AnalysisError("memberships must lie in [0, 1] and none may be missing")
    return x, y
