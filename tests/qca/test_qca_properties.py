"""Properties that hold for every truth table, checked on drawn ones."""

from itertools import combinations, product
from math import prod

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook import qca
from casebook.qca import branching
from casebook.qca import covers as covers_of_charts
from casebook.qca.covers import minimum_covers
from casebook.qca.truth_table import configurations

SAMPLED = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def crisp_data(draw, most_conditions=4):
    """One case per observed row, with at least one positive row and varying conditions."""
    levels = draw(st.lists(st.sampled_from([2, 2, 2, 3]), min_size=2, max_size=most_conditions))
    size = prod(levels)
    rows = draw(st.sets(st.integers(0, size - 1), min_size=2, max_size=min(size, 20)))
    bits = configurations(np.array(sorted(rows)), levels)
    names = list("ABCDE")[: len(levels)]
    outcome = draw(st.lists(st.sampled_from([0, 1]), min_size=len(rows), max_size=len(rows)))
    outcome[0] = 1
    data = pd.DataFrame(bits, columns=names, index=[f"c{row}" for row in sorted(rows)])
    varying = [name for name in names if data[name].nunique() > 1]
    sizes = {n: size for n, size in zip(names, levels, strict=True) if n in varying}
    return data[varying].assign(Y=outcome), sizes


@st.composite
def fuzzy_data(draw):
    """Memberships in hundredths, none exactly 0.5."""
    n_cases, n_sets = draw(st.integers(4, 10)), draw(st.integers(2, 4))
    value = st.integers(0, 100).filter(lambda number: number != 50)
    column = st.lists(value, min_size=n_cases, max_size=n_cases)
    data = {name: draw(column) for name in [*"ABCD"[:n_sets], "Y"]}
    frame = pd.DataFrame(data, index=[f"c{i}" for i in range(n_cases)]) / 100
    for name in "ABCD"[:n_sets]:
        frame.iloc[0, frame.columns.get_loc(name)] = 0.9
        frame.iloc[1, frame.columns.get_loc(name)] = 0.1
    frame.loc["c0", "Y"] = 1.0
    return frame


def table_of(data, sizes=None):
    """Truth table of drawn data; crisp rows have one case each."""
    merged = data.groupby(list(data.columns[:-1]), as_index=False).max()
    merged.index = [f"c{i}" for i in range(len(merged))]
    return qca.truth_table(merged, "Y", list(data.columns[:-1]), 1, levels=sizes)


def covers(pattern, row):
    """Whether a pattern covers a configuration."""
    return all(value in (-1, level) for value, level in zip(pattern, row, strict=True))


def brute_force(positive, negative, allowed, levels):
    """All minimum covers by prime implicants, by trying everything."""
    every = product(*([-1, *range(size)] for size in levels))
    rows = list(product(*(range(size) for size in levels)))

    def fine(pattern):
        reached = [row for row in rows if covers(pattern, row)]
        return all(row not in negative and (allowed is None or row in allowed) for row in reached)

    implicants = {pattern for pattern in every if fine(pattern)}

    def prime(pattern):
        shorter = (
            (*pattern[:i], -1, *pattern[i + 1 :]) for i, value in enumerate(pattern) if value != -1
        )
        return not any(other in implicants for other in shorter)

    primes = [p for p in implicants if prime(p) and any(covers(p, row) for row in positive)]
    for size in range(1, len(positive) + 1):
        found = {
            frozenset(choice)
            for choice in combinations(primes, size)
            if all(any(covers(p, row) for p in choice) for row in positive)
        }
        if found:
            return set(primes), found
    raise AssertionError("no cover")


@SAMPLED
@given(crisp_data())
def test_brute_force_agrees(drawn):
    """Trying every pattern and every disjunction finds the same implicants and models."""
    table = table_of(*drawn)
    rows = dict(zip(map(tuple, table.configurations.tolist()), table.code, strict=True))
    positive = {row for row, code in rows.items() if code == "1"}
    negative = {row for row, code in rows.items() if code == "0"}
    for kind, allowed in (("conservative", positive), ("parsimonious", None)):
        primes, models = brute_force(positive, negative, allowed, table.levels)
        solution = qca.minimise(table, kind)
        assert primes == set(solution.prime_implicants.patterns)
        assert models == {frozenset(model.patterns) for model in solution.models}


@SAMPLED
@given(crisp_data())
def test_models_cover_positive_rows_only_and_are_minimal(drawn):
    """A model covers every positive and no negative row, and needs each of its terms."""
    table = table_of(*drawn)
    positive = set(table.row[table.code == "1"].tolist())
    negative = set(table.row[table.code == "0"].tolist())
    expected = dict.fromkeys(table.conditions, 1)
    for kind in ("conservative", "intermediate", "parsimonious"):
        for model in qca.minimise(table, kind, expected).models:
            assert positive <= model.rows
            assert not negative & model.rows
            for left_out in model.patterns:
                rest = tuple(p for p in model.patterns if p != left_out)
                assert not rest or not positive <= qca.Model("Y", rest, table).rows
                assert rest or positive


