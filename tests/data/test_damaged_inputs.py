"""Each damage is found, and the message says where it is and what would be accepted."""

import json
from dataclasses import dataclass

import pytest

from casebook.errors import InputError
from casebook.tidy.checks import check_raw, read_raw
from casebook.tidy.cleaning import (
    audit,
    clean_cases,
    clean_statements,
    final_scores,
    flat_sources,
    overview,
)


@dataclass(frozen=True)
class Damage:
    """One edit of the toy study and what the message about it must say."""

    name: str
    file: str
    old: str
    new: str
    place: str
    value: str
    accepted: str


HEAD = "evidence_id,case_id,construct,direction,statement,source_key,locator,url"
CELL = "dale-garden,SOI,b,0.25,dale-garden-soi-01"
DAMAGES = [
    # cells against the dictionary
    Damage(
        *("no number", "codings.csv", "dale-garden,SOI,a,0.25,", "dale-garden,SOI,a,low,"),
        *("row 2, column score", "low", "one of 0, 0.25, 0.75, 1, or blank (not said)"),
    ),
    Damage(
        *("no level", "codings.csv", "dale-garden,SOI,b,0.25,", "dale-garden,SOI,b,0.5,"),
        *("row 3, column score", "0.5", "one of 0, 0.25, 0.75, 1, or blank (not said)"),
    ),
    Damage(
        *("decimal comma", "cases.csv", ",48.0,15.0", ',"48,0",15.0'),
        *("row 6, column latitude", "48,0", "a number with a decimal point from -90 to 90"),
    ),
    Damage(
        *("latitude out of range", "cases.csv", ",48.0,15.0", ",148.0,15.0"),
        *("row 6, column latitude", "148.0", "a number with a decimal point from -90 to 90"),
    ),
    Damage(
        *("longitude out of range", "cases.csv", ",48.0,15.0", ",48.0,-181"),
        *("row 6, column longitude", "-181", "a number with a decimal point from -180 to 180"),
    ),
    Damage(
        *("coordinate not a number", "cases.csv", ",48.0,15.0", ",NaN,15.0"),
        *("row 6, column latitude", "NaN", "a number with a decimal point from -90 to 90"),
    ),
    Damage(
        *("number as in Python", "cases.csv", ",1200,", ",1_200,"),
        *("row 6, column population", "1_200", "a whole number from 1 to 50000000, or blank"),
    ),
    Damage(
        *("year out of range", "cases.csv", ",1998,", ",2998,"),
        *("row 6, column start_year", "2998", "a year of four digits from 1800 to 2026, or blank"),
    ),
    Damage(
        *("year with decimals", "cases.csv", ",1998,", ",1998.0,"),
        *("row 6, column start_year", "1998.0", "a year of four digits from 1800 to 2026"),
    ),
    Damage(
        *("end before start", "cases.csv", ",2018,2019,", ",2018,2017,"),
        *("row 9, column end_year", "2017", "a year not before start_year (2018)"),
    ),
    Damage(
        *("not in the list", "cases.csv", ",high,North", ",rich,North"),
        *("row 6, column income_group", "rich", "one of: low, lower-middle, upper-middle, high"),
    ),
    Damage(
        *("blank where needed", "cases.csv", ",Northam,", ",,"),
        *("row 6, column city", "", "must not be blank: text"),
    ),
    Damage(
        *(
            "not the pattern",
            "cases.csv",
            ",XXC,Europe & Central Asia,high,North",
            ",xxc,Europe & Central Asia,high,North",
        ),
        *("row 6, column iso3", "xxc", "text like UGA (pattern ^[A-Z]{3}$)"),
    ),
    Damage(
        *("space after text", "cases.csv", ",Northam,", ",Northam ,"),
        *("row 6, column city", "Northam ", "text without spaces before or after it"),
    ),
    Damage(
        *("no address", "evidence.csv", "p. 1,https://example.org/dale", "p. 1,see the report"),
        *("row 2, column url", "see the report", "text like https://example.org/report"),
    ),
    # keys
    Damage(
        *("case twice", "cases.csv", "park-garden,", "north-garden,"),
        *("row 7, column case_id", "north-garden", "no other row has (row 6 has it, too)"),
    ),
    Damage(
        *("cell coded twice", "codings.csv", "dale-garden,SOI,b", "dale-garden,SOI,a"),
        *("row 3, column case_id + construct + coder", "dale-garden SOI a", "(row 2 has it, too)"),
    ),
    Damage(
        *("unknown case", "evidence.csv", "soi-01,dale-garden", "soi-01,dale-gardens"),
        *("row 2, column case_id", "dale-gardens", "a case_id of cases.csv (nearest: dale-garden)"),
    ),
    Damage(
        *("unknown construct", "codings.csv", "dale-garden,SOI,a", "dale-garden,SUN,a"),
        *("row 2, column construct", "SUN", "codebook.yaml: SOI, WTR, VOL, YLD, KEP"),
    ),
    Damage(
        *("unknown source", "evidence.csv", "dale2016garden", "dale2017garden"),
        *("row 2, column source_key", "dale2017garden", "an id of sources.json"),
    ),
    Damage(
        *("statement without source", "evidence.csv", ",dale2016garden", ","),
        *("row 2, column source_key", "", "must not be blank: text like author2019word"),
    ),
    Damage(
        *(
            "statement that exists nowhere",
            "codings.csv",
            ",a,0.25,dale-garden-soi-01",
            ",a,0.25,dale-garden-soi-09",
        ),
        *("row 2, column evidence_ids", "dale-garden-soi-09", "evidence.csv or withdrawn.csv"),
    ),
    Damage(
        *(
            "statement on another case",
            "codings.csv",
            ",a,0.25,dale-garden-soi-01",
            ",a,0.25,east-garden-soi-01",
        ),
        *("row 2, column evidence_ids", "east-garden-soi-01", "a statement on dale-garden"),
    ),
    Damage(
        *("audit of no statement", "audit.csv", "west-garden-vol-01", "west-garden-vol-77"),
        *("row 3, column evidence_id", "west-garden-vol-77", "evidence.csv or withdrawn.csv"),
    ),
    # scores and statements
    Damage(
        *(
            "blank with statements",
            "codings.csv",
            "dale-garden,VOL,a,,,",
            "dale-garden,VOL,a,,dale-garden-soi-01,",
        ),
        *("row 6, column evidence_ids", "dale-garden-soi-01", "blank, because the score is blank"),
    ),
    Damage(
        *("score without statements", "codings.csv", ",a,0.25,dale-garden-soi-01", ",a,0.25,"),
        *("row 2, column evidence_ids", "", "the deciding statements, because there is a score"),
    ),
    Damage(
        *("pass incomplete", "codings.csv", f"{CELL},Invented reason of pass b.\n", ""),
        *("", "dale-garden", "one row each for SOI: pass b lacks them for dale-garden"),
    ),
    # adjudications
    Damage(
        *("not adjudicated", "codings.csv", "dale-garden,SOI,b,0.25", "dale-garden,SOI,b,0.75"),
        *("row 3, column score", "0.25 and 0.75", "a row in adjudications for dale-garden SOI"),
    ),
    Damage(
        *("not what was coded", "adjudications.csv", "VOL,0.75,1,", "VOL,1,1,"),
        *("row 2, column score_a", "1", "0.75, as in row 16 of the codings"),
    ),
    Damage(
        *("wrong cause", "adjudications.csv", "1,0.75,difference", "1,0.75,rule"),
        *("row 2, column cause", "rule", "difference, because the passes differ"),
    ),
    Damage(
        *("no difference", "adjudications.csv", "1,1,0.75,rule", "1,1,0.75,difference"),
        *("row 3, column cause", "difference", "another cause than difference"),
    ),
    Damage(
        *("nothing withdrawn", "adjudications.csv", "1,1,0.75,rule", "1,1,0.75,withdrawn"),
        *("row 3, column cause", "withdrawn", "no statement that a pass names here was withdrawn"),
    ),
    Damage(
        *(
            "rests on a withdrawn one",
            "adjudications.csv",
            "hill-garden-yld-01",
            "hill-garden-yld-02",
        ),
        *("row 4, column evidence_ids", "hill-garden-yld-02", "an evidence_id of evidence.csv"),
    ),
    Damage(
        *("withdrawn, yet there", "withdrawn.csv", "hill-garden-yld-02", "hill-garden-yld-01"),
        *("row 2, column evidence_id", "hill-garden-yld-01", "evidence.csv no longer has"),
    ),
    # care and corrections
    Damage(
        *("care for no case", "handling.csv", "cases,hill-garden", "cases,hill-gardens"),
        *("row 3, column key", "hill-gardens", "a case_id of cases.csv"),
    ),
    Damage(
        *(
            "together with nothing",
            "handling.csv",
            "shown_only_with,park-garden-yld-01",
            "shown_only_with,",
        ),
        *("row 2, column with", "", "ids of statements, for shown_only_with"),
    ),
    Damage(
        *("correction out of date", "corrections.csv", ",2011,2010,", ",2012,2010,"),
        *("row 2, column from", "2012", "'2011', which is what cases says"),
    ),
    Damage(
        *("correction of no row", "corrections.csv", "south-garden", "southern-garden"),
        *("row 2, column key", "southern-garden", "the primary key (case_id) of one row of cases"),
    ),
    Damage(
        *("correction of no column", "corrections.csv", "start_year", "started"),
        *("row 2, column column", "started", "a column of cases: case_id, city"),
    ),
    # files
    Damage(
        *("column missing", "evidence.csv", HEAD, HEAD.replace(",locator", "")),
        *("row 1, column locator", "", "this column is missing"),
    ),
    Damage(
        *("column misspelt", "evidence.csv", HEAD, HEAD.replace("locator", "location")),
        *("row 1, column location", "location", "no further column than evidence_id, case_id"),
    ),
    Damage(
        *("column twice", "evidence.csv", HEAD, HEAD.replace("locator", "url")),
        *("row 1, column url", "url", "each column only once"),
    ),
    Damage(
        *(
            "columns in another order",
            "withdrawn.csv",
            "evidence_id,case_id",
            "case_id,evidence_id",
        ),
        *("row 1", "case_id, evidence_id, reason", "in this order: evidence_id, case_id, reason"),
    ),
    Damage(
        *("a cell too many", "withdrawn.csv", "hill-garden,invented", "hill-garden,,invented"),
        *("row 2", "hill-garden-yld-02,hill-garden,,invented", "3 cells, but there are 4"),
    ),
    Damage(
        *("quotation mark left open", "withdrawn.csv", "invented reason:", '"invented reason:'),
        *("row 2, column reason", "invented reason:", "is a quotation mark left open?"),
    ),
    Damage(
        *("blank row", "audit.csv", "west-garden-vol-01,", "\nwest-garden-vol-01,"),
        *("row 3", "", "no blank rows"),
    ),
    Damage(
        *("broken JSON", "sources.json", '"type": "report",', '"type": "report"'),
        *("line 5, column 3", "", "valid JSON"),
    ),
    Damage(
        *("source without title", "sources.json", '"title": "Invented news: garden kept",', ""),
        *("item 4 (inventednews2007kept)", "", "the key title is missing"),
    ),
    Damage(
        *("source of no known type", "sources.json", '"article-newspaper"', '"newspaper"'),
        *("item 4 (inventednews2007kept) type", "newspaper", "one of article, article-journal"),
    ),
    Damage(
        *("source twice", "sources.json", '"east2013garden"', '"dale2016garden"'),
        *("item 2, id", "dale2016garden", "an id that no other item has (item 1 has it, too)"),
    ),
    Damage(
        *("year of source out of range", "sources.json", "2007,\n     5", "2207,\n     5"),
        *("item 4 (inventednews2007kept) issued.date-parts[0][0]", "2207", "not above 2026"),
    ),
    Damage(
        *("broken YAML", "codebook.yaml", "title: What", "title: [What"),
        *("line 3, column 8", "", "valid YAML"),
    ),
    Damage(
        *("key twice", "codebook.yaml", "short: Soil", "short: Soil\n    short: Earth"),
        *("line 21, column 5", "", "the key 'short' stands here twice"),
    ),
    Damage(
        *("unknown key", "codebook.yaml", "short: Soil", "brief: Soil"),
        *("constructs[0]", "brief", "only the keys code, group, label, short"),
    ),
    Damage(
        *("neither in nor out", "codebook.yaml", "membership: 0.75", "membership: 0.5"),
        *("levels[1].membership", "0.5", "a membership other than 0.5"),
    ),
    Damage(
        *("unknown group", "codebook.yaml", "group: condition", "group: conditions"),
        *("constructs[0].group", "conditions", "one of condition, result"),
    ),
    Damage(
        *("example of nothing", "codebook.yaml", "north-garden-soi-01", "north-garden-soi-07"),
        *("column SOI.examples", "north-garden-soi-07", "a statement of evidence.csv on SOI"),
    ),
    Damage(
        *("broken dictionary", "datapackage.json", '"name": "codings"', '"name": "coding"'),
        *("resources", "", "a table codings must be described"),
    ),
    Damage(
        *("no such type", "datapackage.json", '"type": "year"', '"type": "yaer"'),
        *("", "", "a valid data package"),
    ),
    Damage(
        *("key of no table", "datapackage.json", '"resource": "cases"', '"resource": "case"'),
        *("resource evidence, field case_id", "case", "a table described here"),
    ),
]


