"""All minimum covers of a prime-implicant chart, exactly.

Essential implicants are taken first. A row whose implicants include all implicants of another row
is covered whenever that one is, and is dropped. Implicants that still cover the same rows form a
class; a cover takes at most one of a class, so a choice of classes stands for the product of their
sizes. Rows that share no class fall apart into independent parts whose counts multiply.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product
from math import ceil, prod

import numpy as np

from casebook.qca.branching import EPSILON, Branching, depth_first, needed_rows
from casebook.qca.effort import EFFORT, NEVER, Deadline, TooLong
from casebook.qca.partial_covers import layered_covers, minimum_cover, root_prices

TIGHT = 0.01  # gap between the linear relaxation and the minimum that is none
FIRST = 0.7  # share of the time for the way of counting that is tried first
BRANCHING = 40  # partial covers that can be kept in the time that it takes to branch on one


@dataclass(frozen=True)
class Covers:
    """Disjunctions of the minimum number of implicants that cover all rows.

    Attributes:
        size: number of implicants in each minimum cover.
        count: exact number of minimum covers, listed or not; if not `exact`, those listed.
        covers: minimum covers as ascending implicant numbers, at most `limit` of them.
        essential: implicants that are in every minimum cover (where the time suffices to prove it).
        used: implicants that are in some minimum cover, listed or not.
        all_used: False if `used` may lack some.
        exact: False if the effort or the time did not suffice to count.
        proven: False if the time did not suffice to prove that there is no smaller cover.
    """

    size: int
    count: int
    covers: tuple[tuple[int, ...], ...]
    essential: tuple[int, ...]
    used: tuple[int, ...]
    all_used: bool = True
    exact: bool = True
    proven: bool = True


def minimum_covers(
    chart: np.ndarray, limit: int, effort: int = EFFORT, deadline: Deadline = NEVER
) -> Covers:
    """Find all minimum covers of the rows of a chart.

    Args:
        chart: implicants x rows, True where the implicant covers the row; each row has one.
        limit: most covers to list; the count stays exact.
        effort: most partial covers to keep at once, and `BRANCHING` times the number to branch
            on; a chart that needs more is not counted, its covers are only a sample and `exact` is
            False.
        deadline: when to stop counting, with the same result.
    """
    sole = np.flatnonzero(chart[:, chart.sum(axis=0) == 1].any(axis=1))
    open_rows = ~chart[sole].any(axis=0)
    parts = [_Part.of(*part, limit, effort, deadline) for part in _parts(chart[:, open_rows])]
    choices = _choices(parts, limit)
    covers = tuple(sorted(tuple(sorted([*sole.tolist(), *choice])) for choice in choices))
    found = [part.found for part in parts]
    exact = all(part.count is not None for part in found)
    return Covers(
        size=len(sole) + sum(part.size for part in found),
        count=prod(part.count for part in found) if exact else len(covers),
        covers=covers,
        essential=tuple(sorted([*sole.tolist(), *(i for part in parts for i in part.essential)])),
        used=tuple(sorted([*sole.tolist(), *(i for part in parts for i in part.used)])),
        all_used=all(part.all_used for part in found),
        exact=exact,
        proven=all(part.proven for part in found),
    )


@dataclass(frozen=True)
class _Part:
    """Minimum covers of one independent part: what is known, and the members of each class."""

    found: "_Found"
    members: tuple[tuple[int, ...], ...]
    essential: tuple[int, ...]

    @classmethod
    def of(
        cls,
        chart: np.ndarray,
        members: tuple[tuple[int, ...], ...],
        limit: int,
        effort: int,
        deadline: Deadline,
    ) -> "_Part":
        """Solve the chart of a part (classes x rows, rarest row first)."""
        weights = [len(member) for member in members]
        found = _solve(chart, weights, limit, effort, deadline)
        complete = sum(prod(weights[i] for i in cover) for cover in found.covers) == found.count
        always = [
            members[i][0]
            for i in set.intersection(*map(set, found.covers))
            if weights[i] == 1 and (complete or _needs(chart, i, found.size, deadline))
        ]
        return cls(found, members, tuple(always))

    @property
    def used(self) -> Iterator[int]:
        """Implicants that are in some cover."""
        return (number for place in self.found.used for number in self.members[place])

    def choices(self) -> Iterator[tuple[int, ...]]:
        """Covers as implicant numbers."""
        for cover in self.found.covers:
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
    classes, inverse = _distinct(chart[numbers])
    members = [[] for _ in classes]
    for number, place in zip(numbers.tolist(), inverse.tolist(), strict=True):
        members[place].append(number)
    for rows in _components(classes):
        rows = rows[np.argsort(classes[:, rows].sum(axis=0), kind="stable")]
        inside = np.flatnonzero(classes[:, rows].any(axis=1))
        yield classes[np.ix_(inside, rows)], tuple(tuple(members[i]) for i in inside)


def _distinct(chart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct rows in their order, and the number of each row among them.

    As `np.unique` along an axis, which takes long where rows are many.
    """
    padded = np.pad(chart, ((0, 0), (0, -chart.shape[1] % 64)))
    words = np.packbits(padded, axis=1).view(">u8").astype(np.uint64)
    order = np.lexsort(words.T[::-1])
    differs = (words[order[1:]] != words[order[:-1]]).any(axis=1)
    number = np.empty(len(chart), dtype=np.int64)
    number[order] = np.concatenate([[0], np.cumsum(differs)])
    return chart[order[np.concatenate([[True], differs])]], number


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


