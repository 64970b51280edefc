"""BibTeX, written by pybtex."""

from casebook.publication.article import Work, known


def bibtex(work: Work) -> str:
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
        for person in work.authors
    ]
    kind = "inproceedings" if work.presented else "article"
    entry = Entry(kind, known(_fields(work)), persons={"author": people})
    text = BibliographyData({work.key: entry}).to_string("bibtex")
    # Readers take a DOI as it stands.
    return text.replace(work.doi.replace("_", "\\_"), work.doi) if work.doi else text


def _event_days(work: Work) -> list[str]:
    return [work.conference.start, work.conference.end] if work.conference else []


def _fields(work: Work) -> dict[str, str]:
    journal = work.journal["title"]
    return {
        "title": f"{{{work.title}}}",
        "booktitle": (work.proceedings or journal) if work.presented else "",
        "series": journal if work.proceedings else "",
        "journal": "" if work.presented else journal,
        "eventtitle": work.conference.name if work.conference else "",
        "eventdate": "/".join(filter(None, _event_days(work))),
        "venue": work.conference.place if work.conference else "",
        "organization": " and ".join(f"{{{name}}}" for name in work.organisers),
        "publisher": work.publisher,
        "volume": work.volume,
        "number": work.issue,
        "pages": work.pages.replace("-", "--"),
        "year": work.year,
        "date": work.published,
        "doi": work.doi,
        "issn": work.issn,
        "isbn": work.isbn,
        "language": work.lang,
        "keywords": work.keyword_line,
        "copyright": work.license.get("name", ""),
    }
