"""Agreement with results printed in publications and in public test snapshots (three decimals).

`tests/reference/printed.json` names the source of each. Its CVF results have no data here.
"""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from casebook import qca
from casebook.qca.expression import patterns_of

REFERENCE = Path(__file__).parents[1] / "reference"
DATASETS = json.loads(gzip.decompress((REFERENCE / "visible.json.gz").read_bytes()))["datasets"]
PRINTED = {
    result["id"]: result
    for result in json.loads((REFERENCE / "printed.json").read_text(encoding="utf-8"))
}
ALL = None  # every column but the outcome is a condition
ANALYSES = {
    "RJ_Krook_SC": ("d.Kro", "WNP", ALL, 1, "conservative"),
    "RJ_Krook_SP": ("d.Kro", "WNP", ALL, 1, "parsimonious"),
    "SN_Krook_neg": ("d.Kro", "~WNP", ALL, 1, "conservative"),
    "SN_Emm_SP": ("d.Emm", "JSR", ALL, 0.9, "parsimonious"),
    "SN_LC_SC": ("LC", "SURV", ALL, 1, "conservative"),
    "SN_LC_SP": ("LC", "SURV", ALL, 1, "parsimonious"),
    "SN_LCn_SC": ("LC", "~SURV", ALL, 1, "conservative"),
    "SN_LCn_SP": ("LC", "~SURV", ALL, 1, "parsimonious"),
    "SN_LM_SC": ("LM", "SURV", ("DEV", "URB", "LIT", "IND"), 1, "conservative"),
    "SN_LM_SP": ("LM", "SURV", ("DEV", "URB", "LIT", "IND"), 1, "parsimonious"),
    "SN_LMn_SC": ("LM", "~SURV", ("DEV", "URB", "LIT", "IND"), 1, "conservative"),
    "SN_LMn_SP": ("LM", "~SURV", ("DEV", "URB", "LIT", "IND"), 1, "parsimonious"),
    "SN_LF_SC": ("LF", "SURV", ALL, 0.7, "conservative"),
    "SN_LF_SP": ("LF", "SURV", ALL, 0.7, "parsimonious"),
    "SN_LF_SI": ("LF", "SURV", ALL, 0.7, "intermediate"),
    "PKG_LF80_SI": ("LF", "SURV", ALL, 0.8, "intermediate"),
    "RJ_Krook_SI": ("d.Kro", "WNP", ALL, 1, "intermediate"),
    "SN_Emm_SI_C1P1": ("d.Emm", "JSR", ALL, 0.9, "intermediate"),
}


def frame(name):
    """Calibrated data of a reference data set."""
    return pd.DataFrame(DATASETS[name]["columns"], index=DATASETS[name]["cases"])


def solve(name):
    """Solution of a printed analysis."""
    dataset, outcome, conditions, consistency, kind = ANALYSES[name]
    data = frame(dataset)
    conditions = conditions or [c for c in data.columns if c != outcome.lstrip("~")]
    table = qca.truth_table(data, outcome, conditions, consistency)
    expected = dict.fromkeys(conditions, 1) if kind == "intermediate" else None
    if dataset == "d.Emm" and expected:
        expected["V"] = 0
    return qca.minimise(table, kind, expected)


@pytest.mark.parametrize("name", ANALYSES)
def test_printed_solution(name):
    """Printed formulas and parameters of fit are found."""
    solution = solve(name)
    table = solution.table
    printed = {
        frozenset(patterns_of(formula, table.conditions, table.levels))
        for formula in PRINTED[name]["solutions"]
    }
    found = {frozenset(model.patterns) for model in solution.models}
    # printed intermediate solutions are those of one of the parsimonious models
    assert printed <= found if solution.kind == "intermediate" else printed == found
    terms = {t.pattern: t for model in solution.models for t in model.terms}
    for label, fit in PRINTED[name]["terms"].items():
        (pattern,) = patterns_of(label, table.conditions, table.levels)
        term = terms[pattern]
        assert fit[:3] == pytest.approx(
            [term.consistency, term.pri, term.raw_coverage], abs=5.01e-4
        )


def test_printed_simplifying_assumptions():
    """The simplifying assumptions of both parsimonious models are the printed rows."""
    solution = solve("RJ_Krook_SP")
    expected = {tuple(rows) for rows in PRINTED["SN_Krook_SA"]["rows"]}
    assert expected == {solution.assumptions(model) for model in solution.models}


def test_printed_necessary_unions():
    """The necessary unions are the printed ones, with their coverage."""
    conditions = ["ES", "QU", "WS", "WM", "LP"]
    found = qca.necessity_analysis(
        frame("d.Kro"), "WNP", conditions, consistency=1, ron=0, coverage=0.52
    )
    expected = PRINTED["RJ_Krook_superSubset"]["covN"]
    unions = found.unions.set_index("expression")["coverage"]
    assert set(expected) == set(unions.index)
    assert expected == pytest.approx(unions.to_dict(), abs=5.01e-4)
