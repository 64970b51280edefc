"""Claims about searches that stop early, about what is excluded, and about what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casebook import qca
from casebook.errors import AnalysisError
from casebook.qca import branching, partial_covers
from casebook.qca import covers as covers_of_charts
from casebook.qca.covers import minimum_covers
from casebook.qca.effort import NEVER, Deadline

REFERENCE = Path(__file__).parents[1] / "reference"
CYCLE = ["0001", "0011", "0111", "1111", "1101", "1001", "0100", "1010"]  # two models of 3 terms


def tables(rows, **cutoffs):
    """Truth tables of Y and ~Y of crisp cases such as `110`, the last digit being Y."""
    names = [*"ABCDEFG"[: len(rows[0]) - 1], "Y"]
    data = pd.DataFrame([list(map(int, row)) for row in rows], columns=names)
    return [qca.truth_table(data, y, names[:-1], 1, **cutoffs) for y in ("Y", "~Y")]


@pytest.fixture
def no_steps(monkeypatch):
    """The quick search that small charts need is given up at once."""
    monkeypatch.setattr(branching, "STEPS", 0)


# --- assumptions of models that are not listed


def test_assumptions_of_models_that_are_not_listed_count():
    """Y is A or B, so A*~B and ~A*B are assumed, also where only one model is listed."""
    solution = qca.minimise(tables(["111", "000"])[0], "parsimonious", limit=1)
    assert (2, 1) == (solution.n_models, len(solution.models))
    assert (2, 3) == solution.simplifying_assumptions
    assert solution.all_assumed


def test_contradictory_assumptions_of_models_that_are_not_listed_are_excluded():
    """Both outcomes assume A*~B and ~A*B, also where only one model of each is listed."""
    found = qca.enhanced_analysis(*tables(["111", "000"]), "parsimonious", limit=1)
    assert (2, 3) == found.contradictory
    assert found.exact
    assert found.to_frame()["exact"].all()


@pytest.mark.parametrize("limit", [1, 10_000])
def test_contradictory_assumptions_of_very_many_models(limit):
    """101,538 and 77,224 models share 151 assumptions; the first 10,000 of each share 112."""
    data = pd.read_csv(REFERENCE / "contradictions.csv")
    pair = [qca.truth_table(data, y, list(data.columns[:-1]), 1) for y in ("Y", "~Y")]
    found = qca.enhanced_analysis(*pair, "conservative", limit=limit)
    assert 151 == len(found.contradictory)
    assert found.exact


def test_contradictory_assumptions_that_r_loses():
    """Models of both outcomes assume row 35 of SCHF (of SetMethods); R's findRows loses it."""
    data = pd.read_csv(REFERENCE / "SCHF.csv", index_col="case")
    pair = [
        qca.truth_table(data, y, list(data.columns[:-1]), 0.85, 0.6) for y in ("EXPORT", "~EXPORT")
    ]
    found = [qca.minimise(table, "parsimonious") for table in pair]
    assert [14, 2] == [len(each.models) for each in found]
    one, other = (
        {row for model in each.models for row in each.assumptions(model)} for each in found
    )
    assert 35 in one & other
    assert tuple(sorted(one & other)) == qca.contradictory_assumptions(*found)
    assert 18 == len(one & other)


def test_contradictory_assumptions_that_may_be_missing_are_marked(no_steps):
    """Two models each share the rows 2, 8 and 16; what is found misses row 8 and says so."""
    pair = tables([*(f"{row[:3]}0{row[3]}" for row in CYCLE), "00110", "10011"])
    full, part = (qca.enhanced_analysis(*pair, "parsimonious", effort=e) for e in (10, 0))
    assert ((2, 8, 16), True) == (full.contradictory, full.exact)
    assert ((2, 16), False) == (part.contradictory, part.exact)
    assert "without at least 2 contradictory rows, not counted;" in repr(part)
    assert "without 3 contradictory rows;" in repr(full)
    assert not part.to_frame()["exact"].any()
    hurried = qca.enhanced_analysis(*pair, "parsimonious", deadline=0)
    assert not hurried.proven
    assert "may not be shortest" in repr(hurried)


