"""What stands in the head of a page for Google Scholar, Zotero, library catalogues and crawlers.

No library writes these tags, so this does.
"""

from collections.abc import Mapping, Sequence

from casebook.publication.article import Person, Work

# By type of a cited work: what holds what it appeared in, and what holds its publisher.
CONTAINERS = {
    "chapter": "citation_inbook_title",
    "paper-conference": "citation_conference_title",
}
PUBLISHERS = {
    "thesis": "citation_dissertation_institution",
    "report": "citation_technical_report_institution",
}
# What describes the article, beside the page.
DESCRIPTIONS = {
    "citation.bib": "application/x-bibtex",
    "citation.json": "application/vnd.citationstyles.csl+json",
    "citation.ris": "application/x-research-info-systems",
    "datacite.json": "application/vnd.datacite.datacite+json",
    "ro-crate-metadata.json": "application/ld+json",
}


def highwire(
    work: Work, references: Sequence[Mapping] = (), site: str = ""
) -> list[tuple[str, str]]:
    """The tags that Google Scholar reads, as (name, content), in their order.

    Zotero takes the type of the item from the last of journal, book and conference that it meets,
    the title of the proceedings from the book, and their series from the series. So of a
    conference paper the conference stands last.

    Args:
        work: the article.
        references: the cited works as CSL-JSON items.
        site: address of the page's folder, or "".
    """
    tags = [("citation_title", work.title)]
    for person in work.authors:
        tags.append(("citation_author", _author(person, alone=len(work.authors) == 1)))
        tags += [("citation_author_institution", name) for name in person.affiliations]
        tags += [("citation_author_email", person.email)]
        tags += [("citation_author_orcid", person.orcid_address)]
    tags += [
        ("citation_publication_date", work.published.replace("-", "/")),
        ("citation_journal_title", work.journal["title"]),
        ("citation_journal_abbrev", work.journal["abbreviation"]),
        ("citation_series_title", work.journal["title"] if work.proceedings else ""),
        ("citation_inbook_title", work.proceedings),
        ("citation_conference_title", work.conference.name if work.conference else ""),
        ("citation_publisher", work.publisher),
        ("citation_volume", work.volume),
        ("citation_issue", work.issue),
        ("citation_firstpage", work.first_page),
        ("citation_lastpage", work.last_page),
        ("citation_doi", work.doi),
        ("citation_issn", work.issn),
        ("citation_isbn", work.isbn),
        ("citation_language", work.language),
        ("citation_pdf_url", f"{site.rstrip('/')}/manuscript.pdf" if site else ""),
    ]
    tags += [("citation_keywords", keyword) for keyword in work.keywords]
    tags += [("citation_reference", _reference(source)) for source in references]
    return [(name, value) for name, value in tags if value]


def _author(person: Person, alone: bool) -> str:
    """Inverted, unless Zotero would take the two halves of a lone name for two authors."""
    halves = (person.surname, person.forenames)
    return person.full if alone and all(" " in half for half in halves) else person.inverted


def _reference(source: Mapping) -> str:
    """One `citation_reference`: `key=value` parts, of what the entry knows."""
    authors = [
        author.get("literal")
        or ", ".join(filter(None, [author.get("family"), author.get("given")]))
        for author in source.get("author", [])
    ]
    year = (source.get("issued", {}).get("date-parts") or [[""]])[0][0]
    first, _, last = str(source.get("page", "")).replace("–", "-").partition("-")
    kind = source.get("type")
    parts = [
        ("citation_title", source.get("title")),
        *(("citation_author", author) for author in authors),
        ("citation_publication_date", str(year)),
        (CONTAINERS.get(kind, "citation_journal_title"), source.get("container-title")),
        ("citation_volume", source.get("volume")),
        ("citation_issue", source.get("issue")),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        (PUBLISHERS.get(kind, "citation_publisher"), source.get("publisher")),
        ("citation_doi", source.get("DOI")),
    ]
    return "; ".join(f"{name}={str(value).replace(';', ',')}" for name, value in parts if value)


def dublin_core(work: Work, abstract: str = "") -> list[tuple[str, str]]:
    """Dublin Core tags, as (name, content)."""
    tags = [("DC.title", work.title)]
    tags += [("DC.creator", person.inverted) for person in work.authors]
    tags += [("DC.subject", keyword) for keyword in work.keywords]
    tags += [
        ("DC.description", abstract),
        ("DC.publisher", work.publisher),
        ("DC.date", work.published),
        ("DC.type", "Text"),
        ("DC.format", "text/html"),
        ("DC.language", work.lang),
        ("DC.identifier", work.doi_address),
        ("DC.source", work.journal["title"]),
        ("DC.rights", work.rights),
        ("DCTERMS.dateSubmitted", work.submitted),
        ("DCTERMS.dateAccepted", work.accepted),
        ("DCTERMS.isPartOf", work.proceedings),
        ("DCTERMS.license", work.license_address),
    ]
    return [(name, value) for name, value in tags if value]


def links(work: Work, files: Mapping[str, str]) -> list[dict[str, str]]:
    """Links that no browser follows by itself, as attributes.

    The first two say what the prefixes of the Dublin Core tags mean; the rest are those of FAIR
    Signposting, by which a crawler finds identifier, authors, licence, files and descriptions.

    Args:
        work: the article.
        files: media types of its other files, by name.
    """
    spaces = {"schema.DC": "elements/1.1", "schema.DCTERMS": "terms"}
    found = [(rel, f"http://purl.org/dc/{path}/") for rel, path in spaces.items()]
    found += [("cite-as", work.doi_address)]
    found += [("author", person.orcid_address) for person in work.authors]
    found += [("license", work.license_address)]
    found += [("type", f"https://schema.org/{kind}") for kind in ("AboutPage", "ScholarlyArticle")]
    result = [{"rel": rel, "href": address} for rel, address in found if address]
    for rel, named in (("item", files), ("describedby", DESCRIPTIONS)):
        result += [{"rel": rel, "href": name, "type": kind} for name, kind in named.items()]
    return result
