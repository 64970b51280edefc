"""The compendium for Zenodo, as plain JSON, for which there is no library."""

import json

from casebook.publication.article import Article, known


def zenodo(article: Article, citation: str) -> str:
    """The file `.zenodo.json`: the compendium, with the article among its references.

    The fields of Zenodo for journal and conference would say that the compendium itself appeared
    there; so they stay empty, and the article is cited whole.

    Args:
        article: the article.
        citation: the formatted reference to it.
    """
    compendium = article.compendium
    names = compendium.licenses
    notice = article.edition.get("notice", "")
    facts = {
        "upload_type": "dataset",
        "title": compendium.title,
        "description": compendium.abstract,
        "creators": [{"name": name} for name in compendium.contributors],
        "version": compendium.version,
        "publication_date": compendium.released,
        "access_right": "open",
        "license": names["data"].lower(),
        "keywords": list(article.keywords),
        "notes": f"Licences: code {names['code']}, data {names['data']}, text {names['text']}. "
        + notice,
        "references": [citation],
        "related_identifiers": [
            {"identifier": article.doi, "relation": "isSupplementTo", "scheme": "doi"}
        ]
        if article.doi
        else [],
    }
    return json.dumps(known(facts), ensure_ascii=False, indent=1) + "\n"
