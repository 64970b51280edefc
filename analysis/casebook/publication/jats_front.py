"""The front matter of a JATS article, whatever the renderer wrote there.

The order is that of the tag set (archiving, 1.2); the recommendations of JATS4R are followed. No
library writes JATS from metadata, so this does, with lxml.
"""

from collections.abc import Sequence

from lxml import etree

from casebook.publication.article import Person, Work

ALI = "{http://www.niso.org/schemas/ali/1.0/}"
XLINK = "{http://www.w3.org/1999/xlink}"


def jats_front(work: Work, abstracts: Sequence[etree._Element] = ()) -> etree._Element:
    """The `<front>` element.

    Args:
        work: the article.
        abstracts: `<abstract>` elements, which are moved into it.
    """
    front = etree.Element("front")
    _journal(front, work)
    meta = etree.SubElement(front, "article-meta")
    if work.doi:
        _add(meta, "article-id", work.doi, pub_id_type="doi")
    _add(_add(meta, "title-group"), "article-title", work.title)
    _contributors(meta, work)
    _date(meta, "pub-date", "pub", work.published).set("publication-format", "electronic")
    for name, value in (
        ("volume", work.volume),
        ("issue", work.issue),
        ("issue-title", work.proceedings),
        ("isbn", work.isbn),
        ("fpage", work.first_page),
        ("lpage", work.last_page),
    ):
        if value:
            _add(meta, name, value)
    dates = [("received", work.submitted), ("accepted", work.accepted)]
    if any(date for _, date in dates):
        history = _add(meta, "history")
        for kind, date in dates:
            if date:
                _date(history, "date", kind, date)
    _permissions(meta, work)
    meta.extend(abstracts)
    keywords = _add(meta, "kwd-group", kwd_group_type="author")
    for keyword in work.keywords:
        _add(keywords, "kwd", keyword)
    _conference(meta, work)
    if work.edition:
        notes = _add(front, "notes", notes_type="edition")
        _add(notes, "title", work.edition["name"])
        _add(notes, "p", work.edition["notice"])
    return front


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    names = {key.replace("_", "-"): value for key, value in attributes.items()}
    element = etree.SubElement(parent, name, names)
    element.text = text or None
    return element


def _journal(front: etree._Element, work: Work) -> None:
    meta = _add(front, "journal-meta")
    _add(meta, "journal-id", work.journal["abbreviation"], journal_id_type="publisher-id")
    titles = _add(meta, "journal-title-group")
    _add(titles, "journal-title", work.journal["title"])
    _add(titles, "abbrev-journal-title", work.journal["abbreviation"])
    if work.issn:
        _add(meta, "issn", work.issn)
    if work.publisher:
        _add(_add(meta, "publisher"), "publisher-name", work.publisher)
    if work.journal.get("site"):
        uri = _add(meta, "self-uri", work.journal["title"])
        uri.set(f"{XLINK}href", work.journal["site"])


def _contributors(meta: etree._Element, work: Work) -> None:
    group = _add(meta, "contrib-group")
    places = list(dict.fromkeys(name for each in work.authors for name in each.affiliations))
    to_write_to = [each for each in work.authors if each.corresponding and each.email]
    for number, person in enumerate(work.authors, start=1):
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


def _permissions(meta: etree._Element, work: Work) -> None:
    """The licence as an address and in words, which say what it covers."""
    license = _add(_add(meta, "permissions"), "license")
    reference = etree.SubElement(license, f"{ALI}license_ref", nsmap={"ali": ALI.strip("{}")})
    reference.text = work.license_address
    _add(license, "license-p", work.rights)


def _conference(meta: etree._Element, work: Work) -> None:
    conference = work.conference
    if not conference:
        return
    element = _add(meta, "conference")
    parts = [
        ("conf-date", conference.dates),
        ("conf-name", conference.name),
        ("conf-num", conference.number),
        ("conf-loc", conference.place),
        *(("conf-sponsor", name) for name in work.organisers),
    ]
    for name, value in parts:
        if value:
            _add(element, name, value)
