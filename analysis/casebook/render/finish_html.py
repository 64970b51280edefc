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

from casebook.citation.page_box import cite_box
from casebook.citation.page_tags import dublin_core, highwire, links
from casebook.citation.schema_org import scholarly_article
from casebook.citation.work import Work, known, license_address, read_work
from casebook.errors import RenderError

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
# Attributes that make a browser fetch something, by element (None: on any element). Links are not
# among them: those of a renderer are taken out, and ours lead to nothing that a page loads.
FETCHES = {
    "src": None,
    "srcset": None,
    "poster": None,
    "data": {"object"},
    "href": {"image", "use"},
    "background": None,
}


def finish(source: Path, record: Mapping, **given: object) -> bytes:
    """Give the page with the record's metadata in its head; see `casebook.render.finish`."""
    content = source.read_bytes().decode("utf-8")
    page = html.document_fromstring(content, parser=html.HTMLParser(encoding=None))
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
    work = read_work(record)
    _fill_head(head, work, abstract, given)
    if given["encodings"]:
        _list_formats(page, given["encodings"])
    if given["citations"]:
        _insert_box(page, given["citations"])
    _check_requests(page)
    page.text = head.text = head.tail = body.tail = "\n"
    _join_blank_lines(page)
    text = html.tostring(page, doctype="<!DOCTYPE html>", encoding="unicode")
    text = text.replace("</wbr>", "")  # lxml does not know that it has no end
    return (text.rstrip() + "\n").encode()


def _join_blank_lines(page: html.HtmlElement) -> None:
    """Blank lines between elements differ between pandoc's versions."""
    for element in page.iter(etree.Element):
        text = element.text if element.tag not in ("pre", "style", "script") else None
        if text and not text.strip() and "\n" in text:
            element.text = "\n"
        if element.tail and not element.tail.strip() and "\n" in element.tail:
            inside_code = any(parent.tag == "pre" for parent in element.iterancestors())
            element.tail = element.tail if inside_code else "\n"


def _remove_foreign(page: html.HtmlElement) -> None:
    """Scripts but the journal's, links and generator tags: they are a renderer's own."""
    foreign = f"//script[@id!='{SCRIPT}' or not(@id)] | //link | //comment()"
    for element in page.xpath(foreign):
        element.drop_tree()
    for element in page.xpath("//head/meta[@name or @http-equiv]"):
        if element.get("name") not in ("viewport", "color-scheme"):
            element.drop_tree()


def _name_images(body: html.HtmlElement) -> None:
    """Pandoc's versions differ in how they keep the alternative text of an embedded SVG."""
    for image in body.iter("img"):
        label = image.attrib.pop("aria-label", None)
        image.attrib.pop("role", None)
        if image.get("alt") is None:
            image.set("alt", label or "")


def _link_drawings(body: html.HtmlElement) -> None:
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


def _let_words_break(body: html.HtmlElement) -> None:
    """Let long names and formulas in the cells of tables break after `_`, `*` and `/`."""
    for cell in body.xpath(".//table//td | .//table//th"):
        for element in list(cell.iter(etree.Element)):
            _break_text(element, "text", element, 0)
            if element is not cell:
                parent = element.getparent()
                _break_text(element, "tail", parent, parent.index(element) + 1)


def _break_text(
    owner: html.HtmlElement, place: str, parent: html.HtmlElement, position: int
) -> None:
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


