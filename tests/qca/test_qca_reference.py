"""Agreement with the R package QCA (version 3.25.1) on every reference case.

`tests/reference/visible.json.gz` holds the cases. Where R and the definitions disagree, the file
follows the definitions; its `notes` say so, and `docs/qca.md` lists them.
"""

import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from casebook import qca
from casebook.qca.expression import patterns_of

REFERENCE = Path(__file__).parents[1] / "reference"
VISIBLE = json.loads(gzip.decompress((REFERENCE / "visible.json.gz").read_bytes()))
CASES = {kind: [] for kind in ("analysis", "necessity", "pof", "calibrate")}
for _case in VISIBLE["cases"]:
    CASES[_case["type"]].append(pytest.param(_case, id=_case["id"]))


def frame(name):
    """Calibrated data of a reference data set."""
    dataset = VISIBLE["datasets"][name]
    return pd.DataFrame(dataset["columns"], index=dataset["cases"])


def close(expected, found, tolerance=1e-6):
    """Equal within the tolerance, or both undefined (R prints values below 1e-4 as 0)."""
    if expected is None:
        return np.isnan(found)
    return abs(expected - found) <= (1e-4 if expected == 0 else tolerance)


def outcome_of(given):
    """Outcome expression of a case."""
    negated = given.get("negate_outcome", given.get("negate", False))
    return ("~" if negated else "") + given["outcome"]


def table_of(given):
    """Truth table of an analysis case."""
    return qca.truth_table(
        frame(given["dataset"]),
        outcome_of(given),
        given["conditions"],
        consistency=given["incl_cut"],
        pri=given["pri_cut"],
        frequency=given["n_cut"],
        consistency0=given["incl_cut0"],
    )


def model_sets(models):
    """R's models as a set of sets of patterns."""
    return {frozenset(tuple(term) for term in model["terms"]) for model in models}


def check_models(expected, solution):
    """The same models, with the same fit overall and per term."""
    ours = {frozenset(model.patterns): model for model in solution.models}
    assert model_sets(expected) == set(ours)
    for theirs in expected:
        model = ours[frozenset(tuple(term) for term in theirs["terms"])]
        assert close(theirs["solution"]["inclS"], model.fit.consistency)
        assert close(theirs["solution"]["PRI"], model.fit.pri)
        assert close(theirs["solution"]["covS"], model.fit.coverage)
        terms = {term.pattern: term for term in model.terms}
        columns = (theirs[name] for name in ("terms", "inclS", "PRI", "covS", "covU"))
        for pattern, *fit in zip(*columns, strict=True):
            term = terms[tuple(pattern)]
            found = (term.consistency, term.pri, term.raw_coverage, term.unique_coverage)
            assert all(map(close, fit, found)), (term, fit)


@pytest.mark.parametrize("case", CASES["analysis"])
def test_truth_table_rows(case):
    """Rows, cases, consistency, PRI and codes are those of R."""
    table = table_of(case["input"])
    assert list(table.levels) == case["expected"]["levels"]
    expected = case["expected"]["truth_table"]
    assert [row["row"] for row in expected] == table.row.tolist()
    assert [row["config"] for row in expected] == table.configurations.tolist()
    assert [row["n"] for row in expected] == table.n.tolist()
    assert [row["OUT"] for row in expected] == table.code.tolist()
    for row, consistency, pri in zip(expected, table.consistency, table.pri, strict=True):
        assert close(row["incl"], consistency)
        assert close(row["PRI"], pri)


@pytest.mark.parametrize("kind", ["conservative", "parsimonious"])
@pytest.mark.parametrize("case", CASES["analysis"])
def test_solutions(case, kind):
    """Models, implicants, essentials and assumptions are those of R."""
    expected = case["expected"]["complex" if kind == "conservative" else kind]
    exclude = case["input"]["exclude_rows"] or ()
    solution = qca.minimise(table_of(case["input"]), kind, exclude=exclude)
    assert expected["n_models"] == solution.n_models == len(solution.models)
    assert not solution.stopped
    assert solution.exact
    check_models(expected["models"], solution)
    chart = solution.prime_implicants
    assert {tuple(p) for p in expected["prime_implicants"]} == set(chart.patterns)
    essential = {
        pattern
        for label in expected["essential"]
        for pattern in patterns_of(label, solution.table.conditions, solution.table.levels)
    }
    flags = zip(chart.patterns, chart.essential, strict=True)
    assert essential == {pattern for pattern, essential in flags if essential}
    assumed = {tuple(sorted(rows)) for rows in expected["simplifying_assumptions"].values()}
    assert assumed == {solution.assumptions(model) for model in solution.models}