def damage_text(text, damage):
    """Apply the edit of a damage, once."""
    assert damage.old in text
    return text.replace(damage.old, damage.new, 1)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_damage_is_named(study, damage):
    """The message names file, row, column, value, and what is accepted."""
    path = study / damage.file
    path.write_text(damage_text(path.read_text("utf-8"), damage), "utf-8")
    problems = check_raw(study)
    expected = (f"data/raw/{damage.file}", damage.place)
    found = [each for each in problems if (each.file, each.place) == expected]
    assert found, f"nothing at {expected}: {problems}"
    assert any(damage.value == each.value or damage.value in each.value for each in found)
    assert any(damage.accepted in each.accepted for each in found), found


@pytest.mark.parametrize(
    ("content", "place", "accepted"),
    [
        (b"", "", "this file is empty"),
        (b"\xef\xbb\xbfevidence_id,verdict,note\n", "byte 1", "UTF-8 without byte order mark"),
        ("evidence_id,verdict,note\n".encode("utf-16"), "byte 1", "this file is UTF-16"),
        (b"evidence_id,verdict,note\nx-01,partly,caf\xe9\n", "row 2, byte 41", "UTF-8 text"),
        (b"evidence_id;verdict;note\n", "row 1", "columns separated by commas"),
        (b"evidence_id\tverdict\tnote\n", "row 1", "columns separated by commas"),
        (None, "", "this file is missing"),
    ],
    ids=["empty", "byte order mark", "utf-16", "latin-1", "semicolons", "tabs", "missing"],
)
def test_unreadable_table_is_named(study, content, place, accepted):
    """A file that cannot be read as a table is one problem, with its place."""
    path = study / "audit.csv"
    path.unlink() if content is None else path.write_bytes(content)
    (problem,) = check_raw(study)
    assert (problem.file, problem.place) == ("data/raw/audit.csv", place)
    assert accepted in problem.accepted


