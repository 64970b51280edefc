"""Tidy tables by hand: small frames whose results can be counted."""

import pandas as pd
import pytest

from casebook.errors import AnalysisError, InputError
from casebook.tidy.cleaning import (
    apply_corrections,
    clean_cases,
    clean_statements,
    final_scores,
    flat_sources,
    overview,
    strata,
)


@pytest.fixture
def toy_scores(toy, toy_codebook):
    """Final scores of the toy study by cell."""
    tables = (toy["codings"], toy["adjudications"], toy["withdrawn"])
    return final_scores(*tables, toy_codebook).set_index(["case_id", "construct"])


def test_final_score_is_the_one_agreed_on(toy_scores):
    """Where both passes give 1, the final score is 1."""
    cell = toy_scores.loc[("north-garden", "SOI")]
    assert (cell.score_a, cell.score_b, cell.score, cell.status) == (1, 1, 1, "agreed")


def test_final_score_is_the_adjudicated_one(toy_scores):
    """Where the passes give 1 and 0.75 and the adjudication 0.75, the final score is 0.75."""
    cell = toy_scores.loc[("south-garden", "WTR")]
    assert (
        *(cell.score_a, cell.score_b),
        *(cell.score, cell.status),
    ) == (1, 0.75, 0.75, "adjudicated")
    assert cell.cause == "difference"


def test_blank_against_score_is_adjudicated(toy_scores):
    """One pass saw nothing, the other 0.25: the adjudication decides."""
    cell = toy_scores.loc[("lake-garden", "KEP")]
    assert pd.isna(cell.score_b)
    assert cell.score == 0.25


def test_not_mentioned_is_not_absent(toy_scores):
    """A cell on which nothing is said has no score; an absent one has 0."""
    assert pd.isna(toy_scores.loc[("dale-garden", "VOL"), "score"])
    assert toy_scores.loc[("dale-garden", "VOL"), "status"] == "not mentioned"
    assert toy_scores.loc[("west-garden", "SOI"), "score"] == 0


def test_scores_are_all_cases_by_all_constructs(toy_scores, toy_codebook):
    """8 cases by 5 constructs are 40 rows, in the order of the codebook."""
    assert len(toy_scores) == 40
    assert tuple(toy_scores.loc["dale-garden"].index) == toy_codebook.codes


def test_withdrawn_statement_is_not_shown(toy_scores):
    """A cell that two statements decided keeps the one that was not withdrawn."""
    assert toy_scores.loc[("hill-garden", "YLD"), "evidence_ids"] == "hill-garden-yld-01"


def test_difference_without_adjudication_is_an_error(toy, toy_codebook):
    """A cell may not silently take the score of one pass."""
    with pytest.raises(AnalysisError, match="passes differ without adjudication"):
        final_scores(toy["codings"], toy["adjudications"][1:], toy["withdrawn"], toy_codebook)


def test_incomplete_pass_is_an_error(toy, toy_codebook):
    """A lost coding is not a blank one."""
    with pytest.raises(AnalysisError, match="pass a does not score each cell exactly once"):
        final_scores(toy["codings"][1:], toy["adjudications"], toy["withdrawn"], toy_codebook)


def test_correction_is_applied_and_counted(toy):
    """One row of corrections changes one cell and leaves the raw table as it was."""
    corrected = apply_corrections(toy)
    years = [raw["cases"].set_index("case_id")["start_year"] for raw in (toy, corrected)]
    assert [each["south-garden"] for each in years] == [2011, 2010]
    assert corrected.n_corrections == 1
    assert years[0].drop("south-garden").equals(years[1].drop("south-garden"))


def test_correction_applies_only_once(toy):
    """A correction whose `from` is no longer there is an error that says what is."""
    with pytest.raises(InputError, match=r"row 2, column from: '2011': '2010'"):
        apply_corrections(apply_corrections(toy))


def test_corrected_score_reaches_the_final_score(toy, toy_codebook):
    """A correction of both codings of a cell changes its final score."""
    rows = [["codings", f"west-garden SOI {coder}", "score", "0", "0.25", "test"] for coder in "ab"]
    columns = ["table", "key", "column", "from", "to", "reason"]
    text = {**toy.text, "corrections": pd.DataFrame(rows, columns=columns)}
    raw = apply_corrections(type(toy)(toy.name, text, toy.fields, toy.keys))
    scores = final_scores(raw["codings"], raw["adjudications"], raw["withdrawn"], toy_codebook)
    assert scores.set_index(["case_id", "construct"]).loc[("west-garden", "SOI"), "score"] == 0.25


def test_decade_is_that_of_the_start():
    """A start in 1998 is of the 1990s; an unknown start has no decade."""
    cases = pd.DataFrame({"case_id": ["x", "y"]})
    cases["start_year"] = pd.array([1998, None], dtype="Int64")
    statements = pd.DataFrame({"case_id": ["x", "x", "y"], "source_key": ["s", "s", "t"]})
    handling = pd.DataFrame(columns=["key", "rule", "with", "reason"], dtype=str)
    clean = clean_cases(cases, statements, handling)
    assert clean["decade"].fillna("none").tolist() == ["1990s", "none"]
    assert clean["n_statements"].tolist() == [2, 1]
    assert clean["n_sources"].tolist() == [1, 1]


def test_statement_of_unknown_case_is_an_error(toy):
    """Statements are counted once in and once out."""
    with pytest.raises(AnalysisError, match="statements of unknown cases"):
        clean_cases(toy["cases"][1:], toy["evidence"], toy["handling"])


def test_repeated_source_is_an_error(toy):
    """A join may not multiply statements."""
    sources = flat_sources(toy.sources, toy["evidence"])
    with pytest.raises(AnalysisError, match="statements in are not statements out"):
        clean_statements(toy["evidence"], pd.concat([sources, sources]), toy["handling"])


def test_authors_are_one_text():
    """Names are "Family, Given", literal names as they are, joined by semicolons."""
    item = {"id": "k", "type": "book", "title": "T", "issued": {"date-parts": [[2001, 5]]}}
    item["author"] = [{"family": "A", "given": "B"}, {"literal": "Office"}]
    statements = pd.DataFrame({"case_id": ["x", "y"], "source_key": ["k", "k"]})
    row = flat_sources([item], statements).iloc[0]
    assert row["authors"] == "A, B; Office"
    assert (row["year"], row["n_statements"], row["n_cases"]) == (2001, 2, 2)


def test_missing_level_is_counted_apart():
    """A case without a value is a row without a level, after the others."""
    cases = pd.DataFrame({"region": ["b", None, "a", "b"]})
    table = strata(cases, ["region"])
    assert table["level"].fillna("missing").tolist() == ["a", "b", "missing"]
    assert table["n_cases"].tolist() == [1, 2, 1]


def test_overview_of_the_toy_study(toy, toy_codebook, toy_scores):
    """40 cells: 35 with the same score twice, 2 not mentioned, 3 where the passes differ."""
    corrected = apply_corrections(toy)
    cases = clean_cases(corrected["cases"], toy["evidence"], toy["handling"])
    table = overview(corrected, toy_codebook, toy_scores.reset_index(), cases)
    counts = table.set_index("measure")["value"]
    names = ["cells", "cells_same", "cells_none_scored", "cells_differ", "cells_one_scored"]
    assert counts[names].tolist() == [40, 35, 2, 3, 1]
    assert counts[["cases", "statements", "sources", "withdrawn", "corrections"]].tolist() == [
        8,
        38,
        9,
        1,
        1,
    ]
