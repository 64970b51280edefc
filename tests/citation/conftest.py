"""Records: the paper's own, and invented ones that are harder."""

from pathlib import Path

import pytest

from casebook.citation.record import read_record
from casebook.citation.work import read_work

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "paper/_output"
RECORDS = {
    "paper": ROOT / "paper/metadata.yml",
    "several authors": Path(__file__).parent / "records/several_authors.yml",
    "journal article": Path(__file__).parent / "records/journal_article.yml",
    "bare conference": Path(__file__).parent / "records/bare_conference.yml",
}
ABSTRACT = "What we found: 12% & more < less, “quoted”, שלום."


@pytest.fixture(scope="session", params=RECORDS)
def record(request):
    """A record as it stands in its file."""
    return read_record(RECORDS[request.param])


@pytest.fixture(scope="session")
def work(record):
    """The article of a record."""
    return read_work(record)


def only(facts: dict) -> dict:
    """Leave out what is empty."""
    return {key: value for key, value in facts.items() if value}


@pytest.fixture(scope="session")
def facts(record):
    """What every format must say again, by plain names; what the record lacks is left out."""
    publication = record["publication"]
    names = [author["name"] for author in record["author"]]
    particles = ("dropping-particle", "non-dropping-particle")
    return only(
        {
            "title": record["title"],
            "families": [name["family"] for name in names],
            "givens": [name["given"] for name in names],
            "particles": [
                " ".join(name[key] for key in particles if key in name) for name in names
            ],
            "suffixes": [name.get("suffix", "") for name in names],
            "orcids": [author["orcid"] for author in record["author"] if "orcid" in author],
            "emails": [author["email"] for author in record["author"] if "email" in author],
            "affiliations": [author.get("affiliations", []) for author in record["author"]],
            "keywords": record["keywords"],
            "lang": record["lang"],
            "journal": publication["journal"]["title"],
            "proceedings": publication.get("proceedings"),
            "conference": publication.get("conference", {}).get("name"),
            "place": publication.get("conference", {}).get("place"),
            "organisers": publication.get("organisers"),
            **{key: publication.get(key) for key in ("volume", "issue", "doi", "issn", "isbn")},
            "first": publication.get("first-page"),
            "last": publication.get("last-page"),
            "license": publication.get("license", {}).get("url"),
            **publication["history"],
        }
    )
