"""Boolean minimisation: prime implicants and all minimum covers, exactly.

A configuration restricted to a set S of conditions is an implicant exactly if S contains at least
one condition on which the configuration differs from each excluded one. For each positive
configuration the sets of differences are marked on the lattice of all sets of conditions and
closed upwards; S fails if its complement contains a marked set, and is prime if it does not fail
but fails without any one of its conditions. Sixty-four positive rows share one machine word.
"""

from collections.abc import Sequence

import numpy as np

from casebook.qca.truth_table import strides

WORD = 64
BLOCK = 4_096  # excluded configurations compared at once, to keep memory low


def prime_implicants(
    positive: np.ndarray,
    levels: Sequence[int],
    *,
    excluded: np.ndarray | None = None,
    allowed: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """All prime implicants that cover at least one positive configuration.

    Args:
        positive: configurations to be covered (rows x conditions).
        levels: number of levels of each condition.
        excluded: configurations that no implicant may cover; all others are don't-cares.
        allowed: instead of `excluded`: the configurations that implicants may cover, including the
            positive ones.

    Returns:
        Patterns (implicants x conditions, -1 where minimised away; fewest literals first, then by
        the order of the conditions, present before absent) and the prime-implicant chart
        (implicants x positive rows, boolean).
    """
    parts = [
        _prime_pairs(positive[start : start + WORD], levels, excluded, allowed)
        for start in range(0, len(positive), WORD)
    ]
    subset = np.concatenate([part[0] for part in parts])
    row = np.concatenate([part[1] + i * WORD for i, part in enumerate(parts)])
    kept = (subset[:, None] >> np.arange(len(levels))) & 1
    patterns = np.where(kept, positive[row], -1)
    code = ((patterns + 1) * strides([size + 1 for size in levels])).sum(axis=1)
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    patterns = patterns[first]
    chart = np.zeros((len(patterns), len(positive)), dtype=bool)
    chart[inverse, row] = True
    order = _reading_order(patterns, levels)
    return patterns[order], chart[order]


def _prime_pairs(positive, levels, excluded, allowed) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (set of conditions as bits, positive row) whose restriction is a prime implicant."""
    size = 1 << len(levels)
    bit = np.uint64(1) << np.arange(len(positive), dtype=np.uint64)
    if allowed is None:
        marked = np.zeros(size, dtype=np.uint64)
        for start in range(0, len(excluded), BLOCK):
            block = excluded[start : start + BLOCK]
            for position, differing in enumerate(_differences(positive, block)):
                marked[differing] |= bit[position]
    else:
        marked = _marks_of_allowed(positive, allowed, levels, bit)
    for i in range(len(levels)):
        pair = marked.reshape(-1, 2, 1 << i)
        pair[:, 1] |= pair[:, 0]
    fails = marked[::-1].copy()
    prime = ~fails & np.bitwise_or.reduce(bit)
    for i in range(len(levels)):
        prime.reshape(-1, 2, 1 << i)[:, 1] &= fails.reshape(-1, 2, 1 << i)[:, 0]
    subsets = np.flatnonzero(prime)
    octets = prime[subsets].astype("<u8").view(np.uint8).reshape(-1, 8)
    place, row = np.nonzero(np.unpackbits(octets, axis=1, bitorder="little"))
    return subsets[place], row


def _differences(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Sets of conditions, as bits, on which each pair of configurations differs."""
    result = np.zeros((len(one), len(other)), dtype=np.int64)
    for i in range(one.shape[1]):
        result |= (one[:, i, None] != other[None, :, i]).astype(np.int64) << i
    return result


def _marks_of_allowed(positive, allowed, levels, bit) -> np.ndarray:
    """Mark a set of differences if fewer allowed rows show it than configurations exist."""
    existing = np.ones(1, dtype=np.int64)
    for size in levels:
        existing = np.concatenate([existing, existing * (size - 1)])
    marked = np.zeros(len(existing), dtype=np.uint64)
    for position, differing in enumerate(_differences(positive, allowed)):
        shown = np.bincount(differing, minlength=len(existing))
        marked[shown < existing] |= bit[position]
    return marked


def _reading_order(patterns: np.ndarray, levels: Sequence[int]) -> np.ndarray:
    """Fewest literals first, then by condition, present (highest level) before absent."""
    highest = np.array(levels) - 1
    keys = np.where(patterns < 0, highest + 1, highest - patterns)
    return np.lexsort([*keys.T[::-1], (patterns >= 0).sum(axis=1)])
