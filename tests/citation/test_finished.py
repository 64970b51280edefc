"""Claims about the four files as finished: each says what the record says, once and in order.

The renders are the smallest that `finish` takes, so that every record can be tried.
"""

import json
import re
from io import BytesIO

import html5lib
import pikepdf
import pytest
from lxml import etree

from casebook.citation.bibtex import bibtex
from casebook.citation.ris import ris
from casebook.render import finish_docx, finish_html, finish_jats, finish_pdf

from .conftest import ABSTRACT, only
from .test_round_trip import share

HTML = "{http://www.w3.org/1999/xhtml}"
ALI = "{http://www.niso.org/schemas/ali/1.0/}"
CITED = {"id": "a", "type": "article-journal", "title": "A; b", "issued": {"date-parts": [[2001]]}}


@pytest.fixture(scope="session")
def page(work, record):
    """The finished page of a record."""
    escaped = ABSTRACT.replace("&", "&amp;").replace("<", "&lt;")
    content = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title><style></style>'
        '<meta name="citation_conference" content="wrong"></head><body><main><article>'
        f'<h1 class="title">x</h1><section class="abstract"><p>{escaped}</p></section>'
        "</article></main></body></html>"
    )
    texts = {"txt": "Cited as <this> & that.", "bib": bibtex(work), "ris": ris(work)}
    given = {"references": [CITED], "encodings": [], "citations": texts}
    done = finish_html.finish(content.encode(), record, **given)
    parser = html5lib.HTMLParser(strict=True)
    return parser.parse(done.decode())


@pytest.fixture(scope="session")
def tags(page):
    """(name, content) of each meta element with a name."""
    metas = page.iter(f"{HTML}meta")
    return [(meta.get("name"), meta.get("content")) for meta in metas if meta.get("name")]


def test_page_has_each_highwire_tag_once_and_right(tags, facts, work):
    """What Google Scholar reads is the record; only repeatable tags repeat; none is empty."""
    one = {name: value for name, value in tags if name.startswith("citation_")}
    assert all(one.values())
    said = {
        "title": one["citation_title"],
        "published": one["citation_publication_date"].replace("/", "-"),
        "journal": one["citation_journal_title"],
        "conference": one.get("citation_conference_title"),
        "volume": one.get("citation_volume"),
        "issue": one.get("citation_issue"),
        "first": one.get("citation_firstpage"),
        "last": one.get("citation_lastpage"),
        **{key: one.get(f"citation_{key}") for key in ("doi", "issn", "isbn")},
        "keywords": [value for name, value in tags if name == "citation_keywords"],
        "emails": [value for name, value in tags if name == "citation_author_email"],
    }
    assert share(facts, " ".join(said)) == only(said)
    authors = [value for name, value in tags if name == "citation_author"]
    assert len(work.authors) == len(authors)
    repeatable = re.compile(r"citation_(author.*|keywords|reference)|DC\.(creator|subject)")
    names = [name for name, _ in tags if not repeatable.fullmatch(name)]
    assert sorted(set(names)) == sorted(names)
    assert "citation_conference" not in names


def test_zotero_would_find_the_item(tags, work):
    """Its page translator takes the type from the last tag of a container, and names as parts."""
    kinds = {"citation_journal_title": "article", "citation_conference_title": "conference"}
    found = [kinds[name] for name, _ in tags if name in kinds]
    assert ("conference" if work.conference else "article") == found[-1]
    for name, value in tags:
        if name == "citation_author":
            halves = value.split(", ")
            # Words on both sides of a comma would make two authors of one.
            assert len(halves) == 1 or not all(" " in half for half in halves[:2])
    assert {"citation_title", "citation_author", "citation_publication_date"} <= set(dict(tags))


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


def test_page_has_dublin_core(tags, facts, work):
    """Dublin Core says title, creators, date, language, source and rights."""
    one = dict(tags)
    assert facts["title"] == one["DC.title"]
    assert facts["published"] == one["DC.date"]
    assert facts["journal"] == one["DC.source"]
    assert facts.get("proceedings") == one.get("DC.relation.isPartOf")
    assert [person.inverted for person in work.authors] == [
        value for name, value in tags if name == "DC.creator"
    ]
    assert work.compendium.licenses["text"] in one["DC.rights"]
    assert ABSTRACT == one["DC.description"]


def test_page_pdf_address_only_with_a_site(tags, work):
    """`citation_pdf_url` is absolute and ends in .pdf; without a site there is none."""
    site = work.compendium.site
    expected = f"{site.rstrip('/')}/manuscript.pdf" if site else None
    assert expected == dict(tags).get("citation_pdf_url")


def test_page_linked_data(page, facts, work):
    """The JSON-LD says what the record says and cannot end its element early."""
    script = next(page.iter(f"{HTML}script"))
    assert "</" not in script.text
    item = json.loads(script.text)
    assert facts["title"] == item["headline"]
    assert facts["givens"] == [person["givenName"] for person in item["author"]]
    assert facts["published"] == item["datePublished"]
    assert facts.get("conference") == item.get("recordedAt", {}).get("name")
    assert work.compendium.title == item["isBasedOn"][0]["name"]
    assert ABSTRACT == item["abstract"]


def test_page_box_works_without_a_script(page, work):
    """Each text is there as text and as a download that holds the same bytes."""
    box = page.find(f".//{HTML}section[@id='cite']")
    texts = ["".join(pre.itertext()) for pre in box.iter(f"{HTML}pre")]
    assert ["Cited as <this> & that.\n", bibtex(work).strip() + "\n", ris(work)] == texts
    links = [link for link in box.iter(f"{HTML}a") if link.get("download")]
    assert ["citation.txt", "citation.bib", "citation.ris"] == [x.get("download") for x in links]
    assert list(box.iter(f"{HTML}button")) == []
    policy = next(x.get("content") for x in page.iter(f"{HTML}meta") if x.get("http-equiv"))
    assert "script-src 'none';" in policy


