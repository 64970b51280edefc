"""The finished web page: one file, no request, each citation tag once and right."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

from lxml import etree, html
from lxml.builder import E

from casebook.errors import RenderError
from casebook.publication.article import Article, known, license_address, read_article
from casebook.publication.page_box import cite_box
from casebook.publication.page_tags import dublin_core, highwire, links
from casebook.publication.schema_org import scholarly_article

# Where the journal's own script stands in its template.
SCRIPT = "journal-script"
POLICY = (
    "default-src 'none'; script-src {script}; style-src {style}; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xml": "application/jats+xml",
}
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
LABELS = {".pdf": "PDF", ".docx": "Word", ".xml": "JATS XML"}
# Attributes that make a browser fetch something. Links are not among them: those of a renderer are
# taken out, and ours lead to nothing that a page loads.
_fetches = etree.XPath(
    "//@src | //@srcset | //@poster | //@background | //object/@data | //image/@href | //use/@href"
)
# Cells that may hold what a line can break after.
_cells_with_joints = etree.XPath(
    " | ".join(
        f".//{name}[contains(., '_') or contains(., '*') or contains(., '/')]"
        for name in ("td", "th")
    )
)


def finish_html(
    source: Path,
    record: Mapping,
    *,
    references: Sequence[Mapping] = (),
    encodings: Sequence[Path] = (),
    citations: Mapping[str, str] | None = None,
) -> bytes:
    """Give the page with the record's metadata in its head, the same whoever rendered it.

    Args:
        source: what `render` wrote.
        record: from `read_record`.
        references: the cited sources as CSL-JSON entries, for `citation_reference`.
        encodings: the article's other finished files, for `encoding` with SHA-256.
        citations: how to cite the article, by `txt`, `bib` and `ris`, for the box "Cite this".

    Raises:
        RenderError: the source is not what `render` writes, or would ask for another file.
    """
    content = source.read_bytes().decode("utf-8")
    # Plain elements: lxml asks Python for the class of each of its own ones of HTML.
    page = html.document_fromstring(content, parser=etree.HTMLParser())
    head, body = page.find("head"), page.find("body")
    if head is None or body is None or page.find(".//h1[@class='title']") is None:
        raise RenderError("manuscript.html: this is not a page of the journal's format")
    _remove_foreign(page)
    _name_images(body)
    _link_drawings(body)
    _let_words_break(body)
    for link in body.xpath(".//a[starts-with(@href, 'http')]"):
        link.set("rel", "noopener noreferrer")  # addresses of sources are data
    _pack_styles(head)
    _name_styles(page, head)
    _sort_attributes(page)
    abstract = _abstract(page)
    article = read_article(record)
    _fill_head(head, article, abstract, references, encodings)
    if encodings:
        _list_formats(page, encodings)
    if citations:
        _insert_box(page, citations)
    _check_requests(page)
    page.text = head.text = head.tail = body.tail = "\n"
    _join_blank_lines(page)
    text = html.tostring(page, doctype="<!DOCTYPE html>", encoding="unicode")
    text = text.replace("</wbr>", "")  # lxml does not know that it has no end
    return (text.rstrip() + "\n").encode()


def _join_blank_lines(page: etree._Element) -> None:
    """Blank lines between elements differ between pandoc's versions."""
    for element in page.iter(etree.Element):
        if _is_blank(element.text) and element.tag not in ("pre", "style", "script"):
            element.text = "\n"
        if _is_blank(element.tail) and next(element.iterancestors("pre"), None) is None:
            element.tail = "\n"


def _is_blank(text: str | None) -> bool:
    """Whether a text is nothing but space with a line's end in it."""
    return bool(text) and text.isspace() and "\n" in text


def _remove_foreign(page: etree._Element) -> None:
    """Scripts but the journal's, links and generator tags: they are a renderer's own."""
    foreign = f"//script[@id!='{SCRIPT}' or not(@id)] | //link | //comment()"
    for element in page.xpath(foreign):
        html.HtmlMixin.drop_tree(element)
    for element in page.xpath("//head/meta[@name or @http-equiv]"):
        if element.get("name") not in ("viewport", "color-scheme"):
            html.HtmlMixin.drop_tree(element)


