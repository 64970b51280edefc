"""Counting the minimum covers of a chart by branching on partial covers.

A partial cover leaves rows open, and may be continued with the classes that are not yet decided.
Before it is branched on, it is reduced: classes that cover the same open rows are merged, rows
that are covered whenever another one is are dropped, and classes that would make the cover too
large are removed. The bound is linear programming duality: prices of rows such that the rows of
no class cost more than 1 together show that open rows worth `p` need at least `p` classes. A
partial cover passes its optimal prices on, and the simplex method continues from them with the
rows and classes that are left. It has its own code here because SciPy offers no such start; since
any prices that keep within 1 are valid, its rounding affects the speed but not the result.
"""

from dataclasses import dataclass, field
from itertools import islice, product

import numpy as np

from casebook.qca.effort import NEVER, Deadline, TooLong

EPSILON = 1e-6  # of sums of prices, far below the step of 1 between covers
STEPS = 500  # of a depth-first search, which take about as long as the branching they save
KEPT_PRICES = 4
PIVOTS = 400  # of the simplex method; its prices are valid wherever it is stopped
TINY = 1e-7  # coefficients that are no pivots


def needed_rows(chart: np.ndarray) -> np.ndarray:
    """Rows whose classes do not include all classes of another row."""
    a = chart.astype(np.float32)
    shared, sizes = a.T @ a, a.sum(axis=0)
    includes = shared == sizes[:, None]  # [i, j]: row j has all classes of row i
    place = np.arange(len(sizes))
    stricter = (sizes[:, None] < sizes) | ((sizes[:, None] == sizes) & (place[:, None] < place))
    return ~(includes & stricter).any(axis=0)


def depth_first(
    chart: np.ndarray, weights: list[int], size: int, prices: np.ndarray, most_found: int
) -> tuple[int, list[tuple[int, ...]], set[int]]:
    """Count covers depth-first over the rarest open row, banning tried classes.

    Args:
        chart: classes x rows.
        weights: number of ways to take each class.
        size: number of classes in a cover; there must be no smaller one.
        prices: of the rows; those of the rows of any one class sum to at most 1.
        most_found: most covers to list; the count stays exact.

    Returns:
        The number of covers, those listed, and the classes that are in some cover.

    Raises:
        TooLong: more steps would be needed.
    """
    rarest = np.argsort(chart.sum(axis=0), kind="stable")
    largest = np.argsort(-chart.sum(axis=1), kind="stable")
    chart = chart[:, rarest]
    masks = _masks(chart)
    by_row = [largest[column].tolist() for column in chart[largest].T]
    price = _Price(prices[rarest].tolist())
    found: list[tuple[int, ...]] = []
    used: set[int] = set()
    steps = 0

    def visit(still: int, budget: int, banned: int, chosen: tuple[int, ...]) -> int:
        nonlocal steps
        steps += 1
        if steps > STEPS:
            raise TooLong
        count = 0
        for place in by_row[(still & -still).bit_length() - 1]:
            if banned >> place & 1:
                continue
            left = still & ~masks[place]
            if not left:
                count += weights[place]
                used.update(chosen, (place,))
                if len(found) < most_found:
                    found.append((*chosen, place))
            elif budget > 1 and price(left) <= budget - 1 + EPSILON:
                count += weights[place] * visit(left, budget - 1, banned, (*chosen, place))
            banned |= 1 << place
        return count

    return visit((1 << chart.shape[1]) - 1, size, 0, ()), found, used


def _masks(chart: np.ndarray) -> list[int]:
    """Rows of each class as the bits of an integer, first row lowest."""
    octets = np.packbits(chart, axis=1, bitorder="little")
    return [int.from_bytes(octet.tobytes(), "little") for octet in octets]


class _Price:
    """Sum of the prices of a set of rows given as bits."""

    def __init__(self, prices: list[float]):
        """Tabulate sums for each octet of rows."""
        self.tables = []
        for start in range(0, len(prices), 8):
            table = [0.0]
            for value in prices[start : start + 8]:
                table += [value + before for before in table]
            self.tables.append(table)

    def __call__(self, rows: int) -> float:
        """Sum over the bits of `rows`."""
        total = 0.0
        for table in self.tables:
            total += table[rows & 255]
            rows >>= 8
        return total