def test_all_problems_are_found_at_once(study):
    """Damages of four files are four problems of one error, in the order of the dictionary."""
    for name in ("year out of range", "unknown source", "broken YAML", "correction out of date"):
        damage = next(each for each in DAMAGES if each.name == name)
        path = study / damage.file
        path.write_text(damage_text(path.read_text("utf-8"), damage), "utf-8")
    with pytest.raises(InputError) as error:
        read_raw(study)
    files = [each.file.rpartition("/")[2] for each in error.value.problems]
    # corrections are tried on sound tables only
    assert files == ["codebook.yaml", "cases.csv", "evidence.csv"]
    assert "data/raw/cases.csv: row 6, column start_year: '2998': a year of" in str(error.value)


def test_one_damage_is_one_problem(study):
    """A wrong cell is reported once, by the most exact check."""
    path = study / "codings.csv"
    damaged = path.read_text("utf-8").replace("SOI,a,0.25", "SOI,a,7", 1)
    path.write_text(damaged.replace("SOI,b,0.25", "SOI,b,7", 1), "utf-8")
    places = [(each.place, each.value) for each in check_raw(study)]
    assert places == [("row 2, column score", "7"), ("row 3, column score", "7")]


def test_correction_may_not_bring_an_error(study):
    """What a correction says is checked like what the table said."""
    path = study / "corrections.csv"
    path.write_text(path.read_text("utf-8").replace(",2010,Inv", ",1700,Inv"), "utf-8")
    (problem,) = check_raw(study)
    assert problem.place == "row 8, column start_year"
    assert problem.accepted.endswith("(after corrections)")