def _name_images(body: etree._Element) -> None:
    """Pandoc's versions differ in how they keep the alternative text of an embedded SVG."""
    for image in body.iter("img"):
        label = image.attrib.pop("aria-label", None)
        image.attrib.pop("role", None)
        if image.get("alt") is None:
            image.set("alt", label or "")


def _link_drawings(body: etree._Element) -> None:
    """Lay the links of an embedded drawing over it, which as an image keeps them to itself.

    The layer is a drawing of the same frame that has nothing but the links' shapes and names.
    """
    for image in body.xpath(".//div[@class='figure-scroll']/img"):
        drawing = _drawing(image.get("src", ""))
        links = [] if drawing is None else list(drawing.iter(f"{SVG}a"))
        if not links:
            continue
        frame = image.getparent()
        layer = E.svg({"viewBox": drawing.get("viewBox"), "class": "links", "role": "group"})
        layer.set("aria-label", f"Links in {frame.get('aria-label')}")
        for link in links:
            shape = E.path(d=" ".join(link.find(f".//{SVG}path").get("d").split()))
            layer.append(
                E.a(E.title(link.findtext(f"{SVG}title")), shape, href=link.get(f"{XLINK}href"))
            )
        image.addnext(layer)
        frame.set("class", "figure-scroll linked")


def _let_words_break(body: etree._Element) -> None:
    """Let long names and formulas in the cells of tables break after `_`, `*` and `/`."""
    for cell in _cells_with_joints(body):
        for element in list(cell.iter(etree.Element)):
            _break_text(element, "text", element, 0)
            if element is not cell:
                parent = element.getparent()
                _break_text(element, "tail", parent, parent.index(element) + 1)


def _break_text(owner: etree._Element, place: str, parent: etree._Element, position: int) -> None:
    """Put a `<wbr>` after each joint of the words in a text or tail, as children of `parent`."""
    first, *rest = re.split(r"(?<=\w[_*/])(?=[~\w])", getattr(owner, place) or "")
    if not rest:
        return
    setattr(owner, place, first)
    for offset, part in enumerate(rest):
        joint = E.wbr()
        joint.tail = part
        parent.insert(position + offset, joint)


def _drawing(address: str) -> etree._Element | None:
    """The SVG of an address that holds it, or None."""
    kind, _, content = address.partition(",")
    if not kind.startswith("data:image/svg+xml"):
        return None
    content = base64.b64decode(content) if kind.endswith(";base64") else unquote_to_bytes(content)
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _sort_attributes(page: etree._Element) -> None:
    """Sort them, and write empty ones in one way (lxml tells `alt` from `alt=""`)."""
    for element in page.xpath("//*[@*[2] or @*='']"):
        items = sorted(element.items())
        element.attrib.clear()
        element.attrib.update(items)


def _pack_styles(head: etree._Element) -> None:
    """Pandoc takes comments and indentation away where it embeds files, and only there."""
    for style in head.iter("style"):
        text = re.sub(r"/\*.*?\*/", "", style.text or "", flags=re.DOTALL)
        style.text = re.sub(r"\s*\n\s*", "\n", text)


def _name_styles(page: etree._Element, head: etree._Element) -> None:
    """Turn style attributes into classes, which a policy can allow by the sheet's hash."""
    names: dict[str, str] = {}
    for element in page.xpath("//*[@style]"):
        declared = [each.strip() for each in element.attrib.pop("style").split(";") if each.strip()]
        rule = "; ".join(f"{each} !important" for each in declared)
        name = names.setdefault(rule, f"style-{len(names) + 1}")
        element.set("class", " ".join([*element.get("class", "").split(), name]))
    style = list(head.iter("style"))[-1]
    rules = [f".{name} {{ {rule} }}" for rule, name in names.items()]
    style.text = "\n".join([style.text.rstrip(), *rules, ""])


def _abstract(page: etree._Element) -> str:
    paragraphs = page.xpath("//section[@class='abstract']/p[not(@class)]")
    return " ".join(" ".join("".join(paragraph.itertext()).split()) for paragraph in paragraphs)