def test_transitions_that_are_not_kept_are_no_knowledge_of_what_is_used(monkeypatch, no_steps):
    """A count without its transitions is exact, but lists one cover and marks the rest."""
    monkeypatch.setattr(covers_of_charts, "TIGHT", 99)
    monkeypatch.setattr(partial_covers, "MOST_TRANSITIONS", 0)
    chart = np.eye(6, dtype=bool) | np.roll(np.eye(6, dtype=bool), 1, axis=1)
    found = minimum_covers(chart, 10)
    assert (2, 1) == (found.count, len(found.covers))
    assert found.exact
    assert not found.all_used
    assert set(found.covers[0]) == set(found.used)


# --- untenable assumptions


def test_untenable_assumptions_are_remainders_only():
    """A*B names the observed positive row A*B*C, which stays, and the remainder A*B*~C."""
    pair = tables(["1111", "1001", "0000"])
    found = qca.enhanced_analysis(*pair, "conservative", untenable="A*B")
    assert (7,) == found.untenable
    assert ["A*B*C + A*~B*~C"] == [model.formula for model in found.solution.models]
    assert (7,) == qca.enhanced_analysis(*pair, "conservative", untenable=[7, 8]).untenable


def test_a_row_below_the_frequency_cutoff_is_a_remainder():
    """A*~B has one case of the two that are asked for, so it can be untenable."""
    pair = tables(["111", "111", "000", "000", "101"], frequency=2)
    assert (3,) == qca.enhanced_analysis(*pair, "parsimonious", untenable="A*~B").untenable


# --- results that are not exact


def test_a_solution_that_is_not_counted_says_so(no_steps):
    """One of two models is found: at least 1 model, in the text and in the frame."""
    solution = qca.minimise(tables(CYCLE)[0], effort=0)
    head = "Solution(conservative, Y: at least 1 model, not counted, 1 listed)"
    assert head == repr(solution).splitlines()[0]
    assert [False] * 4 == solution.to_frame()["exact"].tolist()
    assert not solution.all_assumed


def test_a_solution_that_is_counted_says_no_more():
    """Two models, and every row of the frame is exact."""
    solution = qca.minimise(tables(CYCLE)[0])
    assert "Solution(conservative, Y: 2 models)" == repr(solution).splitlines()[0]
    assert solution.to_frame()["exact"].all()


def test_runs_say_which_solutions_are_not_counted(no_steps):
    """The frame of a robustness run has the same mark, and no list that looks complete."""
    data = pd.DataFrame([list(map(int, row)) for row in CYCLE], columns=[*"ABCY"])
    analysis = qca.Analysis("Y", ("A", "B", "C"), qca.Cutoffs(1), effort=0)
    runs = qca.solution_over_settings(data, analysis, [qca.Setting("final", "")]).to_frame()
    assert [False] == runs["exact"].tolist()
    assert runs.loc[0, "expression"].endswith("or ... => Y")


# --- time


def test_a_deadline_ends_a_search_with_a_model_and_says_so(no_steps):
    """Without any time the model covers all positive rows and no other, but may not be shortest."""
    table = tables(CYCLE)[0]
    solution = qca.minimise(table, deadline=0)
    assert not solution.exact
    assert not solution.proven
    assert repr(solution).splitlines()[0].endswith("1 listed, shorter ones not ruled out)")
    assert {set(table.row[table.code == "1"].tolist()) == model.rows for model in solution.models}


@pytest.mark.parametrize("tight", [-99, 99])
def test_a_deadline_ends_either_way_of_counting(monkeypatch, no_steps, tight):
    """A deadline that passes once the size is known leaves covers of that size."""
    monkeypatch.setattr(covers_of_charts, "TIGHT", tight)
    chart = np.eye(9, dtype=bool) | np.roll(np.eye(9, dtype=bool), 1, axis=1)
    deadline = Deadline(1000)

    def prices_at_the_end(chart):
        deadline.end = 0
        return np.zeros(chart.shape[1])

    monkeypatch.setattr(covers_of_charts, "root_prices", prices_at_the_end)
    found = minimum_covers(chart, 10, deadline=deadline)
    assert not found.exact
    assert found.proven
    assert {5} == {len(cover) for cover in found.covers}
    assert all(chart[list(cover)].any(axis=0).all() for cover in found.covers)


