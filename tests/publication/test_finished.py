"""Claims about the four files as finished: what stands where, once, in order, and not empty."""

import base64
import hashlib
import json
import re

import docx
import pypdfium2
import pytest
from lxml import etree

from casebook.publication.page_tags import highwire

from .conftest import FINISH, OUTPUT
from .readers import HTML, html_page, meta_tags

pytestmark = pytest.mark.slow

REPEATABLE = re.compile(r"citation_(author.*|keywords|reference)|DC\.(creator|subject)")


@pytest.fixture(scope="module")
def page(folder):
    """The finished page of a record."""
    return html_page(folder / "manuscript.html")


@pytest.fixture(scope="module")
def tags(folder):
    """(name, content) of each meta element with a name."""
    return meta_tags(folder / "manuscript.html")


@pytest.fixture(scope="module")
def front(folder):
    """The front matter of the finished JATS."""
    return etree.parse(folder / "manuscript.xml").find("front")


def test_each_tag_stands_once_and_full(tags):
    """Only what may repeat repeats, nothing is empty, and no tag of a renderer is left."""
    names = [name for name, _ in tags if not REPEATABLE.fullmatch(name)]
    assert sorted(set(names)) == sorted(names)
    assert all(value.strip() for _, value in tags)
    known = re.compile(r"(citation_|DC\.|DCTERMS\.).*|description|viewport|color-scheme")
    assert [] == [name for name in names if not known.fullmatch(name)]
    assert "citation_conference" not in names


def test_google_scholar_gets_what_it_requires(tags):
    """Title, an author or more, and the date with slashes; without these it indexes nothing."""
    one = dict(tags)
    assert {"citation_title", "citation_author"} <= set(one)
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", one["citation_publication_date"])


def test_details_of_an_author_follow_the_author(tags, record):
    """Institutions, address and ORCID stand after the name that they belong to."""
    names = [name for name, _ in tags if name.startswith("citation_author")]
    expected = []
    for author in record["author"]:
        expected.append("citation_author")
        expected += ["citation_author_institution"] * len(author.get("affiliations", []))
        expected += ["citation_author_email"] * ("email" in author)
        expected += ["citation_author_orcid"] * ("orcid" in author)
    assert expected == names


def zotero(tags: list[tuple[str, str]]) -> dict:
    """The item that Zotero makes of a page, as its translator "Embedded Metadata" reads tags."""
    types = {
        "citation_journal_title": "journalArticle",
        "citation_inbook_title": "bookSection",
        "citation_conference_title": "conferencePaper",
    }
    one = dict(reversed(tags))  # of tags that repeat it reads the first
    names = [value for name, value in tags if name == "citation_author"]
    if len(names) == 1 and all(" " in half for half in names[0].split(", ")[:2]):
        names = names[0].split(", ")  # a comma between words parts two authors
    return {
        "type": [types[name] for name, _ in tags if name in types][-1],
        "authors": len(names),
        "title": one["citation_title"],
        "published": one["citation_publication_date"].replace("/", "-"),
        "container": one.get("citation_inbook_title") or one["citation_journal_title"],
        "series": one.get("citation_series_title"),
        "conference": one.get("citation_conference_title"),
        "pages": "-".join(
            one[name] for name in ("citation_firstpage", "citation_lastpage") if name in one
        ),
        "abstract": one["DC.description"],
        **{
            key: one.get(f"citation_{key}")
            for key in ("volume", "issue", "doi", "issn", "isbn", "publisher", "language")
        },
    }


def test_zotero_finds_the_item(tags, facts):
    """A paper of a conference with proceedings and series, or an article of a journal."""
    proceedings, journal = facts.get("proceedings"), facts["journal"]
    expected = {
        "type": "conferencePaper" if "conference" in facts else "journalArticle",
        "authors": len(facts["authors"]),
        "container": proceedings or journal,
        "series": journal if proceedings else None,
        "pages": "-".join(facts[key] for key in ("first", "last") if key in facts),
    }
    item = zotero(tags)
    assert {**item, **expected, **{k: facts.get(k) for k in item if k not in expected}} == item