@dataclass(frozen=True)
class _Found:
    """Minimum covers of a part as class numbers; the count is None if it was given up."""

    size: int
    count: int | None
    covers: list[tuple[int, ...]]
    used: set[int]
    all_used: bool
    proven: bool = True


def _solve(
    chart: np.ndarray, weights: list[int], limit: int, effort: int, deadline: Deadline
) -> _Found:
    """Minimum covers in the cheapest way that suffices."""
    price = 1 / (chart * chart.sum(axis=1, keepdims=True)).max(axis=0)
    size = ceil(price.sum() - EPSILON)
    try:
        while not (result := depth_first(chart, weights, size, price, limit))[0]:
            size += 1
        return _Found(size, *result, all_used=True)
    except TooLong:
        cover, proven = minimum_cover(chart, deadline)
    size = len(cover)
    found = _Found(size, None, [cover], set(cover), all_used=False, proven=proven)
    if not proven or deadline.passed:
        return found
    ways = [_by_branching, _by_layers]
    if size - root_prices(chart).sum() < TIGHT:
        ways.reverse()
    for way, until in zip(ways, (deadline.sooner(FIRST), deadline), strict=True):
        counted = way(chart, weights, size, limit, effort, until)
        if counted.count is not None:
            return counted if counted.covers else replace(counted, covers=[cover], used={*cover})
        found = max(found, counted, key=lambda each: len(each.covers))
    return found


def _by_branching(chart, weights, size, limit, effort, deadline) -> _Found:
    """The better way where the linear relaxation leaves a gap."""
    search = Branching(chart, np.array(weights), limit, effort // BRANCHING, deadline)
    try:
        return _Found(size, search.count(size), search.found, search.used, all_used=True)
    except TooLong:
        return _Found(size, None, search.found, search.used, all_used=False)


def _by_layers(chart, weights, size, limit, effort, deadline) -> _Found:
    """The better way where prices alone tell what is too large."""
    try:
        layers = layered_covers(chart, weights, effort, size, deadline)
    except TooLong:
        return _Found(size, None, [], set(), all_used=False)
    complete = layers.count is not None and layers.stored
    return _Found(size, layers.count, list(islice(layers, limit)), layers.used, complete)


def _needs(chart: np.ndarray, place: int, size: int, deadline: Deadline) -> bool:
    """Whether it is proven that no cover of this size does without a class."""
    rest = np.delete(chart, place, axis=0)
    if not rest.any(axis=0).all():
        return True
    cover, proven = minimum_cover(rest, deadline)
    return proven and len(cover) > size