def _sort_attributes(page: html.HtmlElement) -> None:
    for element in page.iter(etree.Element):
        items = sorted(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(items)


def _pack_styles(head: html.HtmlElement) -> None:
    """Pandoc takes comments and indentation away where it embeds files, and only there."""
    for style in head.iter("style"):
        text = re.sub(r"/\*.*?\*/", "", style.text or "", flags=re.DOTALL)
        style.text = re.sub(r"\s*\n\s*", "\n", text)


def _name_styles(page: html.HtmlElement, head: html.HtmlElement) -> None:
    """Turn style attributes into classes, which a policy can allow by the sheet's hash."""
    names: dict[str, str] = {}
    for element in page.iterfind(".//*[@style]"):
        declared = [each.strip() for each in element.attrib.pop("style").split(";") if each.strip()]
        rule = "; ".join(f"{each} !important" for each in declared)
        name = names.setdefault(rule, f"style-{len(names) + 1}")
        element.set("class", " ".join([*element.get("class", "").split(), name]))
    style = list(head.iter("style"))[-1]
    rules = [f".{name} {{ {rule} }}" for rule, name in names.items()]
    style.text = "\n".join([style.text.rstrip(), *rules, ""])


def _abstract(page: html.HtmlElement) -> str:
    paragraphs = page.xpath("//section[@class='abstract']/p[not(@class)]")
    return " ".join(" ".join(paragraph.text_content().split()) for paragraph in paragraphs)


def _insert_box(page: html.HtmlElement, citations: Mapping[str, str]) -> None:
    """The box stands at the end of the article."""
    article = page.find(".//article")
    box = cite_box(citations)
    box.tail = "\n"
    article.append(box)


def _list_formats(page: html.HtmlElement, files: Sequence[Path]) -> None:
    """The record ends with links to the other formats, which lie beside the page."""
    entry = E.dd()
    for path in files:
        link = E.a(LABELS.get(path.suffix, path.suffix[1:].upper()), href=path.name)
        link.tail = "; " if path != files[-1] else None
        entry.append(link)
    row = E.div(E.dt("Formats"), entry)
    row.tail = "\n"
    page.find(".//dl[@class='record']").append(row)


def _fill_head(head: html.HtmlElement, work: Work, abstract: str, given: Mapping) -> None:
    policy = etree.Element("meta", {"http-equiv": "Content-Security-Policy"})
    page = head.getparent()
    scripts = page.xpath(f"//script[@id='{SCRIPT}']")
    policy.set("content", POLICY.format(script=_hashes(scripts), style=_hashes(page.iter("style"))))
    policy.tail = "\n"
    head.insert(1, policy)
    listed = {entry.get("id") for entry in head.getparent().iter("div")}
    cited = [source for source in given["references"] if f"ref-{source['id']}" in listed]
    tags = [*highwire(work, cited, work.compendium.site), *dublin_core(work, abstract)]
    if abstract:
        tags.insert(0, ("description", abstract))
    encodings = [_encoding(path, work.compendium.site) for path in given["encodings"]]
    files = {each["name"]: each["encodingFormat"] for each in encodings}
    elements = [etree.Element("meta", {"name": name, "content": text}) for name, text in tags]
    elements += [etree.Element("link", attributes) for attributes in links(work, files)]
    style = head.find("style")
    for element in elements:
        element.tail = "\n"
        style.addprevious(element)
    data = etree.Element("script", {"type": "application/ld+json"})
    article = {
        "@context": "https://schema.org",
        **scholarly_article(work, abstract, encodings, [_compendium(work)]),
    }
    article["license"] = work.license_address
    data.text = json.dumps(article, ensure_ascii=False, indent=1).replace("</", "<\\/")
    data.tail = "\n"
    style.addprevious(data)


def _hashes(elements: Iterable[html.HtmlElement]) -> str:
    """What a policy must allow: the SHA-256 of each script or style sheet, or nothing."""
    digests = [hashlib.sha256((element.text or "").encode()).digest() for element in elements]
    sources = (f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return " ".join(sources) or "'none'"


def _compendium(work: Work) -> dict:
    """Data and code that the article is built from."""
    compendium = work.compendium
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


def _check_requests(page: html.HtmlElement) -> None:
    """A page that would fetch anything is an error."""
    for element in page.iter(etree.Element):
        for name, tags in FETCHES.items():
            value = element.get(name, "")
            fetched = value and (tags is None or element.tag in tags)
            if fetched and not value.startswith(("data:", "#")):
                raise RenderError(
                    f"manuscript.html: <{element.tag} {name}> would fetch {value[:80]!r}"
                )
    styles = "".join(style.text or "" for style in page.iter("style"))
    styles += "".join(element.get("style", "") for element in page.iter(etree.Element))
    if "@import" in styles or re.search(r"url\(\s*['\"]?(?!data:|#)", styles):
        raise RenderError("manuscript.html: a style would fetch a file")
