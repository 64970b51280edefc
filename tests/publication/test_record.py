"""Claims about the record: what is wrong in it is named with its field and what is accepted."""

import copy

import pytest
import yaml

from casebook.errors import InputError
from casebook.publication.record import SCHEMA, read_record

from .conftest import RECORDS


def changed(record: dict, place: str, value: object) -> dict:
    """A copy in which one field has another value, or (with `...`) is missing."""
    record = copy.deepcopy(record)
    *steps, last = [int(step) if step.isdecimal() else step for step in place.split("/")]
    node = record
    for step in steps:
        node = node[step]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return record


# Field, wrong value (`...`: left out), the field that the message names, and part of what it says.
WRONG = [
    ("title", "", "title", "the title of the article"),
    ("title", ..., "title", "missing; accepted: the title of the article"),
    ("title", "A {braced} title", "title", "the title of the article"),
    ("titel", "x", "titel", "unknown field; accepted: title, lang"),
    ("lang", "English", "lang", "a language in two letters"),
    ("author", [], "author", "a list of authors in order"),
    ("author", "Ludwig von Berg", "author", "a list of authors in order"),
    ("author/0/name", ..., "author[0].name", "missing; accepted: given and family name"),
    ("author/0/name/family", ..., "author[0].name.family", "the family name without particle"),
    ("author/0/orcid", "0000-0002-1825-0098", "author[0].orcid", "last digit fits"),
    ("author/0/orcid", "https://orcid.org/1", "author[0].orcid", "an ORCID iD as"),
    ("author/0/affiliations", "An institute", "author[0].affiliations", "a list of institutions"),
    ("author/1/name/particle", "de", "author[1].name.particle", "non-dropping-particle"),
    ("author/1/corresponding", "yes", "author[1].corresponding", "true or false"),
    ("author/1/email", "berg", "author[1].email", "an e-mail address"),
    ("keywords", "trust", "keywords", "a list of different keywords"),
    ("keywords", ["a", "a"], "keywords", "a list of different keywords"),
    ("publication", ..., "publication", "missing; accepted: how and where"),
    ("publication/journal/title", ..., "publication.journal.title", "the title of the journal"),
    ("publication/journal/site", "ijmcp.com", "publication.journal.site", "with https://"),
    ("publication/volume", 12, "publication.volume", "a number in quotes"),
    ("publication/issue", "3, 4", "publication.issue", "a number in quotes"),
    ("publication/first-page", "101-119", "publication.first-page", "a page in quotes"),
    ("publication/first-page", ..., "publication.last-page", "only with a first page"),
    ("publication/last-page", "100", "publication.last-page", "not before the first (101)"),
    ("publication/doi", "https://doi.org/10.5555/1", "publication.doi", "without address"),
    ("publication/doi", "doi:10.5555/1", "publication.doi", "without address"),
    ("publication/issn", "0317-8472", "publication.issn", "last digit fits"),
    ("publication/isbn", "978-3-16-148410-1", "publication.isbn", "last digit fits"),
    ("publication/isbn", "12", "publication.isbn", "an ISBN of the proceedings"),
    ("publication/license", {"name": "MIT"}, "publication.license.url", "with https://"),
    ("publication/license/name", "CC BY 4.0", "publication.license.name", "by its SPDX name"),
    ("publication/license/name", "CC-BY", "publication.license.name", "by its SPDX name"),
    ("publication/license/name", "cc-by-4.0", "publication.license.name", "(CC-BY-4.0)"),
    ("publication/history/published", ..., "history.published", "a date of the calendar"),
    ("publication/history/published", "2023-02-30", "history.published", "the calendar"),
    ("publication/history/published", "May 2023", "history.published", "the calendar in quotes"),
    ("publication/history/accepted", "2024-01-01", "history.published", "not before accepted"),
    ("publication/proceedings", "Two\nlines", "publication.proceedings", "the title of the"),
    ("publication/conference/name", ..., "conference.name", "the name of the conference"),
    ("publication/conference/end", "2022-11-01", "conference.end", "not before start"),
    ("publication/conference/start", ..., "conference.start", "missing beside end; accepted: a"),
    ("publication/conference/dates", ..., "conference.dates", "missing beside start"),
    ("publication/organisers", "An institute", "publication.organisers", "a list of organ"),
    ("compendium/contributors", [], "compendium.contributors", "people or groups to credit"),
    ("compendium/version", "1", "compendium.version", "a version as 1.2.3"),
    ("compendium/released", "2023-06-31", "compendium.released", "a date of the calendar"),
    ("compendium/licenses/code", "GPL", "compendium.licenses.code", "by its SPDX name"),
    ("compendium/licenses/data", ..., "compendium.licenses.data", "by its SPDX name"),
    ("compendium/repository", "git@example.org", "compendium.repository", "with https://"),
    ("deposit/registrant", ..., "deposit.registrant", "the owner of the DOI prefix"),
]


@pytest.mark.parametrize(("place", "value", "field", "accepted"), WRONG)
def test_a_wrong_record_names_field_and_what_is_accepted(tmp_path, place, value, field, accepted):
    """One fault gives one problem, with file, field and what would be accepted."""
    record = changed(yaml.safe_load(RECORDS["several authors"].read_text("utf-8")), place, value)
    path = tmp_path / "metadata.yml"
    path.write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(path)
    (problem,) = error.value.problems
    assert "metadata.yml" == problem.file
    assert problem.place.endswith(field)
    assert accepted in str(problem)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this file is empty"),
        ("- a list", "a mapping of keys to values"),
        (
            "title: a\ntitle: b\n",
            "line 2, column 1: valid YAML (the key 'title' stands here twice)",
        ),
        ("title: [a\n", "line 2, column 1: valid YAML"),
    ],
)
def test_a_file_that_is_no_record_is_named_so(tmp_path, text, said):
    """Nothing, a list, a key twice, or no YAML at all."""
    (tmp_path / "metadata.yml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(tmp_path / "metadata.yml")
    assert said in str(error.value)


def test_a_date_without_quotes_is_refused(tmp_path):
    """Readers of YAML disagree on such dates."""
    text = RECORDS["journal article"].read_text("utf-8").replace('"1999-01-02"', "1999-01-02")
    (tmp_path / "metadata.yml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="a date of the calendar in quotes"):
        read_record(tmp_path / "metadata.yml")


def test_every_field_is_described():
    """The messages print the descriptions, so none is missing."""
    schema = yaml.safe_load(SCHEMA.read_text("utf-8"))
    queue = [schema]
    while queue:
        node = queue.pop()
        described = (
            {**schema["$defs"][node["$ref"].rpartition("/")[2]], **node} if "$ref" in node else node
        )
        assert described["description"]
        queue += node.get("properties", {}).values()
        queue += [node["items"]] if "items" in node else []
