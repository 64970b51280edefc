"""Claims about the front page of records that lack much or have much: nothing dangles."""

import re

import docx
import html5lib
import pypdfium2
import pytest
import yaml
from lxml import etree

from casebook.errors import RenderError

from .conftest import build, make_paper

pytestmark = pytest.mark.slow

HTML = "{http://www.w3.org/1999/xhtml}"
# A separator without one of its sides, a label without its fact, a value that is none.
DANGLING = re.compile(
    r"\.\s+\.|\bnil\b|\bNone\b|\bnull\b|\(\s*\)|\[\s*\]|[,;·&]\s*[,;·.)]|(^|\n)\s*[,;:·.]|[,;:·&]\s*($|\n)"
)
PIECES = {"p", "h1", "h2", "dt", "dd", "span", "sup", "a", "time"}
NAMES = [
    ("Eleni", "Παπαδοπούλου"),
    ("Oleksandr", "Шевченко"),
    ("Zoë", "Ångström"),
    ("Łukasz", "Çelik"),
]
LONG = "What is long has to be broken: " + "a title of many words " * 12 + "and its end"


def bare(record):
    """No more than there must be."""
    record["author"] = [{"name": {"given": "A.", "family": "Green"}}]
    record["publication"] = {
        "journal": {"title": "A Journal", "abbreviation": "AJ"},
        "history": {"published": "2024-12-30"},
    }


def no_issue(record):
    """A volume alone, and neither pages nor a proceedings."""
    for name in ("issue", "first-page", "proceedings"):
        del record["publication"][name]


def no_volume(record):
    """An issue without the volume that it belongs to."""
    del record["publication"]["volume"]


def no_email(record):
    """Somebody answers letters, but nobody knows where."""
    del record["author"][0]["email"]
    del record["publication"]["journal"]["email"]


def no_conference(record):
    """Nor organisers, nor the dates before publication."""
    for name in ("conference", "organisers"):
        del record["publication"][name]
    for name in ("submitted", "accepted"):
        del record["publication"]["history"][name]


def crowd(record):
    """Many authors with names of many scripts, many affiliations, a long title, a DOI, pages."""
    record["title"] = LONG
    record["author"] = [
        {
            "name": {"given": given, "family": family},
            "affiliations": [f"School {at % 5}", "Society"],
        }
        for at, (given, family) in enumerate(NAMES * 4)
    ]
    name = {
        "given": "Ludwig",
        "non-dropping-particle": "van der",
        "family": "Berg",
        "suffix": "Jr.",
    }
    record["author"].append({"name": name, "corresponding": True, "email": "a@example.org"})
    record["publication"] |= {"doi": "10.5555/12345678", "last-page": "19"}


RECORDS = {
    each.__name__: each for each in (bare, no_issue, no_volume, no_email, no_conference, crowd)
}


@pytest.fixture(scope="module", params=RECORDS)
def made(request, embedded, tmp_path_factory):
    """The record, and the four files of the toy paper with it."""
    folder = tmp_path_factory.mktemp(request.param)
    paper = make_paper(folder)
    record = yaml.safe_load((paper / "metadata.yml").read_text("utf-8"))
    RECORDS[request.param](record)
    (paper / "metadata.yml").write_text(yaml.safe_dump(record, allow_unicode=True), "utf-8")
    return record, build(paper, folder, embedded)


def spaces(text):
    """Text with single spaces."""
    return " ".join(text.split())


def dangling(texts):
    """What dangles in some pieces of text, with the piece."""
    return [(found[0], text) for text in texts if (found := DANGLING.search(text))]