def test_undescribed_table_is_refused(study):
    """A table that the dictionary does not know is not silently ignored."""
    (study / "notes.csv").write_text("a,b\n1,2\n", "utf-8")
    (problem,) = check_raw(study)
    assert problem.file == "data/raw/notes.csv"


def test_optional_tables_are_optional(study, toy_codebook):
    """A study with cases and one coding pass alone is a study, and its scores are those given."""
    descriptor = json.loads((study / "datapackage.json").read_text("utf-8"))
    kept = [each for each in descriptor["resources"] if each["name"] in ("cases", "codings")]
    for resource in descriptor["resources"]:
        if resource not in kept and resource["name"] != "codebook":
            (study / resource["path"]).unlink()
    (study / "datapackage.json").write_text(json.dumps({**descriptor, "resources": kept}), "utf-8")
    path = study / "codings.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",b," not in line), "utf-8")
    raw = read_raw(study)
    scores = final_scores(raw["codings"], raw["adjudications"], raw["withdrawn"], toy_codebook)
    cases = clean_cases(raw["cases"], raw["evidence"], raw["handling"])
    sources = flat_sources(raw.sources, raw["evidence"])
    counts = overview(raw, toy_codebook, scores, cases).set_index("measure")["value"]
    assert {*scores["status"]} == {"single pass", "not mentioned"}
    assert scores["score"].equals(scores["score_a"])
    assert scores["score_b"].isna().all()
    assert (counts["passes"], counts["cells"], counts["statements"]) == (1, 40, 0)
    assert sources.empty
    assert clean_statements(raw["evidence"], sources, raw["handling"]).empty
    assert audit(raw["audit"]).empty
