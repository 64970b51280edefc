"""All minimum covers of a prime-implicant chart, exactly.

Essential implicants are taken first. A row whose implicants include all implicants of another row
is covered whenever that one is, and is dropped. Implicants that still cover the same rows form a
class; a cover takes at most one of a class, so a choice of classes stands for the product of their
sizes. Rows that share no class fall apart into independent parts whose counts multiply.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from math import ceil, inf, prod

import numpy as np

from casebook.qca.branching import EPSILON, Branching, TooLong, depth_first, needed_rows
from casebook.qca.partial_covers import layered_covers, minimum_cover, minimum_size, root_prices

EFFORT = 200_000  # most partial covers to keep at once unless the user allows more
TIGHT = 0.01  # gap between the linear relaxation and the minimum that is none
BRANCHING = 40  # partial covers that can be kept in the time that it takes to branch on one


@dataclass(frozen=True)
class Covers:
    """Disjunctions of the minimum number of implicants that cover all rows.

    Attributes:
        size: number of implicants in each minimum cover.
        count: exact number of minimum covers, listed or not; if not `exact`, those listed.
        covers: minimum covers as ascending implicant numbers, at most `limit` of them.
        essential: implicants that are in every minimum cover.
        exact: False if the effort did not suffice to count.
    """

    size: int
    count: int
    covers: tuple[tuple[int, ...], ...]
    essential: tuple[int, ...]
    exact: bool = True


def minimum_covers(chart: np.ndarray, limit: int, effort: int = EFFORT) -> Covers:
    """Find all minimum covers of the rows of a chart.

    Args:
        chart: implicants x rows, True where the implicant covers the row; each row has one.
        limit: most covers to list; the count stays exact.
        effort: most partial covers to keep at once, and `BRANCHING` times the number to branch
            on; a chart that needs more is not counted, its covers are only a sample and `exact` is
            False.
    """
    sole = np.flatnonzero(chart[:, chart.sum(axis=0) == 1].any(axis=1))
    open_rows = ~chart[sole].any(axis=0)
    parts = [_Part.of(*part, limit, effort) for part in _parts(chart[:, open_rows])]
    choices = _choices(parts, limit)
    covers = tuple(sorted(tuple(sorted([*sole.tolist(), *choice])) for choice in choices))
    exact = all(part.count is not None for part in parts)
    return Covers(
        size=len(sole) + sum(part.size for part in parts),
        count=prod(part.count for part in parts) if exact else len(covers),
        covers=covers,
        essential=tuple(sorted([*sole.tolist(), *(i for part in parts for i in part.essential)])),
        exact=exact,
    )


@dataclass(frozen=True)
class _Part:
    """Minimum covers of one independent part: class covers and the members of each class."""

    size: int
    count: int | None
    covers: tuple[tuple[int, ...], ...]
    members: tuple[tuple[int, ...], ...]
    essential: tuple[int, ...]

    @classmethod
    def of(
        cls, chart: np.ndarray, members: tuple[tuple[int, ...], ...], limit: int, effort: int
    ) -> "_Part":
        """Solve the chart of a part (classes x rows, rarest row first)."""
        weights = [len(member) for member in members]
        size, count, covers = _solve(chart, weights, limit, effort)
        complete = sum(prod(weights[i] for i in cover) for cover in covers) == count
        shared = set.intersection(*map(set, covers))
        always = [
            members[i][0]
            for i in shared
            if weights[i] == 1 and (complete or _size_without(chart, i) > size)
        ]
        return cls(size, count, tuple(covers), members, tuple(always))

    def choices(self) -> Iterator[tuple[int, ...]]:
        """Covers as implicant numbers."""
        for cover in self.covers:
            yield from product(*(self.members[place] for place in cover))


def _choices(parts: list[_Part], limit: int) -> Iterator[tuple[int, ...]]:
    """The first `limit` combinations of one cover per part."""
    firsts = [list(islice(part.choices(), limit)) for part in parts]
    for combination in islice(product(*firsts), limit):
        yield tuple(number for choice in combination for number in choice)


def _parts(chart: np.ndarray) -> Iterator[tuple[np.ndarray, tuple[tuple[int, ...], ...]]]:
    """Independent parts of what essential implicants leave open: charts and class members."""
    chart = chart[:, needed_rows(chart)]
    numbers = np.flatnonzero(chart.any(axis=1))
    if not len(numbers):
        return
    classes, inverse = np.unique(chart[numbers], axis=0, return_inverse=True)
    members = [[] for _ in classes]
    for number, place in zip(numbers.tolist(), inverse.ravel().tolist(), strict=True):
        members[place].append(number)
    for rows in _components(classes):
        rows = rows[np.argsort(classes[:, rows].sum(axis=0), kind="stable")]
        inside = np.flatnonzero(classes[:, rows].any(axis=1))
        yield classes[np.ix_(inside, rows)], tuple(tuple(members[i]) for i in inside)


def _components(classes: np.ndarray) -> list[np.ndarray]:
    """Groups of rows linked by classes."""
    open_rows = np.ones(classes.shape[1], dtype=bool)
    groups = []
    while open_rows.any():
        group = np.zeros_like(open_rows)
        group[np.argmax(open_rows)] = True
        while True:
            larger = classes[classes[:, group].any(axis=1)].any(axis=0)
            if (larger == group).all():
                break
            group = larger
        groups.append(np.flatnonzero(group))
        open_rows &= ~group
    return groups


def _solve(
    chart: np.ndarray, weights: list[int], limit: int, effort: int
) -> tuple[int, int | None, list[tuple[int, ...]]]:
    """Size, number and list of minimum covers, in the cheapest way that suffices.

    The number is None if the effort was spent.
    """
    price = 1 / (chart * chart.sum(axis=1, keepdims=True)).max(axis=0)
    size = ceil(price.sum() - EPSILON)
    try:
        while not (result := depth_first(chart, weights, size, price, limit))[0]:
            size += 1
        return size, *result
    except TooLong:
        size = minimum_size(chart)
    ways = [_by_branching, _by_layers]
    if size - root_prices(chart).sum() < TIGHT:
        ways.reverse()
    for way in ways:
        count, covers = way(chart, weights, size, limit, effort)
        if count is not None:
            break
    return size, count, covers or [minimum_cover(chart)]


def _by_branching(chart, weights, size, limit, effort) -> tuple[int | None, list]:
    """Number and list of covers: the better way where the linear relaxation leaves a gap."""
    search = Branching(chart, np.array(weights), limit, effort // BRANCHING)
    try:
        return search.count(size), search.found
    except TooLong:
        return None, []


def _by_layers(chart, weights, size, limit, effort) -> tuple[int | None, list]:
    """Number and list of covers: the better way where prices alone tell what is too large."""
    layers = layered_covers(chart, weights, effort, size)
    return layers.count, list(islice(layers, limit))


def _size_without(chart: np.ndarray, place: int) -> float:
    """Size of a minimum cover that does not use one class; infinite if there is none."""
    rest = np.delete(chart, place, axis=0)
    return minimum_size(rest) if rest.any(axis=0).all() else inf
