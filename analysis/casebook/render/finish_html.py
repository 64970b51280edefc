"""The finished web page: one file, no request, each citation tag once and right."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml import etree, html

from casebook.errors import RenderError

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xml": "application/jats+xml",
}
# Attributes that make a browser fetch something, by element (None: on any element).
FETCHES = {
    "src": None,
    "srcset": None,
    "poster": None,
    "data": {"object"},
    "href": {"link", "image", "use"},
    "background": None,
}


def finish(content: bytes, record: Mapping, **given: object) -> bytes:
    """Give the page with the record's metadata in its head; see `casebook.render.finish`."""
    page = html.document_fromstring(content.decode("utf-8"), parser=html.HTMLParser(encoding=None))
    head, body = page.find("head"), page.find("body")
    if head is None or body is None or page.find(".//h1[@class='title']") is None:
        raise RenderError("manuscript.html: this is not a page of the journal's format")
    _remove_foreign(page)
    _name_images(body)
    _sort_attributes(page)
    abstract = _abstract(page)
    _fill_head(head, record, abstract, given)
    _check_requests(page)
    page.text = head.text = head.tail = body.tail = "\n"
    _join_blank_lines(page)
    text = html.tostring(page, doctype="<!DOCTYPE html>", encoding="unicode")
    return (text.rstrip() + "\n").encode()


def _join_blank_lines(page: html.HtmlElement) -> None:
    """Blank lines between elements differ between pandoc's versions."""
    for element in page.iter(etree.Element):
        if element.tag in ("pre", "style", "script"):
            continue
        if element.text and not element.text.strip() and "\n" in element.text:
            element.text = "\n"
        if element.tail and not element.tail.strip() and "\n" in element.tail:
            inside_code = any(parent.tag == "pre" for parent in element.iterancestors())
            element.tail = element.tail if inside_code else "\n"


def _remove_foreign(page: html.HtmlElement) -> None:
    """Scripts, links and generator tags: the format has none, so they are a renderer's own."""
    for element in page.xpath("//script | //link | //meta[@name='generator'] | //comment()"):
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


