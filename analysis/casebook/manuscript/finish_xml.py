"""The finished JATS: labels, back matter, graphics and layout of the XML."""

import base64
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from textwrap import shorten

from lxml import etree

from casebook.errors import RenderError
from casebook.publication.article import read_article
from casebook.publication.jats_front import jats_front

XLINK = "{http://www.w3.org/1999/xlink}"
# The tag set with the formulas that pandoc writes, whatever its template names.
DOCTYPE = (
    "<!DOCTYPE article PUBLIC "
    '"-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD '
    'with MathML3 v1.2 20190208//EN" '
    '"JATS-archivearticle1-mathml3.dtd">'
)
PUBLICATION_TYPES = {
    "article-journal": "journal",
    "article-magazine": "magazine",
    "article-newspaper": "newspaper",
    "article": "preprint",
    "paper-conference": "confproc",
    "chapter": "chapter",
    "thesis": "thesis",
    "webpage": "website",
    "post-weblog": "website",
    "dataset": "data",
    "legislation": "legal-document",
    "bill": "legal-document",
}
# An image that lies nowhere: a cell has drawn it, and the render has put it in.
EMBEDDED = re.compile(r"data:[^;,]+;name=([\w.-]+);base64,")
# In lists and notes pandoc puts each piece of a block that the journal writes into a paragraph.
WRAPPED = re.compile(r'<p specific-use="wrapper">\s*((?:(?!</?p\b).)*?)\s*</p>', re.DOTALL)
# Elements that hold paragraphs and lists alone, and what they may hold.
ONLY_PARAGRAPHS = ("list-item", "fn", "def")
PARAGRAPHS = {"p", "list", "def-list", "label", "title"}
FLOATS = {"disp-formula", "fig", "fig-group", "table-wrap", "boxed-text", "statement"}
# Elements whose content is elements alone, each on a line of its own.
LAID_OUT = frozenset(
    {"article", "front", "body", "back", "journal-meta", "journal-title-group", "article-meta"}
    | {"title-group", "contrib-group", "contrib", "author-notes", "history", "pub-date", "date"}
    | {
        "abstract",
        "kwd-group",
        "conference",
        "notes",
        "permissions",
        "license",
        "sec",
        "list",
        "list-item",
    }
    | {"def-list", "def-item", "def", "disp-quote", "boxed-text", "caption", "fig", "table-wrap"}
    | {"fig-group", "statement"}
    | {"table", "colgroup", "thead", "tbody", "tr", "ref-list", "ref", "element-citation"}
    | {"fn-group", "fn", "app-group", "app", "person-group"}
)


