"""A study of eight cases, two conditions and two passes, small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest

from casebook import qca
from casebook.results import configurations, sets
from casebook.results.multiverse.solving import Evidence, Solver, interpreted
from casebook.results.multiverse.specification import multiverse

LEVELS = [1, 0.67, 0.33, 0]
MODELS = {"m": {"outcome": "Y", "conditions": ["A", "B"], "expectations": {"A": 1, "B": 1}}}
CUTOFFS = {"consistency": 0.8, "pri": 0.5, "frequency": 1}
CHOICES = {
    "crossovers": {
        "strict": {"sets": ["B"], "levels": [[1, 1], [0.67, 0.33], [0.33, 0], [0, 0]]},
        "elsewhere": {"sets": ["Z"], "levels": [[1, 0], [0, 1]]},
    },
    "shapes": {"crisp": {"levels": [[1, 1], [0.67, 1], [0.33, 0], [0, 0]]}},
    "consistency": [0.9, 0.8],
    "pri": [0.6],
    "frequency": [2],
    "omitted": 1,
    "blanks": {"absent": {"score": 0}},
    "codings": ["a"],
    "dropped": ["case", "region"],
    "draws": 1,
}
#        A     B     Y    the second pass differs in what follows
CELLS = [
    (1.00, 0.67, 1.00),
    (1.00, 0.33, 0.67),
    (0.67, 1.00, 1.00),
    (0.67, 0.00, 0.67),
    (0.33, 0.67, 0.33),
    (0.00, 0.33, 0.00),
    (0.33, 1.00, 0.00),
    (0.67, np.nan, 1.00),
]
DIFFER = {("c0", "A"): 0.67, ("c3", "B"): 0.33, ("c6", "B"): np.nan, ("c7", "Y"): 0.67}


@pytest.fixture
def scores():
    """Both passes and the final scores, which are those of the first pass."""
    frame = pd.DataFrame(CELLS, columns=["A", "B", "Y"])
    frame.insert(0, "case_id", [f"c{i}" for i in range(len(frame))])
    long = frame.melt("case_id", var_name="construct", value_name="score")
    other = [
        DIFFER.get((row.case_id, row.construct), row.score) for row in long.itertuples(index=False)
    ]
    return long.assign(score_a=long["score"], score_b=other)


@pytest.fixture
def cases():
    """Eight cases in two regions."""
    return pd.DataFrame({"case_id": [f"c{i}" for i in range(8)], "region": ["N"] * 5 + ["S"] * 3})


@pytest.fixture
def everything(cases):
    """The multiverse of the study."""
    return multiverse(CHOICES, MODELS, CUTOFFS, cases)


@pytest.fixture
def published(scores):
    """The interpreted solutions as the workflow finds them."""
    memberships = sets.set_memberships(scores, MODELS)
    formulas = configurations.formulas(memberships, MODELS, qca.Cutoffs(**CUTOFFS))
    return interpreted(formulas, "intermediate")


@pytest.fixture
def evidence(scores, cases):
    """The scores as arrays."""
    return Evidence.of(scores, cases, LEVELS)


@pytest.fixture
def solver(everything, evidence, published):
    """A solver of the study."""
    return Solver(everything, evidence, CHOICES, MODELS, "intermediate", published, 7)
