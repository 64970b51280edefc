"""RIS, written by rispy."""

from casebook.publication.article import Work, known


def ris(work: Work) -> str:
    """The file `citation.ris`: one `CPAPER` or `JOUR`.

    T2 of a conference paper is the conference, C3 the proceedings and T3 their series.
    """
    import rispy

    class Writer(rispy.RisWriter):
        """One entry needs no number above it."""

        def set_header(self, count: int) -> str:
            return ""

    conference = work.conference
    entry = {
        "type_of_reference": "CPAPER" if work.presented else "JOUR",
        "id": work.key,
        "title": work.title,
        "authors": [person.inverted for person in work.authors],
        "year": work.year,
        "date": work.published.replace("-", "/"),
        "secondary_title": conference.name if conference else work.journal["title"],
        "custom3": work.proceedings,
        "tertiary_title": work.journal["title"] if work.presented else "",
        "alternate_title1": work.journal["abbreviation"],
        "place_published": conference.place if conference else "",
        "publisher": work.publisher,
        "volume": work.volume,
        "number": work.issue,
        "start_page": work.first_page,
        "end_page": work.last_page,
        "doi": work.doi,
        "issn": work.isbn or work.issn,
        "language": work.lang,
        "keywords": list(work.keywords),
        "notes": [f"Licence: {work.license['name']}"] if work.license else [],
    }
    return rispy.dumps([known(entry)], implementation=Writer).strip() + "\n"