@SAMPLED
@given(crisp_data(), st.data())
def test_solutions_are_nested(drawn, data):
    """Rows of an intermediate model lie between those of its two parent models."""
    table = table_of(*drawn)
    expected = {
        name: data.draw(st.sampled_from([None, *range(size)]))
        for name, size in zip(table.conditions, table.levels, strict=True)
    }
    conservative, parsimonious = (
        qca.minimise(table, kind) for kind in ("conservative", "parsimonious")
    )
    for part in qca.minimise(table, "intermediate", expected).combinations:
        smallest = conservative.models[part.conservative - 1].rows
        largest = parsimonious.models[part.parsimonious - 1].rows
        for patterns in part.patterns:
            assert smallest <= qca.Model("Y", patterns, table).rows <= largest


@SAMPLED
@given(fuzzy_data(), st.randoms(use_true_random=False))
def test_order_and_names_do_not_matter(data, random):
    """Cases and conditions in another order, under other names, give the same models."""
    names = list(data.columns[:-1])
    shuffled = random.sample(names, len(names))
    renamed = {name: f"{name}{name}" for name in names}
    other = data.sample(frac=1, random_state=1).rename(columns=renamed)
    for kind in ("conservative", "parsimonious"):
        one = qca.truth_table(data, "Y", names, 0.8)
        if "1" not in one.code:
            continue
        two = qca.truth_table(other, "Y", [renamed[name] for name in shuffled], 0.8)

        def literal_sets(solution, rename):
            return {
                frozenset(
                    frozenset(rename.get(literal, literal) for literal in term.split("*"))
                    for term in model.formula.split(" + ")
                )
                for model in solution.models
            }

        long = {**renamed, **{f"~{name}": f"~{new}" for name, new in renamed.items()}}
        first, second = qca.minimise(one, kind), qca.minimise(two, kind)
        assert literal_sets(first, long) == literal_sets(second, {})
        assert sorted(m.fit.coverage for m in first.models) == sorted(
            m.fit.coverage for m in second.models
        ) or np.allclose(
            sorted(m.fit.coverage for m in first.models),
            sorted(m.fit.coverage for m in second.models),
        )


@SAMPLED
@given(fuzzy_data())
def test_de_morgan(data):
    """The negation of a disjunction is the conjunction of the negations."""
    union = qca.membership(data, "A + ~B")
    assert np.allclose(1 - union, qca.membership(data, "~A*B"))


@SAMPLED
@given(fuzzy_data())
def test_sufficiency_and_necessity_mirror_each_other(data):
    """X is sufficient for Y exactly as far as Y is necessary for X."""
    enough, needed = qca.sufficiency(data["A"], data["Y"]), qca.necessity(data["Y"], data["A"])
    assert enough.consistency == needed.consistency or data["A"].sum() == 0
    assert enough.coverage == needed.coverage


@SAMPLED
@given(fuzzy_data())
def test_single_conditions_of_a_necessity_analysis_have_the_fit_of_necessity(data):
    """The table of conditions holds what `necessity` gives for each."""
    table = qca.necessity_analysis(data, "Y", list(data.columns[:-1])).conditions
    for row in table.itertuples():
        fit = qca.necessity(qca.membership(data, row.expression), data["Y"])
        assert np.allclose([fit.consistency, fit.coverage, fit.ron], list(row[3:6]), equal_nan=True)


@SAMPLED
@given(
    st.integers(0, 10**6),
    st.integers(3, 12),
    st.integers(4, 18),
    st.sampled_from([0, 500]),
    st.sampled_from([-99, 99]),
)
def test_covers_of_drawn_charts_are_all_counted(seed, n_rows, n_implicants, steps, tight):
    """Trying every choice of implicants finds the same minimum covers as each way of counting.

    Without steps of the depth-first search, partial covers are branched on where the relaxation
    is never taken to be tight, and else layered.
    """
    random = np.random.default_rng(seed)
    chart = random.random((n_implicants, n_rows)) < 0.3
    chart[random.integers(n_implicants, size=n_rows), np.arange(n_rows)] = True
    size, expected = next(
        (size, found)
        for size in range(1, n_rows + 1)
        if (
            found := {
                choice
                for choice in combinations(range(n_implicants), size)
                if chart[list(choice)].any(axis=0).all()
            }
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branching, "STEPS", steps)
        patch.setattr(covers_of_charts, "TIGHT", tight)
        every, few = minimum_covers(chart, 10**6), minimum_covers(chart, 2)
    assert (every.size, every.count) == (few.size, few.count) == (size, len(expected))
    assert set(every.covers) == expected
    assert len(few.covers) == min(2, len(expected))
    assert set(few.covers) <= expected
    assert set(every.essential) == set(few.essential) == set.intersection(*map(set, expected))
    assert set(every.used) == set(few.used) == set.union(*map(set, expected))
    assert every.all_used
    assert few.all_used
    assert every.exact
    assert few.exact


@SAMPLED
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from([1, 3, 63, 64, 65, 130]))
def test_distinct_rows_are_those_of_numpy(seed, n_rows, n_columns):
    """Equal rows get one number, in the order of their cells."""
    random = np.random.default_rng(seed)
    chart = (random.random((n_rows, n_columns)) < 0.1)[random.integers(n_rows, size=2 * n_rows)]
    rows, number = covers_of_charts._distinct(chart)
    expected, inverse = np.unique(chart, axis=0, return_inverse=True)
    assert expected.tolist() == rows.tolist()
    assert inverse.ravel().tolist() == number.tolist()
