"""The tags in the head of a page that Google Scholar, Zotero and library catalogues read.

No library writes them, so this does.
"""

from collections.abc import Mapping, Sequence

from casebook.citation.work import Person, Work

CONTAINERS = {
    "article-journal": "citation_journal_title",
    "paper-conference": "citation_conference_title",
}


def highwire(
    work: Work, references: Sequence[Mapping] = (), site: str = ""
) -> list[tuple[str, str]]:
    """The tags that Google Scholar reads, as (name, content), in their order.

    The conference stands after the journal, because Zotero takes the type of the item from the
    last of these tags that it meets.

    Args:
        work: the article.
        references: the cited works as CSL-JSON items.
        site: address of the page's folder, or "".
    """
    tags = [("citation_title", work.title)]
    for person in work.authors:
        tags.append(("citation_author", _author(person)))
        tags += [("citation_author_institution", name) for name in person.affiliations]
        tags += [("citation_author_email", person.email)]
        tags += [("citation_author_orcid", person.orcid_address)]
    tags += [
        ("citation_publication_date", work.published.replace("-", "/")),
        ("citation_journal_title", work.journal["title"]),
        ("citation_journal_abbrev", work.journal["abbreviation"]),
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


def _author(person: Person) -> str:
    """Inverted, unless Zotero would take the two halves of the name for two authors."""
    halves = (person.surname, person.forenames)
    return person.full if all(" " in half for half in halves) else person.inverted


def _reference(source: Mapping) -> str:
    """One `citation_reference`: `key=value` parts, of what the entry knows."""
    authors = [
        author.get("literal")
        or ", ".join(filter(None, [author.get("family"), author.get("given")]))
        for author in source.get("author", [])
    ]
    year = (source.get("issued", {}).get("date-parts") or [[""]])[0][0]
    parts = [
        ("citation_title", source.get("title")),
        *(("citation_author", author) for author in authors),
        ("citation_publication_date", str(year)),
        (
            CONTAINERS.get(source.get("type"), "citation_inbook_title"),
            source.get("container-title"),
        ),
        ("citation_volume", source.get("volume")),
        ("citation_issue", source.get("issue")),
        ("citation_publisher", source.get("publisher")),
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
        ("DC.relation.isPartOf", work.proceedings),
        ("DC.rights", rights(work)),
    ]
    return [(name, value) for name, value in tags if value]


def rights(work: Work) -> str:
    """What one may do with the text, in a sentence.

    The licence of the article where it is known, else that of the text of this edition.
    """
    if work.license:
        return f"The article is licensed under {work.license['name']} ({work.license['url']})."
    name = work.compendium.licenses["text"]
    edition = work.edition.get("name", "edition").lower()
    return f"The text of this {edition} is licensed under {name} ({license_address(name)})."


def license_address(name: str) -> str:
    """Where a licence can be read, by its SPDX name."""
    known = {
        "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
        "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    return known.get(name, f"https://spdx.org/licenses/{name}.html")
