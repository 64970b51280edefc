"""Claims about the four files, each read by an independent reader."""

import json
import re
import zipfile

import docx
import html5lib
import pikepdf
import pypdfium2
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from casebook.manuscript.finish_docx import finish_docx
from casebook.publication.record import read_record

HTML = "{http://www.w3.org/1999/xhtml}"
LEFTOVERS = re.compile(r"\?var:|\?meta:|\?@|\{\{<|@(?:fig|tbl|sec|eq)-|\(\?\)|\b(?:NaN|nan)\b")
TITLE = "Challenges of implementing community policing in urban areas"
# What the checker says of every Word file of the journal, and why it is no fault.
EXPLAINED = {
    "Numbering definition '0' referenced but not found": "0 says that a heading has no number",
}


@pytest.fixture(scope="session")
def page(output):
    """The HTML, parsed as a browser would, every parse error an error."""
    parser = html5lib.HTMLParser()
    tree = parser.parse((output / "manuscript.html").read_bytes())
    assert parser.errors == []
    return tree


@pytest.fixture(scope="session")
def article(output):
    """The JATS article."""
    return etree.parse(output / "manuscript.xml", etree.XMLParser(load_dtd=False, no_network=True))


@pytest.fixture(scope="session")
def pages(output):
    """The text of each page of the PDF."""
    pdf = pypdfium2.PdfDocument(output / "manuscript.pdf")
    return [page.get_textpage().get_text_range() for page in pdf]


@pytest.fixture(scope="session")
def word(output):
    """The Word document."""
    return docx.Document(output / "manuscript.docx")


@pytest.fixture(scope="session")
def texts(page, article, pages, word):
    """The text of each format."""
    body = page.find(f"{HTML}body")
    shown = (node for node in body.iter() if node.tag not in (f"{HTML}script", f"{HTML}style"))
    return {
        "html": " ".join(text for node in shown for text in (node.text, node.tail) if text),
        "pdf": " ".join(pages),
        "docx": " ".join(node.text or "" for node in word.element.body.iter() if node.text),
        "xml": " ".join(article.getroot().itertext()),
    }


@pytest.mark.parametrize("format", ["html", "pdf", "docx", "xml"])
def test_nothing_is_left_unresolved(texts, format):
    """No format shows a shortcode, an unknown variable or an open cross-reference."""
    assert not LEFTOVERS.search(texts[format])


@pytest.mark.parametrize("format", ["html", "pdf", "docx", "xml"])
def test_every_format_has_the_whole_article(texts, format):
    """Title, the edition's notice and the last appendix are there."""
    text = re.sub(r"\s+", " ", texts[format])
    for phrase in (TITLE, "reproducible edition", "Krippendorff", "References"):
        assert phrase in text


def test_html_is_one_file(page):
    """The page loads nothing: no script, style, image or font from anywhere else."""
    for node in page.iter():
        for attribute in ("src", "srcset", "data", "poster"):
            value = node.get(attribute, "")
            assert not value or value.startswith("data:"), (node.tag, value[:80])
        if node.tag == f"{HTML}link":
            assert node.get("rel") not in {"stylesheet", "preload", "icon"} or node.get(
                "href", ""
            ).startswith("data:")
    styles = " ".join(node.text or "" for node in page.iter(f"{HTML}style"))
    assert not re.search(r"url\(\s*['\"]?(?!data:|#)|@import", styles)


def test_html_ids_are_unique_and_inner_links_lead_somewhere(page):
    """Every `#…` link has its target."""
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    links = {n.get("href")[1:] for n in page.iter(f"{HTML}a") if n.get("href", "").startswith("#")}
    assert links - set(ids) - {""} == set()


def test_html_figures_have_alternative_texts(page):
    """Every image says in words what it shows."""
    images = list(page.iter(f"{HTML}img"))
    assert images
    assert all(len(image.get("alt", "")) > 40 for image in images)


