"""Crossref deposit XML, schema 5.5.0. No library writes it, so this does, with lxml."""

from lxml import etree

from casebook.publication.article import Person, Work

SPACE = "http://www.crossref.org/schema/5.5.0"
JATS = "http://www.ncbi.nlm.nih.gov/JATS1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOCATION = f"{SPACE} https://www.crossref.org/schemas/crossref5.5.0.xsd"


def missing(work: Work) -> list[str]:
    """What Crossref needs and the record does not have; with anything here it is a draft."""
    needed = {
        "deposit (depositor, email, registrant, resource)": work.deposit,
        "publication.doi": work.doi,
        "publication.publisher": work.publisher or not work.presented,
        "publication.issn": work.issn or not work.proceedings,
    }
    return [name for name, value in needed.items() if not value]


def crossref(work: Work, abstract: str) -> bytes:
    """The file `crossref.xml`; a draft says in its first comment what it lacks.

    A conference paper stands in proceedings that belong to the journal as a series; Crossref has
    no issue number there.
    """
    batch = etree.Element(f"{{{SPACE}}}doi_batch", nsmap={None: SPACE, "xsi": XSI, "jats": JATS})
    batch.set("version", "5.5.0")
    batch.set(f"{{{XSI}}}schemaLocation", LOCATION)
    if lacking := missing(work):
        batch.append(etree.Comment(f" DRAFT, not for deposit. Lacks {'; '.join(lacking)}. "))
    head = _add(batch, "head")
    _add(head, "doi_batch_id", work.key)
    _add(head, "timestamp", work.published.replace("-", "") + "000000")
    if work.deposit:
        depositor = _add(head, "depositor")
        _add(depositor, "depositor_name", work.deposit["depositor"])
        _add(depositor, "email_address", work.deposit["email"])
        _add(head, "registrant", work.deposit["registrant"])
    body = _add(batch, "body")
    (_conference if work.presented else _journal)(body, work, abstract)
    etree.indent(batch, " ")
    return etree.tostring(batch, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{SPACE}}}{name}", attributes)
    element.text = text or None
    return element


def _conference(body: etree._Element, work: Work, abstract: str) -> None:
    conference = _add(body, "conference")
    _event(conference, work)
    title = work.proceedings or work.journal["title"]
    if work.proceedings:
        series = _add(conference, "proceedings_series_metadata")
        metadata = _add(series, "series_metadata")
        _add(_add(metadata, "titles"), "title", work.journal["title"])
        if work.issn:
            _add(metadata, "issn", work.issn)
        _add(series, "proceedings_title", title)
        if work.volume:
            _add(series, "volume", work.volume)
    else:
        series = _add(conference, "proceedings_metadata", language=work.language)
        _add(series, "proceedings_title", title)
    if work.publisher:
        _add(_add(series, "publisher"), "publisher_name", work.publisher)
    _date(series, "publication_date", work.published)
    if work.isbn:
        _add(series, "isbn", work.isbn)
    else:
        _add(series, "noisbn", reason="simple_series")
    paper = _add(conference, "conference_paper", publication_type="full_text")
    _contributors(paper, work)
    _titles(paper, work)
    _rest(paper, work, abstract)


def _event(parent: etree._Element, work: Work) -> None:
    conference = work.conference
    event = _add(parent, "event_metadata")
    _add(event, "conference_name", conference.name if conference else work.proceedings)
    for name in work.organisers[:10]:  # the schema takes ten
        _add(event, "conference_sponsor", name)
    if conference and conference.number:
        _add(event, "conference_number", conference.number)
    if conference and conference.place:
        _add(event, "conference_location", conference.place)
    if conference and conference.dates:
        parts = zip(("start", "end"), (conference.start, conference.end), strict=True)
        dates = {
            f"{prefix}_{unit}": value
            for prefix, date in parts
            if date
            for unit, value in zip(("year", "month", "day"), date.split("-"), strict=True)
        }
        _add(event, "conference_date", conference.dates, **dates)


def _journal(body: etree._Element, work: Work, abstract: str) -> None:
    journal = _add(body, "journal")
    metadata = _add(journal, "journal_metadata", language=work.language)
    _add(metadata, "full_title", work.journal["title"])
    _add(metadata, "abbrev_title", work.journal["abbreviation"])
    if work.issn:
        _add(metadata, "issn", work.issn)
    issue = _add(journal, "journal_issue")
    _date(issue, "publication_date", work.published)
    if work.volume:
        _add(_add(issue, "journal_volume"), "volume", work.volume)
    if work.issue:
        _add(issue, "issue", work.issue)
    article = _add(journal, "journal_article", publication_type="full_text")
    _titles(article, work)
    _contributors(article, work)
    _rest(article, work, abstract)


def _titles(parent: etree._Element, work: Work) -> None:
    _add(_add(parent, "titles"), "title", work.title)
    parent.set("language", work.language)


def _contributors(parent: etree._Element, work: Work) -> None:
    group = _add(parent, "contributors")
    for number, person in enumerate(work.authors):
        sequence = "additional" if number else "first"
        _person(_add(group, "person_name", sequence=sequence, contributor_role="author"), person)


def _person(parent: etree._Element, person: Person) -> None:
    _add(parent, "given_name", person.forenames)
    _add(parent, "surname", person.surname)
    if person.suffix:
        _add(parent, "suffix", person.suffix)
    if person.affiliations:
        affiliations = _add(parent, "affiliations")
        for name in person.affiliations:
            _add(_add(affiliations, "institution"), "institution_name", name)
    if person.orcid:
        _add(parent, "ORCID", person.orcid_address)


def _rest(parent: etree._Element, work: Work, abstract: str) -> None:
    if abstract:
        element = etree.SubElement(parent, f"{{{JATS}}}abstract")
        etree.SubElement(element, f"{{{JATS}}}p").text = abstract
    _date(parent, "publication_date", work.published)
    if work.accepted:
        _date(parent, "acceptance_date", work.accepted)
    if work.first_page:
        pages = _add(parent, "pages")
        _add(pages, "first_page", work.first_page)
        if work.last_page:
            _add(pages, "last_page", work.last_page)
    if work.license:
        program = etree.SubElement(
            parent,
            "{http://www.crossref.org/AccessIndicators.xsd}program",
            nsmap={"ai": "http://www.crossref.org/AccessIndicators.xsd"},
        )
        etree.SubElement(program, f"{{{program.nsmap['ai']}}}license_ref").text = work.license[
            "url"
        ]
    if work.doi and work.deposit:
        data = _add(parent, "doi_data")
        _add(data, "doi", work.doi)
        _add(data, "resource", work.deposit["resource"])


def _date(parent: etree._Element, name: str, date: str) -> None:
    year, month, day = date.split("-")
    element = _add(parent, name, media_type="online")
    _add(element, "month", month)
    _add(element, "day", day)
    _add(element, "year", year)