def test_an_intermediate_solution_of_part_of_the_pairs_is_not_exact():
    """Y is A or B by the parsimonious models; without time only the first pair is combined."""
    table = tables(["111", "000"])[0]
    solution = qca.minimise(table, "intermediate", {"A": 1, "B": 0}, deadline=0)
    assert 1 == len(solution.combinations)
    assert not solution.exact
    assert not solution.all_assumed
    assert qca.minimise(table, "intermediate", {"A": 1, "B": 0}).exact


def test_covers_are_found_without_time():
    """The class of most open rows goes first, and goes again where the others cover its rows."""
    chart = np.array([[1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 1, 0], [0, 0, 1, 1, 0, 1]], dtype=bool)
    assert ((1, 2), False) == partial_covers.minimum_cover(chart, Deadline(0))
    assert ((1, 2), True) == partial_covers.minimum_cover(chart, NEVER)


@pytest.mark.parametrize("deadline", [-1, float("nan")])
def test_a_deadline_is_a_number_of_seconds(deadline):
    """No time before now."""
    with pytest.raises(AnalysisError, match="give seconds from 0, or None"):
        qca.minimise(tables(["111", "000"])[0], deadline=deadline)


# --- what is refused


@pytest.mark.parametrize("given", [None, {}])
def test_an_intermediate_solution_needs_expectations(given):
    """Without any it would be the conservative solution under another name."""
    with pytest.raises(AnalysisError, match=r"needs expectations: .*outcome 'Y'.*\{'A': 1\}"):
        qca.minimise(tables(["111", "000"])[0], "intermediate", given)


def test_each_outcome_of_an_enhanced_analysis_needs_its_expectations():
    """What is expected of Y says nothing of ~Y, where it has a positive row."""
    with pytest.raises(AnalysisError, match="outcome '~Y'"):
        qca.enhanced_analysis(*tables(["111", "000"]), expectations={"A": 1})
    only = tables(["111", "001"])
    assert qca.enhanced_analysis(*only, expectations={"A": 1}).negation is None


@pytest.mark.parametrize("given", ["A,B", [1, 1]])
def test_expectations_of_another_type_are_refused(given):
    """The message shows the value and what to give."""
    with pytest.raises(AnalysisError, match=r"expectations .*: give the level"):
        qca.minimise(tables(["111", "000"])[0], "intermediate", given)


def test_to_expect_nothing_can_be_said():
    """No expectation for any condition: no easy counterfactual."""
    table = tables(["111", "000"])[0]
    solution = qca.minimise(table, "intermediate", {"A": None, "B": None})
    assert ["A*B"] == [model.formula for model in solution.models]


@pytest.mark.parametrize("name", ["A*B", "A+B", "~A", "A{1}", "A[1]", " A", "A ", "", 3])
def test_names_that_expressions_cannot_hold_are_refused(name):
    """A formula with such a name would be read as something else."""
    data = pd.DataFrame({name: [1, 1, 0], "C": [1, 0, 0], "Y": [1, 0, 0]})
    for analyse in (qca.truth_table, qca.necessity_analysis, qca.sufficient_conjunctions):
        with pytest.raises(AnalysisError, match="rename the column"):
            analyse(data, "Y", [name, "C"])


def test_names_with_blanks_and_signs_inside_are_read():
    """Only the operators have a meaning of their own."""
    data = pd.DataFrame({"high - income": [1, 0, 0], "é.2": [1, 1, 0], "Y": [1, 0, 0]})
    table = qca.truth_table(data, "Y", ["high - income", "é.2"], 1)
    (model,) = qca.minimise(table, "parsimonious").models
    assert "high - income" == model.formula
    assert [1, 0, 0] == qca.membership(data, model.formula).tolist()
