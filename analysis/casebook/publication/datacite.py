"""The article for DataCite, as plain JSON.

The `datacite` library sends records and holds the schema; the tests use it.
"""

import json

from casebook.publication.article import Article, Person, known

SCHEMA = "http://datacite.org/schema/kernel-4"
ORCID = {"nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}


def datacite(article: Article, abstract: str) -> str:
    """The file `datacite.json`: the article by the DataCite schema 4.5.

    The schema wants a publisher; `:unav` is DataCite's own word for one that is not known.
    """
    facts = {
        "schemaVersion": SCHEMA,
        "doi": article.doi,
        "types": {
            "resourceTypeGeneral": "ConferencePaper" if article.presented else "JournalArticle",
            "resourceType": article.edition.get("name", "Article"),
        },
        "creators": [_creator(person) for person in article.authors],
        "titles": [{"title": article.title, "lang": article.lang}],
        "publisher": {"name": article.publisher or ":unav"},
        "publicationYear": article.year,
        "subjects": [{"subject": keyword} for keyword in article.keywords],
        "dates": [
            {"date": date, "dateType": kind}
            for kind, date in (
                ("Submitted", article.submitted),
                ("Accepted", article.accepted),
                ("Issued", article.published),
            )
            if date
        ],
        "language": article.lang,
        "relatedItems": _containers(article),
        "rightsList": [
            {
                "rights": article.rights,
                "rightsUri": article.license_address,
                "rightsIdentifier": article.license.get("name")
                or article.compendium.licenses["text"],
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": "https://spdx.org/licenses/",
            }
        ],
        "descriptions": [
            {"description": text, "descriptionType": kind}
            for kind, text in (("Abstract", abstract), ("Other", article.edition.get("notice")))
            if text
        ],
    }
    return json.dumps(known(facts), ensure_ascii=False, indent=1) + "\n"


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


def _containers(article: Article) -> list[dict]:
    """What the article appeared in: the proceedings, the journal, and the conference."""
    place = known(
        {
            "volume": article.volume,
            "issue": article.issue,
            "firstPage": article.first_page,
            "lastPage": article.last_page,
        }
    )
    journal = {"titles": [{"title": article.journal["title"]}], **place}
    if article.issn:
        journal["relatedItemIdentifier"] = _identifier(article.issn, "ISSN")
    items = [{"relatedItemType": "Journal", "relationType": "IsPublishedIn", **journal}]
    if article.proceedings:
        proceedings = {"titles": [{"title": article.proceedings}]}
        if article.isbn:
            proceedings["relatedItemIdentifier"] = _identifier(article.isbn, "ISBN")
        items.insert(
            0,
            {
                "relatedItemType": "ConferenceProceeding",
                "relationType": "IsPublishedIn",
                **proceedings,
            },
        )
    if article.conference:
        titles = [{"title": article.conference.name}]
        items.append({"relatedItemType": "Event", "relationType": "IsPartOf", "titles": titles})
    return items


def _identifier(value: str, kind: str) -> dict:
    return {"relatedItemIdentifier": value, "relatedItemIdentifierType": kind}