def finish_xml(
    source: Path, record: Mapping, *, paper: Path | None = None, figures: Path | None = None
) -> bytes:
    """Give the XML as an archive takes it, the same whoever rendered it.

    Args:
        source: what `render` wrote.
        record: from `read_record`.
        paper: the paper's folder; with it, the images that the XML names are copied.
        figures: where to.

    Raises:
        RenderError: the source is not what `render` writes, or not what an archive takes.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        text = WRAPPED.sub(r"\1", source.read_text(encoding="utf-8"))
        article = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise RenderError(f"manuscript.xml: not well-formed: {error}") from None
    if article.tag != "article" or article.find("body") is None:
        raise RenderError("manuscript.xml: this is not an article in JATS")
    _replace_front(article, record)
    _unwrap(article)
    _wrap(article)
    _label_sections(article)
    _move_to_back(article)
    _references(article)
    _describe_links(article)
    _tidy(article)
    _graphics(article, paper, figures)
    _check(article, record)
    _lay_out(article, 0)
    text = etree.tostring(article, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{DOCTYPE}\n{text.rstrip()}\n'.encode()


def _replace_front(article: etree._Element, record: Mapping) -> None:
    """Whatever the renderer knew of the article: the front matter is written from the record."""
    old = article.find("front")
    abstracts = [] if old is None else list(old.iterfind("article-meta/abstract"))
    for abstract in abstracts:
        abstract.tail = None
    front = jats_front(read_article(record), abstracts)
    if old is not None:
        article.remove(old)
    article.insert(0, front)


def _unwrap(article: etree._Element) -> None:
    """A cell with one paragraph holds its text itself; a lone block needs no paragraph."""
    for cell in list(article.iter("td", "th")):
        children = list(cell)
        if len(children) == 1 and children[0].tag == "p" and not (cell.text or "").strip():
            _dissolve(children[0], keep_space=False)
    for paragraph in list(article.iter("p")):
        children = list(paragraph)
        texts = [paragraph.text, *(child.tail for child in children)]
        floats = all(child.tag in FLOATS for child in children)
        if children and floats and not any((text or "").strip() for text in texts):
            _dissolve(paragraph)


def _wrap(article: etree._Element) -> None:
    """Put into paragraphs what lists and notes hold in no other way."""
    for element in article.iter(*ONLY_PARAGRAPHS):
        for child in element:
            if child.tag in PARAGRAPHS:
                continue
            paragraph = etree.Element("p")
            paragraph.tail, child.tail = child.tail, None
            child.addprevious(paragraph)
            paragraph.append(child)


def _dissolve(element: etree._Element, keep_space: bool = True) -> None:
    """Put the content of an element in its place."""
    parent = element.getparent()
    if not keep_space:
        parent.text, element.tail = None, None
    previous = element.getprevious()
    text, tail = element.text or "", element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    children = list(element)
    index = parent.index(element)
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(index + offset, child)
    if children:
        children[-1].tail = (children[-1].tail or "") + tail
    elif previous is not None:
        previous.tail += tail
    else:
        parent.text += tail


def _label_sections(article: etree._Element) -> None:
    for number in list(
        article.iterfind(".//title/named-content[@content-type='header-section-number']")
    ):
        title = number.getparent()
        label = etree.Element("label")
        label.text = "".join(number.itertext()).rstrip(".")
        title.text = (number.tail or "").lstrip()
        title.remove(number)
        title.addprevious(label)


def _move_to_back(article: etree._Element) -> None:
    """Appendices and the data statement belong to the back matter; so do the notes."""
    body, back = article.find("body"), article.find("back")
    if back is None:
        back = etree.SubElement(article, "back")
    appendices = etree.Element("app-group")
    for section in list(body.findall("sec")):
        kind = (section.get("specific-use") or "") + " " + (section.get("sec-type") or "")
        label = section.findtext("label") or ""
        if "data-availability" in kind:
            section.attrib.pop("specific-use", None)
            section.set("sec-type", "data-availability")
            back.insert(0, section)
        elif label.startswith("Appendix"):
            section.tag = "app"
            section.attrib.pop("specific-use", None)
            appendices.append(section)
        elif section.get("id") == "references" or _is_reference_heading(section, back):
            body.remove(section)
    if len(appendices):
        place = back.find("ref-list")
        if place is None:
            back.append(appendices)
        else:
            place.addnext(appendices)


def _is_reference_heading(section: etree._Element, back: etree._Element) -> bool:
    """An empty section left where the list of references stood."""
    return back.find("ref-list") is not None and [child.tag for child in section] == ["title"]


def _references(article: etree._Element) -> None:
    for citation in article.iter("element-citation", "mixed-citation"):
        kind = citation.get("publication-type") or "other"
        citation.set("publication-type", PUBLICATION_TYPES.get(kind, kind))
        for name in citation.iterfind("person-group/string-name"):
            if len(name) == 0:
                name.tag = "collab"  # a name without parts is that of a body
        for address in citation.iterfind("uri"):
            address.tag = "ext-link"
            address.attrib.update({"ext-link-type": "uri", f"{XLINK}href": address.text})
    ref_list = article.find(".//ref-list")
    if ref_list is not None:
        title = ref_list.find("title")
        if title is None:
            title = etree.Element("title")
            ref_list.insert(0, title)
        title.text = title.text or "References"


def _describe_links(article: etree._Element) -> None:
    """A link whose text is its address tells no listener where it leads; its title does.

    That is the title of the reference, or the words that lead to the link.
    """
    for link in article.iter("ext-link"):
        if not link.text or link.text != link.get(f"{XLINK}href"):
            continue
        parent = link.getparent()
        titles = map(parent.find, ("article-title", "source"))
        named = next((title for title in titles if title is not None), parent)
        words = " ".join("".join(named.itertext()).partition(link.text)[0].split())
        if len(words) > 200:
            words = shorten(words, 200, placeholder=" …")
        if words:
            link.set(f"{XLINK}title", words)


def _tidy(article: etree._Element) -> None:
    for xref in article.iter("xref"):
        xref.attrib.pop("alt", None)
    filled = [article.find("front"), *article.iterfind("back/ref-list")]
    for element in [element for part in filled for element in part.iter()]:
        if isinstance(element.tag, str) and len(element) == 0 and not (element.text or "").strip():
            element.getparent().remove(element)
    for history in list(article.iter("history", "back")):
        if len(history) == 0:
            history.getparent().remove(history)


def _graphics(article: etree._Element, paper: Path | None, figures: Path | None) -> None:
    """Point graphics to `figures/` beside the article, and put the files there."""
    for graphic in article.iter("graphic", "inline-graphic"):
        address = graphic.get(f"{XLINK}href", "")
        embedded = EMBEDDED.match(address)
        name = embedded[1] if embedded else PurePosixPath(address).name
        graphic.set(f"{XLINK}href", f"figures/{name}")
        if paper is None:
            continue
        figures.mkdir(parents=True, exist_ok=True)
        if embedded:
            (figures / name).write_bytes(base64.b64decode(address[embedded.end() :]))
            continue
        found = paper / address
        if not found.is_file():
            raise RenderError(f"manuscript.xml: there is no image {address!r} in the paper")
        # Links of a drawing lead to what lies beside the article.
        content = found.read_bytes().replace(b'xlink:href="evidence.', b'xlink:href="../evidence.')
        (figures / name).write_bytes(content)


def _check(article: etree._Element, record: Mapping) -> None:
    """What an archive would send back."""
    problems = list(_problems(article))
    title = " ".join("".join(article.find(".//article-title").itertext()).split())
    if title != record["title"]:
        problems.append(f"article-title {title!r} is not the record's")
    if problems:
        raise RenderError("\n".join(f"manuscript.xml: {problem}" for problem in problems[:20]))


def _problems(article: etree._Element) -> Iterator[str]:
    ids = [element.get("id") for element in article.iter() if element.get("id")]
    for duplicate in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"the id {duplicate!r} is used twice"
    for xref in article.iter("xref"):
        if xref.get("rid") not in ids:
            yield f"<xref> to {xref.get('rid')!r}, which is not there"
    for graphic in article.iter("graphic"):
        if not (graphic.findtext("alt-text") or "").strip():
            yield f"<graphic> {graphic.get(f'{XLINK}href')!r} without <alt-text>"
    for table in article.iter("table"):
        if table.find(".//th") is None:
            yield "a <table> without <th>"
    for section in article.iter("sec", "app"):
        if section.find("title") is None:
            yield f"a <sec> without <title> ({section.get('id')})"


def _lay_out(element: etree._Element, depth: int) -> None:
    """Elements of elements on lines of their own; text in one line."""
    if element.tag not in LAID_OUT or (element.text or "").strip():
        _join_lines(element)
        return
    if len(element) == 0:
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _lay_out(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth


def _join_lines(element: etree._Element) -> None:
    for part in element.iter():
        if part.tag in ("preformat", "code"):
            continue
        text, tail = part.text, part.tail
        if text and "\n" in text and part.tag != "tex-math":
            part.text = re.sub(r"\s*\n\s*", " ", text)
        if tail and "\n" in tail and part is not element:
            part.tail = re.sub(r"\s*\n\s*", " ", tail)
