"""Claims about the numbers of the article in a browser: each can be asked where it comes from."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from casebook.claims.variables import FORMATS
from casebook.study.tables import read_table

from .conftest import OUTPUT

ROOT = OUTPUT.parents[1]

PLACES = ("cities", "countries", "regions", "decades")


@pytest.fixture(scope="module")
def claims():
    """The published claims."""
    return json.loads((OUTPUT / "claims.json").read_text(encoding="utf-8"))["claims"]


@pytest.fixture
def article(visit):
    """Open the article once its script has run."""

    def opened(**options):
        page = visit("manuscript.html", reduced_motion="reduce", **options)
        page.wait_for_selector("html.js")
        return page

    return opened


def found(page, fragment):
    """How many cases, scores, statements (also withdrawn ones) and sources an address finds."""
    page.evaluate("fragment => { location.hash = fragment }", fragment)
    page.wait_for_function("fragment => location.hash === '#' + fragment", arg=fragment)
    counts = page.get_by_text(re.compile("^Found: ")).inner_text()
    numbers = re.findall(r"(\d[\d,]*)(?: of [\d,]+)? (\w+)", counts)
    counts = {unit.rstrip("s"): int(number.replace(",", "")) for number, unit in numbers}
    gone = counts.get("withdrawn", 0)
    return {f"{unit}s": n for unit, n in counts.items()} | {
        "statements": gone + (0 if fragment == "find?show=withdrawn" else counts["statement"])
    }


def expected(evidence):
    """What the explorer should find: the kind of thing, and how many."""
    ids = evidence["ids"] if evidence["kind"] != "statistic" else evidence["among"]
    if evidence["unit"] in PLACES:  # they are read off all the cases
        return "cases", len(read_table(ROOT / "data/processed/cases.csv"))
    if evidence["unit"] != "cells":
        return evidence["unit"], len(ids)
    if "show=scores" in evidence["page"]:
        return "scores", len(ids)
    return "cases", len({each.partition("/")[0] for each in ids})


def test_the_explorer_finds_just_what_a_number_counts(visit, claims):
    """As many cases, scores or sources as the list behind the number is long."""
    page = visit("evidence.html")
    pages = {each["evidence"]["page"]: each["evidence"] for each in claims if each["evidence"]}
    searches = {address: each for address, each in pages.items() if address and "#find?" in address}
    assert len(searches) > 20
    for address, evidence in searches.items():
        unit, count = expected(evidence)
        assert count == found(page, address.partition("#")[2])[unit], address


def test_only_numbers_that_count_no_evidence_lead_to_none(claims):
    """Rows and conditions of a model, passes, tests and specifications are no cases or sources."""
    without = {each["name"] for each in claims if not (each["evidence"] or {}).get("page")}
    tables = {"models", "remainders", "robustness_tests", "multiverse_subset_terms"}
    assert {"overview.passes"} == {
        each["name"]
        for each in claims
        if each["name"] in without and Path(each["file"]).stem not in tables
    }
    assert {None} == {each["evidence"] for each in claims if each["name"] in without}


def test_each_number_leads_to_its_cell(visit, claims):
    """The explorer marks the cell that holds the number, in the row that the ledger names."""
    page = visit("evidence.html")
    for claim in claims:
        page.evaluate(
            """address => new Promise(done => {
                addEventListener("hashchange", () => setTimeout(done), { once: true });
                location.hash = address;
            })""",
            claim["page"].partition("#")[2],
        )
        heads, cells, marked = page.evaluate(
            """() => [[...document.querySelectorAll(".result thead th")].map(e => e.textContent),
                [...document.querySelectorAll(".result .here > *")].map(e => e.textContent),
                [...document.querySelectorAll(".result mark")].map(e => e.textContent)]"""
        )
        assert Path(claim["file"]).stem == page.locator(".detail h2").inner_text()
        shown = dict(zip(heads, cells, strict=True))
        assert str(claim["row_number"]) == shown["Row"]
        assert [shown[claim["column"]]] == marked
        assert claim["text"] == FORMATS[claim["format"]](marked[0])
        for column, value in claim["row"].items():
            assert str(value) == shown[column]


def test_the_row_that_is_led_to_is_in_sight_with_its_cell(visit, claims):
    """Also in a long and wide table on a narrow screen."""
    claim = next(each for each in claims if each["name"] == "multiverse.no_sustained.kept")
    page = visit("evidence.html", claim["page"].partition("#")[2], width=390)
    expect(page.locator(".result mark")).to_be_in_viewport()
    expect(page.locator(".result .here")).to_be_focused()


def test_the_explorer_opens_the_one_case_that_a_number_counts(visit, claims):
    """A count of one leads to the case itself."""
    single = [each["evidence"] for each in claims if each["evidence"] and each["value"] == 1]
    assert single
    for evidence in single:
        if "#case-" in (evidence["page"] or ""):
            assert evidence["page"] == f"evidence.html#case-{evidence['ids'][0]}"
            page = visit("evidence.html", evidence["page"].partition("#")[2])
            assert page.locator("h1").inner_text().strip()


@pytest.mark.parametrize("act", ["hover", "focus", "tap"])
def test_a_number_shows_its_origin(article, claims, act):
    """Mouse, keyboard or finger: text, table, row, column and evidence, with the link to it."""
    claim = next(each for each in claims if each["name"] == "prevalence.mis.present")
    page = article(has_touch=act == "tap")
    number = page.locator(f"main p a.claim[href='#claim-{claim['name']}']").first
    number.scroll_into_view_if_needed()
    if act == "focus":
        page.keyboard.press("Tab")  # so that focus is that of a keyboard
    getattr(number, act)()
    preview = page.locator("#preview:popover-open")
    preview.wait_for()
    shown = " ".join(preview.inner_text().split())
    counted, among = len(claim["evidence"]["ids"]), len(claim["evidence"]["among"])
    for part in (claim["text"], "prevalence", "construct = MIS", claim["column"]):
        assert part in shown
    link = preview.get_by_role("link", name=f"{counted} of {among} cases")
    assert claim["evidence"]["page"] == link.get_attribute("href")
    row = preview.get_by_role("link", name=f"prevalence, row {claim['row_number']}")
    assert claim["page"] == row.get_attribute("href")


def test_a_number_leads_to_its_row_without_a_script(visit, claims):
    """The link works by itself."""
    page = visit("manuscript.html", java_script_enabled=False)
    number = page.locator("main p a.claim").first
    number.click()
    target = page.url.partition("#")[2]
    assert target == f"claim-{claims[0]['name']}"
    assert page.locator(f"tr[id='{target}']").is_visible()
