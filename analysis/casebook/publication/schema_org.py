"""The article in the words of schema.org, and the compendium in those of CodeMeta.

JSON-LD is JSON; no library writes these vocabularies, so this does.
"""

import json
from collections.abc import Mapping, Sequence

from casebook.publication.article import Article, Person, known

SPDX = "https://spdx.org/licenses/"
# CodeMeta's own words know software only; the article is described in those of schema.org.
CONTEXT = ["https://w3id.org/codemeta/3.0", {"@vocab": "http://schema.org/"}]


def scholarly_article(
    article: Article,
    abstract: str = "",
    encodings: Sequence[Mapping] = (),
    based_on: Sequence[Mapping] = (),
) -> dict:
    """The article as a `ScholarlyArticle`, without a key for what is not known.

    Args:
        article: the article.
        abstract: its abstract as plain text.
        encodings: `MediaObject`s of its files.
        based_on: data and code.
    """
    facts = {
        "@type": "ScholarlyArticle",
        "headline": article.title,
        "name": article.title,
        "author": [_person(person) for person in article.authors],
        "datePublished": article.published,
        "inLanguage": article.lang,
        "keywords": list(article.keywords),
        "isPartOf": _containers(article),
        "publisher": article.publisher and {"@type": "Organization", "name": article.publisher},
        "abstract": abstract,
        "pageStart": article.first_page,
        "pageEnd": article.last_page,
        "pagination": article.pages,
        "identifier": article.doi_address,
        "sameAs": article.doi_address,
        "license": article.license.get("url", ""),
        "recordedAt": _event(article),
        "version": article.edition.get("name", ""),
        "backstory": article.edition.get("notice", ""),
        "isBasedOn": list(based_on),
        "encoding": list(encodings),
    }
    return known(facts)


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


def _containers(article: Article) -> list[dict]:
    """The issue of the journal, and the proceedings that appear in it."""
    part = known(
        {
            "@type": "Periodical",
            "name": article.journal["title"],
            "alternateName": article.journal["abbreviation"],
            "issn": article.issn,
            "url": article.journal.get("site", ""),
        }
    )
    if article.volume:
        part = {"@type": "PublicationVolume", "volumeNumber": article.volume, "isPartOf": part}
    if article.issue:
        part = {"@type": "PublicationIssue", "issueNumber": article.issue, "isPartOf": part}
    proceedings = {"@type": "Book", "name": article.proceedings, "isbn": article.isbn}
    return [part, *([known(proceedings)] if article.proceedings else [])]


def _event(article: Article) -> dict | None:
    conference = article.conference
    return conference and known(
        {
            "@type": "Event",
            "name": conference.name,
            "startDate": conference.start,
            "endDate": conference.end,
            "location": conference.place and {"@type": "Place", "name": conference.place},
            "organizer": [{"@type": "Organization", "name": name} for name in article.organisers],
        }
    )


def codemeta(article: Article, abstract: str) -> str:
    """The file `codemeta.json`: the compendium as CodeMeta 3.0, the article as its publication."""
    compendium = article.compendium
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
        "keywords": list(article.keywords),
        "programmingLanguage": ["Python", "Snakemake"],
        "referencePublication": scholarly_article(article, abstract),
    }
    return json.dumps(known(facts), ensure_ascii=False, indent=1) + "\n"
