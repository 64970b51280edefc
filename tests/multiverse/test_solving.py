"""Claims about solving: the paper's own specification, the choices, the random streams."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from casebook import qca
from casebook.errors import AnalysisError
from casebook.results import configurations, sets
from casebook.results.multiverse.solving import Evidence, Solver, literals_of, model_of

from .conftest import CHOICES, CUTOFFS, LEVELS, MODELS


@pytest.fixture
def paper(everything):
    """The specification of the paper."""
    return everything.at(everything.first("m", "Y"))


def members(solver, specification):
    """Memberships under a specification, by case."""
    data = solver.memberships(specification)
    columns = [*data.names, "Y"]
    return pd.DataFrame(np.column_stack([data.conditions, data.outcome]), data.cases, columns)


def test_the_specification_of_the_paper_gives_its_solution(solver, everything, scores):
    """Expression and fit are those of the workflow's own analysis."""
    memberships = sets.set_memberships(scores, MODELS)
    formulas = configurations.formulas(memberships, MODELS, qca.Cutoffs(**CUTOFFS))
    wanted = formulas[formulas["solution"] == "intermediate"]
    assert wanted["expression"].notna().any()
    for row in wanted.itertuples():
        (found,) = solver.table([everything.first("m", row.outcome)]).itertuples()
        shown = None if pd.isna(row.expression) else row.expression.split(" => ")[0]
        assert (True, row.n_models) == (found.same, found.n_models)
        assert shown == (None if pd.isna(found.expression) else found.expression)
        if shown:
            assert np.allclose(
                [row.consistency, row.pri, row.coverage],
                [found.consistency, found.pri, found.coverage],
            )


def test_blanks_are_left_out_or_get_the_score_of_the_choice(solver, paper):
    """The case with a blank on B comes back as absent."""
    assert "c7" not in members(solver, paper).index
    assert 0 == members(solver, replace(paper, blanks="absent")).loc["c7", "B"]


def test_a_blank_on_a_condition_that_is_left_out_does_no_harm(solver, paper):
    """Without B its blank leaves no case out."""
    table = members(solver, replace(paper, omitted=("B",)))
    assert ["A", "Y"] == list(table.columns)
    assert 8 == len(table)


def test_a_blank_outcome_is_never_filled(solver, paper, scores, cases, everything, published):
    """A case without outcome is left out whatever stands for blanks."""
    unknown = scores["case_id"].eq("c0") & scores["construct"].eq("Y")
    evidence = Evidence.of(scores.assign(score=scores["score"].mask(unknown)), cases, LEVELS)
    other = Solver(everything, evidence, CHOICES, MODELS, "intermediate", published, 7)
    assert "c0" not in members(other, replace(paper, blanks="absent")).index


def test_a_crossover_concerns_its_sets_and_a_shape_all(solver, paper):
    """Strict B turns 0.67 into 0.33; crisp sets make that 0."""
    strict = members(solver, replace(paper, crossover="strict"))
    assert (0.33, 0) == (strict.loc["c0", "B"], strict.loc["c1", "B"])
    assert 0.67 == strict.loc["c2", "A"]
    both = members(solver, replace(paper, crossover="strict", shape="crisp"))
    assert (0, 1) == (both.loc["c0", "B"], both.loc["c2", "A"])


def test_cases_and_regions_are_dropped(solver, paper):
    """One case, or the cases of one region."""
    one = members(solver, replace(paper, dropped=("case", "c3")))
    region = members(solver, replace(paper, dropped=("region", "N")))
    assert ["c0", "c1", "c2", "c4", "c5", "c6"] == list(one.index)
    assert ["c5", "c6"] == list(region.index)


def test_a_condition_that_does_not_vary_is_not_analysable(solver, paper):
    """Where all cases are alike on a condition, there is nothing to compare."""
    (row,) = solver.table([solver.multiverse.number(paper)]).itertuples()
    assert "solved" == row.status
    alike = replace(paper, dropped=("region", "N"), shape="crisp")  # c5 and c6: A is 0 for both
    (row,) = solver.table([solver.multiverse.number(alike)]).itertuples()
    assert ("not analysable", 0) == (row.status, row.n_models)


def test_a_draw_depends_on_the_number_of_the_specification_alone(solver, everything):
    """Neither order nor company changes a row; other numbers draw otherwise."""
    numbers = [n for n in range(0, everything.size, 97) if everything.at(n).draw]
    together = [solver.row(everything.at(number)) for number in numbers]
    alone = [solver.row(everything.at(number)) for number in reversed(numbers)]
    assert list(map(str, together)) == list(map(str, alone[::-1]))
    first, second = (replace(everything.at(numbers[0]), number=n) for n in numbers[:2])
    assert not np.array_equal(
        solver.memberships(replace(first, blanks="absent")).conditions,
        solver.memberships(replace(second, blanks="absent")).conditions,
    )


def test_re_coding_needs_two_passes(scores, cases, everything, published, paper):
    """With one pass there is no disagreement to draw from; the message says what is accepted."""
    evidence = Evidence.of(scores.drop(columns="score_b"), cases, LEVELS)
    solver = Solver(everything, evidence, CHOICES, MODELS, "intermediate", published, 7)
    solver.memberships(paper)
    with pytest.raises(AnalysisError, match="two passes; accepted is 0"):
        solver.memberships(replace(paper, draw=1))


def test_an_unknown_pass_is_named_with_the_known_ones(solver, paper):
    """The message lists the passes that there are."""
    with pytest.raises(AnalysisError, match="no pass 'c'; accepted are a, b"):
        solver.memberships(replace(paper, coding="c"))


def test_a_term_is_contained_in_itself_and_in_what_has_fewer_literals():
    """Literals decide; the term 1 contains everything."""
    assert {frozenset({"A", "~B"}), frozenset({"C"})} == set(model_of("A*~B + C"))
    assert literals_of("A") <= literals_of("A*~B")
    assert not literals_of("A*C") <= literals_of("A*~B")
    assert literals_of("1") <= literals_of("A")
