"""Claims about the results of the real study, as the build left them in data/processed."""

import shutil
from pathlib import Path

import pytest
import yaml

from casebook.study.tables import read_table

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("formulas.csv")


def row(table, **where):
    """The one row of a table with these values."""
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_agreement_is_what_the_evidence_base_reports(results):
    """Percent agreement 0.91 and ordinal alpha 0.93 over 606 cells scored by both passes."""
    pooled = row(results["agreement"], construct="all")
    assert (606, 0.91, 0.93) == (
        pooled["n_both"],
        round(pooled["percent_agreement"], 2),
        round(pooled["alpha"], 2),
    )


def test_the_audit_is_what_the_evidence_base_reports(results):
    """Of 90 statements 83 were supported: 92%, from 85% to 96%."""
    supported = row(results["audit"], verdict="supported")
    assert (83, 0.92, 0.85, 0.96) == (
        supported["n"],
        *(round(supported[name], 2) for name in ("share", "low", "high")),
    )


def test_no_case_is_lost(results):
    """Cases in are cases out: the matrix has each case once, and each cell a row of scores."""
    cases = set(results["cases"]["case_id"])
    assert cases == set(results["matrix"]["case_id"])
    assert len(cases) == len(results["matrix"])
    assert len(cases) * results["scores"]["construct"].nunique() == len(results["scores"])


def test_present_absent_and_not_mentioned_add_up(results):
    """For each construct the three are all cases."""
    table = results["prevalence"]
    total = table["n_present"] + table["n_absent"] + table["n_missing"]
    assert (total == table["n_cases"]).all()


def test_each_complete_case_stands_in_one_row_of_the_truth_table(results):
    """Per model and outcome, the rows' cases are the complete cases, each once."""
    members = results["calibrated"].groupby("model")["case_id"].unique()
    for (model, _), part in results["truth_table"].groupby(["model", "outcome"]):
        listed = " ".join(part["cases"]).split()
        assert sorted(members[model]) == sorted(listed)
        assert part["n"].sum() == len(listed)


def test_no_membership_is_exactly_one_half(results):
    """Every case is more in than out, or more out than in, on every set."""
    assert not (results["calibrated"]["membership"] == 0.5).any()


def test_the_parsimonious_solution_covers_most_and_the_conservative_least(results):
    """Coverage rises from conservative over intermediate to parsimonious, for each outcome."""
    for _, part in results["formulas"].dropna(subset="expression").groupby(["model", "outcome"]):
        coverage = part.groupby("solution")["coverage"].max()
        assert coverage["conservative"] <= coverage["intermediate"] + 1e-6
        assert coverage["intermediate"] <= coverage["parsimonious"] + 1e-6


def test_sufficient_rows_pass_the_cut_offs(results):
    """Each row coded 1 has the consistency and the PRI that the configuration asks for."""
    config = yaml.safe_load((ROOT / "analysis/config.yaml").read_text(encoding="utf-8"))
    sufficient = results["truth_table"].query("code == 1")
    assert len(sufficient)
    for name in ("consistency", "pri"):
        assert (sufficient[name] >= config["qca"]["cutoffs"][name]).all()


def test_every_accusation_is_shown_with_what_came_of_it(results):
    """A statement that may be shown only together with another one says so."""
    table = results["statements"].set_index("evidence_id")
    handled = read_table(ROOT / "data/raw/handling.csv")
    rules = handled[handled["rule"] == "shown_only_with"]
    assert len(rules)
    for key, other in zip(rules["key"], rules["with"], strict=True):
        assert table.loc[key, "shown_with"] == other


@pytest.mark.built
def test_the_solutions_are_the_published_ones(request):
    """The formulas, with their fit, change only on purpose."""
    made = ROOT / "data/processed/formulas.csv"
    if request.config.getoption("--update-golden"):
        shutil.copyfile(made, GOLDEN)
    assert GOLDEN.read_text(encoding="utf-8") == made.read_text(encoding="utf-8")
