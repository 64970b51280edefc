"""The front matter of a JATS article, whatever the renderer wrote there.

The order is that of the tag set (archiving, 1.2); the recommendations of JATS4R are followed. No
library writes JATS from metadata, so this does, with lxml.
"""

from collections.abc import Sequence

from lxml import etree

from casebook.publication.article import Article, Person

ALI = "{http://www.niso.org/schemas/ali/1.0/}"
XLINK = "{http://www.w3.org/1999/xlink}"


def jats_front(article: Article, abstracts: Sequence[etree._Element] = ()) -> etree._Element:
    """The `<front>` element.

    Args:
        article: the article.
        abstracts: `<abstract>` elements, which are moved into it.
    """
    front = etree.Element("front")
    _journal(front, article)
    meta = etree.SubElement(front, "article-meta")
    if article.doi:
        _add(meta, "article-id", article.doi, pub_id_type="doi")
    _add(_add(meta, "title-group"), "article-title", article.title)
    _contributors(meta, article)
    _date(meta, "pub-date", "pub", article.published).set("publication-format", "electronic")
    for name, value in (
        ("volume", article.volume),
        ("issue", article.issue),
        ("issue-title", article.proceedings),
        ("isbn", article.isbn),
        ("fpage", article.first_page),
        ("lpage", article.last_page),
    ):
        if value:
            _add(meta, name, value)
    dates = [("received", article.submitted), ("accepted", article.accepted)]
    if any(date for _, date in dates):
        history = _add(meta, "history")
        for kind, date in dates:
            if date:
                _date(history, "date", kind, date)
    _permissions(meta, article)
    meta.extend(abstracts)
    keywords = _add(meta, "kwd-group", kwd_group_type="author")
    for keyword in article.keywords:
        _add(keywords, "kwd", keyword)
    _conference(meta, article)
    if article.edition:
        notes = _add(front, "notes", notes_type="edition")
        _add(notes, "title", article.edition["name"])
        _add(notes, "p", article.edition["notice"])
    return front


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    names = {key.replace("_", "-"): value for key, value in attributes.items()}
    element = etree.SubElement(parent, name, names)
    element.text = text or None
    return element


def _journal(front: etree._Element, article: Article) -> None:
    meta = _add(front, "journal-meta")
    _add(meta, "journal-id", article.journal["abbreviation"], journal_id_type="publisher-id")
    titles = _add(meta, "journal-title-group")
    _add(titles, "journal-title", article.journal["title"])
    _add(titles, "abbrev-journal-title", article.journal["abbreviation"])
    if article.issn:
        _add(meta, "issn", article.issn)
    if article.publisher:
        _add(_add(meta, "publisher"), "publisher-name", article.publisher)
    if article.journal.get("site"):
        uri = _add(meta, "self-uri", article.journal["title"])
        uri.set(f"{XLINK}href", article.journal["site"])


def _contributors(meta: etree._Element, article: Article) -> None:
    group = _add(meta, "contrib-group")
    places = list(dict.fromkeys(name for each in article.authors for name in each.affiliations))
    to_write_to = [each for each in article.authors if each.corresponding and each.email]
    for number, person in enumerate(article.authors, start=1):
        contributor = _add(group, "contrib", contrib_type="author", id=f"author-{number}")
        if person.orcid:
            kind = {"contrib_id_type": "orcid", "authenticated": "false"}
            _add(contributor, "contrib-id", person.orcid_address, **kind)
        _name(contributor, person)
        for name in person.affiliations:
            mark = str(places.index(name) + 1)
            _add(contributor, "xref", mark, ref_type="aff", rid=f"aff-{mark}")
        if person in to_write_to:
            contributor.set("corresp", "yes")
            mark = to_write_to.index(person)
            _add(contributor, "xref", "*", ref_type="corresp", rid=_correspondence(mark))
        elif person.email:
            _add(contributor, "email", person.email)
    for number, name in enumerate(places, start=1):
        place = _add(group, "aff", id=f"aff-{number}")
        _add(place, "label", str(number))
        _add(place, "institution", name)
    if to_write_to:
        notes = _add(meta, "author-notes")
        for number, person in enumerate(to_write_to):
            address = _add(notes, "corresp", id=_correspondence(number))
            _add(address, "label", "*").tail = f"{person.full}, "
            _add(address, "email", person.email)


def _correspondence(number: int) -> str:
    return f"correspondence-{number + 1}" if number else "correspondence"


def _name(contributor: etree._Element, person: Person) -> None:
    name = _add(contributor, "name")
    _add(name, "surname", person.surname)
    _add(name, "given-names", person.forenames)
    if person.suffix:
        _add(name, "suffix", person.suffix)


def _date(parent: etree._Element, name: str, kind: str, date: str) -> etree._Element:
    element = _add(parent, name, date_type=kind, iso_8601_date=date)
    for unit, value in zip(("year", "month", "day"), date.split("-"), strict=True):
        element.insert(0, etree.Element(unit))
        element[0].text = value
    return element


def _permissions(meta: etree._Element, article: Article) -> None:
    """The licence as an address and in words, which say what it covers."""
    license = _add(_add(meta, "permissions"), "license")
    reference = etree.SubElement(license, f"{ALI}license_ref", nsmap={"ali": ALI.strip("{}")})
    reference.text = article.license_address
    _add(license, "license-p", article.rights)


def _conference(meta: etree._Element, article: Article) -> None:
    conference = article.conference
    if not conference:
        return
    element = _add(meta, "conference")
    parts = [
        ("conf-date", conference.dates),
        ("conf-name", conference.name),
        ("conf-num", conference.number),
        ("conf-loc", conference.place),
        *(("conf-sponsor", name) for name in article.organisers),
    ]
    for name, value in parts:
        if value:
            _add(element, name, value)
