"""The finished Word file: fixed dates and order, the record's properties, rows that stay whole."""

import re
import zipfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path

from lxml import etree

from casebook.errors import RenderError
from casebook.manuscript.word_numbering import number_headings
from casebook.publication.article import read_article

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = {
    "w": W[1:-1],
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"
CORE = {
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
DROPPED = ("docProps/custom.xml", "word/comments.xml", "docProps/thumbnail.jpeg")
# Widths in twentieths of a point: the type area of reference.docx, a cell's margins, a character.
# They are added as integers and fractions: how `sum` rounds floats depends on Python's version.
TEXT_WIDTH, MARGINS = 9070, 140
EM = {"TableText": 180, "TableTextSmall": 150}
NARROW, WIDE = "iljtfrI.,;:()[]'’|/ ", "mwMW%"
# A table with fewer rows does not break across pages.
SHORT = 25
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What a paragraph's style is called and how many columns a cell spans, or "".
_style = etree.XPath("string(w:pPr/w:pStyle/@w:val)", namespaces=NAMES, smart_strings=False)
_span = etree.XPath("string(w:tcPr/w:gridSpan/@w:val)", namespaces=NAMES, smart_strings=False)


def finish_docx(source: Path, record: Mapping) -> bytes:
    """Give the Word file with the record's properties, the same bytes whoever rendered it."""
    try:
        with zipfile.ZipFile(source) as archive:
            parts = {
                name: archive.read(name) for name in archive.namelist() if not name.endswith("/")
            }
        parts["word/document.xml"]
    except (zipfile.BadZipFile, KeyError):
        raise RenderError("manuscript.docx: this is not a Word file") from None
    for name in DROPPED:
        parts.pop(name, None)
    _keep(
        parts,
        "[Content_Types].xml",
        lambda part: part.get("PartName", "").lstrip("/") not in DROPPED,
    )
    _keep(parts, "_rels/.rels", lambda part: part.get("Target") not in DROPPED)
    _keep(
        parts,
        _relations_of("word/document.xml"),
        lambda part: f"word/{part.get('Target')}" not in DROPPED,
    )
    parts["docProps/core.xml"] = core_properties(record)
    parts["docProps/app.xml"] = _application()
    document = etree.fromstring(parts["word/document.xml"])
    _set_document(document)
    number_headings(document, parts)
    _number_footnotes(document, parts)
    parts["word/document.xml"] = _serialised(document)
    _set_language(parts, record["lang"])
    for name in [name for name in parts if name.startswith(("word/header", "word/footer"))]:
        parts[name] = _running_head(parts[name], record)
    _number_images(parts)
    for name in ("word/document.xml", "word/footnotes.xml"):
        _number_relations(parts, name)
    _sort_types(parts)
    return _packed(parts, record["publication"]["history"]["published"])


def _keep(parts: dict[str, bytes], name: str, wanted: Callable[[etree._Element], bool]) -> None:
    root = etree.fromstring(parts[name])
    root[:] = [element for element in root if wanted(element)]
    parts[name] = _serialised(root)


def _sort_types(parts: dict[str, bytes]) -> None:
    root = etree.fromstring(parts["[Content_Types].xml"])
    root[:] = sorted(
        root, key=lambda part: (part.tag, part.get("Extension", ""), part.get("PartName", ""))
    )
    parts["[Content_Types].xml"] = _serialised(root)


def _relations_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels"


def _number_footnotes(document: etree._Element, parts: dict[str, bytes]) -> None:
    """Notes count from 1 in their order (pandoc goes on with its relation numbers)."""
    if "word/footnotes.xml" not in parts:
        return
    notes = etree.fromstring(parts["word/footnotes.xml"])
    numbers = {}
    for reference in document.iter(f"{W}footnoteReference"):
        numbers[reference.get(f"{W}id")] = str(len(numbers) + 1)
        reference.set(f"{W}id", numbers[reference.get(f"{W}id")])
    for note in notes.iter(f"{W}footnote"):
        note.set(f"{W}id", numbers.get(note.get(f"{W}id"), note.get(f"{W}id")))
    parts["word/footnotes.xml"] = _serialised(notes)


def _number_images(parts: dict[str, bytes]) -> None:
    """Images are called after their order in the text."""
    relations = etree.fromstring(parts[_relations_of("word/document.xml")])
    targets = {element.get("Id"): element.get("Target") for element in relations}
    document = parts["word/document.xml"].decode()
    used = list(dict.fromkeys(targets.get(key) for key in re.findall(r'r:embed="(\w+)"', document)))
    images = [name for name in used if name and name.startswith("media/")]
    names = {old: f"media/image{number}{Path(old).suffix}" for number, old in enumerate(images, 1)}
    for element in relations:
        element.set("Target", names.get(element.get("Target"), element.get("Target")))
    parts[_relations_of("word/document.xml")] = _serialised(relations)
    contents = {new: parts.pop(f"word/{old}") for old, new in names.items()}
    parts.update({f"word/{new}": content for new, content in contents.items()})
    types = etree.fromstring(parts["[Content_Types].xml"])
    for element in types:
        old = element.get("PartName", "").removeprefix("/word/")
        if old in names:
            element.set("PartName", f"/word/{names[old]}")
    parts["[Content_Types].xml"] = _serialised(types)


def _number_relations(parts: dict[str, bytes], name: str) -> None:
    """Relations are numbered as the part uses them, then by what they point to."""
    if name not in parts or _relations_of(name) not in parts:
        return
    relations = etree.fromstring(parts[_relations_of(name)])
    used = re.findall(r' r:(?:id|embed|link)="(\w+)"', parts[name].decode())
    first = {old: place for place, old in reversed(list(enumerate(used)))}
    unused = len(used)
    if name != "word/document.xml":
        relations[:] = [element for element in relations if element.get("Id") in first]
    relations[:] = sorted(
        relations,
        key=lambda part: (first.get(part.get("Id"), unused), part.get("Target"), part.get("Id")),
    )
    names = {}
    for number, element in enumerate(relations, start=1):
        names[element.get("Id")] = f"rId{number}"
        element.set("Id", f"rId{number}")
    parts[_relations_of(name)] = _serialised(_sorted_attributes(relations))
    parts[name] = re.sub(
        r'( r:(?:id|embed|link)=")(\w+)"',
        lambda match: f'{match[1]}{names.get(match[2], match[2])}"',
        parts[name].decode(),
    ).encode()


def _sorted_attributes(root: etree._Element) -> etree._Element:
    for element in root.iter():
        items = sorted(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(items)
    return root


def _serialised(root: etree._Element) -> bytes:
    return HEAD + etree.tostring(root, encoding="UTF-8")


def core_properties(record: Mapping) -> bytes:
    """The core properties (title, creators, keywords, language, dates) as XML.

    Written here, because the archive is packed anew here anyway; python-docx, which the tests
    read it with, would pack it once more.
    """
    article = read_article(record)
    root = etree.Element(f"{{{CORE['cp']}}}coreProperties", nsmap=CORE)
    names = [person.full for person in article.authors]
    stamp = f"{article.published}T00:00:00Z"
    values = [
        ("dc:title", record["title"]),
        ("dc:creator", "; ".join(names)),
        ("dc:subject", article.published_in),
        ("dc:identifier", article.doi_address),
        ("cp:keywords", "; ".join(article.keywords)),
        ("dc:description", " ".join(filter(None, [article.edition.get("notice"), article.rights]))),
        ("cp:category", article.conference.name if article.conference else ""),
        ("dc:language", record["lang"]),
        ("cp:lastModifiedBy", "; ".join(names)),
        ("dcterms:created", stamp),
        ("dcterms:modified", stamp),
    ]
    for name, value in values:
        if value:
            prefix, tag = name.split(":")
            element = etree.SubElement(root, f"{{{CORE[prefix]}}}{tag}")
            element.text = value
            if prefix == "dcterms":
                element.set(f"{{{CORE['xsi']}}}type", "dcterms:W3CDTF")
    return _serialised(root)


def _application() -> bytes:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return _serialised(etree.Element(f"{{{space}}}Properties", nsmap={None: space}))


def _set_document(root: etree._Element) -> None:
    for row in root.iter(f"{W}tr"):
        properties = _properties(row, "trPr")
        if _child(properties, "cantSplit") is None:
            properties.insert(0, etree.Element(f"{W}cantSplit"))
    _join_runs(root)
    for table in root.iter(f"{W}tbl"):
        _style_empty_cells(table)
        _keep_rows(table)
        _let_expressions_break(table)
        _set_widths(table)
        _space_after(table)
        _head_rows(table)
    for number, drawing in enumerate(root.iter(f"{{{NAMES['wp']}}}docPr"), start=1):
        drawing.set("id", str(number))
        drawing.set("name", f"Picture {number}")
        for picture in drawing.getparent().iter(PICTURE):
            picture.set("id", str(number))
            picture.set("name", f"Picture {number}")
            picture.set("descr", drawing.get("descr", ""))
    _number_bookmarks(root)


def _set_language(parts: dict[str, bytes], language: str) -> None:
    """What Word checks the spelling by and a screen reader speaks."""
    root = etree.fromstring(parts["word/styles.xml"])
    for element in root.iterfind(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang"):
        element.set(f"{W}val", language)
    parts["word/styles.xml"] = _serialised(root)


def _child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of a name, or None; `find` takes twice as long."""
    return next(element.iterchildren(f"{W}{name}"), None)


def _properties(element: etree._Element, name: str) -> etree._Element:
    """The properties of a row, cell or paragraph, made if there are none."""
    properties = _child(element, name)
    if properties is None:
        properties = etree.Element(f"{W}{name}")
        element.insert(0, properties)
    return properties


def _join_runs(root: etree._Element) -> None:
    """Make one run of neighbours that look alike: pandoc's versions split text differently."""
    last, before, look = None, None, b""
    for text in list(root.iter(f"{W}t")):
        run = text.getparent()
        if len(run) > 2 or (len(run) == 2 and run[0].tag != f"{W}rPr"):
            continue
        shown = etree.tostring(run[0]).strip() if len(run) == 2 else b""
        if last is not None and run.getprevious() is last and shown == look:
            before.text = (before.text or "") + (text.text or "")
            run.getparent().remove(run)
        else:
            last, before, look = run, text, shown
        before.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _style_empty_cells(table: etree._Element) -> None:
    """An empty cell takes the type of the others, or its line would be higher than theirs."""
    used = next((_style(each) for each in table.iter(f"{W}p") if _style(each) in EM), "TableText")
    for paragraph in table.iter(f"{W}p"):
        if _child(paragraph, "r") is None and _style(paragraph) not in EM:
            for child in list(paragraph.iterchildren(f"{W}pPr")):
                paragraph.remove(child)
            properties = etree.Element(f"{W}pPr")
            etree.SubElement(properties, f"{W}pStyle").set(f"{W}val", used)
            paragraph.insert(0, properties)


def _keep_rows(table: etree._Element) -> None:
    """Heads stay with what they head; no row stands alone; a short table stays whole."""
    rows = table.findall(f"{W}tr")
    last = len(rows) - 1
    for place, row in enumerate(rows[:-1]):
        is_head = row.find(f"{W}trPr/{W}tblHeader") is not None or len(row.findall(f"{W}tc")) == 1
        if is_head or len(rows) <= SHORT or place in (1, last - 1):
            for paragraph in row.iter(f"{W}p"):
                _keep_with_next(paragraph)


def _keep_with_next(paragraph: etree._Element) -> None:
    properties = _child(paragraph, "pPr")
    if properties is not None and _child(properties, "keepNext") is None:
        place = int(_child(properties, "pStyle") is not None)
        properties.insert(place, etree.Element(f"{W}keepNext"))


def _let_expressions_break(table: etree._Element) -> None:
    """Long expressions (A*~B*C) may break after an asterisk, at a space without width."""
    for text in table.iter(f"{W}t"):
        if text.text and "*" in text.text:
            text.text = re.sub(r"(?<=\w)\*(?=[~\w])", "*\u200b", text.text)


def _set_widths(table: etree._Element) -> None:
    """Columns as declared, but none too narrow for the longest word that must not break."""
    columns = table.findall(f"{W}tblGrid/{W}gridCol")
    declared = [int(column.get(f"{W}w")) for column in columns]
    least = [Fraction(0)] * len(columns)
    rows = [row.findall(f"{W}tc") for row in table.iter(f"{W}tr")]
    for cells in rows:
        if len(cells) == len(columns):
            least = [max(old, _least_width(cell)) for old, cell in zip(least, cells, strict=True)]
    widths = _shared_out(declared, least)
    for column, width in zip(columns, widths, strict=True):
        column.set(f"{W}w", str(width))
    for cells in rows:
        rest = iter(widths)
        for cell in cells:
            _set_cell_width(cell, sum(islice(rest, int(_span(cell) or 1))))


def _shared_out(declared: list[int], least: list[Fraction]) -> list[int]:
    total = sum(declared)
    wanted = [Fraction(TEXT_WIDTH * width, total) for width in declared]
    squeeze = min(Fraction(1), TEXT_WIDTH / sum(least)) if sum(least) else Fraction(1)
    floor = [width * squeeze for width in least]
    widths = [max(pair) for pair in zip(wanted, floor, strict=True)]
    slack = [width - low for width, low in zip(widths, floor, strict=True)]
    over = sum(widths) - TEXT_WIDTH
    share = over / sum(slack) if over > 0 and sum(slack) > 0 else Fraction(0)
    return [round(width - share * free) for width, free in zip(widths, slack, strict=True)]


def _least_width(cell: etree._Element) -> Fraction:
    widest = Fraction(0)
    for paragraph in cell.iter(f"{W}p"):
        shown = "".join(
            "-\u200b" if part.tag == f"{W}softHyphen" else part.text or ""
            for part in paragraph.iter(f"{W}t", f"{W}softHyphen")
        )
        em = EM.get(_style(paragraph), EM["TableText"])
        widest = max(widest, Fraction(em * _widest_word(shown), 100))
    return widest + MARGINS


@cache  # many cells say the same
def _widest_word(shown: str) -> int:
    """Width of what must stay on one line, in hundredths of an em."""
    return max(sum(map(_width_of, word)) for word in re.split(r"[ \u200b]+|(?<=[-–/])", shown))


def _width_of(character: str) -> int:
    """Hundredths of an em in the widest font that stands in for Cambria (DejaVu Serif, bold)."""
    if character in NARROW:
        return 45
    if character in WIDE:
        return 108
    return 83 if character.isupper() else 70


def _set_cell_width(cell: etree._Element, width: int) -> None:
    properties = _properties(cell, "tcPr")
    if (old := _child(properties, "tcW")) is not None:
        properties.remove(old)
    element = etree.Element(f"{W}tcW")
    element.set(f"{W}w", str(width))
    element.set(f"{W}type", "dxa")
    properties.insert(0, element)


def _space_after(table: etree._Element) -> None:
    """Word has no space below a table but that above the next paragraph."""
    after = table.getnext()
    if after is None or after.tag != f"{W}p":
        return
    properties = _properties(after, "pPr")
    if _child(properties, "spacing") is None:
        spacing = etree.SubElement(properties, f"{W}spacing")
        spacing.set(f"{W}before", "280")


def _head_rows(table: etree._Element) -> None:
    """The first row heads the columns, the first column the rows."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    look.attrib.clear()
    look.set(f"{W}val", "00A0")
    look.set(f"{W}firstRow", "1")
    look.set(f"{W}firstColumn", "1")


def _number_bookmarks(root: etree._Element) -> None:
    """Bookmark ids from 1 on: those of pandoc and of the filter could be the same."""
    numbers: dict[str, str] = {}
    open_ids: dict[str, list[str]] = {}
    for element in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
        old = element.get(f"{W}id")
        if element.tag == f"{W}bookmarkStart":
            new = str(len(numbers) + 1)
            numbers[new] = old
            open_ids.setdefault(old, []).append(new)
        else:
            new = open_ids[old].pop()
        element.set(f"{W}id", new)


def _running_head(content: bytes, record: Mapping) -> bytes:
    """Write what the fields AUTHOR and TITLE show before Word renews them."""
    names = [author["name"]["family"] for author in record["author"]]
    shown = {
        "AUTHOR": ", ".join(names) if len(names) <= 3 else f"{names[0]} et al.",
        "TITLE": record["title"],
    }
    root = etree.fromstring(content)
    name = ""
    for run in root.iter(f"{W}r"):
        instruction = run.find(f"{W}instrText")
        text = run.find(f"{W}t")
        if instruction is not None:
            name = (instruction.text or "").strip()
        elif text is not None and name in shown:
            text.text = shown[name]
            name = ""
    return _serialised(root)


def _packed(parts: Mapping[str, bytes], published: str) -> bytes:
    date = tuple(map(int, published.split("-")))
    order = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    result = BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name in order:
            entry = zipfile.ZipInfo(name, (*date, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, parts[name])
    return result.getvalue()
