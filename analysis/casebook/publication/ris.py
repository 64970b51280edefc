"""RIS, written by rispy."""

from casebook.publication.article import Article, known


def ris(article: Article) -> str:
    """The file `citation.ris`: one `CPAPER` or `JOUR`.

    T2 of a conference paper is the conference, C3 the proceedings and T3 their series.
    """
    import rispy

    class Writer(rispy.RisWriter):
        """One entry needs no number above it."""

        def set_header(self, count: int) -> str:
            return ""

    conference = article.conference
    entry = {
        "type_of_reference": "CPAPER" if article.presented else "JOUR",
        "id": article.key,
        "title": article.title,
        "authors": [person.inverted for person in article.authors],
        "year": article.year,
        "date": article.published.replace("-", "/"),
        "secondary_title": conference.name if conference else article.journal["title"],
        "custom3": article.proceedings,
        "tertiary_title": article.journal["title"] if article.presented else "",
        "alternate_title1": article.journal["abbreviation"],
        "place_published": conference.place if conference else "",
        "publisher": article.publisher,
        "volume": article.volume,
        "number": article.issue,
        "start_page": article.first_page,
        "end_page": article.last_page,
        "doi": article.doi,
        "issn": article.isbn or article.issn,
        "language": article.lang,
        "keywords": list(article.keywords),
        "notes": [f"Licence: {article.license['name']}"] if article.license else [],
    }
    return rispy.dumps([known(entry)], implementation=Writer).strip() + "\n"
