"""CSL-JSON, which pandoc and most reference managers read, and the citation in a CSL style.

The item is plain JSON and needs no library; pandoc's citeproc formats it.
"""

import json
import tempfile
from pathlib import Path

from casebook.pandoc import run_pandoc
from casebook.publication.article import Person, Work, known


def csl_item(work: Work) -> dict:
    """The article as one CSL-JSON item.

    The journal that carries the proceedings is the collection they belong to.
    """
    conference = work.conference
    item = {
        "id": work.key,
        "type": "paper-conference" if work.presented else "article-journal",
        "title": work.title,
        "author": [_name(person) for person in work.authors],
        "issued": {"date-parts": [work.date_parts]},
        "submitted": work.submitted and {"date-parts": [_parts(work.submitted)]},
        "container-title": work.proceedings or work.journal["title"],
        "collection-title": work.journal["title"] if work.proceedings else "",
        "container-title-short": "" if work.proceedings else work.journal["abbreviation"],
        "event-title": conference.name if conference else "",
        "event-place": conference.place if conference else "",
        "event-date": _event_date(work),
        "publisher": work.publisher,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "keyword": work.keyword_line,
        "language": work.lang,
        "DOI": work.doi,
        "ISSN": work.issn,
        "ISBN": work.isbn,
        "custom": work.license and {"license": work.license["url"]},
    }
    return known(item)


def _name(person: Person) -> dict:
    return known(
        {
            "family": person.family,
            "given": person.given,
            "non-dropping-particle": person.particle,
            "dropping-particle": person.dropping,
            "suffix": person.suffix,
        }
    )


def _parts(date: str) -> list[int]:
    return [int(part) for part in date.split("-")]


def _event_date(work: Work) -> dict:
    if not work.conference or not work.conference.start:
        return {}
    dates = filter(None, [work.conference.start, work.conference.end])
    return {"date-parts": [_parts(date) for date in dates]}


def reference(work: Work) -> dict:
    """The item as a list of references has it.

    A lone first page is left out, for it would be read as that of an article of one page.
    """
    item = csl_item(work)
    if not work.last_page:
        item.pop("page", None)
    return item


def csl_json(work: Work) -> str:
    """The file `citation.json`: a list of one item."""
    return json.dumps([csl_item(work)], ensure_ascii=False, indent=1) + "\n"


def formatted(work: Work, style: Path) -> str:
    """The reference to the article in a CSL style, formatted by pandoc's citeproc.

    Args:
        work: the article.
        style: CSL file.

    Returns:
        One line of plain text.

    Raises:
        RenderError: pandoc refuses the style.
    """
    arguments = ["--citeproc", "--wrap=none", "--to=plain", f"--csl={Path(style).resolve()}"]
    text = f'---\nnocite: "@*"\nlang: {work.lang}\n---\n'
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "citation.json").write_text(json.dumps([reference(work)]), encoding="utf-8")
        arguments.append("--bibliography=citation.json")
        printed = run_pandoc(arguments, text, Path(folder), name=Path(style).name)
    return " ".join(printed.split())
