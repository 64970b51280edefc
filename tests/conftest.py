"""Options of the test run, and what tests of several folders use."""

import builtins
import operator
from contextlib import contextmanager
from functools import reduce

import pytest


def pytest_addoption(parser):
    """Add the flag that changes golden results on purpose; read the diff afterwards."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden results")
    parser.addoption("--kills", type=int, default=2, help="how many builds are killed on purpose")


# What a test needs besides the sources, by its folder and the fixtures that it uses; its marker.
NEEDS = {
    "browser": {"chromium": "browser", "claims": "built", "study": "built"},
    "paper": {"output": "built"},
    "results": {"results": "built"},
    "workflow": {"built": "built", "copy": "built", "study": "built"},
}


def pytest_collection_modifyitems(items):
    """Mark tests by what they need, so that `make quick` can leave them out."""
    for item in items:
        needs = NEEDS.get(item.path.parent.name, {})
        for fixture in needs.keys() & {*item.fixturenames}:
            item.add_marker(needs[fixture])


def plain_sum(values, /, start=0):
    """The sum as Python 3.11 has it: each addition rounds."""
    return reduce(operator.add, values, start)


def compensated_sum(values, /, start=0):
    """The sum as Python has it since 3.12: what rounding takes from floats is added at the end."""
    values = [start, *values]
    if float not in map(type, values) or not {int, float} >= {*map(type, values)}:
        return reduce(operator.add, values)
    total = lost = 0.0
    for value in values:
        larger, smaller = sorted((total, value), key=abs, reverse=True)
        total = larger + smaller
        lost += larger - total + smaller
    return total + lost


@pytest.fixture
def other_sum(monkeypatch):
    """A context in which `sum` adds floats as the other versions of Python do."""

    @contextmanager
    def context():
        with monkeypatch.context() as patch:
            ours_is_plain = sum([0.1] * 10) == plain_sum([0.1] * 10)
            patch.setattr(builtins, "sum", compensated_sum if ours_is_plain else plain_sum)
            yield

    return context