@pytest.fixture(scope="session")
def article(record, tmp_path_factory):
    """The finished JATS of a record, rendered with a wrong front."""
    escaped = ABSTRACT.replace("&", "&amp;").replace("<", "&lt;")
    content = (
        '<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><issn></issn>'
        f"</journal-meta><article-meta><abstract><p>{escaped}</p></abstract></article-meta></front>"
        "<body><sec><title>A</title><p>b</p></sec></body></article>"
    )
    return etree.fromstring(finish_jats.finish(content.encode(), record))


def test_jats_front_matter(article, facts, record, work):
    """The front matter says what the record says, and nothing else."""
    meta, journal = article.find("front/article-meta"), article.find("front/journal-meta")
    text = meta.findtext
    conference = meta.find("conference")
    dates = {date.get("date-type"): date.get("iso-8601-date") for date in meta.iter("date")}
    contributors = meta.findall("contrib-group/contrib")
    said = {
        "title": text("title-group/article-title"),
        "suffixes": [each.findtext("name/suffix", "") for each in contributors],
        "orcids": [each.text.rpartition("/")[2] for each in meta.iter("contrib-id")],
        "affiliations": [
            [
                meta.findtext(f"contrib-group/aff[@id='{xref.get('rid')}']/institution")
                for xref in each.iterfind("xref[@ref-type='aff']")
            ]
            for each in contributors
        ],
        "keywords": [each.text for each in meta.iterfind("kwd-group/kwd")],
        "journal": journal.findtext("journal-title-group/journal-title"),
        "issn": journal.findtext("issn"),
        "doi": text("article-id[@pub-id-type='doi']"),
        "isbn": text("isbn"),
        "volume": text("volume"),
        "issue": text("issue"),
        "first": text("fpage"),
        "last": text("lpage"),
        "submitted": dates.get("received"),
        "accepted": dates.get("accepted"),
        "published": meta.find("pub-date").get("iso-8601-date"),
        "conference": text("conference/conf-name"),
        "place": text("conference/conf-loc"),
        "organisers": [each.text for each in meta.iterfind("conference/conf-sponsor")],
    }
    assert share(facts, " ".join(said)) == only(said)
    assert [person.surname for person in work.authors] == [
        each.findtext("name/surname") for each in contributors
    ]
    dates = record["publication"].get("conference", {}).get("dates")
    assert dates == (None if conference is None else conference.findtext("conf-date"))
    assert ABSTRACT == text("abstract/p")


def test_jats_has_licence_and_no_empty_element(article, facts, work):
    """The licence is an address and a sentence that says what it covers; nothing is empty."""
    license = article.find("front/article-meta/permissions/license")
    address = license.findtext(f"{ALI}license_ref")
    assert address == license.get("{http://www.w3.org/1999/xlink}href")
    assert facts.get("license", address) == address
    kind = "The article" if work.license else "The text of this"
    assert license.findtext("license-p").startswith(kind)
    leaves = [node for node in article.find("front").iter() if len(node) == 0]
    assert [] == [node.tag for node in leaves if not (node.text or "").strip()]


def test_jats_front_has_the_order_of_the_tag_set(article):
    """The children of article-meta follow each other as the tag set has them."""
    order = ["article-id", "title-group", "contrib-group", "author-notes", "pub-date", "volume"]
    order += ["issue", "isbn", "fpage", "lpage", "history", "permissions", "abstract"]
    order += ["kwd-group", "conference"]
    names = [node.tag for node in article.find("front/article-meta")]
    assert [name for name in order if name in names] == names


def test_pdf_information_and_xmp(record, facts, work):
    """Document information and XMP say what the record says."""
    content = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content)
    done = finish_pdf.finish(content.getvalue(), record)
    assert done == finish_pdf.finish(content.getvalue(), record)
    with pikepdf.open(BytesIO(done)) as pdf:
        assert facts["title"] == str(pdf.docinfo["/Title"])
        assert ", ".join(person.full for person in work.authors) == str(pdf.docinfo["/Author"])
        assert facts["journal"] in str(pdf.docinfo["/Subject"])
        with pdf.open_metadata() as xmp:
            prism = "{http://prismstandard.org/namespaces/basic/2.0/}"
            said = {
                "title": xmp["dc:title"],
                "journal": xmp[f"{prism}publicationName"],
                "volume": xmp.get(f"{prism}volume"),
                "issue": xmp.get(f"{prism}number"),
                "first": xmp.get(f"{prism}startingPage"),
                "last": xmp.get(f"{prism}endingPage"),
                "published": xmp[f"{prism}publicationDate"],
                "conference": xmp.get(f"{prism}event"),
                "doi": xmp.get(f"{prism}doi"),
            }
            assert share(facts, " ".join(said)) == only(said)
            assert [person.full for person in work.authors] == list(xmp["dc:creator"])
            assert work.compendium.licenses["text"] in xmp["dc:rights"]


def test_docx_core_properties(record, facts, work):
    """The core properties say title, authors, keywords, date and where it appeared."""
    root = etree.fromstring(finish_docx.core_properties(record))
    values = {etree.QName(node).localname: node.text for node in root}
    assert facts["title"] == values["title"]
    assert [person.full for person in work.authors] == values["creator"].split("; ")
    assert facts["keywords"] == values["keywords"].split("; ")
    assert facts["published"] == values["created"][:10]
    assert facts["lang"] == values["language"]
    assert facts["journal"] in values["subject"]
    assert work.doi_address == values.get("identifier", "")
    assert all(values.values())
