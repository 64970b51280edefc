"""Claims about the manuscript as written."""

import csv
import json
import re
from pathlib import Path

import pytest
import yaml

from casebook.citation.record import read_record
from casebook.citation.work import read_work

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "paper"
MANUSCRIPT = (PAPER / "manuscript.qmd").read_text(encoding="utf-8")
PROSE = {
    name: (PAPER / name).read_text(encoding="utf-8")
    for name in ("manuscript.qmd", "captions.yml", "checklist.yml")
}
DECLARED = yaml.safe_load((PAPER / "variables.yml").read_text(encoding="utf-8"))
ALLOWED = yaml.safe_load((PAPER / "literals.yml").read_text(encoding="utf-8"))
USED = {
    name for text in PROSE.values() for name in re.findall(r"\{\{<\s*var\s+([\w.]+)\s*>\}\}", text)
}
SOURCES = {
    item["id"] for item in json.loads((ROOT / "data/raw/sources.json").read_text(encoding="utf-8"))
}
with (ROOT / "data/raw/evidence.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
STATEMENTS = {
    key: " ".join(row["statement"] for row in ROWS if row["source_key"] == key) for key in SOURCES
}
METHODS = {item["id"] for item in json.loads((PAPER / "methods.json").read_text(encoding="utf-8"))}
ARTICLE = read_work(read_record(PAPER / "metadata.yml")).key


def cited(text: str) -> set[str]:
    """The citation keys of a text, without cross-references."""
    keys = set(re.findall(r"(?<![\w.])@([A-Za-z][\w-]*\w)", text))
    return {key for key in keys if not re.match(r"(?i)(fig|tbl|sec|eq)-", key)}


def test_each_used_variable_is_declared():
    """The prose uses no name that has no cell behind it."""
    assert USED - set(DECLARED) == set()


def test_each_declared_variable_is_used():
    """No number is kept that no text prints."""
    assert set(DECLARED) - USED == set()


def test_each_citation_has_a_reference():
    """Every key stands in the sources, in the literature on method, or is that of the article."""
    assert cited(MANUSCRIPT) - SOURCES - METHODS == {ARTICLE}


def test_each_work_on_method_is_cited():
    """The literature on method holds nothing that the paper does not cite."""
    assert cited(" ".join(PROSE.values())) >= METHODS


def test_no_key_stands_twice_in_the_bibliography():
    """Sources and literature on method do not share a key."""
    assert set() == SOURCES & METHODS


def prose_lines():
    """The lines of running text with what is not prose taken out, and the line itself."""
    for number, line in enumerate(MANUSCRIPT.splitlines(), 1):
        text = re.sub(r"\{\{<.*?>\}\}|\{[#.].*?\}|`[^`]*`|\$[^$]*\$|<https?:[^>]*>", "", line)
        text = re.sub(r"(?<!\w)-?@[\w-]+|\]\([^)]*\)", "", text)
        if line.startswith((":::", "bibliography", "[^")):
            continue
        yield number, line, text


def unexplained(line: str, text: str) -> list[str]:
    """The numerals of a line that no cited statement and no literal of the allow-list explains."""
    for entry in ALLOWED["literals"]:
        if entry.get("within", "") in line:
            text = text.replace(entry["literal"], "")
    told = " ".join(STATEMENTS.get(key, "") for key in cited(line))
    numerals = (found.rstrip(".,:") for found in re.findall(r"\d[\d.,:]*", text))
    return [each for each in numerals if not re.search(rf"(?<!\d){re.escape(each)}(?!\d)", told)]


def test_no_number_is_typed_in_prose():
    """Each numeral is a variable, a figure of the cited source, or allowed for a reason."""
    found = {
        number: bad for number, line, text in prose_lines() if (bad := unexplained(line, text))
    }
    assert found == {}


@pytest.mark.parametrize("entry", ALLOWED["literals"], ids=lambda entry: entry["literal"])
def test_each_allowed_literal_has_a_reason_and_is_used(entry):
    """The allow-list does not grow beyond what the prose needs."""
    assert entry["reason"].strip()
    assert any(
        entry["literal"] in text and entry.get("within", "") in line
        for _, line, text in prose_lines()
    )


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
