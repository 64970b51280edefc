"""Claims about specifications: every combination once, addressed by one number."""

from dataclasses import replace
from itertools import product
from math import prod

import numpy as np
import pytest

from casebook.errors import AnalysisError
from casebook.results.multiverse.specification import CHOICES, multiverse

from .conftest import CHOICES as CONFIG
from .conftest import CUTOFFS, MODELS


def test_the_size_is_the_product_of_the_options(everything):
    """Two crossovers (one concerns no set of the model), two shapes, … for each side of Y."""
    radix = (2, 2, 2, 2, 2, 3, 2, 2, 1 + 8 + 2, 2)
    assert [radix, radix] == [universe.radix for universe in everything.universes]
    assert 2 * prod(radix) == everything.size


def test_number_and_specification_are_a_bijection(everything):
    """Each number has a specification of its own, which leads back to it."""
    numbers = range(everything.size)
    found = [everything.at(number) for number in numbers]
    assert list(numbers) == [everything.number(each) for each in found]
    assert everything.size == len({replace(each, number=0) for each in found})


def test_the_numbers_reach_every_combination(everything):
    """The specifications of a universe are the product of its options."""
    universe = everything.universes[1]
    start = everything.first("m", "~Y")
    found = [everything.at(start + i) for i in range(universe.size)]
    wanted = list(product(*universe.options.values()))
    assert wanted == [tuple(getattr(each, name) for name in CHOICES) for each in found]


def test_the_first_specification_of_a_universe_is_that_of_the_paper(everything):
    """The paper's own choice is the first option of each choice, listed or not."""
    first = everything.at(everything.first("m", "~Y"))
    assert ("~Y", "as coded", "as coded", 0.8, 0.5, 1, ()) == (
        *(first.outcome, first.crossover, first.shape, first.consistency, first.pri),
        *(first.frequency, first.omitted),
    )
    assert ("left out", "final", ("none", ""), 0) == (
        *(first.blanks, first.coding, first.dropped, first.draw),
    )


@pytest.mark.parametrize("number", [-1, 10**9])
def test_other_numbers_are_errors(everything, number):
    """The message says how many specifications there are."""
    with pytest.raises(AnalysisError, match=f"there are {everything.size}"):
        everything.at(number)


def test_a_sample_has_no_number_twice_and_a_larger_one_begins_with_it(cases):
    """Chunks of a large sample begin with those of a small one."""
    everything = multiverse({**CONFIG, "draws": 99}, MODELS, CUTOFFS, cases)
    small, large = everything.sample(100, 3), everything.sample(10_000, 3)
    assert 10_000 == len(set(large.tolist()))
    assert small.tolist() == large[:100].tolist()
    assert 0 <= large.min() <= large.max() < everything.size
    assert small.tolist() != everything.sample(100, 4).tolist()


def test_a_sample_of_all_is_all_in_order(everything):
    """Where as many are asked for as there are, none is drawn."""
    assert np.array_equal(np.arange(everything.size), everything.sample(everything.size, 1))


def test_cases_cannot_be_dropped_by_an_unknown_column(cases):
    """The message lists the columns that there are."""
    with pytest.raises(AnalysisError, match="no column 'decade'; accepted are case, region"):
        multiverse({**CONFIG, "dropped": ["decade"]}, MODELS, CUTOFFS, cases)