def _sort_attributes(page: html.HtmlElement) -> None:
    for element in page.iter(etree.Element):
        items = sorted(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(items)


def _abstract(page: html.HtmlElement) -> str:
    paragraphs = page.xpath("//section[@class='abstract']/p[not(@class)]")
    return " ".join(" ".join(paragraph.text_content().split()) for paragraph in paragraphs)


def _fill_head(head: html.HtmlElement, record: Mapping, abstract: str, given: Mapping) -> None:
    policy = etree.Element("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    policy.tail = "\n"
    head.insert(1, policy)
    tags = [
        *highwire(record, given["references"], given["site"]),
        *dublin_core(record, abstract),
    ]
    if abstract:
        tags.insert(0, ("description", abstract))
    style = head.find("style")
    place = head.index(style)
    for offset, (name, value) in enumerate(tags):
        meta = etree.Element("meta", {"name": name, "content": value})
        meta.tail = "\n"
        head.insert(place + offset, meta)
    data = etree.Element("script", {"type": "application/ld+json"})
    article = scholarly_article(
        record, abstract, given["encodings"], given["site"], given["based_on"]
    )
    data.text = json.dumps(article, ensure_ascii=False, indent=1).replace("</", "<\\/")
    data.tail = "\n"
    head.insert(head.index(style), data)


def _names(record: Mapping) -> list[tuple[str, str]]:
    return [(author["name"]["given"], author["name"]["family"]) for author in record["author"]]


def highwire(
    record: Mapping, references: Sequence[Mapping] = (), site: str = ""
) -> list[tuple[str, str]]:
    """The tags that Google Scholar reads, as (name, content), in their order."""
    publication = record["publication"]
    tags = [("citation_title", record["title"])]
    for author in record["author"]:
        tags.append(("citation_author", f"{author['name']['family']}, {author['name']['given']}"))
        tags += [("citation_author_institution", name) for name in author.get("affiliations", [])]
        if author.get("email"):
            tags.append(("citation_author_email", author["email"]))
        if author.get("orcid"):
            tags.append(("citation_author_orcid", f"https://orcid.org/{author['orcid']}"))
    published = publication["history"]["published"].replace("-", "/")
    tags.append(("citation_publication_date", published))
    optional = [
        ("citation_conference_title", publication.get("conference", {}).get("name")),
        ("citation_journal_title", publication["journal"]["title"]),
        ("citation_journal_abbrev", publication["journal"]["abbreviation"]),
        ("citation_volume", publication.get("volume")),
        ("citation_issue", publication.get("issue")),
        ("citation_firstpage", publication.get("first-page")),
        ("citation_lastpage", publication.get("last-page")),
        ("citation_doi", publication.get("doi")),
        ("citation_issn", publication.get("issn")),
        ("citation_language", record["lang"].split("-")[0]),
        ("citation_pdf_url", f"{site.rstrip('/')}/manuscript.pdf" if site else None),
    ]
    tags += [(name, value) for name, value in optional if value]
    tags += [("citation_keywords", keyword) for keyword in record["keywords"]]
    return tags + [("citation_reference", _reference(source)) for source in references]


def _reference(source: Mapping) -> str:
    """One `citation_reference`: `key=value` parts, of what the entry knows."""
    authors = [
        author.get("literal")
        or ", ".join(filter(None, [author.get("family"), author.get("given")]))
        for author in source.get("author", [])
    ]
    year = (source.get("issued", {}).get("date-parts") or [[""]])[0][0]
    container = {
        "article-journal": "citation_journal_title",
        "paper-conference": "citation_conference_title",
    }
    parts = [
        ("citation_title", source.get("title")),
        *(("citation_author", author) for author in authors),
        ("citation_publication_date", str(year)),
        (container.get(source.get("type"), "citation_inbook_title"), source.get("container-title")),
        ("citation_volume", source.get("volume")),
        ("citation_issue", source.get("issue")),
        ("citation_publisher", source.get("publisher")),
        ("citation_doi", source.get("DOI")),
    ]
    return "; ".join(f"{name}={str(value).replace(';', ',')}" for name, value in parts if value)


def dublin_core(record: Mapping, abstract: str) -> list[tuple[str, str]]:
    """Dublin Core tags as (name, content)."""
    publication = record["publication"]
    tags = [("DC.title", record["title"])]
    tags += [("DC.creator", f"{family}, {given}") for given, family in _names(record)]
    tags += [("DC.subject", keyword) for keyword in record["keywords"]]
    optional = [
        ("DC.description", abstract),
        ("DC.date", publication["history"]["published"]),
        ("DC.type", "Text"),
        ("DC.format", "text/html"),
        ("DC.language", record["lang"]),
        ("DC.identifier", publication.get("doi") and f"https://doi.org/{publication['doi']}"),
        ("DC.source", publication["journal"]["title"]),
        ("DC.relation.isPartOf", publication.get("proceedings")),
    ]
    return tags + [(name, value) for name, value in optional if value]


def scholarly_article(
    record: Mapping, abstract: str, encodings: Sequence[Path], site: str, based_on: Sequence[str]
) -> dict:
    """The article in the words of schema.org, without a key for what is not known."""
    publication = record["publication"]
    journal = {"@type": "Periodical", "name": publication["journal"]["title"]}
    if publication.get("issn"):
        journal["issn"] = publication["issn"]
    if publication["journal"].get("site"):
        journal["url"] = publication["journal"]["site"]
    part = journal
    for kind, key, field in (
        ("PublicationVolume", "volume", "volumeNumber"),
        ("PublicationIssue", "issue", "issueNumber"),
    ):
        if publication.get(key):
            part = {"@type": kind, field: publication[key], "isPartOf": part}
    article = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": record["title"],
        "name": record["title"],
        "author": [_person(author) for author in record["author"]],
        "datePublished": publication["history"]["published"],
        "inLanguage": record["lang"],
        "keywords": list(record["keywords"]),
        "isPartOf": part,
        "abstract": abstract,
        "pageStart": publication.get("first-page"),
        "pageEnd": publication.get("last-page"),
        "identifier": publication.get("doi") and f"https://doi.org/{publication['doi']}",
        "recordedAt": _event(publication),
        "version": publication.get("edition", {}).get("name"),
        "creditText": publication.get("edition", {}).get("notice"),
        "isBasedOn": list(based_on),
        "encoding": [_encoding(path, site) for path in encodings],
    }
    return {key: value for key, value in article.items() if value}


def _person(author: Mapping) -> dict:
    name = author["name"]
    person = {
        "@type": "Person",
        "name": f"{name['given']} {name['family']}",
        "givenName": name["given"],
        "familyName": name["family"],
        "email": author.get("email"),
        "identifier": author.get("orcid") and f"https://orcid.org/{author['orcid']}",
        "affiliation": [
            {"@type": "Organization", "name": place} for place in author.get("affiliations", [])
        ],
    }
    return {key: value for key, value in person.items() if value}


def _event(publication: Mapping) -> dict | None:
    conference = publication.get("conference")
    if not conference:
        return None
    organisers = [
        {"@type": "Organization", "name": name} for name in publication.get("organisers", [])
    ]
    event = {"@type": "Event", "name": conference["name"], "organizer": organisers}
    return {key: value for key, value in event.items() if value}


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
