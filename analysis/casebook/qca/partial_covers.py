"""Counting the minimum covers of a large chart by layers of partial covers.

Rows are taken rarest first, and each class is decided when its first row comes up. Partial covers
that leave the same rows open, with the same number of classes, are merged into one state with the
number of ways to reach it. A state is kept only if the rows that it leaves open can still be
covered in time. The bound is linear programming duality: prices of rows such that the rows of no
remaining class cost more than 1 together show that open rows worth `p` need at least `p` classes.
Prices are learnt: a kept state is drawn, its linear program is solved with HiGHS, and the prices
are applied to all states, until new prices stop removing any.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from casebook.qca.effort import NEVER, Deadline

SLACK = 1e-4  # far above the rounding of single precision sums, far below the step of 1
FEW = 3_000  # states that are cheaper to carry on than to bound
COMPARED = 1_000  # classes compared with all larger ones at once, to keep memory low
BLOCK = 50_000  # states bounded at once, to keep memory low
KEPT_PRICES = 12
MOST_TRANSITIONS = 8_000_000  # kept for listing covers, to bound memory


def minimum_cover(chart: np.ndarray, deadline: Deadline = NEVER) -> tuple[tuple[int, ...], bool]:
    """One minimum cover of a chart (classes x rows), by integer programming.

    Returns:
        The cover, and whether it is proven that none is smaller; at the deadline, the smallest
        cover found so far.
    """
    cover = _greedy_cover(chart)
    if deadline.passed:
        return cover, False
    useful = np.flatnonzero(_largest(chart))
    result = milp(
        np.ones(len(useful)),
        constraints=LinearConstraint(csr_array(chart[useful].T.astype(float)), lb=1),
        integrality=np.ones(len(useful)),
        bounds=Bounds(0, 1),
        options={"time_limit": deadline.left},
    )
    if result.x is not None and (result.x > 0.5).sum() <= len(cover):
        cover = tuple(useful[result.x > 0.5].tolist())
    return cover, result.status == 0


def _greedy_cover(chart: np.ndarray) -> tuple[int, ...]:
    """A cover that takes the class of most open rows first, without classes it can do without."""
    still = np.ones(chart.shape[1], dtype=bool)
    chosen: list[int] = []
    while still.any():
        chosen.append(int((chart @ still.astype(np.int32)).argmax()))
        still &= ~chart[chosen[-1]]
    for place in chosen.copy():
        rest = [other for other in chosen if other != place]
        if chart[rest].any(axis=0).all():
            chosen = rest
    return tuple(sorted(chosen))


def _largest(chart: np.ndarray) -> np.ndarray:
    """True for classes that are not part of another class: enough to find one minimum cover."""
    a = chart.astype(np.float32)
    size = a.sum(axis=1)
    kept = np.zeros(len(a), dtype=bool)
    for length in np.unique(size)[::-1]:  # what is part of a dropped class is part of a kept one
        larger, places = a[kept].T, np.flatnonzero(size == length)
        for start in range(0, len(places), COMPARED):
            block = places[start : start + COMPARED]
            kept[block] = ~(a[block] @ larger == length).any(axis=1)
    return kept


@dataclass(frozen=True, eq=False)
class Layer:
    """Transitions into the states after one row.

    Attributes:
        start: first transition of each state; transitions are sorted by state.
        stop: end of the transitions of each state.
        base: state of the layer before that each transition comes from.
        picks: classes that each transition adds (transitions x picks, -1 for none).
    """

    start: np.ndarray
    stop: np.ndarray
    base: np.ndarray
    picks: np.ndarray


@dataclass(frozen=True, eq=False)
class LayeredCovers:
    """Minimum covers of a chart.

    Attributes:
        size: number of classes in each.
        count: number of covers, weighted by the sizes of the classes; None if `effort` was spent.
        layers: transitions, first row first; empty if the count is None, or if they would take
            too much memory.
        stored: whether the transitions are there.
    """

    size: int
    count: int | None
    layers: tuple[Layer, ...] = ()
    stored: bool = True

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """Covers as tuples of class numbers."""
        if self.layers:
            yield from self._back(len(self.layers) - 1, 0, ())

    @property
    def used(self) -> set[int]:
        """Classes that are in some cover: those of the transitions that lead to the end."""
        found: set[int] = set()
        states = np.zeros(1, dtype=np.int64)
        for layer in reversed(self.layers):
            here = _positions(layer.start[states], layer.stop[states])
            found.update(np.unique(layer.picks[here]).tolist())
            states = np.unique(layer.base[here])
        return found - {-1}

    def _back(self, depth: int, state: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if depth < 0:
            yield chosen
            return
        layer = self.layers[depth]
        for i in range(layer.start[state], layer.stop[state]):
            picked = tuple(int(place) for place in layer.picks[i] if place >= 0)
            yield from self._back(depth - 1, int(layer.base[i]), chosen + picked)


@dataclass(eq=False)
class _States:
    """Partial covers: open rows as bits, classes used, ways, and where each comes from."""

    rows: np.ndarray  # states x words
    used: np.ndarray
    ways: np.ndarray  # machine integers, or Python's where these would overflow
    base: np.ndarray
    picks: np.ndarray

    def __len__(self) -> int:
        return len(self.used)

    def __getitem__(self, chosen) -> "_States":
        return _States(*(part[chosen] for part in self._parts()))

    def _parts(self):
        return self.rows, self.used, self.ways, self.base, self.picks


def layered_covers(
    chart: np.ndarray, weights: list[int], effort: int, size: int, deadline: Deadline = NEVER
) -> LayeredCovers:
    """Count the minimum covers of a chart and keep the transitions that list them.

    Args:
        chart: classes x rows, rarest row first.
        weights: number of implicants in each class.
        effort: most states to keep at once; beyond it the count is given up.
        size: number of classes in a minimum cover.
        deadline: when to give up.

    Raises:
        TooLong: the deadline has passed.
    """
    price = root_prices(chart)
    kept = np.flatnonzero(affordable(chart, price, size))
    result = _Search(chart[kept], [weights[i] for i in kept], price, size, effort, deadline).run()
    for layer in result.layers:
        layer.picks[:] = np.where(layer.picks < 0, -1, kept[layer.picks])
    return result


def root_prices(chart: np.ndarray) -> np.ndarray:
    """Dual prices of all rows of a chart, from its linear relaxation."""
    costs = chart[_largest(chart)].astype(float)
    return _prices(costs, np.ones(chart.shape[1], dtype=bool))


def affordable(chart: np.ndarray, price: np.ndarray, size: int) -> np.ndarray:
    """Classes that can be in a cover of this size: those whose rows are worth their place."""
    return 1 - chart @ price <= size - price.sum() + SLACK


class _Search:
    def __init__(
        self,
        chart: np.ndarray,
        weights: list[int],
        price: np.ndarray,
        size: int,
        effort: int,
        deadline: Deadline,
    ):
        self.chart = chart
        self.size, self.effort, self.deadline = size, effort, deadline
        self.weights = weights
        self.masks = _words(chart)
        self.first = chart.argmax(axis=1)
        self.random = np.random.default_rng(0)  # which states are drawn; the result is exact
        self.prices = [price]

    def run(self) -> LayeredCovers:
        n_rows = self.chart.shape[1]
        states = self._root()
        layers: list[Layer] | None = []
        stored = 0
        for row in range(n_rows):
            states.base = np.arange(len(states))
            states.picks = np.empty((len(states), 0), dtype=np.int32)
            entries = self._decide(states, row)
            if entries is None:
                return LayeredCovers(self.size, None)
            states, start, stop = _merge(entries)
            kept = self._learn(states, row) if len(states) > FEW else np.arange(len(states))
            states = states[kept]
            if layers is not None:
                layers.append(_layer(entries, start[kept], stop[kept]))
                stored += len(layers[-1].base)
                layers = None if stored > MOST_TRANSITIONS else layers
            if len(states) > self.effort:
                return LayeredCovers(self.size, None)
        stored = layers is not None
        return LayeredCovers(self.size, sum(states.ways.tolist()), tuple(layers or ()), stored)

    def _root(self) -> _States:
        everything = np.ones((1, self.chart.shape[1]), dtype=bool)
        one = np.ones(1, dtype=np.int64)
        none = np.empty((1, 0), dtype=np.int32)
        return _States(_words(everything), np.zeros(1, dtype=int), one, np.zeros(1, int), none)

    def _decide(self, states: _States, row: int) -> _States | None:
        """Take or leave each class whose first row is this one; the row must end up covered."""
        parts = [states]
        prices = np.array(self.prices[-KEPT_PRICES:], dtype=np.float32).T
        for place in np.flatnonzero(self.first == row):
            grown = []
            for part in parts:
                self.deadline.check()
                hit = (part.rows & self.masks[place]).any(axis=1) & (part.used < self.size)
                taken = part[hit]
                taken.rows = taken.rows & ~self.masks[place]
                taken.used = taken.used + 1
                taken = taken[self._in_time(taken, prices)]
                if not len(taken):
                    continue
                taken.ways = _roomy(taken.ways, self.weights[place]) * self.weights[place]
                new = np.full((len(taken), 1), place, dtype=np.int32)
                taken.picks = np.hstack([taken.picks, new])
                grown.append(taken)
            parts += grown
            if sum(map(len, parts)) > 4 * self.effort:
                return None
            if len(parts) > 40:
                parts = _joined(parts)
        word, bit = divmod(row, 64)
        closed = [
            part[(part.rows[:, word] >> np.uint64(bit)) & np.uint64(1) == 0] for part in parts
        ]
        entries = _joined(closed, together=True)[0]
        order = np.lexsort((*entries.rows.T, entries.used))
        return entries[order]

    def _in_time(self, states: _States, prices: np.ndarray) -> np.ndarray:
        """Whether the open rows of each state can still be covered, as far as prices tell."""
        left = self.size - states.used + SLACK
        result = np.empty(len(states), dtype=bool)
        for start in range(0, len(states), BLOCK):
            block = slice(start, start + BLOCK)
            worth = self._open(states.rows[block]).astype(np.float32) @ prices
            result[block] = worth.max(axis=1) <= left[block]
        return result

    def _open(self, rows: np.ndarray) -> np.ndarray:
        """Open rows as booleans (states x rows)."""
        octets = np.ascontiguousarray(rows).view(np.uint8)
        return np.unpackbits(octets, axis=1, bitorder="little", count=self.chart.shape[1])

    def _learn(self, states: _States, row: int) -> np.ndarray:
        """Find prices that rule states out; return the states that are left."""
        later = self.chart[self.first > row]
        costs = later.astype(float)
        bits = self._open(states.rows).astype(bool)
        kept = np.flatnonzero(~bits[:, ~later.any(axis=0)].any(axis=1))
        self.prices = self.prices[:1]
        idle = 0
        while idle < 4 and len(kept) > FEW:
            self.deadline.check()
            need = bits[self.random.choice(kept)]
            if not need.any():
                idle += 1
                continue
            price = _prices(costs, need)
            self.prices.append(price)
            in_time = bits[kept] @ price <= self.size - states.used[kept] + SLACK
            idle = idle + 1 if in_time.mean() > 0.98 else 0
            kept = kept[in_time]
        return kept


def _joined(parts: list[_States], together: bool = False) -> list[_States]:
    """Concatenate parts whose transitions have the same number of picks, or all of them."""
    width = max(part.picks.shape[1] for part in parts)
    groups: dict[int, list[_States]] = {}
    for part in parts:
        if together:
            blank = np.full((len(part), width - part.picks.shape[1]), -1, dtype=np.int32)
            part.picks = np.hstack([part.picks, blank])
        groups.setdefault(part.picks.shape[1], []).append(part)
    return [
        _States(
            *(np.concatenate(columns) for columns in zip(*(p._parts() for p in group), strict=True))
        )
        for group in groups.values()
    ]


def _merge(entries: _States) -> tuple[_States, np.ndarray, np.ndarray]:
    """Merge sorted transitions with equal open rows and size; their first and end positions."""
    if not len(entries):
        return entries, np.zeros(0, int), np.zeros(0, int)
    differs = (entries.rows[1:] != entries.rows[:-1]).any(axis=1)
    differs |= entries.used[1:] != entries.used[:-1]
    start = np.flatnonzero(np.concatenate([[True], differs]))
    stop = np.append(start[1:], len(entries))
    states = entries[start]
    ways = _roomy(entries.ways, len(entries))
    states.ways = np.add.reduceat(ways, start)
    return states, start, stop


def _layer(entries: _States, start: np.ndarray, stop: np.ndarray) -> Layer:
    """Transitions of the kept states only."""
    chosen = _positions(start, stop)
    end = np.cumsum(stop - start)
    return Layer(end - (stop - start), end, entries.base[chosen], entries.picks[chosen])


def _positions(start: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Numbers from each start up to its stop, one after the other."""
    length = stop - start
    return np.repeat(start - (np.cumsum(length) - length), length) + np.arange(length.sum())


