"""Claims about the ledger of claims of the built paper."""

import json
import re
from pathlib import Path

import html5lib
import jsonschema
import pytest
import yaml
from lxml import etree

from casebook.claims.prose import read_prose
from casebook.claims.typed_numbers import VARIABLE
from casebook.claims.variables import FORMATS, select
from casebook.exhibits.markdown import claim_label
from casebook.readers import read_yaml
from casebook.study.tables import read_table

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "paper"
SCHEMA = ROOT / "analysis/casebook/claims/claims.schema.yaml"
HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="session")
def ledger(output):
    """The published ledger."""
    return json.loads((output / "claims.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def claims(ledger):
    """The claims by name."""
    return {claim["name"]: claim for claim in ledger["claims"]}


@pytest.fixture(scope="session")
def page(output):
    """The article as a browser reads it."""
    return html5lib.parse((output / "manuscript.html").read_bytes())


@pytest.fixture(scope="session")
def rows(page):
    """The rows of the ledger in the article, by their label."""
    return {row.get("id"): row for row in page.iter(f"{HTML}tr") if row.get("id")}


@pytest.fixture(scope="session")
def marks(page):
    """The marked numbers of the article."""
    return [link for link in page.iter(f"{HTML}a") if link.get("class") == "claim"]


def text_of(node):
    """The text of a node with single spaces."""
    return " ".join("".join(node.itertext()).split())


def test_the_ledger_is_as_its_schema_describes_it(ledger):
    """Closed: nothing is in it that is not described."""
    jsonschema.validate(ledger, yaml.safe_load(SCHEMA.read_text("utf-8")))


def test_the_ledger_holds_exactly_the_names_that_the_prose_uses(ledger):
    """Each once."""
    names = ("manuscript.qmd", "captions.yml", "checklist.yml")
    prose = read_prose(*(PAPER / name for name in names))
    used = {name for each in prose for name in VARIABLE.findall(each.text)}
    assert sorted(used) == sorted(claim["name"] for claim in ledger["claims"])


def test_each_claim_is_its_cell(claims):
    """The file has one such row, its cell is the value, and the format gives the text."""
    for claim in claims.values():
        table = read_table(ROOT / claim["file"])
        found = select(table, claim["row"])
        assert found.equals(table.iloc[[claim["row_number"] - 2]])
        assert [claim["value"]] == found[claim["column"]].tolist()
        assert claim["text"] == FORMATS[claim["format"]](claim["value"])


def test_counts_are_as_long_as_their_lists(claims):
    """A count is the length of its list, a share that of the one over the other."""
    kinds = set()
    for claim in claims.values():
        if evidence := claim["evidence"]:
            kinds.add(evidence["kind"])
            counted, among = len(evidence["ids"]), len(evidence["among"])
            expected = {"count": counted, "share": round(counted / among, 6)}
            assert claim["value"] == expected.get(evidence["kind"], claim["value"]), claim["name"]
            assert evidence["kind"] == "statistic" or {*evidence["ids"]} <= {*evidence["among"]}
    assert kinds == {"count", "share", "statistic"}


def test_what_is_counted_exists(claims):
    """Case, statement and source ids are those of the tidy tables."""
    tables = {"cases": "case_id", "statements": "evidence_id", "sources": "key"}
    known = {
        unit: set(read_table(ROOT / f"data/processed/{unit}.csv")[key])
        for unit, key in tables.items()
    }
    withdrawn = set(read_table(ROOT / "data/raw/withdrawn.csv")["evidence_id"])
    known["statements"] |= withdrawn
    for claim in claims.values():
        evidence = claim["evidence"]
        if evidence and evidence["unit"] in known:
            assert {*evidence["ids"], *evidence["among"]} <= known[evidence["unit"]]


def test_mistrust_is_present_in_the_cases_whose_score_is_above_one_half(claims):
    """The list behind a number of the abstract, counted by hand from the final scores."""
    scores = read_table(ROOT / "data/processed/scores.csv")
    mine = scores[scores["construct"].eq("MIS") & scores["score"].gt(0.5)]
    assert sorted(mine["case_id"]) == sorted(claims["prevalence.mis.share"]["evidence"]["ids"])


def test_each_rule_is_the_one_that_makes_the_file(ledger, claims):
    """As the rule files say: its docstring, and the file among its outputs."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "analysis/rules").glob("*.smk"))
    bodies = dict(re.findall(r"^rule (\w+):\n((?:(?: {4}.*)?\n)+)", text, re.M))
    for claim in claims.values():
        body = bodies[claim["rule"]]
        assert ledger["rules"][claim["rule"]]["method"] in body
        outputs = re.findall(r'"(data/[^"]+)"', body.partition("output:")[2])
        patterns = [re.sub(r"\\{\w+\\}", "[^/]+", re.escape(each)) for each in outputs]
        assert any(re.fullmatch(pattern, claim["file"]) for pattern in patterns)


def test_the_files_behind_a_rule_lead_to_the_raw_data(ledger):
    """Inputs exist, no module is among them, and the raw ones are raw."""
    for rule in ledger["rules"].values():
        assert rule["raw"]
        assert all(name.startswith("data/raw/") for name in rule["raw"])
        assert all((ROOT / name).is_file() for name in [*rule["inputs"], *rule["raw"]])
        assert not any("casebook" in name for name in rule["inputs"])


def test_each_claim_has_its_row(claims, rows):
    """The row shows the text first and then where it is used, both as in claims.json."""
    assert {claim_label(name) for name in claims} == set(rows)
    for name, claim in claims.items():
        first, places, *_ = rows[claim_label(name)]
        assert claim["text"] == text_of(first)
        links = [link.get("href") for link in places.iter(f"{HTML}a")]
        assert [f"#{label}" for label in claim["used_in"] if "-" in label] == links


def test_each_number_is_marked_and_leads_to_its_row(claims, rows, marks):
    """As often as the prose uses it, with the text of the row."""
    prose = read_prose(
        *(PAPER / f"{name}" for name in ("manuscript.qmd", "captions.yml", "checklist.yml"))
    )
    uses = [name for each in prose for name in VARIABLE.findall(each.text)]
    assert sorted(f"#{claim_label(name)}" for name in uses) == sorted(m.get("href") for m in marks)
    for mark in marks:
        assert text_of(mark) == text_of(rows[mark.get("href")[1:]][0])


def test_each_place_of_use_holds_the_number(claims, page, marks):
    """A mark stands in the section, the figure or the table that the ledger names."""
    inside = {}
    for node in page.iter():
        if node.get("id", "").startswith(("sec-", "fig-", "tbl-")):
            inside[node.get("id")] = {mark.get("href") for mark in node.iter(f"{HTML}a")}
    for name, claim in claims.items():
        for label in claim["used_in"]:
            if "-" in label:
                assert f"#{claim_label(name)}" in inside[label], (name, label)


def test_rows_lead_to_the_table_and_to_the_evidence(claims, rows):
    """Third and last cell link to the pages that claims.json names, and only there is one."""
    for name, claim in claims.items():
        table, evidence = (
            [link.get("href") for link in rows[claim_label(name)][at].iter(f"{HTML}a")]
            for at in (2, -1)
        )
        assert [claim["page"]] == table
        assert [(claim["evidence"] or {}).get("page")] == (evidence or [None])


def test_the_tables_of_the_numbers_lie_beside_the_page(output, claims):
    """Whoever has the page has the files, each as the workflow made it."""
    for file in {claim["file"] for claim in claims.values()}:
        assert (ROOT / file).read_bytes() == (output / "source" / file).read_bytes()


def test_other_formats_print_plain_numbers(output):
    """JATS has the table, and no link to a page or to a row."""
    article = etree.parse(output / "manuscript.xml", etree.XMLParser(load_dtd=False))
    links = article.xpath("//@*[name()='xlink:href' or name()='rid']")
    assert not [link for link in links if link.startswith(("claim-", "#claim", "evidence.html"))]
    assert len(article.xpath("//table-wrap[@id='tbl-claims']//tbody/tr")) == len(
        read_yaml(PAPER / "variables.yml", "variables.yml")
    )


def test_the_abstract_of_the_metadata_is_plain(output):
    """No mark of a link is left in what other catalogues take."""
    for name in ("datacite.json", ".zenodo.json", "crossref.xml", "codemeta.json"):
        text = (output / name).read_text(encoding="utf-8")
        assert "claim-" not in text
        assert "{.claim}" not in text
