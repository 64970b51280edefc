"""Claims about claims: what stands behind a number is found anew, and must add up."""

import pandas as pd
import pytest

from casebook.claims.counted_ids import counted
from casebook.claims.ledger import address, ledger, trace
from casebook.errors import AnalysisError

# Four gardens, scored on soil and yield; the fourth has no score on yield.
SCORES = pd.DataFrame(
    [
        ("north", "SOI", 1.0, 1.0, 1.0, None),
        ("north", "YLD", 0.67, 0.67, 0.67, None),
        ("south", "SOI", 0.67, 0.33, 0.67, "difference"),
        ("south", "YLD", 0.0, 0.0, 0.0, None),
        ("east", "SOI", 0.0, 0.0, 0.0, None),
        ("east", "YLD", 1.0, None, 1.0, None),
        ("west", "SOI", 0.67, 0.67, 0.67, None),
        ("west", "YLD", None, None, None, None),
    ],
    columns=["case_id", "construct", "score_a", "score_b", "score", "cause"],
)
CASES = pd.DataFrame(
    {
        "case_id": ["north", "south", "east", "west"],
        "city": ["A", "B", "B", "B"],
        "country": ["X", "X", "Y", "Y"],
        "region": ["R1", "R1", "R1", None],
        "decade": ["1990s", "1990s", "2000s", None],
        "start_year": pd.array([1990, 1991, 2000, None], dtype="Int64"),
        "scope_note": [None, None, "wider", None],
    }
)
COMPLETE = ["north", "south", "east"]
TABLES = {
    "cases": CASES,
    "scores": SCORES,
    "statements": pd.DataFrame(
        {"evidence_id": ["s1", "s2", "s3"], "source_key": ["bee", "bee", "ant"]}
    ),
    "sources": pd.DataFrame({"key": ["ant", "bee", "cat"], "type": ["book", "report", "book"]}),
    "audited": pd.DataFrame({"evidence_id": ["s1", "s3"], "verdict": ["supported", "partly"]}),
    "withdrawn": pd.DataFrame({"evidence_id": ["s9"]}),
    "calibrated": pd.DataFrame(
        {
            "model": "m",
            "case_id": [case for case in COMPLETE for _ in range(2)],
            "set": ["SOI", "YLD"] * 3,
            "membership": [1.0, 0.67, 0.67, 0.0, 0.0, 1.0],
        }
    ),
    "robustness_cases": pd.DataFrame(
        {
            "model": "m",
            "outcome": "YLD",
            "case_id": COMPLETE,
            "type": ["robust typical", "shaky deviant coverage", "robust irrelevant"],
        }
    ),
}
SOIL = {"construct": "SOI"}
SOIL_IN_R1 = {"variable": "region", "level": "R1", "construct": "SOI"}
PAIR = {"construct_a": "SOI", "construct_b": "YLD"}
GOES = {"condition": "SOI", "outcome": "YLD"}
SET = {"model": "m", "set": "SOI"}
LINE = {"model": "m", "outcome": "YLD", "configuration": "SOI", "cases": "north south"}

