"""Real numbering in the Word file: headings that Word counts, and references that it renews.

The renderers leave a heading's number as text in the style "Section Number", which any reader can
print. Here it becomes a list of several levels, tied to the heading styles: who adds a section in
Word gets its number, and so do the references to those that follow.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LEVELS = range(1, 7)
# List numbers that pandoc does not use (its own begin at 990), and what Word prints on each level.
SECTIONS, APPENDICES, NONE = 1, 2, 0
APPENDIX = "Appendix"
HEADING = re.compile("Heading([1-6])")


def number_headings(document: etree._Element, parts: dict[str, bytes]) -> None:
    """Let Word number the headings of the document and the references to them.

    Args:
        document: the text, changed in place; bookmarks have ids of their own.
        parts: the files of the Word file by their names; lists and styles are changed.
    """
    ends = {end.get(f"{W}id"): end for end in document.iter(f"{W}bookmarkEnd")}
    numbers = dict(_numbered(document, ends))
    for link in list(document.iter(f"{W}hyperlink")):
        name = _bookmark(link.get(f"{W}anchor", ""))
        if name in numbers:
            _refer(link, name, numbers[name])
    parts["word/numbering.xml"] = _with_lists(parts["word/numbering.xml"])
    parts["word/styles.xml"] = _with_numbered_styles(parts["word/styles.xml"])


def _element(tag: str, **attributes: object) -> etree._Element:
    element = etree.Element(f"{W}{tag}")
    for name, value in attributes.items():
        element.set(f"{W}{name}", str(value))
    return element


def _numbered(
    document: etree._Element, ends: Mapping[str, etree._Element]
) -> Iterator[tuple[str, str]]:
    """Number each heading by its list; give the bookmark and the number of those that have one."""
    for style in list(document.iter(f"{W}pStyle")):
        level = HEADING.fullmatch(style.get(f"{W}val"))
        if not level:
            continue
        paragraph = style.getparent().getparent()
        number = _take_number(paragraph)
        if not number:
            _set_list(style, NONE, 0)
            continue
        if not number[0].isdigit():
            _set_list(style, APPENDICES, int(level[1]) - 1)
        mark = paragraph.getprevious()
        if mark is not None and mark.tag == f"{W}bookmarkStart":
            # A field wants the heading alone; pandoc's bookmark holds the whole section.
            name = _bookmark(mark.get(f"{W}name"))
            mark.set(f"{W}name", name)
            for part in (mark, ends[mark.get(f"{W}id")]):
                part.tail = None
            style.getparent().addnext(mark)
            paragraph.append(ends[mark.get(f"{W}id")])
            yield name, number


def _bookmark(name: str) -> str:
    """A name that a field of Word may have."""
    return re.sub(r"\W", "_", name)


def _take_number(paragraph: etree._Element) -> str:
    """Take the number and the space behind it out of a heading; give it as "2.1", "A" or ""."""
    run = paragraph.find(f"{W}r")
    look = None if run is None else run.find(f"{W}rPr/{W}rStyle")
    if look is None or look.get(f"{W}val") != "SectionNumber":
        return ""
    number = "".join(run.itertext(f"{W}t")).removeprefix(APPENDIX).strip(" \xa0.")
    following = run.getnext().find(f"{W}t")
    following.text = following.text.removeprefix(" ")
    paragraph.remove(run)
    return number


def _set_list(style: etree._Element, number: int, level: int) -> None:
    numbering = _element("numPr")
    numbering.append(_element("ilvl", val=level))
    numbering.append(_element("numId", val=number))
    style.addnext(numbering)


def _refer(link: etree._Element, name: str, number: str) -> None:
    """Make a link that ends with a section's number a field that Word renews."""
    text = "".join(link.itertext(f"{W}t"))
    # Word prints the whole number of an appendix, "Appendix A", but of its sections "A.1".
    shown = text if text == f"{APPENDIX}\xa0{number}" else number
    link.set(f"{W}anchor", name)
    if not text.endswith(shown):
        return
    instruction = _run("instrText", f" REF {name} \\r \\h ")
    runs = [_mark("begin"), instruction, _mark("separate"), _run("t", shown), _mark("end")]
    if text != shown:
        runs.insert(0, _run("t", text.removesuffix(shown)))
    for run in runs:
        link.addprevious(run)
    runs[-1].tail = link.tail
    link.getparent().remove(link)


def _run(tag: str, text: str) -> etree._Element:
    run = _element("r")
    content = etree.SubElement(run, f"{W}{tag}")
    content.text = text
    content.set(SPACE, "preserve")
    return run


def _mark(kind: str) -> etree._Element:
    run = _element("r")
    run.append(_element("fldChar", fldCharType=kind))
    return run


def _with_lists(content: bytes) -> bytes:
    """Add the list of the sections and that of the appendices."""
    root = etree.fromstring(content)
    for number in (APPENDICES, SECTIONS):
        definition = _element("abstractNum", abstractNumId=number)
        definition.append(_element("multiLevelType", val="multilevel"))
        definition.extend(_level(number, level) for level in LEVELS)
        root.insert(0, definition)
    for number in (SECTIONS, APPENDICES):
        entry = _element("num", numId=number)
        entry.append(_element("abstractNumId", val=number))
        root.append(entry)
    return etree.tostring(root)


def _level(number: int, level: int) -> etree._Element:
    places = ".".join(f"%{place}" for place in range(1, level + 1))
    is_appendix = number == APPENDICES and level == 1
    result = _element("lvl", ilvl=level - 1)
    result.append(_element("start", val=1))
    result.append(_element("numFmt", val="upperLetter" if is_appendix else "decimal"))
    if number == SECTIONS:
        result.append(_element("pStyle", val=f"Heading{level}"))
    result.append(_element("suff", val="space"))
    result.append(_element("lvlText", val=f"{APPENDIX}\xa0%1." if is_appendix else places))
    result.append(_element("lvlJc", val="left"))
    return result


def _with_numbered_styles(content: bytes) -> bytes:
    """Tie the heading styles to the list of the sections."""
    root = etree.fromstring(content)
    for level in LEVELS:
        [properties] = root.iterfind(f"{W}style[@{W}styleId='Heading{level}']/{W}pPr")
        before = properties.find(f"{W}widowControl")
        numbering = _element("numPr")
        numbering.append(_element("ilvl", val=level - 1))
        numbering.append(_element("numId", val=SECTIONS))
        before.addnext(numbering)
    return etree.tostring(root)
