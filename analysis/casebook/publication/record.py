"""The publication record, `paper/metadata.yml`: the only copy of the article's facts."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from stdnum import isbn, issn
from stdnum.iso7064 import mod_11_2  # the check digit of ORCID iDs

from casebook.errors import InputError, Problem
from casebook.readers import read_yaml
from casebook.schemas import described_problems, load_schema

SCHEMA = Path(__file__).with_name("record.schema.yaml")
# Read with the module, which the steps of a build share: it takes longer than reading a record.
_VALIDATOR = load_schema(SCHEMA)


def read_record(path: Path) -> dict:
    """Read the record and check it against its closed schema and the rules of identifiers.

    Args:
        path: YAML file.

    Returns:
        The record as it stands in the file.

    Raises:
        InputError: each field that is missing, unknown or wrong, with what is accepted.
    """
    path = Path(path)
    name = path.name if path.is_absolute() else path.as_posix()
    record = read_yaml(path, name, dict)
    problems = list(described_problems(_VALIDATOR, record, name))
    problems = problems or list(_faults_of_content(record, name))
    if problems:
        raise InputError(problems)
    return record


def _faults_of_content(record: Mapping, name: str) -> Iterator[Problem]:
    faults = [*_false_identifiers(record), *_false_licenses(record), *_false_orders(record)]
    for place, value, accepted in faults:
        yield Problem(name, place, value, f"accepted: {accepted}")


def _false_identifiers(record: Mapping) -> Iterator[tuple[str, str, str]]:
    publication = record["publication"]
    found = [("publication.isbn", publication.get("isbn", ""), isbn)]
    found += [("publication.issn", publication.get("issn", ""), issn)]
    for number, author in enumerate(record["author"]):
        found.append((f"author[{number}].orcid", author.get("orcid", ""), mod_11_2))
    for place, value, kind in found:
        if value and not kind.is_valid(value.replace("-", "")):
            label = place.rpartition(".")[2].upper()
            yield place, value, f"an {label} whose last digit fits the others"


def _false_licenses(record: Mapping) -> Iterator[tuple[str, str, str]]:
    places = {
        f"compendium.licenses.{kind}": name
        for kind, name in record["compendium"]["licenses"].items()
    }
    if license := record["publication"].get("license"):
        places["publication.license.name"] = license["name"]
    for place, name in places.items():
        try:
            right = canonicalize_license_expression(name)
        except InvalidLicenseExpression:
            yield place, name, "a licence by its SPDX name, such as CC-BY-4.0 or MIT"
        else:
            if right != name:
                yield place, name, f"the SPDX name in its own letters ({right})"


def _false_orders(record: Mapping) -> Iterator[tuple[str, str, str]]:
    publication = record["publication"]
    history, conference = publication["history"], publication.get("conference", {})
    orders = [
        ("publication.history", history, ("submitted", "accepted", "published")),
        ("publication.conference", conference, ("start", "end")),
        ("compendium", record["compendium"], ("released",)),
    ]
    for place, fields, keys in orders:
        known = [key for key in keys if key in fields]
        wrong = [key for key in known if not _is_date(fields[key])]
        yield from ((f"{place}.{key}", fields[key], "a date of the calendar") for key in wrong)
        for earlier, later in pairwise(known):
            if not wrong and fields[later] < fields[earlier]:
                accepted = f"a date not before {earlier} ({fields[earlier]})"
                yield f"{place}.{later}", fields[later], accepted
    first, last = publication.get("first-page"), publication.get("last-page")
    if last and not first:
        yield "publication.last-page", last, "a last page only with a first page"
    elif last and first.isdecimal() and last.isdecimal() and int(last) < int(first):
        yield "publication.last-page", last, f"a page not before the first ({first})"


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