@pytest.mark.parametrize("case", CASES["analysis"])
def test_intermediate(case):
    """Intermediate models and counterfactuals over all combinations are those of R."""
    expected = case["expected"]["intermediate"]
    if "skipped" in expected:
        pytest.skip("R skipped: too many combinations")
    exclude = case["input"]["exclude_rows"] or ()
    solution = qca.minimise(
        table_of(case["input"]), "intermediate", case["input"]["dir_exp"], exclude=exclude
    )
    parts = list(expected.values())
    check_models([model for part in parts for model in part["models"]], solution)
    assert {
        (tuple(part["easy_counterfactuals"]), tuple(part["difficult_counterfactuals"]))
        for part in parts
    } == {(part.easy, part.difficult) for part in solution.combinations}
    assert {
        (tuple(part["easy_counterfactuals"]), frozenset(model_sets(part["models"])))
        for part in parts
    } == {(part.easy, frozenset(map(frozenset, part.patterns))) for part in solution.combinations}


@pytest.mark.parametrize("case", CASES["necessity"])
def test_necessity(case):
    """Single conditions, conjunctions and minimal unions are those of R."""
    given, expected = case["input"], case["expected"]
    found = qca.necessity_analysis(
        frame(given["dataset"]),
        outcome_of(given),
        given["conditions"],
        consistency=given["incl_cut"],
        coverage=given["cov_cut"],
        ron=given["ron_cut"],
        depth=given["depth"],
    )
    single = found.conditions.set_index("expression")
    assert set(expected["single"]) == set(single.index)
    check_fit(expected["single"], single)
    table = found.to_frame(conjunctions=True).set_index("expression")
    necessary = table[table["necessary"]]
    terms = expected["superSubset_necessity"].get("terms", {})
    assert set(terms) == set(necessary.index)
    check_fit(terms, necessary)
    sufficient = qca.sufficient_conjunctions(
        frame(given["dataset"]),
        outcome_of(given),
        given["conditions"],
        consistency=given["incl_cut"],
        depth=given["depth"],
    ).set_index("expression")
    terms = expected["superSubset_sufficiency"].get("terms", {})
    assert set(terms) == set(sufficient.index)
    check_fit(terms, sufficient)


NAMES = {
    "inclN": "consistency",
    "covN": "coverage",
    "RoN": "ron",
    "inclS": "consistency",
    "covS": "coverage",
    "PRI": "pri",
}


def check_fit(expected, found):
    """Each parameter of each expression."""
    for expression, fit in expected.items():
        for name, value in fit.items():
            assert close(value, found.loc[expression, NAMES[name]]), (expression, name)


@pytest.mark.parametrize("case", CASES["pof"])
def test_parameters_of_fit(case):
    """Sufficiency and necessity of given expressions are those of R, term by term."""
    given, expected = case["input"], case["expected"]
    data = frame(given["dataset"])
    y = qca.membership(data, outcome_of(given))
    terms = given["expression"].split(" + ")
    sets = np.column_stack([qca.membership(data, term) for term in terms])
    unique = dict(zip(terms, qca.unique_coverages(sets, y.to_numpy()), strict=True))
    for name in [*terms, "expression"]:
        x = qca.membership(data, given["expression"] if name == "expression" else name)
        enough, needed = qca.sufficiency(x, y), qca.necessity(x, y)
        for parameter in ("inclS", "PRI", "covS"):
            value = expected["sufficiency"][name][parameter]
            assert close(value, getattr(enough, NAMES[parameter]))
        for parameter in ("inclN", "covN", "RoN"):
            value = expected["necessity"][name][parameter]
            assert close(value, getattr(needed, NAMES[parameter]))
        if name in unique:
            assert close(expected["sufficiency"][name]["covU"], unique[name])


@pytest.mark.parametrize("case", CASES["calibrate"])
def test_calibration(case):
    """Memberships are those of R."""
    arguments = dict(case["input"]["args"])
    kind, method = arguments.pop("type"), arguments.pop("method", None)
    anchors = arguments.pop("thresholds")
    x = case["input"]["x"]
    if kind == "crisp":
        found = qca.calibrate_crisp(x, anchors)
    elif method == "indirect":
        found = qca.calibrate_indirect(x, anchors, half="keep")
    else:
        found = qca.calibrate_direct(x, anchors, half="keep", **arguments)
    tolerance = 1e-4 if method == "indirect" else 1e-6
    assert np.abs(found - case["expected"]["values"]).max() <= tolerance