# Table, row, column and value of a cell; what is counted; among how many.
CELLS = [
    ("prevalence", SOIL, "n_cases", 4, "north south east west", 4),
    ("prevalence", SOIL, "n_present", 3, "north south west", 4),
    ("prevalence", SOIL, "share", 0.75, "north south west", 4),
    ("prevalence", SOIL, "n_full", 1, "north", 4),
    ("prevalence", SOIL, "n_absent", 1, "east", 4),
    ("prevalence", {"construct": "YLD"}, "n_scored", 3, "north south east", 4),
    ("prevalence", {"construct": "YLD"}, "n_missing", 1, "west", 4),
    ("prevalence", SOIL, "low", 0.3, "", 4),
    ("prevalence_by", SOIL_IN_R1, "n_present", 2, "north south", 3),
    ("prevalence_by", SOIL_IN_R1, "share", 2 / 3, "north south", 3),
    ("strata", {"variable": "region", "level": "R1"}, "n_cases", 3, "north south east", 4),
    ("strata", {"variable": "region", "level": None}, "n_cases", 1, "west", 4),
    ("cooccurrence", PAIR, "n_scored", 3, "north south east", 4),
    ("cooccurrence", PAIR, "n_both", 1, "north", 3),
    ("cooccurrence", PAIR, "share_both", 1 / 3, "north", 3),
    ("cooccurrence", PAIR, "tau", -0.8, "", 3),
    ("association", GOES, "n_11", 1, "north", 3),
    ("association", GOES, "n_10", 1, "south", 3),
    ("association", GOES, "n_01", 1, "east", 3),
    ("association", GOES, "n_00", 0, "", 3),
    ("association", GOES, "odds_ratio", 0.5, "", 3),
    ("agreement", SOIL, "n_both", 4, "north/SOI south/SOI east/SOI west/SOI", 4),
    ("agreement", SOIL, "percent_agreement", 0.75, "north/SOI east/SOI west/SOI", 4),
    ("agreement", {"construct": "all"}, "n_one", 1, "east/YLD", 8),
    ("agreement", {"construct": "all"}, "alpha", 0.9, "", 6),
    ("calibration", SET, "n", 3, "north south east", 4),
    ("calibration", SET, "n_in", 2, "north south", 3),
    ("calibration", SET, "share_in", 2 / 3, "north south", 3),
    ("models", {"model": "m"}, "n_cases", 3, "north south east", 4),
    ("truth_table", LINE, "n", 2, "north south", 3),
    ("truth_table", LINE, "consistency", 0.5, "", 3),
    ("necessity", {"model": "m"}, "consistency", 0.5, "", 3),
    ("case_types", {"model": "m", "case_id": "south"}, "membership", 0.67, "", 1),
    ("robustness", {"model": "m", "setting": "pri", "value": "0.6"}, "coverage", 0.5, "", 3),
    (
        "robustness",
        {"model": "m", "setting": "dropped case", "value": "east"},
        "coverage",
        0.5,
        "",
        2,
    ),
    ("robustness_tests", {"model": "m", "outcome": "YLD"}, "n_robust", 2, "north east", 3),
    ("robustness_tests", {"model": "m", "outcome": "YLD"}, "n_possible", 0, "", 3),
    ("audit", {"verdict": "partly"}, "n", 1, "s3", 2),
    ("audit", {"verdict": "contradicted"}, "share", 0.0, "", 2),
    ("source_types", {"type": "book"}, "n_sources", 2, "ant cat", 3),
    ("source_types", {"type": "report"}, "n_statements", 2, "s1 s2", 3),
]
MEASURES = {
    "cases": (4, "north south east west"),
    "countries": (2, "X Y"),
    "regions": (1, "R1"),
    "decades": (2, "1990s 2000s"),
    "statements": (3, "s1 s2 s3"),
    "sources": (3, "ant bee cat"),
    "sources_cited": (2, "bee ant"),
    "audited": (2, "s1 s3"),
    "withdrawn": (1, "s9"),
    "scope_notes": (1, "east"),
    "starts_unknown": (1, "west"),
    "constructs": (2, "SOI YLD"),
    "cells_blank": (1, "west/YLD"),
    "cells_one_scored": (1, "east/YLD"),
    "cells_differ": (2, "south/SOI east/YLD"),
    "adjudicated": (1, "south/SOI"),
    "adjudicated_difference": (1, "south/SOI"),
}


def behind(table, where, column, value):
    """What stands behind a cell."""
    return counted(table, pd.Series({**where, column: value}, dtype=object), column, TABLES)


@pytest.mark.parametrize(("table", "where", "column", "value", "ids", "among"), CELLS)
def test_what_stands_behind_a_number(table, where, column, value, ids, among):
    """The cases, cells, statements or sources that it counts, and among how many."""
    found = behind(table, where, column, value)
    assert (tuple(ids.split()), among) == (found.ids, len(found.among))


@pytest.mark.parametrize(("measure", "expected"), MEASURES.items())
def test_what_stands_behind_a_measure_of_the_overview(measure, expected):
    """Each count of the overview has its list."""
    value, ids = expected
    found = counted("overview", pd.Series({"measure": measure, "value": value}), "value", TABLES)
    assert tuple(ids.split()) == found.ids


def test_a_study_with_one_pass_agrees_with_itself():
    """Its seven scored cells count as those of both passes, as in the table `overview`."""
    once = {**TABLES, "scores": SCORES.assign(score_b=None)}
    for measure in ("cells_both_scored", "cells_same"):
        row = pd.Series({"measure": measure, "value": 7})
        assert 7 == len(counted("overview", row, "value", once).ids)


def test_cities_of_one_name_in_two_countries_are_two():
    """A in X, B in X, B in Y."""
    row = pd.Series({"measure": "cities", "value": 3})
    assert counted("overview", row, "value", TABLES).ids == ("A, X", "B, X", "B, Y")


@pytest.mark.parametrize(
    ("table", "where", "column"),
    [
        ("models", {"model": "m"}, "n_conditions"),
        ("remainders", {"model": "m"}, "n_remainders"),
        ("robustness", {"model": "m", "setting": "pass", "value": "a"}, "coverage"),
        ("overview", {"measure": "passes"}, "value"),
        ("calibration", SET, "n_blank"),
        ("another", {"key": 1}, "share"),
    ],
)
def test_other_numbers_have_no_such_evidence(table, where, column):
    """Numbers of rows or passes, runs over other cases, and tables that the package lacks."""
    assert behind(table, where, column, 2) is None


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("n_present", 2, "n_present is 2, but the cases behind it give 3"), ("share", 0.5, "0.75")],
)
def test_a_number_that_its_list_does_not_give_is_an_error(column, value, message):
    """Three of four gardens have good soil, whatever the table says."""
    with pytest.raises(AnalysisError, match=message):
        behind("prevalence", SOIL, column, value)


