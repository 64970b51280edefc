"""BibTeX, written by pybtex."""

from casebook.publication.article import Article, known


def bibtex(article: Article) -> str:
    """The file `citation.bib`: one `@inproceedings` or `@article` in UTF-8.

    The title stands in braces, because styles would lower its capitals otherwise.
    """
    from pybtex.database import BibliographyData, Entry, Person

    people = [
        Person(
            first=person.given,
            prelast=" ".join(filter(None, [person.dropping, person.particle])),
            last=f"{{{person.family}}}" if " " in person.family else person.family,
            lineage=person.suffix,
        )
        for person in article.authors
    ]
    kind = "inproceedings" if article.presented else "article"
    entry = Entry(kind, known(_fields(article)), persons={"author": people})
    text = BibliographyData({article.key: entry}).to_string("bibtex")
    # Readers take a DOI as it stands.
    return text.replace(article.doi.replace("_", "\\_"), article.doi) if article.doi else text


def _event_days(article: Article) -> list[str]:
    return [article.conference.start, article.conference.end] if article.conference else []


def _fields(article: Article) -> dict[str, str]:
    journal = article.journal["title"]
    return {
        "title": f"{{{article.title}}}",
        "booktitle": (article.proceedings or journal) if article.presented else "",
        "series": journal if article.proceedings else "",
        "journal": "" if article.presented else journal,
        "eventtitle": article.conference.name if article.conference else "",
        "eventdate": "/".join(filter(None, _event_days(article))),
        "venue": article.conference.place if article.conference else "",
        "organization": " and ".join(f"{{{name}}}" for name in article.organisers),
        "publisher": article.publisher,
        "volume": article.volume,
        "number": article.issue,
        "pages": article.pages.replace("-", "--"),
        "year": article.year,
        "date": article.published,
        "doi": article.doi,
        "issn": article.issn,
        "isbn": article.isbn,
        "language": article.lang,
        "keywords": article.keyword_line,
        "copyright": article.license.get("name", ""),
    }