def test_pdf_has_metadata_and_embedded_fonts(output):
    """Title, language and every font are inside the file."""
    with pikepdf.open(output / "manuscript.pdf") as pdf:
        assert str(pdf.docinfo["/Title"]) == TITLE
        assert str(pdf.Root.Lang).startswith("en")
        for page in pdf.pages:
            for font in page.get("/Resources", {}).get("/Font", {}).values():
                inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                descriptor = inner.get("/FontDescriptor")
                assert descriptor is not None
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_pdf_pages_are_not_empty(pages):
    """No page is blank."""
    assert len(pages) > 10
    assert all(text.strip() for text in pages)


def test_docx_uses_real_styles_and_tables(word):
    """Headings are headings, tables are tables with header rows, figures have alternative texts."""
    styles = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Heading 1", "Heading 2", "Title"} <= styles
    assert len(word.tables) > 5
    drawn = word.element.body.findall(".//{*}docPr")
    assert drawn
    assert all(node.get("descr") for node in drawn)


def faults(path):
    """What the schema that Word reads with, or Word beyond it, has against a file."""
    found = OpenXmlValidator(max_errors=0).validate(path).errors
    return {error.description for error in found} - set(EXPLAINED)


def test_docx_is_valid_for_word(output):
    """No element is out of its place, no part or relation is missing, no name leads nowhere."""
    assert set() == faults(output / "manuscript.docx")


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/document.xml", b'<w:pStyle w:val="Title"/>', b'<w:jc w:val="left"/><w:keepNext/>'),
        ("word/styles.xml", b'w:val="BodyText"', b'w:val="NoSuchStyle"'),
        ("word/_rels/document.xml.rels", b"media/image1.png", b"media/image0.png"),
    ],
    ids=["order", "style", "image"],
)
def test_a_damaged_docx_is_noticed(output, tmp_path, part, old, new):
    """The checker sees what it is asked to see."""
    damaged = tmp_path / "damaged.docx"
    with (
        zipfile.ZipFile(output / "manuscript.docx") as archive,
        zipfile.ZipFile(damaged, "w") as copy,
    ):
        assert old in archive.read(part)
        for name in archive.namelist():
            content = archive.read(name)
            copy.writestr(name, content.replace(old, new) if name == part else content)
    assert set() != faults(damaged)


def test_docx_has_no_clock_inside(output):
    """The zip's entries carry one fixed date."""
    with zipfile.ZipFile(output / "manuscript.docx") as archive:
        assert 1 == len({entry.date_time for entry in archive.infolist()})


def test_jats_cross_references_lead_somewhere(article):
    """Each `rid` is an `id` of the article."""
    ids = set(article.xpath("//@id"))
    rids = {rid for value in article.xpath("//@rid") for rid in value.split()}
    assert rids - ids == set()


def test_jats_figures_are_beside_it(article, output):
    """Each graphic has its file and its alternative text."""
    graphics = article.findall(".//graphic")
    assert graphics
    for graphic in graphics:
        assert (output / graphic.get("{http://www.w3.org/1999/xlink}href")).is_file()
        assert graphic.findtext("alt-text", "").strip()


def test_jats_has_no_empty_elements(article):
    """Front matter that is not known is left out."""
    front = article.find("front")
    assert [n.tag for n in front.iter() if not len(n) and not n.attrib and not n.text] == []


def test_the_build_record_names_renderer_and_checksums(output):
    """The record says who rendered, and what all that is published was made from."""
    record = json.loads((output / "build.json").read_text(encoding="utf-8"))
    assert record["renderer"]["name"] in {"quarto", "embedded"}
    assert {"data/raw/codings.csv", "paper/manuscript.qmd"} <= record["inputs"].keys()
    assert {f"paper/_output/manuscript.{x}" for x in ("html", "pdf", "docx", "xml")} <= record[
        "outputs"
    ].keys()


def test_the_word_file_is_the_same_however_floats_are_added(output, other_sum):
    """Columns are as wide on Python 3.11 as on later versions, whose sums of floats are others."""
    with other_sum():
        record = read_record(output.parent / "metadata.yml")
        made = finish_docx(output.parent / "_build/manuscript.docx", record)
    assert (output / "manuscript.docx").read_bytes() == made