def test_cited_works_are_those_of_the_list(tags):
    """One `citation_reference` for each work of the list of references, and no other."""
    assert [
        "citation_title=A, b; citation_author=Ab, C.; citation_author=Office of Soil; "
        "citation_publication_date=2001; citation_journal_title=Soils; citation_volume=3; "
        "citation_firstpage=1; citation_lastpage=9; citation_doi=10.5555/soil"
    ] == [value for name, value in tags if name == "citation_reference"]


def test_the_build_lists_as_many_works_as_it_cites():
    """The page of the build and its JATS have the same number of references."""
    tags = [name for name, _ in meta_tags(OUTPUT / "manuscript.html")]
    listed = etree.parse(OUTPUT / "manuscript.xml").findall(".//ref-list/ref")
    assert len(listed) == tags.count("citation_reference") > 0


@pytest.mark.parametrize(
    ("kind", "container", "publisher"),
    [
        ("chapter", "inbook_title", "publisher"),
        ("paper-conference", "conference_title", "publisher"),
        ("thesis", "journal_title", "dissertation_institution"),
        ("report", "journal_title", "technical_report_institution"),
        ("article-newspaper", "journal_title", "publisher"),
    ],
)
def test_a_cited_work_says_what_it_is(article, kind, container, publisher):
    """Books, conferences, theses and reports have tags of their own."""
    source = {"id": "a", "type": kind, "title": "T", "container-title": "C", "publisher": "P"}
    value = dict(highwire(article, [source]))["citation_reference"]
    assert f"citation_title=T; citation_{container}=C; citation_{publisher}=P" == value


def test_the_pdf_has_an_address_only_with_a_site(tags, article):
    """`citation_pdf_url` is absolute and ends in .pdf; without a site there is none."""
    site = article.compendium.site
    expected = f"{site.rstrip('/')}/manuscript.pdf" if site else None
    assert expected == dict(tags).get("citation_pdf_url")


def test_links_lead_crawlers_on(page, facts):
    """FAIR Signposting: identifier, authors, licence, files and descriptions, each with a type."""
    links = [dict(link.items()) for link in page.iter(f"{HTML}link")]
    found = {}
    for link in links:
        found.setdefault(link["rel"], []).append(link["href"])
    doi = facts.get("doi")
    assert [f"https://doi.org/{doi}"] * bool(doi) == found.pop("cite-as", [])
    assert [f"https://orcid.org/{each}" for each in facts.get("orcids", [])] == found.pop(
        "author", []
    )
    assert [facts["terms"]] == found.pop("license")
    assert ["manuscript.pdf", "manuscript.docx", "manuscript.xml"] == found.pop("item")
    assert all((OUTPUT / name).is_file() for name in found.pop("describedby"))
    assert {"type", "schema.DC", "schema.DCTERMS"} == set(found)
    assert all("type" in link for link in links if link["rel"] in ("item", "describedby"))


def test_linked_data_cannot_end_its_element(page, folder):
    """The JSON-LD escapes what would close it, and names the other files with their checksums."""
    script = next(page.iter(f"{HTML}script"))
    assert "</" not in script.text
    files = json.loads(script.text)["encoding"]
    assert ["manuscript.pdf", "manuscript.docx", "manuscript.xml"] == [f["name"] for f in files]
    for file in files:
        digest = hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest()
        assert digest == file["sha256"]


def test_the_box_works_without_a_script(page, texts):
    """Each text is there as text and as a download that holds the same bytes."""
    box = page.find(f".//{HTML}section[@id='cite']")
    shown = ["".join(pre.itertext()) for pre in box.iter(f"{HTML}pre")]
    assert [texts["txt"], texts["bib"].strip() + "\n", texts["ris"]] == shown
    links = [link for link in box.iter(f"{HTML}a") if link.get("download")]
    assert ["citation.txt", "citation.bib", "citation.ris"] == [x.get("download") for x in links]
    assert list(box.iter(f"{HTML}button")) == []


