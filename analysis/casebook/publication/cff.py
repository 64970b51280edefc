"""CITATION.cff 1.2.0. No library writes it, so this does; the schema is tested against."""

import yaml

from casebook.publication.article import Article, Person, known

HEAD = "# Written from paper/metadata.yml by `make cite`: change that file, not this one.\n"
MESSAGE = "To cite the article, use the preferred citation; to cite this compendium, use the rest."


def cff(article: Article) -> str:
    """The file `CITATION.cff`: the compendium, with the article as its preferred citation."""
    compendium = article.compendium
    facts = {
        "cff-version": "1.2.0",
        "message": MESSAGE,
        "type": "dataset",
        "title": compendium.title,
        "abstract": compendium.abstract,
        "authors": [{"name": name} for name in compendium.contributors],
        "version": compendium.version,
        "date-released": compendium.released,
        "license": sorted(set(compendium.licenses.values())),
        "repository-code": compendium.repository,
        "url": compendium.site,
        "keywords": list(article.keywords),
        "preferred-citation": known(_article(article)),
    }
    return HEAD + yaml.safe_dump(known(facts), allow_unicode=True, sort_keys=False, width=100)


def _article(article: Article) -> dict:
    conference = article.conference
    return {
        "type": "conference-paper" if article.presented else "article",
        "title": article.title,
        "authors": [_person(person) for person in article.authors],
        "year": int(article.year),
        "date-published": article.published,
        "collection-title": article.proceedings,
        "conference": conference
        and known(
            {
                "name": conference.name,
                "date-start": conference.start,
                "date-end": conference.end,
                "location": conference.place,
            }
        ),
        "journal": article.journal["title"],
        "volume": _number(article.volume),
        "issue": article.issue,
        "start": _number(article.first_page),
        "end": _number(article.last_page),
        "publisher": article.publisher and {"name": article.publisher},
        "doi": article.doi,
        "issn": article.issn,
        "isbn": article.isbn,
        "license": article.license.get("name", ""),
        "license-url": article.license.get("url", ""),
        "keywords": list(article.keywords),
        "languages": [article.language],
    }


def _person(person: Person) -> dict:
    return known(
        {
            "family-names": person.family,
            "given-names": person.given,
            "name-particle": " ".join(filter(None, [person.dropping, person.particle])),
            "name-suffix": person.suffix,
            "email": person.email,
            "orcid": person.orcid_address,
            "affiliation": "; ".join(person.affiliations),
        }
    )


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() else text
