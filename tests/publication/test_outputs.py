"""Claims about what is published: the committed CITATION.cff and the files of the build."""

import json
import tomllib

import pytest
from lxml import etree

from casebook.publication.abstract import read_abstract
from casebook.publication.article import read_article
from casebook.publication.cff import cff
from casebook.publication.record import read_record
from cli.manifest import sha256

from .conftest import OUTPUT, RECORDS, ROOT

pytestmark = pytest.mark.built


@pytest.fixture(scope="module")
def paper():
    """The paper's own article."""
    return read_article(read_record(RECORDS["paper"]))


def test_citation_cff_is_in_step_with_the_record(paper):
    """The committed file is what the record gives."""
    same = cff(paper) == (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert same, "CITATION.cff is not what paper/metadata.yml gives; repair it: make cite"


def test_versions_agree(paper):
    """The compendium has the version of the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == paper.compendium.version


def test_fixtures_are_records_too():
    """The toy studies keep the schema of the record."""
    for name in ("tests/fixtures/toy/paper/metadata.yml", "tests/manuscript/sample/metadata.yml"):
        assert read_record(ROOT / name)["compendium"]["version"]


def test_the_page_shows_one_citation():
    """The box and the front matter recommend the same."""
    page = etree.parse(OUTPUT / "manuscript.html", etree.HTMLParser(encoding="utf-8"))
    (text,) = page.xpath("//section[@id='cite']//pre[@aria-label='APA']")
    (shown,) = page.xpath("//dl[@class='record']//dt[.='Citation']/following-sibling::dd")
    assert text.text.strip() == " ".join("".join(shown.itertext()).split())


def test_the_crate_describes_the_build():
    """Each file of the crate is there with its checksum, and all that the build made is in it."""
    graph = json.loads((OUTPUT / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    files = {each["@id"]: each for each in graph if "File" in each["@type"]}
    for name, entity in files.items():
        assert sha256(OUTPUT / name) == entity["sha256"]
    aside = ("ro-crate-metadata.json", ".snakemake_timestamp")
    made = [path for path in OUTPUT.rglob("*") if path.is_file() and path.name not in aside]
    assert {path.relative_to(OUTPUT).as_posix() for path in made} == set(files)


def test_the_abstract_reaches_the_catalogues():
    """DataCite, CodeMeta and Crossref have the abstract with its numbers printed."""
    abstract = read_abstract(OUTPUT / "manuscript.xml")
    assert len(abstract) > 500
    assert "{{<" not in abstract
    for name in ("datacite.json", "codemeta.json"):
        assert abstract in json.dumps(
            json.loads((OUTPUT / name).read_text("utf-8")), ensure_ascii=False
        ).replace('\\"', '"')
    crossref = etree.parse(OUTPUT / "crossref.xml")
    assert abstract == "".join(crossref.find(".//{*}abstract").itertext()).strip()


def test_jats_keeps_the_rules_of_archives():
    """References, graphics, tables, sections and the data statement are as JATS4R has them."""
    article = etree.parse(OUTPUT / "manuscript.xml").getroot()
    references = article.findall("back/ref-list/ref")
    assert references
    assert all(each.get("id") and each[-1].get("publication-type") for each in references)
    assert all((each.findtext("alt-text") or "").strip() for each in article.iter("graphic"))
    assert all(each.find(".//th") is not None for each in article.iter("table"))
    assert all(each.find("title") is not None for each in article.iter("sec"))
    assert article.find("back/sec[@sec-type='data-availability']") is not None
    bare = {"colgroup", "col", "td", "th", "xref", "break", "hr"}
    shells = [node for node in article.iter(etree.Element) if not len(node) and not node.attrib]
    empty = {etree.QName(node).localname for node in shells if not (node.text or "").strip()}
    assert empty <= bare | {"mspace", "mrow"}


def test_jats_ids_of_people_lead_somewhere():
    """Each cross-reference of the front matter has its target there."""
    front = etree.parse(OUTPUT / "manuscript.xml").getroot().find("front")
    ids = {node.get("id") for node in front.iter(etree.Element) if node.get("id")}
    assert {node.get("rid") for node in front.iter("xref")} <= ids
