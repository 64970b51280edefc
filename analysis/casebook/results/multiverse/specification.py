"""Specifications: every combination of the declared choices, addressed by one number.

The universe of an analysis (a model and its outcome, or the absence of it) is the product of the
options of each choice; the multiverse is one universe after the other. The first option of each
choice is that of the paper, so that the first specification of a universe is the published
analysis. The number of a specification is its mixed-radix address; nothing is enumerated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from math import prod

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError
from casebook.results.sets import sets_of

CODED, FINAL, LEFT_OUT, NONE = "as coded", "final", "left out", "none"
CASE = "case"
BLOCK = 1 << 16  # numbers drawn at a time


@dataclass(frozen=True)
class Specification:
    """One combination of choices.

    Attributes:
        number: its address in the multiverse, from 0.
        model: name of the model.
        outcome: `Y` or `~Y`.
        crossover: which sets cross over elsewhere than in the paper.
        shape: what the memberships on either side of the crossover are.
        consistency: cut-off of raw consistency.
        pri: cut-off of PRI.
        frequency: cut-off of cases per row.
        omitted: conditions of the model that are left out.
        blanks: what stands for a condition that no statement mentions.
        coding: the scores: final, or those of one pass.
        dropped: what is left out: `("none", "")`, `("case", id)` or (column of cases, value).
        draw: 0 for the scores as they are, else the number of a Monte Carlo re-coding.
    """

    number: int
    model: str
    outcome: str
    crossover: str
    shape: str
    consistency: float
    pri: float
    frequency: int
    omitted: tuple[str, ...]
    blanks: str
    coding: str
    dropped: tuple[str, str]
    draw: int


CHOICES = tuple(Specification.__dataclass_fields__)[3:]


@dataclass(frozen=True)
class Universe:
    """All specifications of one analysis.

    Attributes:
        model: name of the model.
        outcome: `Y` or `~Y`.
        options: choice → its options, in the order of `CHOICES`; the first is that of the paper.
    """

    model: str
    outcome: str
    options: Mapping[str, tuple]

    @property
    def radix(self) -> tuple[int, ...]:
        """Number of options of each choice."""
        return tuple(len(options) for options in self.options.values())

    @property
    def size(self) -> int:
        """Number of specifications."""
        return prod(self.radix)


@dataclass(frozen=True)
class Multiverse:
    """The universes of all analyses, one after the other."""

    universes: tuple[Universe, ...]

    @property
    def size(self) -> int:
        """Number of specifications."""
        return sum(universe.size for universe in self.universes)

    def first(self, model: str, outcome: str) -> int:
        """Number of the published specification of an analysis."""
        start = 0
        for universe in self.universes:
            if (universe.model, universe.outcome) == (model, outcome):
                return start
            start += universe.size
        raise AnalysisError(f"no analysis of {outcome} in a model {model}")

    def at(self, number: int) -> Specification:
        """The specification with a number."""
        rest = int(number)
        for universe in self.universes:
            if 0 <= rest < universe.size:
                digits = np.unravel_index(rest, universe.radix)
                chosen = {
                    choice: options[digit]
                    for (choice, options), digit in zip(
                        universe.options.items(), digits, strict=True
                    )
                }
                return Specification(int(number), universe.model, universe.outcome, **chosen)
            rest -= universe.size
        raise AnalysisError(f"specification {number}: there are {self.size}, numbered from 0")

    def number(self, specification: Specification) -> int:
        """The number of a specification: the inverse of `at`."""
        key = (specification.model, specification.outcome)
        universe = next(each for each in self.universes if (each.model, each.outcome) == key)
        chosen = asdict(specification)
        digits = [options.index(chosen[choice]) for choice, options in universe.options.items()]
        return self.first(*key) + int(np.ravel_multi_index(digits, universe.radix))

    def sample(self, size: int, seed: int) -> np.ndarray:
        """Numbers of a random sample without repetition, or all numbers if there are no more.

        A larger sample of the same seed begins with the smaller one.
        """
        if size >= self.size:
            return np.arange(self.size)
        generator = np.random.default_rng(seed)
        found = np.zeros(0, dtype=np.int64)
        while len(found) < size:
            drawn = generator.integers(self.size, size=BLOCK)
            found = pd.unique(np.concatenate([found, drawn]))
        return found[:size]


def multiverse(
    choices: Mapping,
    models: Mapping[str, Mapping],
    cutoffs: Mapping[str, float],
    cases: pd.DataFrame,
) -> Multiverse:
    """Lay out the universe of each analysis.

    Args:
        choices: the section `multiverse` of the configuration: alternatives to the paper's own
            choices, which come first and need not be listed.
        models: name → `outcome`, `conditions`, `expectations`, and where needed `recode`.
        cutoffs: `consistency`, `pri` and `frequency` of the paper.
        cases: one row per case: `case_id` and the columns by whose values cases are dropped.

    Raises:
        AnalysisError: cases are to be dropped by a column that the table does not have.
    """
    universes = []
    for name, model in models.items():
        options = {
            "crossover": (CODED, *_crossovers(choices["crossovers"], sets_of(model))),
            "shape": (CODED, *choices["shapes"]),
            **{
                cut: tuple(dict.fromkeys([cutoffs[cut], *choices[cut]]))
                for cut in ("consistency", "pri", "frequency")
            },
            "omitted": _omitted(model["conditions"], choices["omitted"]),
            "blanks": (LEFT_OUT, *choices["blanks"]),
            "coding": (FINAL, *choices["codings"]),
            "dropped": _dropped(choices["dropped"], cases),
            "draw": tuple(range(choices["draws"] + 1)),
        }
        outcome = model["outcome"]
        universes += [Universe(name, side, options) for side in (outcome, f"~{outcome}")]
    return Multiverse(tuple(universes))


def _crossovers(crossovers: Mapping[str, Mapping], sets: Sequence[str]) -> list[str]:
    """Those that concern a set of the model."""
    return [name for name, each in crossovers.items() if set(each["sets"]) & set(sets)]


def _omitted(conditions: Sequence[str], most: int) -> tuple[tuple[str, ...], ...]:
    """Which conditions are left out: none, each one, and so on up to `most`; one always stays."""
    sizes = range(min(most, len(conditions) - 1) + 1)
    return tuple(left for size in sizes for left in combinations(conditions, size))


def _dropped(columns: Sequence[str], cases: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """None, each case, and each value of the columns."""
    options = [(NONE, "")]
    for column in columns:
        name = "case_id" if column == CASE else column
        if name not in cases.columns:
            raise AnalysisError(
                f"multiverse.dropped: cases have no column {column!r}; accepted are {CASE}, "
                f"{', '.join(map(str, cases.columns[1:]))}"
            )
        options += [(column, str(value)) for value in sorted(cases[name].dropna().unique())]
    return tuple(options)
