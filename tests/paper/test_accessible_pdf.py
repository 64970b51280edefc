"""Claims about the PDF, made by two checkers that share no code with what wrote it."""

import outloud
import page
import pikepdf
import pypdfium2
import pytest
import typst
from lxml import etree

# What the second checker says of every article of the journal, and why it is no fault.
EXPLAINED = {
    "TBL-010": "the heading of each group of rows is one cell over all columns, no broken head",
    "ORD-001": "it ranks a link inside a sentence after the sentence; and figures float",
}
APART = 3  # points: what stands further from a letter is no part of its word


@pytest.fixture(scope="session")
def pdf(output):
    """The PDF of the article."""
    return output / "manuscript.pdf"


def failures(path):
    """The rules of PDF/UA-1 that a file breaks."""
    report = page.validate_pdf(path, profile=page.ValidationProfile.PDF_UA_1)
    return sorted({failure.rule_id for failure in report.failures})


def test_pdf_conforms_to_pdf_ua_1(pdf):
    """No rule of PDF/UA-1 that a machine can check is broken."""
    report = page.validate_pdf(pdf)
    assert page.ValidationProfile.PDF_UA_1 == report.profile
    assert report.rules.total > 100
    assert [] == failures(pdf)


@pytest.mark.parametrize("key", ["/MarkInfo", "/Metadata", "/StructTreeRoot", "/ViewerPreferences"])
def test_a_damaged_pdf_is_noticed(pdf, tmp_path, key):
    """The checker sees what it is asked to see."""
    with pikepdf.open(pdf) as document:
        del document.Root[key]
        document.save(tmp_path / "damaged.pdf")
    assert [] != failures(tmp_path / "damaged.pdf")


def test_pdf_says_to_a_screen_reader_what_it_shows(pdf, output):
    """Tables close and have heads that say something; nothing that is read is left out."""
    article = etree.parse(output / "manuscript.xml")
    heads = {
        " ".join("".join(row.itertext(tag="th")).split()) for row in article.iterfind(".//thead/tr")
    }
    result = outloud.check(str(pdf))
    assert result.error is None
    assert [] == [run.rule for run in result.runs if run.status == "crashed"]
    # The head of a table is repeated on the next page, for the eye alone.
    repeated = [one for one in result.findings if one.rule == "TAG-002" and one.evidence in heads]
    rest = [one for one in result.findings if one not in repeated and one.rule not in EXPLAINED]
    assert [] == [(one.rule, one.page, one.message, one.evidence) for one in rest]


def tables(element):
    """The tables of a structure tree, in reading order."""
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from [child] if child["/S"] == "/Table" else tables(child)


def cells(table):
    """(part, kind, scope) of the first cell of each row."""
    for part in table["/K"]:
        for row in part["/K"] if part["/S"] in ("/THead", "/TBody") else ():
            cell = row["/K"][0]
            scopes = [str(facts["/Scope"]) for facts in cell["/A"] if "/Scope" in facts]
            yield str(part["/S"]), str(cell["/S"]), scopes


def test_each_row_of_a_table_has_a_head(pdf):
    """The first row heads the columns, the first cell of every other row heads the row."""
    with pikepdf.open(pdf) as document:
        found = list(tables(document.Root.StructTreeRoot))
        assert len(found) > 15
        for table in found:
            first, *rest = cells(table)
            assert ("/THead", "/TH", ["/Column"]) == first
            assert rest
            assert {"/TH"} == {kind for _, kind, _ in rest}
            assert {("/Row",), ("/Column",)} >= {tuple(scopes) for *_, scopes in rest}


def words(page):
    """(left, bottom, right, top, text) of each run of letters that follow each other on a line."""
    text = page.get_textpage()
    found, last = [], None
    for index, letter in enumerate(text.get_text_range()):
        if letter.isspace():
            last = None
            continue
        left, bottom, right, top = box = text.get_charbox(index, loose=True)
        if last and last[0] <= left < last[2] + APART and bottom < last[3] and last[1] < top:
            x0, y0, x1, y1, word = found.pop()
            found.append((x0, min(y0, bottom), max(x1, right), max(y1, top), word + letter))
        else:
            found.append((*box, letter))
        last = box
    return found


def overlaps(words):
    """Pairs of words that share more of a line than the edge of a letter."""
    words = sorted(words)
    for place, (_, bottom, right, top, text) in enumerate(words, start=1):
        for x0, y0, x1, y1, other in words[place:]:
            if x0 >= right:
                break
            wide, high = min(right, x1) - x0, min(top, y1) - max(bottom, y0)
            if wide > 0.8 and high > 0.5 * min(top - bottom, y1 - y0):
                yield text, other


def test_no_word_lies_on_another(pdf):
    """No cell is too narrow for its longest word, no head runs into the text."""
    pages = enumerate(pypdfium2.PdfDocument(pdf), start=1)
    found = {number: list(overlaps(words(page))) for number, page in pages}
    assert len(found) > 20
    assert {} == {number: pairs for number, pairs in found.items() if pairs}


@pytest.mark.parametrize(("width", "pairs"), [("4em", []), ("1em", [("quarters", "Police")])])
def test_a_word_on_another_is_noticed(tmp_path, width, pairs):
    """A word that is wider than its cell lies on that of the next cell, and this sees it."""
    source, made = tmp_path / "a.typ", tmp_path / "a.pdf"
    source.write_text(f"#grid(columns: ({width}, 4em), [quarters], [Police])", encoding="utf-8")
    typst.compile(source, output=made)
    assert pairs == [pair for page in pypdfium2.PdfDocument(made) for pair in overlaps(words(page))]