@pytest.mark.parametrize(
    ("table", "where", "column", "value", "page"),
    [
        ("prevalence", SOIL, "n_present", 3, "#find?construct=SOI&score=present"),
        ("prevalence", {"construct": "YLD"}, "n_missing", 1, "#find?construct=YLD&score=blank"),
        (
            "prevalence_by",
            SOIL_IN_R1,
            "n_present",
            2,
            "#find?region=R1&construct=SOI&score=present",
        ),
        ("prevalence_by", SOIL_IN_R1, "n_scored", 3, "#find?construct=SOI&cases=north,south,east"),
        ("strata", {"variable": "region", "level": "R1"}, "n_cases", 3, "#find?region=R1"),
        ("strata", {"variable": "region", "level": None}, "n_cases", 1, "#case-west"),
        ("overview", {"measure": "cells_blank"}, "value", 1, "#find?score=blank&show=scores"),
        ("overview", {"measure": "statements"}, "value", 3, "#find?show=statements"),
        (
            "overview",
            {"measure": "adjudicated_difference"},
            "value",
            1,
            "#find?agreement=difference&show=scores",
        ),
        ("cooccurrence", PAIR, "n_scored", 3, "#find?cases=north,south,east"),
        ("cooccurrence", PAIR, "n_both", 1, "#case-north"),
        ("cooccurrence", PAIR, "tau", -0.8, "#find?cases=north,south,east"),
        ("agreement", {"construct": "all"}, "n_both", 6, "#find?"),
        ("agreement", SOIL, "n_same", 3, "#find?construct=SOI&agreement=agree&show=scores"),
        ("source_types", {"type": "book"}, "n_sources", 2, "#find?type=book&show=sources"),
        ("overview", {"measure": "sources_cited"}, "value", 2, "#find?cited=yes&show=sources"),
        ("overview", {"measure": "countries"}, "value", 2, "#find?"),
        ("overview", {"measure": "withdrawn"}, "value", 1, "#find?show=withdrawn"),
        ("audit", {"verdict": "partly"}, "n", 1, "#find?verdict=partly&show=statements"),
        ("audit", {"verdict": "partly"}, "low", 0.1, "#find?verdict=any&show=statements"),
        ("audit", {"verdict": "none"}, "n", 0, None),
        ("association", GOES, "n_00", 0, None),
    ],
)
def test_the_explorer_shows_what_is_counted(table, where, column, value, page):
    """By a filter, by the cases, or the case itself; nothing where there is no such view."""
    found = behind(table, where, column, value)
    expected = page and f"evidence.html{page}"
    assert expected == address(found, pd.Series({**where, column: value}), column, TABLES)


def test_the_ledger_traces_a_number_to_the_raw_data():
    """Text, value, places without repetition, cell, rule, and the files down to the raw ones."""
    declared = {
        "x.n": {"table": "prevalence", "where": SOIL, "column": "n_full", "format": "words"}
    }
    steps = {
        "out/prevalence.csv": {"rule": "prevalence", "method": "Count.", "inputs": ["out/s.csv"]},
        "out/s.csv": {"rule": "tidy", "method": "Tidy.", "inputs": ["raw/b.csv", "raw/a.csv"]},
        "out/other.csv": {"rule": "other", "method": "Else.", "inputs": ["raw/c.csv"]},
    }
    tables = {**TABLES, "prevalence": pd.DataFrame({"construct": ["SOI", "YLD"], "n_full": [1, 1]})}
    variables = pd.DataFrame({"name": ["x.n"], "text": ["one"]})
    uses = pd.DataFrame({"name": ["x.n"] * 3, "place": ["sec-b", "sec-a", "sec-b"]})
    found = ledger(trace(declared, variables, tables, steps), uses)
    everything = ["north", "south", "east", "west"]
    page = "evidence.html#find?construct=SOI&score=1"
    assert found == {
        "rules": {
            "prevalence": {
                "method": "Count.",
                "inputs": ["out/s.csv"],
                "raw": ["raw/a.csv", "raw/b.csv"],
            }
        },
        "claims": [
            {
                "name": "x.n",
                "text": "one",
                "value": 1,
                "used_in": ["sec-b", "sec-a"],
                "rule": "prevalence",
                "file": "out/prevalence.csv",
                "row": {"construct": "SOI"},
                "row_number": 2,
                "column": "n_full",
                "page": "evidence.html#table-prevalence/2/n_full",
                "format": "words",
                "evidence": {
                    "kind": "count",
                    "unit": "cases",
                    "ids": ["north"],
                    "among": everything,
                    "page": page,
                },
            }
        ],
    }


def test_a_list_that_repeats_itself_does_not_count_twice():
    """An id behind a number stands for one thing."""
    repeated = {**TABLES, "audited": pd.DataFrame({"evidence_id": ["s1", "s1"]})}
    with pytest.raises(AnalysisError, match="give 1"):
        counted("overview", pd.Series({"measure": "audited", "value": 2}), "value", repeated)
