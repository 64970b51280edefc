"""What stands in the head of a page for Google Scholar, Zotero, library catalogues and crawlers.

No library writes these tags, so this does.
"""

from collections.abc import Mapping, Sequence

from casebook.publication.article import Article, Person

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
    article: Article, references: Sequence[Mapping] = (), site: str = ""
) -> list[tuple[str, str]]:
    """The tags that Google Scholar reads, as (name, content), in their order.

    Zotero takes the type of the item from the last of journal, book and conference that it meets,
    the title of the proceedings from the book, and their series from the series. So of a
    conference paper the conference stands last.

    Args:
        article: the article.
        references: the cited works as CSL-JSON items.
        site: address of the page's folder, or "".
    """
    tags = [("citation_title", article.title)]
    for person in article.authors:
        tags.append(("citation_author", _author(person, alone=len(article.authors) == 1)))
        tags += [("citation_author_institution", name) for name in person.affiliations]
        tags += [("citation_author_email", person.email)]
        tags += [("citation_author_orcid", person.orcid_address)]
    tags += [
        ("citation_publication_date", article.published.replace("-", "/")),
        ("citation_journal_title", article.journal["title"]),
        ("citation_journal_abbrev", article.journal["abbreviation"]),
        ("citation_series_title", article.journal["title"] if article.proceedings else ""),
        ("citation_inbook_title", article.proceedings),
        ("citation_conference_title", article.conference.name if article.conference else ""),
        ("citation_publisher", article.publisher),
        ("citation_volume", article.volume),
        ("citation_issue", article.issue),
        ("citation_firstpage", article.first_page),
        ("citation_lastpage", article.last_page),
        ("citation_doi", article.doi),
        ("citation_issn", article.issn),
        ("citation_isbn", article.isbn),
        ("citation_language", article.language),
        ("citation_pdf_url", f"{site.rstrip('/')}/manuscript.pdf" if site else ""),
    ]
    tags += [("citation_keywords", keyword) for keyword in article.keywords]
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


def dublin_core(article: Article, abstract: str = "") -> list[tuple[str, str]]:
    """Dublin Core tags, as (name, content)."""
    tags = [("DC.title", article.title)]
    tags += [("DC.creator", person.inverted) for person in article.authors]
    tags += [("DC.subject", keyword) for keyword in article.keywords]
    tags += [
        ("DC.description", abstract),
        ("DC.publisher", article.publisher),
        ("DC.date", article.published),
        ("DC.type", "Text"),
        ("DC.format", "text/html"),
        ("DC.language", article.lang),
        ("DC.identifier", article.doi_address),
        ("DC.source", article.journal["title"]),
        ("DC.rights", article.rights),
        ("DCTERMS.dateSubmitted", article.submitted),
        ("DCTERMS.dateAccepted", article.accepted),
        ("DCTERMS.isPartOf", article.proceedings),
        ("DCTERMS.license", article.license_address),
    ]
    return [(name, value) for name, value in tags if value]


def links(article: Article, files: Mapping[str, str]) -> list[dict[str, str]]:
    """Links that no browser follows by itself, as attributes.

    The first two say what the prefixes of the Dublin Core tags mean; the rest are those of FAIR
    Signposting, by which a crawler finds identifier, authors, licence, files and descriptions.

    Args:
        article: the article.
        files: media types of its other files, by name.
    """
    spaces = {"schema.DC": "elements/1.1", "schema.DCTERMS": "terms"}
    found = [(rel, f"http://purl.org/dc/{path}/") for rel, path in spaces.items()]
    found += [("cite-as", article.doi_address)]
    found += [("author", person.orcid_address) for person in article.authors]
    found += [("license", article.license_address)]
    found += [("type", f"https://schema.org/{kind}") for kind in ("AboutPage", "ScholarlyArticle")]
    result = [{"rel": rel, "href": address} for rel, address in found if address]
    for rel, named in (("item", files), ("describedby", DESCRIPTIONS)):
        result += [{"rel": rel, "href": name, "type": kind} for name, kind in named.items()]
    return result