def _insert_box(page: etree._Element, citations: Mapping[str, str]) -> None:
    """The box stands at the end of the article."""
    element = page.find(".//article")
    box = cite_box(citations)
    box.tail = "\n"
    element.append(box)


def _list_formats(page: etree._Element, files: Sequence[Path]) -> None:
    """The record ends with links to the other formats, which lie beside the page."""
    entry = E.dd()
    for path in files:
        link = E.a(LABELS.get(path.suffix, path.suffix[1:].upper()), href=path.name)
        link.tail = "; " if path != files[-1] else None
        entry.append(link)
    row = E.div(E.dt("Formats"), entry)
    row.tail = "\n"
    page.find(".//dl[@class='record']").append(row)


def _fill_head(
    head: etree._Element,
    article: Article,
    abstract: str,
    references: Sequence[Mapping],
    files: Sequence[Path],
) -> None:
    policy = etree.Element("meta", {"http-equiv": "Content-Security-Policy"})
    page = head.getparent()
    scripts = page.xpath(f"//script[@id='{SCRIPT}']")
    policy.set("content", POLICY.format(script=_hashes(scripts), style=_hashes(page.iter("style"))))
    policy.tail = "\n"
    head.insert(1, policy)
    listed = {entry.get("id") for entry in head.getparent().iter("div")}
    cited = [source for source in references if f"ref-{source['id']}" in listed]
    tags = [*highwire(article, cited, article.compendium.site), *dublin_core(article, abstract)]
    if abstract:
        tags.insert(0, ("description", abstract))
    encodings = [_encoding(path, article.compendium.site) for path in files]
    types = {each["name"]: each["encodingFormat"] for each in encodings}
    elements = [etree.Element("meta", {"name": name, "content": text}) for name, text in tags]
    elements += [etree.Element("link", attributes) for attributes in links(article, types)]
    style = head.find("style")
    for element in elements:
        element.tail = "\n"
        style.addprevious(element)
    data = etree.Element("script", {"type": "application/ld+json"})
    facts = {
        "@context": "https://schema.org",
        **scholarly_article(article, abstract, encodings, [_compendium(article)]),
    }
    facts["license"] = article.license_address
    data.text = json.dumps(facts, ensure_ascii=False, indent=1).replace("</", "<\\/")
    data.tail = "\n"
    style.addprevious(data)


def _hashes(elements: Iterable[etree._Element]) -> str:
    """What a policy must allow: the SHA-256 of each script or style sheet, or nothing."""
    digests = [hashlib.sha256((element.text or "").encode()).digest() for element in elements]
    sources = (f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return " ".join(sources) or "'none'"


def _compendium(article: Article) -> dict:
    """Data and code that the article is built from."""
    compendium = article.compendium
    facts = {
        "@type": ["Dataset", "SoftwareSourceCode"],
        "name": compendium.title,
        "description": compendium.abstract,
        "version": compendium.version,
        "license": [license_address(name) for name in sorted(set(compendium.licenses.values()))],
        "codeRepository": compendium.repository,
        "url": compendium.site,
    }
    return known(facts)


def _encoding(path: Path, site: str) -> dict:
    result = {
        "@type": "MediaObject",
        "name": path.name,
        "encodingFormat": MEDIA_TYPES.get(path.suffix, "application/octet-stream"),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    if site:
        result["contentUrl"] = f"{site.rstrip('/')}/{path.name}"
    return result


def _check_requests(page: etree._Element) -> None:
    """A page that would fetch anything is an error."""
    for value in _fetches(page):
        if value and not value.startswith(("data:", "#")):
            place = f"<{value.getparent().tag} {value.attrname}>"
            raise RenderError(f"manuscript.html: {place} would fetch {value[:80]!r}")
    styles = "".join(style.text or "" for style in page.iter("style"))
    styles += "".join(page.xpath("//@style"))
    if "@import" in styles or re.search(r"url\(\s*['\"]?(?!data:|#)", styles):
        raise RenderError("manuscript.html: a style would fetch a file")
