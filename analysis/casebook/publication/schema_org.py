"""The article in the words of schema.org, and the compendium in those of CodeMeta.

JSON-LD is JSON; no library writes these vocabularies, so this does.
"""

import json
from collections.abc import Mapping, Sequence

from casebook.publication.article import Person, Work, known

SPDX = "https://spdx.org/licenses/"
# CodeMeta's own words know software only; the article is described in those of schema.org.
CONTEXT = ["https://w3id.org/codemeta/3.0", {"@vocab": "http://schema.org/"}]


def scholarly_article(
    work: Work,
    abstract: str = "",
    encodings: Sequence[Mapping] = (),
    based_on: Sequence[Mapping] = (),
) -> dict:
    """The article as a `ScholarlyArticle`, without a key for what is not known.

    Args:
        work: the article.
        abstract: its abstract as plain text.
        encodings: `MediaObject`s of its files.
        based_on: data and code.
    """
    article = {
        "@type": "ScholarlyArticle",
        "headline": work.title,
        "name": work.title,
        "author": [_person(person) for person in work.authors],
        "datePublished": work.published,
        "inLanguage": work.lang,
        "keywords": list(work.keywords),
        "isPartOf": _containers(work),
        "publisher": work.publisher and {"@type": "Organization", "name": work.publisher},
        "abstract": abstract,
        "pageStart": work.first_page,
        "pageEnd": work.last_page,
        "pagination": work.pages,
        "identifier": work.doi_address,
        "sameAs": work.doi_address,
        "license": work.license.get("url", ""),
        "recordedAt": _event(work),
        "version": work.edition.get("name", ""),
        "backstory": work.edition.get("notice", ""),
        "isBasedOn": list(based_on),
        "encoding": list(encodings),
    }
    return known(article)


def _person(person: Person) -> dict:
    return known(
        {
            "@type": "Person",
            "@id": person.orcid_address,
            "name": person.full,
            "givenName": person.given,
            "familyName": " ".join(filter(None, [person.dropping, person.surname])),
            "honorificSuffix": person.suffix,
            "email": person.email,
            "affiliation": [
                {"@type": "Organization", "name": name} for name in person.affiliations
            ],
        }
    )


def _containers(work: Work) -> list[dict]:
    """The issue of the journal, and the proceedings that appear in it."""
    part = known(
        {
            "@type": "Periodical",
            "name": work.journal["title"],
            "alternateName": work.journal["abbreviation"],
            "issn": work.issn,
            "url": work.journal.get("site", ""),
        }
    )
    if work.volume:
        part = {"@type": "PublicationVolume", "volumeNumber": work.volume, "isPartOf": part}
    if work.issue:
        part = {"@type": "PublicationIssue", "issueNumber": work.issue, "isPartOf": part}
    proceedings = {"@type": "Book", "name": work.proceedings, "isbn": work.isbn}
    return [part, *([known(proceedings)] if work.proceedings else [])]


def _event(work: Work) -> dict | None:
    conference = work.conference
    return conference and known(
        {
            "@type": "Event",
            "name": conference.name,
            "startDate": conference.start,
            "endDate": conference.end,
            "location": conference.place and {"@type": "Place", "name": conference.place},
            "organizer": [{"@type": "Organization", "name": name} for name in work.organisers],
        }
    )


def codemeta(work: Work, abstract: str) -> str:
    """The file `codemeta.json`: the compendium as CodeMeta 3.0, the article as its publication."""
    compendium = work.compendium
    facts = {
        "@context": CONTEXT,
        "@type": "SoftwareSourceCode",
        "name": compendium.title,
        "description": compendium.abstract,
        "author": [{"@type": "Organization", "name": name} for name in compendium.contributors],
        "version": compendium.version,
        "datePublished": compendium.released,
        "license": [SPDX + name for name in sorted(set(compendium.licenses.values()))],
        "codeRepository": compendium.repository,
        "url": compendium.site,
        "keywords": list(work.keywords),
        "programmingLanguage": ["Python", "Snakemake"],
        "referencePublication": scholarly_article(work, abstract),
    }
    return json.dumps(known(facts), ensure_ascii=False, indent=1) + "\n"
