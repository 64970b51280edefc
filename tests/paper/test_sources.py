"""Claims about the manuscript as written."""

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from casebook.claims.prose import read_prose
from casebook.claims.typed_numbers import check_prose, cited, read_literals
from casebook.errors import InputError
from casebook.publication.article import read_article
from casebook.publication.record import read_record
from casebook.readers import read_yaml

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "paper"
MANUSCRIPT = (PAPER / "manuscript.qmd").read_text(encoding="utf-8")
PROSE = read_prose(*(PAPER / name for name in ("manuscript.qmd", "captions.yml", "checklist.yml")))
SOURCES = {
    item["id"] for item in json.loads((ROOT / "data/raw/sources.json").read_text(encoding="utf-8"))
}
with (ROOT / "data/raw/evidence.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
METHODS = {item["id"] for item in json.loads((PAPER / "methods.json").read_text(encoding="utf-8"))}
ARTICLE = read_article(read_record(PAPER / "metadata.yml")).key


def test_the_prose_keeps_its_rules():
    """No number is typed, each variable is declared and used, no literal is left over."""
    declared = read_yaml(PAPER / "variables.yml", "variables.yml")
    files = {"variables": "variables.yml", "literals": "literals.yml"}
    statements = pd.DataFrame(ROWS)
    uses = check_prose(PROSE, declared, read_literals(PAPER / "literals.yml"), statements, files)
    assert set(declared) == set(uses["name"])


@pytest.mark.parametrize(
    ("file", "old", "new", "accepted"),
    [
        ("manuscript.qmd", "Engagement is the commonest strategy.", "It is in 12 of 14.", "'12'"),
        ("manuscript.qmd", "The three outcomes diverge.", "They diverge (p < 0.05).", "'0.05'"),
        ("captions.yml", "hatched parts are cases", "hatched parts (9%) are cases", "'9'"),
        ("checklist.yml", "No interviews", "No 25 interviews", "'25'"),
        ("manuscript.qmd", "prevalence.sus.full >", "prevalence.sus.ful >", "prevalence.sus.full"),
    ],
)
def test_a_number_that_is_typed_in_is_found(tmp_path, file, old, new, accepted):
    """In manuscript, captions and checklist alike, with file, line, number and what is accepted."""
    names = ("manuscript.qmd", "captions.yml", "checklist.yml")
    texts = {name: (PAPER / name).read_text(encoding="utf-8") for name in names}
    assert old in texts[file]
    for name, text in texts.items():
        (tmp_path / name).write_text(text.replace(old, new) if name == file else text, "utf-8")
    line = 1 + texts[file][: texts[file].index(old)].count("\n")
    with pytest.raises(InputError, match=f"{file}: line {line}: .*{accepted}"):
        check_prose(
            read_prose(*(tmp_path / name for name in names)),
            read_yaml(PAPER / "variables.yml", "variables.yml"),
            read_literals(PAPER / "literals.yml"),
            pd.DataFrame(ROWS),
            {"variables": "variables.yml", "literals": "literals.yml"},
        )


def test_each_citation_has_a_reference():
    """Every key stands in the sources, in the literature on method, or is that of the article."""
    assert cited(MANUSCRIPT) - SOURCES - METHODS == {ARTICLE}


def test_each_work_on_method_is_cited():
    """The literature on method holds nothing that the paper does not cite."""
    assert set().union(*(cited(each.text) for each in PROSE)) >= METHODS


def test_no_key_stands_twice_in_the_bibliography():
    """Sources and literature on method do not share a key."""
    assert set() == SOURCES & METHODS


def test_prose_is_in_semantic_newlines():
    """One sentence, one line: no line of prose ends in the middle of a sentence."""
    lines = MANUSCRIPT.split("---\n", 2)[2].splitlines()
    body = [line for line in lines if line and line[0] not in "#:{|!-*[>$" and line[0] != " "]
    broken = [line for line in body if not re.search(r"[.!?:;][\])*_”’\"']*$", line)]
    assert broken == []


def test_care_for_accusations_is_taken():
    """A statement that may be shown only with another one is cited with that one's source."""
    source = {row["evidence_id"]: row["source_key"] for row in ROWS}
    with (ROOT / "data/raw/handling.csv").open(encoding="utf-8", newline="") as file:
        rules = [row for row in csv.DictReader(file) if row["rule"] == "shown_only_with"]
    assert rules
    for rule in rules:
        first, second = source[rule["key"]], source[rule["with"]]
        for paragraph in MANUSCRIPT.split("\n\n"):
            assert first not in cited(paragraph) or second in cited(paragraph)


def test_the_format_knows_nothing_of_the_article():
    """Another author can take the journal's extension: no word of this article stands in it."""
    record = read_record(PAPER / "metadata.yml")
    own = [record["title"], *record["keywords"], record["publication"]["conference"]["name"]]
    own += [author["name"]["family"] for author in record["author"]]
    own += [*record["publication"]["organisers"], record["publication"]["journal"]["title"]]
    for path in (PAPER / "_extensions").rglob("*.*"):
        text = path.read_bytes().decode("utf-8", "replace").casefold()
        assert [] == [word for word in own if word.casefold() in text], path.name
