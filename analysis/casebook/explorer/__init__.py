"""The evidence explorer: every case, score, statement and source as one static page.

The page is `page.html` with a style sheet, a script and the data inside it. It asks nothing of a
network. A scan of all text takes milliseconds at ten times today's data (`benchmarks/explorer.py`),
so there is neither an index nor a table library.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

import pandas as pd

from casebook.explorer.content import content
from casebook.publication.article import Article
from casebook.study.codebook import Codebook, Level
from casebook.study.tables import RawTables

FOLDER = Path(__file__).parent
# How dark a colour may be, as relative luminance, for black to be read better on it than white.
HALF_WAY = 0.179


def evidence_page(
    raw: RawTables,
    tables: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    article: Article,
    *,
    facets: Sequence[str],
    results: Mapping[str, pd.DataFrame],
    style: str,
) -> str:
    """Make the page; the same study always gives the same text.

    Args:
        raw, tables, codebook, facets, results: see `casebook.explorer.content.content`.
        article: the article.
        style: style sheet of the journal, whose names of colours and fonts the page uses.
    """
    data = content(raw, tables, codebook, facets, results)
    style = "\n".join([style, _read("explorer.css"), *_level_rules(codebook.levels)])
    script = _read("explorer.js")
    edition = article.edition.get("notice", "")
    return Template(_read("page.html")).substitute(
        lang=escape(article.lang),
        policy=_policy(script, style),
        title=escape(article.title),
        style=style,
        journal=_journal(article.journal),
        standfirst=_standfirst(data),
        notice=f'<p class="notice" role="note">{escape(edition)}</p>' if edition else "",
        colophon=_colophon(article),
        data=_inert(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)),
        script=script,
    )


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    """Only this script and this style; no request; no markup made from text."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _inert(text: str) -> str:
    """JSON that cannot close the element that holds it."""
    return text.replace("<", "\\u003c")


def _level_rules(levels: Sequence[Level]) -> list[str]:
    """Style rules that give each score its colour, and text that is read well on it."""
    return [
        f".level-{i} {{ background: {level.colour}; color: {_ink(level.colour)}; }}"
        for i, level in enumerate(levels)
        if level.colour
    ]


def _ink(colour: str) -> str:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000" if luminance > HALF_WAY else "#fff"


def _journal(journal: Mapping) -> str:
    title = escape(journal["title"])
    return f'<a href="{escape(journal["site"])}">{title}</a>' if journal.get("site") else title


def _standfirst(data: Mapping) -> str:
    """What is here, in numbers, and what a statement is."""
    counts = [
        (len(data["cases"]["rows"]), "case", "cases"),
        (len(data["book"]["constructs"]), "construct", "constructs"),
        (len(data["statements"]["rows"]), "statement", "statements"),
        (len(data["sources"]["rows"]), "source", "sources"),
    ]
    numbers = ", ".join(f"{n:,} {one if n == 1 else many}" for n, one, many in counts if n)
    statements = (
        "Each statement paraphrases the source that it names: what it reports is that source’s "
        "finding or claim."
    )
    return f"{numbers}. {statements if data['statements']['rows'] else ''}".strip()


def _colophon(article: Article) -> str:
    licence = article.compendium.licenses.get("data", "")
    parts = [
        f"Evidence of “{escape(article.title)}”, {escape(article.published_in)}.",
        f"Data: {escape(licence)}." if licence else "",
        'How to cite: see <a href="manuscript.html#cite">the article</a>.',
    ]
    return " ".join(filter(None, parts))
