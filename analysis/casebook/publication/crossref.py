"""Crossref deposit XML, schema 5.5.0. No library writes it, so this does, with lxml."""

from lxml import etree

from casebook.publication.article import Article, Person

SPACE = "http://www.crossref.org/schema/5.5.0"
JATS = "http://www.ncbi.nlm.nih.gov/JATS1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LOCATION = f"{SPACE} https://www.crossref.org/schemas/crossref5.5.0.xsd"


def missing(article: Article) -> list[str]:
    """What Crossref needs and the record does not have; with anything here it is a draft."""
    needed = {
        "deposit (depositor, email, registrant, resource)": article.deposit,
        "publication.doi": article.doi,
        "publication.publisher": article.publisher or not article.presented,
        "publication.issn": article.issn or not article.proceedings,
    }
    return [name for name, value in needed.items() if not value]


def crossref(article: Article, abstract: str) -> bytes:
    """The file `crossref.xml`; a draft says in its first comment what it lacks.

    A conference paper stands in proceedings that belong to the journal as a series; Crossref has
    no issue number there.
    """
    batch = etree.Element(f"{{{SPACE}}}doi_batch", nsmap={None: SPACE, "xsi": XSI, "jats": JATS})
    batch.set("version", "5.5.0")
    batch.set(f"{{{XSI}}}schemaLocation", LOCATION)
    if lacking := missing(article):
        batch.append(etree.Comment(f" DRAFT, not for deposit. Lacks {'; '.join(lacking)}. "))
    head = _add(batch, "head")
    _add(head, "doi_batch_id", article.key)
    _add(head, "timestamp", article.published.replace("-", "") + "000000")
    if article.deposit:
        depositor = _add(head, "depositor")
        _add(depositor, "depositor_name", article.deposit["depositor"])
        _add(depositor, "email_address", article.deposit["email"])
        _add(head, "registrant", article.deposit["registrant"])
    body = _add(batch, "body")
    (_conference if article.presented else _journal)(body, article, abstract)
    etree.indent(batch, " ")
    return etree.tostring(batch, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{SPACE}}}{name}", attributes)
    element.text = text or None
    return element


def _conference(body: etree._Element, article: Article, abstract: str) -> None:
    conference = _add(body, "conference")
    _event(conference, article)
    title = article.proceedings or article.journal["title"]
    if article.proceedings:
        series = _add(conference, "proceedings_series_metadata")
        metadata = _add(series, "series_metadata")
        _add(_add(metadata, "titles"), "title", article.journal["title"])
        if article.issn:
            _add(metadata, "issn", article.issn)
        _add(series, "proceedings_title", title)
        if article.volume:
            _add(series, "volume", article.volume)
    else:
        series = _add(conference, "proceedings_metadata", language=article.language)
        _add(series, "proceedings_title", title)
    if article.publisher:
        _add(_add(series, "publisher"), "publisher_name", article.publisher)
    _date(series, "publication_date", article.published)
    if article.isbn:
        _add(series, "isbn", article.isbn)
    else:
        _add(series, "noisbn", reason="simple_series")
    paper = _add(conference, "conference_paper", publication_type="full_text")
    _contributors(paper, article)
    _titles(paper, article)
    _rest(paper, article, abstract)


def _event(parent: etree._Element, article: Article) -> None:
    conference = article.conference
    event = _add(parent, "event_metadata")
    _add(event, "conference_name", conference.name if conference else article.proceedings)
    for name in article.organisers[:10]:  # the schema takes ten
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


def _journal(body: etree._Element, article: Article, abstract: str) -> None:
    journal = _add(body, "journal")
    metadata = _add(journal, "journal_metadata", language=article.language)
    _add(metadata, "full_title", article.journal["title"])
    _add(metadata, "abbrev_title", article.journal["abbreviation"])
    if article.issn:
        _add(metadata, "issn", article.issn)
    issue = _add(journal, "journal_issue")
    _date(issue, "publication_date", article.published)
    if article.volume:
        _add(_add(issue, "journal_volume"), "volume", article.volume)
    if article.issue:
        _add(issue, "issue", article.issue)
    element = _add(journal, "journal_article", publication_type="full_text")
    _titles(element, article)
    _contributors(element, article)
    _rest(element, article, abstract)


def _titles(parent: etree._Element, article: Article) -> None:
    _add(_add(parent, "titles"), "title", article.title)
    parent.set("language", article.language)


def _contributors(parent: etree._Element, article: Article) -> None:
    group = _add(parent, "contributors")
    for number, person in enumerate(article.authors):
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


def _rest(parent: etree._Element, article: Article, abstract: str) -> None:
    if abstract:
        element = etree.SubElement(parent, f"{{{JATS}}}abstract")
        etree.SubElement(element, f"{{{JATS}}}p").text = abstract
    _date(parent, "publication_date", article.published)
    if article.accepted:
        _date(parent, "acceptance_date", article.accepted)
    if article.first_page:
        pages = _add(parent, "pages")
        _add(pages, "first_page", article.first_page)
        if article.last_page:
            _add(pages, "last_page", article.last_page)
    if article.license:
        program = etree.SubElement(
            parent,
            "{http://www.crossref.org/AccessIndicators.xsd}program",
            nsmap={"ai": "http://www.crossref.org/AccessIndicators.xsd"},
        )
        etree.SubElement(program, f"{{{program.nsmap['ai']}}}license_ref").text = article.license[
            "url"
        ]
    if article.doi and article.deposit:
        data = _add(parent, "doi_data")
        _add(data, "doi", article.doi)
        _add(data, "resource", article.deposit["resource"])


def _date(parent: etree._Element, name: str, date: str) -> None:
    year, month, day = date.split("-")
    element = _add(parent, name, media_type="online")
    _add(element, "month", month)
    _add(element, "day", day)
    _add(element, "year", year)