def test_the_policy_allows_the_scripts_of_the_page_alone(page):
    """Each script that runs is named by its SHA-256, and nothing else may run."""
    scripts = [x.text for x in page.iter(f"{HTML}script") if "json" not in x.get("type", "")]
    digests = [hashlib.sha256(text.encode()).digest() for text in scripts]
    allowed = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    policy = next(x.get("content") for x in page.iter(f"{HTML}meta") if x.get("http-equiv"))
    assert f"script-src {' '.join(allowed)};" in policy


def test_the_policy_allows_the_style_sheet_of_the_page_alone(page):
    """No style stands in an attribute, and none is allowed that is not known by its hash."""
    assert [] == [element.tag for element in page.iter() if element.get("style")]
    sheets = [sheet.text for sheet in page.iter(f"{HTML}style")]
    digests = [hashlib.sha256(text.encode()).digest() for text in sheets]
    allowed = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    policy = next(x.get("content") for x in page.iter(f"{HTML}meta") if x.get("http-equiv"))
    assert f"style-src {' '.join(allowed)};" in policy
    assert "unsafe" not in policy


def test_the_front_matter_of_jats_has_no_empty_element(front, facts):
    """Nothing is a placeholder; the licence is an address and a sentence that says its scope."""
    leaves = [node for node in front.iter(etree.Element) if len(node) == 0]
    assert [] == [node.tag for node in leaves if not (node.text or "").strip()]
    license = front.find("article-meta/permissions/license")
    assert {} == dict(license.attrib)  # the address stands in license_ref alone
    kind = "The article" if "license" in facts else "The text of this"
    assert license.findtext("license-p").startswith(kind)


def test_cross_references_of_the_front_matter_lead_somewhere(front):
    """Each note and affiliation that an author points to is there."""
    ids = {node.get("id") for node in front.iter(etree.Element)}
    assert {node.get("rid") for node in front.iter("xref")} <= ids


def test_a_conference_has_its_day_only_where_it_is_known(front, record):
    """`conf-date` says what the record says; there is no conference without one in the record."""
    conference = record["publication"].get("conference")
    element = front.find("article-meta/conference")
    assert (conference is None) == (element is None)
    if conference:
        assert conference.get("dates") == element.findtext("conf-date")


@pytest.mark.parametrize("format", ["html", "pdf", "docx", "xml"])
def test_readers_see_the_texts_of_the_record(format, folder, facts):
    """Title, people, journal and notice are shown as they stand: `<order>` is no element."""
    path = folder / f"manuscript.{format}"
    if format == "html":
        text = "".join(html_page(path).find(f"{HTML}body").itertext())
    elif format == "pdf":
        pages = pypdfium2.PdfDocument(path)
        text = " ".join(each.get_textpage().get_text_range() for each in pages)
    elif format == "docx":
        text = " ".join("".join(p.itertext()) for p in docx.Document(path).element.body)
        text += " ".join(
            "".join(s.header._element.itertext()) for s in docx.Document(path).sections
        )
    else:
        text = "".join(etree.parse(path).getroot().itertext())
    shown = plain(text)
    wanted = [facts["title"], facts["journal"], facts.get("notice", "")]
    wanted += facts["authors"] if format != "xml" else []  # there the surname stands first
    # PDFium gives right-to-left text in the order in which it is drawn.
    wanted = [each for each in wanted if format != "pdf" or not re.search("[\u0600-\u06ff]", each)]
    assert [] == [each for each in wanted if plain(each) not in shown]


def plain(text: str) -> str:
    """Text without quotes, spaces and hyphens at line ends, which typesetting changes."""
    return re.sub(r"[\s\u00ad\ufffe\u200b“”\"'\u2018’-]", "", text)


def test_finishing_is_the_same_each_time(folder, record):
    """The same render gives the same PDF and Word file."""
    for format in ("pdf", "docx"):
        raw = folder.parent / f"raw.{format}"
        again = FINISH[format](raw, record)
        assert (folder / f"manuscript.{format}").read_bytes() == again