def test_the_page_has_no_empty_place(made):
    """No piece of the front matter is empty or dangles, and each link leads somewhere."""
    record, files = made
    page = html5lib.parse(files["html"].read_bytes())
    ids = {each.get("id") for each in page.iter()}
    for link in page.iter(f"{HTML}a"):
        assert link.get("href")
        assert not link.get("href").startswith("#") or link.get("href")[1:] in ids
        assert not re.fullmatch(r"mailto:|https://(doi|orcid)\.org/", link.get("href"))
    front = [page.find(f".//{HTML}header[@class='{name}']") for name in ("masthead", "title-block")]
    front.append(page.find(f".//{HTML}footer"))
    pieces = [each for part in front for each in part.iter() if each.tag[len(HTML) :] in PIECES]
    texts = [spaces("".join(each.itertext())) for each in pieces]
    assert all(texts)
    assert [] == dangling(texts)
    assert record["title"] in texts
    authors = next(each for each in front[1].iter(f"{HTML}p") if each.get("class") == "authors")
    for author in record["author"]:
        assert author["name"]["family"] in "".join(authors.itertext())


def test_the_first_page_of_the_pdf_has_no_empty_place(made):
    """Its lines are whole, and the title is on it."""
    record, files = made
    text = pypdfium2.PdfDocument(files["pdf"])[0].get_textpage().get_text_range()
    assert spaces(record["title"])[:40] in spaces(text)
    assert not re.search(r"\bnil\b|\bnone\b|\(\s*\)|[,;·&]\s*[,;·]", text)
    for author in record["author"]:
        assert author["name"]["family"] in text
    labels = {"Correspondence": "email" in record["author"][0] or len(record["author"]) > 9}
    labels |= {"Conference": "conference" in record["publication"]}
    labels |= {"Organisers": "organisers" in record["publication"]}
    labels |= {"Submitted": "submitted" in record["publication"]["history"]}
    assert labels == {label: bool(re.search(f"(?mi)^{label}\\b", text)) for label in labels}


def test_the_front_of_the_word_file_has_no_empty_place(made):
    """No paragraph of the front, the head or the foot is empty or dangles."""
    record, files = made
    document = docx.Document(files["docx"])
    paragraphs = []
    for paragraph in document.paragraphs:
        if paragraph.style.name.startswith("Heading"):
            break
        paragraphs.append(paragraph.text)
    assert record["title"] in paragraphs
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header):
            paragraphs += [each.text for each in part.paragraphs if each.text]
    assert [] == dangling(map(spaces, paragraphs))
    assert all(map(str.strip, paragraphs))


def test_the_front_of_the_xml_has_no_empty_place(made):
    """No element is empty that holds a text or an address."""
    record, files = made
    front = etree.parse(files["xml"], etree.XMLParser(load_dtd=False)).find("front")
    empty = [each.tag for each in front.iter() if not (len(each) or (each.text or "").strip())]
    assert {"counts", "fig-count", "table-count", "ref-count", "equation-count"} >= set(empty)
    assert "" not in [value for each in front.iter() for value in each.attrib.values()]
    assert not re.search(r"\bnil\b|\bNone\b", "".join(front.itertext()))
    surnames = [each.text for each in front.iterfind(".//contrib/name/surname")]
    assert [author["name"]["family"] for author in record["author"]] == [
        name.removeprefix("van der ") for name in surnames
    ]


def test_the_citation_names_the_journal(made):
    """Also where there is no volume of proceedings that it is part of."""
    record, files = made
    page = html5lib.parse(files["html"].read_bytes())
    entries = page.find(f".//{HTML}dl[@class='record']")
    [citation] = [div[1] for div in entries if div[0].text == "Citation"]
    assert record["publication"]["journal"]["title"] in [each.text for each in citation]


def test_a_letter_that_no_font_has_is_named(embedded, tmp_path):
    """The PDF's fonts have Latin, Greek and Cyrillic letters; another is named, none is lost."""
    paper = make_paper(tmp_path)
    record = (paper / "metadata.yml").read_text("utf-8")
    (paper / "metadata.yml").write_text(record.replace("Müller", "王"), "utf-8")
    with pytest.raises(RenderError, match=r'the text `"王"` could not be displayed'):
        build(paper, tmp_path, embedded)


@pytest.mark.parametrize("text", ["nil", "a (), b", "A, , B", "Editor:", ", 2024", "A · ", "A & )"])
def test_what_dangles_is_noticed(text):
    """The pattern finds what it is for, and nothing in a whole sentence."""
    assert dangling([text.strip()])
    assert not dangling(["Green, A. B., & Müller, Z. (2024). A title: more. Journal, 1(1), 8–9."])
