"""What repositories take with a deposit: DataCite for the article, Zenodo for the compendium.

Both formats are plain JSON. The `datacite` library sends records and holds the schema (the tests
use it); for `.zenodo.json` there is no library.
"""

import json

from casebook.publication.article import Person, Work, known

SCHEMA = "http://datacite.org/schema/kernel-4"
ORCID = {"nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}


def datacite(work: Work, abstract: str) -> str:
    """The file `datacite.json`: the article by the DataCite schema 4.5.

    The schema wants a publisher; `:unav` is DataCite's own word for one that is not known.
    """
    facts = {
        "schemaVersion": SCHEMA,
        "doi": work.doi,
        "types": {
            "resourceTypeGeneral": "ConferencePaper" if work.presented else "JournalArticle",
            "resourceType": work.edition.get("name", "Article"),
        },
        "creators": [_creator(person) for person in work.authors],
        "titles": [{"title": work.title, "lang": work.lang}],
        "publisher": {"name": work.publisher or ":unav"},
        "publicationYear": work.year,
        "subjects": [{"subject": keyword} for keyword in work.keywords],
        "dates": [
            {"date": date, "dateType": kind}
            for kind, date in (
                ("Submitted", work.submitted),
                ("Accepted", work.accepted),
                ("Issued", work.published),
            )
            if date
        ],
        "language": work.lang,
        "relatedItems": _containers(work),
        "rightsList": [
            {
                "rights": work.rights,
                "rightsUri": work.license_address,
                "rightsIdentifier": work.license.get("name") or work.compendium.licenses["text"],
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "descriptions": [
            {"description": text, "descriptionType": kind}
            for kind, text in (("Abstract", abstract), ("Other", work.edition.get("notice")))
            if text
        ],
    }
    return _json(facts)


def _creator(person: Person) -> dict:
    return known(
        {
            "name": person.inverted,
            "nameType": "Personal",
            "givenName": person.forenames,
            "familyName": person.surname,
            "nameIdentifiers": [{"nameIdentifier": person.orcid_address, **ORCID}]
            if person.orcid
            else [],
            "affiliation": [{"name": name} for name in person.affiliations],
        }
    )


def _containers(work: Work) -> list[dict]:
    """What the article appeared in: the proceedings, the journal, and the conference."""
    place = known(
        {
            "volume": work.volume,
            "issue": work.issue,
            "firstPage": work.first_page,
            "lastPage": work.last_page,
        }
    )
    journal = {"titles": [{"title": work.journal["title"]}], **place}
    if work.issn:
        journal["relatedItemIdentifier"] = _identifier(work.issn, "ISSN")
    items = [{"relatedItemType": "Journal", "relationType": "IsPublishedIn", **journal}]
    if work.proceedings:
        proceedings = {"titles": [{"title": work.proceedings}]}
        if work.isbn:
            proceedings["relatedItemIdentifier"] = _identifier(work.isbn, "ISBN")
        items.insert(
            0,
            {
                "relatedItemType": "ConferenceProceeding",
                "relationType": "IsPublishedIn",
                **proceedings,
            },
        )
    if work.conference:
        titles = [{"title": work.conference.name}]
        items.append({"relatedItemType": "Event", "relationType": "IsPartOf", "titles": titles})
    return items


def _identifier(value: str, kind: str) -> dict:
    return {"relatedItemIdentifier": value, "relatedItemIdentifierType": kind}


def zenodo(work: Work, citation: str) -> str:
    """The file `.zenodo.json`: the compendium, with the article among its references.

    The fields of Zenodo for journal and conference would say that the compendium itself appeared
    there; so they stay empty, and the article is cited whole.

    Args:
        work: the article.
        citation: the formatted reference to it.
    """
    compendium = work.compendium
    names = compendium.licenses
    notice = work.edition.get("notice", "")
    facts = {
        "upload_type": "dataset",
        "title": compendium.title,
        "description": compendium.abstract,
        "creators": [{"name": name} for name in compendium.contributors],
        "version": compendium.version,
        "publication_date": compendium.released,
        "access_right": "open",
        "license": names["data"].lower(),
        "keywords": list(work.keywords),
        "notes": f"Licences: code {names['code']}, data {names['data']}, text {names['text']}. "
        + notice,
        "references": [citation],
        "related_identifiers": [
            {"identifier": work.doi, "relation": "isSupplementTo", "scheme": "doi"}
        ]
        if work.doi
        else [],
    }
    return _json(facts)


def _json(facts: dict) -> str:
    return json.dumps(known(facts), ensure_ascii=False, indent=1) + "\n"