@dataclass(frozen=True, eq=False)
class _Open:
    """What a partial cover leaves open."""

    chart: np.ndarray  # groups of classes that cover the same open rows x open rows
    rows: np.ndarray  # the open rows as columns of the whole chart
    places: np.ndarray  # the classes that are left as rows of the whole chart
    group: np.ndarray  # the group of each of these classes

    @classmethod
    def of(cls, chart: np.ndarray) -> "_Open":
        """Everything is open."""
        places = np.arange(len(chart))
        return cls(chart, np.arange(chart.shape[1]), places, places)

    @property
    def feasible(self) -> bool:
        """Whether each open row has a class."""
        return bool(self.chart.any(axis=0).all())

    def members(self, group: int) -> tuple[int, ...]:
        """Classes of a group."""
        return tuple(self.places[self.group == group].tolist())

    def of_groups(self, kept: np.ndarray) -> "_Open":
        """Without the other groups."""
        inside = kept[self.group]
        group = (np.cumsum(kept) - 1)[self.group[inside]]
        return _Open(self.chart[kept], self.rows, self.places[inside], group)

    def of_rows(self, kept: np.ndarray) -> "_Open":
        """Without the other rows."""
        return _Open(self.chart[:, kept], self.rows[kept], self.places, self.group)

    def reduced(self) -> "_Open":
        """Merge groups that cover the same rows and drop rows covered with another one."""
        here = self
        while True:
            covering = here.chart.any(axis=1)
            here = here if covering.all() else here.of_groups(covering)._merged()
            if not here.rows.size or not here.feasible:
                return here
            here = here._merged()
            needed = needed_rows(here.chart)
            if needed.all():
                return here
            here = here.of_rows(needed)

    def _merged(self) -> "_Open":
        width = -(-self.chart.shape[1] // 64) * 8
        words = np.zeros((len(self.chart), width), dtype=np.uint8)
        octets = np.packbits(self.chart, axis=1)
        words[:, : octets.shape[1]] = octets
        words = words.view(np.uint64)
        order = np.lexsort(words.T)
        words = words[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (words[1:] != words[:-1]).any(axis=1)
        if first.all():
            return self
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.cumsum(first) - 1
        return _Open(self.chart[order[first]], self.rows, self.places, number[self.group])


@dataclass(frozen=True, eq=False)
class _Basis:
    """Where the simplex method stands: `price = value - table @ (variables outside)`.

    Variables are the prices of rows (numbered as the rows) and what classes leave of their 1
    (numbered after the rows).
    """

    inside: np.ndarray  # rows with a price in the basis
    value: np.ndarray  # their prices
    table: np.ndarray  # prices in the basis x variables outside
    outside: np.ndarray  # variables at 0

    @classmethod
    def of(cls, n_rows: int) -> "_Basis":
        """All prices are 0."""
        none = np.zeros(0)
        return cls(none.astype(int), none, np.zeros((0, n_rows)), np.arange(n_rows))


def _dual_prices(
    costs: np.ndarray,
    places: np.ndarray,
    is_open: np.ndarray,
    basis: _Basis,
    enough: float,
    deadline: Deadline,
) -> tuple[np.ndarray | None, _Basis]:
    """Prices that make the open rows worth most while no class costs more than 1.

    Args:
        costs: classes x rows, 1 where the class covers the row.
        places: classes that are left.
        is_open: rows that count.
        basis: where to start: the basis of a partial cover that this one continues.
        enough: worth at which to stop.
        deadline: when to stop wherever the method stands.

    Returns:
        Prices (None if they have no upper limit: some row has no class), and the basis.
    """
    n_rows = costs.shape[1]
    outside, table = basis.outside, basis.table
    useful = outside >= n_rows
    useful[~useful] = is_open[outside[~useful]]
    outside, table = outside[useful], table[:, useful]
    is_row = outside < n_rows
    gone = ~is_row & ~np.isin(outside - n_rows, places)  # these may leave less than 0
    others = places[~np.isin(places + n_rows, outside)]
    cost = costs[others]
    lower = -cost[:, basis.inside] @ table
    lower[:, is_row] += cost[:, outside[is_row]]
    table = np.vstack([table, lower])
    value = np.concatenate([basis.value, 1 - cost[:, basis.inside] @ basis.value]).clip(0)
    inside = np.concatenate([basis.inside, others + n_rows])
    counts = np.zeros(len(inside))
    counts[: len(basis.inside)] = is_open[basis.inside]
    worth, gain = counts @ value, is_row - counts @ table
    for _ in range(PIVOTS):
        score = np.where(gone, np.abs(gain), gain)
        enter = int(score.argmax())
        if score[enter] <= TINY or worth > enough or deadline.passed:
            break
        if gain[enter] < 0:
            table[:, enter] *= -1
            gain[enter] *= -1
        column = table[:, enter].copy()
        limiting = np.flatnonzero(column > TINY)
        if not len(limiting):
            return None, basis
        leave = limiting[(value[limiting] / column[limiting]).argmin()]
        pivot, step = table[leave] / column[leave], value[leave] / column[leave]
        pivot[enter] = 1 / column[leave]
        column[leave] = 0
        table[:, enter] = 0
        table -= np.outer(column, pivot)
        table[leave] = pivot
        value = (value - column * step).clip(0)
        value[leave] = step
        worth += gain[enter] * step
        gain[enter], entering = 0, gain[enter]
        gain -= entering * pivot
        inside[leave], outside[enter] = outside[enter], inside[leave]
        if gone[enter]:  # in the basis it limits nothing
            gone[enter] = False
            table[leave], value[leave] = 0, np.inf
    kept = inside < n_rows
    price = np.zeros(n_rows)
    price[inside[kept]] = value[kept]
    price[~is_open] = 0
    price /= max(1.0, (costs[places] @ price).max())
    return price, _Basis(inside[kept], value[kept], table[kept], outside)


def _raised(price: np.ndarray, rows: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Prices valid for these classes (classes x rows), raised on rows as far as they allow."""
    price = price / max(1.0, (costs @ price).max(initial=0))
    slack = 1 - costs @ price
    for row in rows[price[rows] == 0]:
        classes = costs[:, row] > 0
        more = max(slack[classes].min(initial=1), 0.0)
        price[row] += more
        slack[classes] -= more
    return price


@dataclass(eq=False)
class Branching:
    """Search for the covers of a chart that no smaller one covers.

    Attributes:
        chart: classes x rows.
        weights: number of implicants in each class.
        most_found: most covers to list.
        effort: most partial covers to branch on.
        deadline: when to give up.
        found: covers as class numbers.
        used: classes that are in some cover, listed or not.
    """

    chart: np.ndarray
    weights: np.ndarray
    most_found: int
    effort: int
    deadline: Deadline = NEVER
    found: list[tuple[int, ...]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)

    def __post_init__(self):
        """Costs are multiplied with prices."""
        self.costs = self.chart.astype(float)

    def count(self, size: int) -> int:
        """Number of covers of this size; there must be no smaller one.

        Raises:
            TooLong: the effort or the time does not suffice; what was found until then is kept.
        """
        n_rows = self.chart.shape[1]
        start = _Open.of(self.chart), size, np.zeros((n_rows, 1)), _Basis.of(n_rows), ()
        return self._count(*start)[0]

    def _count(
        self, here: _Open, size: int, prices: np.ndarray, basis: _Basis, chosen: tuple
    ) -> tuple[int, np.ndarray | None]:
        """Number of ways to complete a partial cover, and the prices learnt on the way.

        Args:
            here: what it leaves open.
            size: number of classes to complete it with.
            prices: valid prices of all rows (rows x prices).
            basis: of the partial cover that this one continues.
            chosen: groups of classes that were taken, as tuples of class numbers.
        """
        if not here.rows.size:
            self.used.update(*chosen)
            self._list(chosen)
            return 1, None
        self.deadline.check()
        here = _affordable(here, size, prices)
        if here is None:
            return 0, None
        is_open = np.zeros(len(prices), dtype=bool)
        is_open[here.rows] = True
        first = np.empty(len(here.chart), dtype=np.int64)  # one class stands for its group
        first[here.group[::-1]] = here.places[::-1]
        price, basis = _dual_prices(self.costs, first, is_open, basis, size + 1e-3, self.deadline)
        if price is None:
            return 0, None
        prices = np.column_stack([prices, price])
        best = np.argsort(-prices[here.rows].sum(axis=0), kind="stable")
        prices = prices[:, best[:KEPT_PRICES]]
        here = _affordable(here, size, prices)
        if here is None:
            return 0, price
        weights = [int(w) for w in np.bincount(here.group, self.weights[here.places])]
        sharpest = prices[here.rows, prices[here.rows].sum(axis=0).argmax()]
        try:
            room = self.most_found - len(self.found)
            count, found, used = depth_first(here.chart, weights, size, sharpest, room)
        except TooLong:
            return self._branch(here, size, prices, basis, chosen, weights), price
        if count:
            self.used.update(*chosen, *map(here.members, used))
        for cover in found:
            self._list((*chosen, *(here.members(group) for group in cover)))
        return count, price

    def _branch(self, here, size, prices, basis, chosen, weights) -> int:
        """Take each class of the rarest row in turn, and ban it afterwards."""
        if self.effort <= 0:
            raise TooLong
        self.effort -= 1
        total = 0
        lengths = here.chart.sum(axis=1)
        rarest = np.flatnonzero(here.chart[:, here.chart.sum(axis=0).argmin()])
        banned = np.zeros(len(here.chart), dtype=bool)
        learnt = np.zeros((len(prices), 0))  # prices that hold for all further classes
        for group in rarest[np.argsort(-lengths[rarest], kind="stable")].tolist():
            banned[group] = True
            left = here.of_rows(~here.chart[group])
            if learnt.shape[1] and learnt[left.rows].sum(axis=0).max() > size - 1 + EPSILON:
                continue
            left = left.of_groups(~banned)
            known = np.column_stack([prices, learnt])
            taken = (*chosen, here.members(group))
            count, price = self._count(left, size - 1, known, basis, taken)
            total += weights[group] * count
            if price is not None:
                price = _raised(price, here.rows, self.costs[left.places])
                learnt = np.column_stack([learnt, price])[:, -KEPT_PRICES:]
        return total

    def _list(self, groups: tuple[tuple[int, ...], ...]) -> None:
        """Add the covers that take one class of each group."""
        self.found.extend(islice(product(*groups), self.most_found - len(self.found)))


def _affordable(here: _Open, size: int, prices: np.ndarray) -> _Open | None:
    """Reduced, without classes that cost too much; None if nothing completes the cover in time."""
    while True:
        here = here.reduced()
        if size < 1 or not here.feasible:
            return None
        price = prices[here.rows]
        worth = price.sum(axis=0)
        if worth.max() > size + EPSILON:
            return None
        in_time = (worth - here.chart @ price <= size - 1 + EPSILON).all(axis=1)
        if in_time.all():
            return here
        here = here.of_groups(in_time)