def _prices(costs: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Dual prices of the rows in need, raised on other rows as far as the classes allow.

    Args:
        costs: remaining classes x rows, 1 where the class covers the row.
        need: rows to be covered.
    """
    useful = costs[:, need]
    useful = useful[useful.any(axis=1)]
    result = linprog(
        np.ones(len(useful)),
        A_ub=csr_array(-useful.T),
        b_ub=-np.ones(useful.shape[1]),
        bounds=(0, None),
        method="highs",
    )
    price = np.zeros(len(need))
    if result.ineqlin is None or result.ineqlin.marginals is None:
        return price
    price[need] = np.maximum(-result.ineqlin.marginals, 0)
    price /= max(1.0, (costs @ price).max())
    slack = 1 - costs @ price
    for row in np.flatnonzero(~need):
        classes = costs[:, row] > 0
        if classes.any():
            more = max(slack[classes].min(), 0.0)
            price[row] += more
            slack[classes] -= more
    return price


def _roomy(ways: np.ndarray, factor: int) -> np.ndarray:
    """Counts in a type that holds them multiplied by a factor."""
    if ways.dtype == object or not len(ways) or int(ways.max()) * factor < 2**62:
        return ways
    return ways.astype(object)


def _words(chart: np.ndarray) -> np.ndarray:
    """Rows of each class as machine words (classes x words)."""
    width = -(-chart.shape[1] // 64) * 64
    padded = np.zeros((len(chart), width), dtype=bool)
    padded[:, : chart.shape[1]] = chart
    return np.packbits(padded, axis=1, bitorder="little").view("<u8").astype(np.uint64)
