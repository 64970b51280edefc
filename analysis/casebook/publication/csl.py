"""CSL-JSON, which pandoc and most reference managers read, and the citation in a CSL style.

The item is plain JSON and needs no library; pandoc's citeproc formats it.
"""

import json
import tempfile
from pathlib import Path

from casebook.pandoc import run_pandoc
from casebook.publication.article import Article, Person, known


def csl_item(article: Article) -> dict:
    """The article as one CSL-JSON item.

    The journal that carries the proceedings is the collection they belong to.
    """
    conference = article.conference
    item = {
        "id": article.key,
        "type": "paper-conference" if article.presented else "article-journal",
        "title": article.title,
        "author": [_name(person) for person in article.authors],
        "issued": {"date-parts": [article.date_parts]},
        "submitted": article.submitted and {"date-parts": [_parts(article.submitted)]},
        "container-title": article.proceedings or article.journal["title"],
        "collection-title": article.journal["title"] if article.proceedings else "",
        "container-title-short": "" if article.proceedings else article.journal["abbreviation"],
        "event-title": conference.name if conference else "",
        "event-place": conference.place if conference else "",
        "event-date": _event_date(article),
        "publisher": article.publisher,
        "volume": article.volume,
        "issue": article.issue,
        "page": article.pages,
        "keyword": article.keyword_line,
        "language": article.lang,
        "DOI": article.doi,
        "ISSN": article.issn,
        "ISBN": article.isbn,
        "custom": article.license and {"license": article.license["url"]},
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


def _event_date(article: Article) -> dict:
    if not article.conference or not article.conference.start:
        return {}
    dates = filter(None, [article.conference.start, article.conference.end])
    return {"date-parts": [_parts(date) for date in dates]}


def reference(article: Article) -> dict:
    """The item as a list of references has it.

    A lone first page is left out, for it would be read as that of an article of one page.
    """
    item = csl_item(article)
    if not article.last_page:
        item.pop("page", None)
    return item


def csl_json(article: Article) -> str:
    """The file `citation.json`: a list of one item."""
    return json.dumps([csl_item(article)], ensure_ascii=False, indent=1) + "\n"


def formatted(article: Article, style: Path) -> str:
    """The reference to the article in a CSL style, formatted by pandoc's citeproc.

    Args:
        article: the article.
        style: CSL file.

    Returns:
        One line of plain text.

    Raises:
        RenderError: pandoc refuses the style.
    """
    arguments = ["--citeproc", "--wrap=none", "--to=plain", f"--csl={Path(style).resolve()}"]
    text = f'---\nnocite: "@*"\nlang: {article.lang}\n---\n'
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "citation.json").write_text(json.dumps([reference(article)]), encoding="utf-8")
        arguments.append("--bibliography=citation.json")
        printed = run_pandoc(arguments, text, Path(folder), name=Path(style).name)
    return " ".join(printed.split())
