"""Monte Carlo re-coding: scores as another coder could have given them.

What another coder would have done is read from what the two passes did: for each construct, how
often one pass gave a score where the other gave this or another one, or left the cell blank.
"""

from collections.abc import Sequence

import numpy as np

from casebook.errors import AnalysisError


def positions(scores: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Position of each score among the levels; blank cells have the position after the last.

    Raises:
        AnalysisError: a score is no level of the codebook.
    """
    values, scale = np.asarray(scores, dtype=float), np.asarray(levels, dtype=float)
    near = np.abs(values[..., None] - scale)
    found = np.where(np.isnan(values), len(scale), near.argmin(axis=-1))
    wrong = ~np.isnan(values) & (near.min(axis=-1) > 1e-9)
    if wrong.any():
        raise AnalysisError(
            f"score {values[wrong][0]:g}: the levels are {', '.join(f'{x:g}' for x in levels)}"
        )
    return found


def counts(one: np.ndarray, other: np.ndarray, n_levels: int) -> np.ndarray:
    """Cells by the positions that two passes gave them, either pass in either place.

    Args:
        one, other: positions, cases x constructs.
        n_levels: number of levels, without the blank.

    Returns:
        constructs x (levels + blank) x (levels + blank), symmetric: each cell counts twice.
    """
    size = n_levels + 1
    result = np.zeros((one.shape[1], size, size), dtype=np.int64)
    construct = np.broadcast_to(np.arange(one.shape[1]), one.shape)
    np.add.at(result, (construct, one, other), 1)
    return result + result.transpose(0, 2, 1)


def probabilities(cells: np.ndarray) -> np.ndarray:
    """Probability of each position given what one pass gave, as observed.

    ASSUME: what never happened between the passes does not happen. A score that neither pass gave
    to a construct (an adjudicated one) is never changed.

    Args:
        cells: the table of `counts`.

    Returns:
        The same shape; rows (last axis) add up to 1.
    """
    total = cells.sum(axis=-1, keepdims=True)
    kept = np.broadcast_to(np.eye(cells.shape[-1]), cells.shape)
    return np.where(total > 0, cells / np.maximum(total, 1), kept)


def recode(given: np.ndarray, cumulative: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Draw each cell anew, given what stands there.

    Args:
        given: positions, cases x constructs.
        cumulative: `probabilities` added up along the last axis.
        generator: gives one number per cell, whatever stands in it.

    Returns:
        Positions, cases x constructs.
    """
    uniform = generator.random(given.shape)
    rows = cumulative[np.arange(given.shape[1]), given]  # cases x constructs x positions
    return (uniform[..., None] >= rows[..., :-1]).sum(axis=-1)
