"""Claims about the record: what is wrong in it is named with its field and what is accepted."""

import copy

import pytest
import yaml

from casebook.citation.record import SCHEMA, read_record
from casebook.errors import InputError

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


@pytest.mark.parametrize(
    ("place", "value", "field", "accepted"),
    [
        ("title", "", "title", "the title of the article"),
        ("title", ..., "", "'title' is a required property"),
        ("titel", "x", "titel", "unknown field; accepted: title, lang"),
        ("lang", "English", "lang", "a language by BCP 47"),
        ("author", [], "author", "a list of authors in order"),
        ("author/0/orcid", "0000-0002-1825-0098", "author[0].orcid", "last digit fits"),
        ("author/0/orcid", "https://orcid.org/1", "author[0].orcid", "an ORCID iD as"),
        ("author/1/name/particle", "de", "author[1].name.particle", "non-dropping-particle"),
        ("author/1/email", "berg", "author[1].email", "an e-mail address"),
        ("publication/doi", "https://doi.org/10.5555/1", "publication.doi", "without address"),
        ("publication/issn", "0317-8472", "publication.issn", "last digit fits"),
        ("publication/isbn", "978-3-16-148410-1", "publication.isbn", "last digit fits"),
        ("publication/issue", 3, "publication.issue", "a number in quotes"),
        ("publication/last-page", "100", "publication.last-page", "not before the first (101)"),
        ("publication/history/published", "2023-02-30", "history.published", "the calendar"),
        ("publication/history/accepted", "2024-01-01", "history.published", "not before accepted"),
        ("publication/conference/end", "2022-11-01", "conference.end", "not before start"),
        ("publication/conference/start", ..., "publication.conference", "'start' is a dependency"),
        ("publication/license", {"name": "x"}, "publication.license", "'url' is a required"),
        ("compendium/version", "1", "compendium.version", "a version as 1.2.3"),
        ("compendium/licenses/code", "GPL", "compendium.licenses.code", "by its SPDX name"),
    ],
)
def test_a_wrong_record_names_field_and_what_is_accepted(tmp_path, place, value, field, accepted):
    """One fault gives one problem, with file, field and what would be accepted."""
    record = changed(yaml.safe_load(RECORDS["several authors"].read_text("utf-8")), place, value)
    path = tmp_path / "metadata.yml"
    path.write_text(yaml.safe_dump(record, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(path)
    (problem,) = error.value.problems
    assert "metadata.yml" == problem.file
    assert field in problem.place
    assert accepted in str(problem)


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
