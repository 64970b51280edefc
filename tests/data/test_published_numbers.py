"""The raw data are those that were published, and nothing is lost on the way to tidy tables."""

import re
from pathlib import Path

import pytest
from frictionless import Package

from casebook.tidy.cleaning import (
    apply_corrections,
    audit,
    clean_cases,
    clean_statements,
    final_scores,
    flat_sources,
    overview,
    source_types,
    strata,
)

TESTS = Path(__file__).parents[1]
REAL, TOY = TESTS.parent / "data/raw", TESTS / "fixtures/toy/data/raw"


@pytest.fixture(scope="module")
def scores(real, real_codebook):
    """Final scores of the real study."""
    tables = (real["codings"], real["adjudications"], real["withdrawn"])
    return final_scores(*tables, real_codebook)


@pytest.fixture(scope="module")
def cases(real):
    """Tidy cases of the real study."""
    return clean_cases(real["cases"], real["evidence"], real["handling"])


@pytest.fixture(scope="module")
def sources(real):
    """Flat sources of the real study."""
    return flat_sources(real.sources, real["evidence"])


@pytest.fixture(scope="module")
def counts(real, real_codebook, scores, cases):
    """The overview of the real study, by measure."""
    return overview(real, real_codebook, scores, cases).set_index("measure")["value"]


@pytest.mark.parametrize(
    ("measure", "published"),
    [
        ("cases", 71),
        ("regions", 7),
        ("constructs", 10),
        ("statements", 1158),
        ("sources", 685),
        ("cells", 710),
        ("cells_both_scored", 606),
        ("audited", 90),
        ("scope_notes", 10),
    ],
)
def test_number_is_the_published_one(counts, measure, published):
    """The overview counts what the evidence base says that it has."""
    assert counts[measure] == published


def test_percent_agreement_is_the_published_one(counts):
    """The passes give the same score in 0.91 of the cells that both scored."""
    assert round(counts["cells_same"] / counts["cells_both_scored"], 2) == 0.91


def test_audit_is_the_published_one(real):
    """Of 90 statements 83 were supported (92%, Wilson 85 to 96%) and none contradicted."""
    verdicts = audit(real["audit"], real.accepted("audit", "verdict")).set_index("verdict")
    assert verdicts["n"].to_dict() == {
        "supported": 83,
        "partly": 3,
        "not found": 4,
        "contradicted": 0,
    }
    rounded = verdicts.loc["supported", ["share", "low", "high"]].astype(float).round(2)
    assert rounded.tolist() == [0.92, 0.85, 0.96]


def test_adjudications_add_up(counts):
    """Each cell where the passes differ is adjudicated, and 15 others with a cause."""
    causes = [counts[f"adjudicated_{cause}"] for cause in ("difference", "withdrawn", "rule")]
    assert counts["adjudicated_difference"] == counts["cells_differ"]
    assert causes == [58, 5, 10]
    assert counts["adjudicated"] == sum(causes)


def test_cases_met_the_rule_of_selection(real):
    """Each case has at least four statements on three constructs."""
    by_case = real["evidence"].groupby("case_id")["construct"]
    assert by_case.size().min() >= 4
    assert by_case.nunique().min() >= 3


def test_cases_have_an_outcome(real, real_codebook):
    """Each case has a statement on an outcome."""
    outcomes = real["evidence"]["construct"].isin(real_codebook.members("outcome"))
    assert real["evidence"].loc[outcomes, "case_id"].nunique() == 71


def test_statements_are_short(real):
    """No statement has more than 60 words."""
    assert real["evidence"]["statement"].str.split().str.len().max() <= 60


def test_every_source_is_used(real):
    """Each source is cited by a statement or gives a population."""
    used = {*real["evidence"]["source_key"], *real["cases"]["population_source_key"].dropna()}
    assert {item["id"] for item in real.sources} == used


def test_statements_keep_their_number_and_find_their_source(real, sources):
    """1,158 statements in are 1,158 out, each with a source of known type and title."""
    statements = clean_statements(real["evidence"], sources, real["handling"])
    assert len(statements) == 1158
    assert statements[["source_type", "source_title"]].notna().all(axis=None)


def test_accusations_are_shown_only_with_the_verdict(real, sources):
    """The two statements to be handled with care name the statement that goes with them."""
    statements = clean_statements(real["evidence"], sources, real["handling"])
    shown = statements.set_index("evidence_id")["shown_with"].dropna()
    assert [re.sub(".*-(...-..)", r"\1", key) for key in shown.index] == ["ins-02", "cul-01"]
    assert {re.sub(".*-(...-..)", r"\1", key) for key in shown} == {"ins-03"}


def test_source_counts_add_up(sources):
    """Types of sources add up to all sources and all statements."""
    types = source_types(sources)
    assert types["n_sources"].sum() == 685
    assert types["n_statements"].sum() == 1158


def test_strata_add_up(real, cases):
    """Levels of each variable add up to all cases, in the order of the dictionary."""
    variables = ["region", "income_group", "decade", "study_design", "scale"]
    order = {variable: real.accepted("cases", variable) for variable in variables}
    table = strata(cases, variables, order)
    assert set(table.groupby("variable")["n_cases"].sum()) == {71}
    groups = table.loc[table["variable"].eq("income_group"), "level"]
    assert groups.tolist() == ["low", "lower-middle", "upper-middle", "high"]


def test_no_withdrawn_statement_decides_a_final_score(real, scores):
    """Withdrawn statements are gone from the final scores."""
    named = set(scores["evidence_ids"].dropna().str.split().explode())
    assert not named & set(real["withdrawn"]["evidence_id"])


def test_final_score_is_blank_or_rests_on_something(scores, real_codebook):
    """Only scores that may rest on the dates of the case name no statement."""
    bare = scores[scores["score"].notna() & scores["evidence_ids"].isna()]
    assert all(real_codebook.construct(code).rests_on_case_dates for code in bare["construct"])
    assert len(bare) == 2


def test_corrections_of_the_real_study_apply(real):
    """Every correction applies (there is none so far)."""
    assert apply_corrections(real).n_corrections == 0


@pytest.mark.parametrize("folder", [REAL, TOY], ids=["real", "toy"])
def test_dictionary_is_valid_for_other_programs(folder):
    """The data package is valid as a whole for frictionless, foreign keys included."""
    report = Package.from_descriptor(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])


def test_both_studies_have_the_same_dictionary():
    """The toy study differs from the real one in name, title and description only."""
    real, toy = (
        Package.from_descriptor(str(folder / "datapackage.json")) for folder in (REAL, TOY)
    )
    tables = [[each.to_descriptor() for each in package.resources] for package in (real, toy)]
    assert tables[0] == tables[1]


def test_every_field_is_described():
    """The dictionary describes each column of each table in words."""
    package = Package.from_descriptor(str(REAL / "datapackage.json"))
    fields = [field for each in package.resources if each.schema for field in each.schema.fields]
    assert all(field.description for field in fields)


@pytest.mark.parametrize("study", ["real", "toy"])
def test_raw_tables_are_plain(request, study):
    """No cell of a raw table holds a control or replacement character."""
    raw = request.getfixturevalue(study)
    for table in raw.text.values():
        assert not table.map(lambda cell: bool(re.search("[\x00-\x1f\ufffd]", cell))).any(axis=None)
