"""CITATION.cff 1.2.0. No library writes it, so this does; the schema is tested against."""

import yaml

from casebook.publication.article import Person, Work, known

HEAD = "# Written from paper/metadata.yml by `make cite`: change that file, not this one.\n"
MESSAGE = "To cite the article, use the preferred citation; to cite this compendium, use the rest."


def cff(work: Work) -> str:
    """The file `CITATION.cff`: the compendium, with the article as its preferred citation."""
    compendium = work.compendium
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
        "keywords": list(work.keywords),
        "preferred-citation": known(_article(work)),
    }
    return HEAD + yaml.safe_dump(known(facts), allow_unicode=True, sort_keys=False, width=100)


def _article(work: Work) -> dict:
    conference = work.conference
    return {
        "type": "conference-paper" if work.presented else "article",
        "title": work.title,
        "authors": [_person(person) for person in work.authors],
        "year": int(work.year),
        "date-published": work.published,
        "collection-title": work.proceedings,
        "conference": conference
        and known(
            {
                "name": conference.name,
                "date-start": conference.start,
                "date-end": conference.end,
                "location": conference.place,
            }
        ),
        "journal": work.journal["title"],
        "volume": _number(work.volume),
        "issue": work.issue,
        "start": _number(work.first_page),
        "end": _number(work.last_page),
        "publisher": work.publisher and {"name": work.publisher},
        "doi": work.doi,
        "issn": work.issn,
        "isbn": work.isbn,
        "license": work.license.get("name", ""),
        "license-url": work.license.get("url", ""),
        "keywords": list(work.keywords),
        "languages": [work.language],
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
