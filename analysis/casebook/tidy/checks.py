"""Everything that can be wrong with the raw tables, found at once, before anything is computed.

What a table looks like is said once, in its dictionary (`datapackage.json`, a Frictionless Data
Package), for people, for other programs and for this check. That is why the library is
frictionless and not pandera, whose schemas would say it a second time in Python. What a
dictionary cannot say (levels of the codebook, both passes complete, adjudications that match
their codings) is in `casebook.tidy.cross_checks`.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pandas as pd
from frictionless import FrictionlessException, Package, Resource, Schema
from referencing.exceptions import Unresolvable

from casebook.errors import InputError, Problem
from casebook.readers import read_json, read_text
from casebook.schemas import schema_problem
from casebook.study.codebook import load_codebook
from casebook.study.data_package import DICTIONARY, folder_name, primary_key
from casebook.study.tables import (
    NEEDED,
    OBLIGATORY,
    RawTables,
    load_raw,
    text_frame,
)
from casebook.tidy.cleaning import apply_corrections
from casebook.tidy.cross_checks import CLAIMS, CODEBOOK, NUMBER, Fault, Study, nearest, references


def read_raw(folder: Path, *, name: str | None = None) -> RawTables:
    """Check everything in a folder of raw tables, then read it.

    Args:
        folder: has `datapackage.json`, `codebook.yaml` and the tables that the former describes:
            at least `cases` and `codings`.
        name: how messages call the folder; its last two parts if not given.

    Returns:
        The raw tables, not yet corrected.

    Raises:
        InputError: with every problem found, in the order of the dictionary and the rows.
    """
    problems = check_raw(folder, name=name)
    if problems:
        raise InputError(problems)
    return load_raw(folder, name=name)


def check_raw(folder: Path, *, name: str | None = None) -> list[Problem]:
    """Find every problem of a folder of raw tables; the same tables are checked once corrected.

    Args:
        folder: as for `read_raw`.
        name: as for `read_raw`.
    """
    folder, name = Path(folder), name or folder_name(folder)
    problems: list[Problem] = []
    described = _collected(problems, _described, folder, name) or {}
    codebook = _collected(problems, load_codebook, folder / CODEBOOK, f"{name}/{CODEBOOK}")
    if not described:
        return problems
    problems += _undescribed_files(folder, name, described)
    text = {}
    for key, resource in _tables(described).items():
        sound, found = _sound_table(folder, name, key, resource)
        problems += found
        if sound is not None:
            text[key] = sound
    ids, found = _source_ids(folder, name, described)
    study = Study(text, described, ids, codebook)
    problems += found + _problems(study, name)
    if not problems and len(text.get("corrections", ())):
        problems += _corrected_problems(folder, name, study)
    return _in_order(problems, name, described)


def _collected(problems: list[Problem], read, *arguments) -> object:
    """Call a reader; keep its problems instead of letting it fail."""
    try:
        return read(*arguments)
    except InputError as error:
        problems.extend(error.problems)
        return None


def _problems(study: Study, name: str) -> list[Problem]:
    """Problems of cells and of what the tables say together; one per place, the most exact."""
    faults = [fault for claim in CLAIMS for fault in claim(study)]
    for key, text in study.text.items():
        faults += _cell_faults(key, study.described[key]["schema"], text)
    by_place = {}
    for fault in faults:
        file = f"{name}/{study.described[fault.table]['path']}"
        row = f"row {fault.row}" if fault.row else ""
        column = f"column {fault.column}" if fault.column else ""
        place = ", ".join(part for part in (row, column) if part)
        # a fault of the whole table has no place of its own: all of them stay
        key = (file, place) if row else (file, fault.accepted)
        by_place.setdefault(key, Problem(file, place, fault.value, fault.accepted))
    return list(by_place.values())


def _corrected_problems(folder: Path, name: str, study: Study) -> list[Problem]:
    """Problems that the corrections bring, or that keep them from being applied."""
    problems: list[Problem] = []
    corrected = _collected(problems, lambda: apply_corrections(load_raw(folder, name=name)))
    if corrected is None:
        return problems
    after = _problems(replace(study, text=corrected.text), name)
    return [replace(each, accepted=f"{each.accepted} (after corrections)") for each in after]


def _in_order(problems: list[Problem], name: str, described: Mapping) -> list[Problem]:
    files = [f"{name}/{DICTIONARY}", f"{name}/{CODEBOOK}"]
    files += [f"{name}/{each['path']}" for each in described.values()]
    rank = {file: files.index(file) for file in files}

    def key(problem: Problem) -> tuple[int, int]:
        row = re.match(r"(?:row|item) (\d+)", problem.place)
        return rank.get(problem.file, len(rank)), int(row[1]) if row else 0

    return sorted(problems, key=key)


# The dictionary


def _described(folder: Path, name: str) -> dict[str, dict]:
    """Resources of the dictionary by name, once the dictionary itself is right."""
    file = f"{name}/{DICTIONARY}"
    descriptor = read_json(folder / DICTIONARY, file, dict)
    try:
        Package.from_descriptor(descriptor, basepath=str(folder))
        described = {each["name"]: each for each in descriptor["resources"]}
    except FrictionlessException as error:
        notes = [reason.note for reason in error.reasons] or [error.error.note]
        raise InputError(
            [Problem(file, "", "", f"a valid data package ({note})") for note in notes]
        ) from None
    problems = [
        Problem(file, "resources", "", f"a table {key} must be described")
        for key in OBLIGATORY
        if key not in _tables(described)
    ]
    for key, resource in _tables(described).items():
        place = f"resource {key}"
        fields = [each["name"] for each in resource["schema"]["fields"]]
        missing = [each for each in NEEDED.get(key, ()) if each not in fields]
        if missing:
            accepted = f"these fields must be described, too: {', '.join(missing)}"
            problems.append(Problem(file, place, "", accepted))
        problems += _reference_problems(file, place, resource, described)
    if problems:
        raise InputError(problems)
    return described


def _reference_problems(
    file: str, place: str, resource: Mapping, described: Mapping
) -> Iterator[Problem]:
    """Problems of `foreignKeys` and `references` themselves."""
    fields = [each["name"] for each in resource["schema"]["fields"]]
    tables = _tables(described)
    try:
        found = list(references(resource))
    except (KeyError, TypeError, IndexError) as error:
        accepted = (
            f"foreignKeys with fields and reference, references with field, resource, key: {error}"
        )
        yield Problem(file, place, "", accepted)
        return
    for column, _, targets, key in found:
        if column not in fields:
            yield Problem(file, place, column, f"a field of this table: {', '.join(fields)}")
        for target in targets:
            # a table that the study does without may be named, a misspelt one may not
            if target not in {*described, *NEEDED, "sources"}:
                yield Problem(file, f"{place}, field {column}", target, "a table described here")
            elif target in tables:
                columns = [each["name"] for each in tables[target]["schema"]["fields"]]
                if key not in columns:
                    accepted = f"a field of {target}: {', '.join(columns)}"
                    yield Problem(file, f"{place}, field {column}", key, accepted)


def _tables(described: Mapping) -> dict[str, dict]:
    return {key: each for key, each in described.items() if "fields" in each.get("schema", {})}


# Files


def _undescribed_files(folder: Path, name: str, described: Mapping) -> list[Problem]:
    known = {each["path"] for each in described.values()}
    extra = sorted(path.name for path in folder.glob("*.csv") if path.name not in known)
    accepted = f"only files that {DICTIONARY} describes"
    return [Problem(f"{name}/{each}", "", "", accepted) for each in extra]


def _sound_table(
    folder: Path, name: str, key: str, resource: Mapping
) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Text of a table whose encoding, delimiter, header and row lengths are right, or None."""
    file = f"{name}/{resource['path']}"
    problems: list[Problem] = []
    text = _collected(problems, read_text, folder / resource["path"], file)
    if text is None:
        return None, problems
    fields = [each["name"] for each in resource["schema"]["fields"]]
    rows, problems = _rows(file, text)
    if not problems:
        problems = list(_header_problems(file, rows[0], fields))
    if not problems:
        problems = list(_row_problems(file, rows, fields))
    if not problems and key in OBLIGATORY and len(rows) == 1:
        problems = [Problem(file, "", "", "at least one row below the header")]
    return (None, problems) if problems else (text_frame(text), [])


def _rows(file: str, text: str) -> tuple[list[list[str]], list[Problem]]:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        accepted = f"CSV text ({error}; is a quotation mark left open?)"
        return rows, [Problem(file, f"row {len(rows) + 1}", "", accepted)]
    return rows, []


def _header_problems(file: str, header: list[str], fields: list[str]) -> Iterator[Problem]:
    if len(header) == 1 < len(fields) and re.search(r"[;\t|]", header[0]):
        yield Problem(file, "row 1", header[0], "columns separated by commas")
        return
    for i, column in enumerate(header):
        if column in header[:i]:
            yield Problem(file, f"row 1, column {column}", column, "each column only once")
        elif column not in fields:
            near = nearest(column, [each for each in fields if each not in header])
            accepted = f"no further column than {', '.join(fields)}{near}"
            yield Problem(file, f"row 1, column {column or i + 1}", column, accepted)
    for column in fields:
        if column not in header:
            yield Problem(file, f"row 1, column {column}", "", "this column is missing")
    if header != fields and sorted(header) == sorted(fields):
        accepted = f"the columns in this order: {', '.join(fields)}"
        yield Problem(file, "row 1", ", ".join(header), accepted)


def _row_problems(file: str, rows: list[list[str]], fields: list[str]) -> Iterator[Problem]:
    for number, row in enumerate(rows, 1):
        for column, cell in zip(fields, row, strict=False):
            if "\n" in cell or "\r" in cell:
                accepted = "text on one line (is a quotation mark left open?)"
                yield Problem(file, f"row {number}, column {column}", cell[:40], accepted)
                return  # rows below cannot be distinguished any more
        if not any(row):
            yield Problem(file, f"row {number}", "", "no blank rows")
        elif len(row) != len(fields):
            shown = ",".join(row)[:60]
            accepted = f"{len(fields)} cells, but there are {len(row)}"
            yield Problem(file, f"row {number}", shown, accepted)


def _source_ids(
    folder: Path, name: str, described: Mapping
) -> tuple[frozenset[str] | None, list[Problem]]:
    """Ids of the sources; None where the study has none or they cannot be read."""
    if "sources" not in described:
        return None, []
    resource = described["sources"]
    file = f"{name}/{resource['path']}"
    problems: list[Problem] = []
    items = _collected(problems, read_json, folder / resource["path"], file)
    if problems:
        return None, problems
    if not isinstance(items, list):
        return None, [Problem(file, "", "", "a list of CSL-JSON items")]
    schema = {**resource.get("jsonSchema", {}), "type": "array"}
    try:
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(items))
    except Unresolvable as error:
        accepted = f"a JSON schema whose references can be resolved ({error.ref})"
        return None, [Problem(f"{name}/{DICTIONARY}", "resource sources, jsonSchema", "", accepted)]
    for error in errors:
        number = error.absolute_path[0]
        item = items[number] if isinstance(items[number], dict) else {}
        error.path.popleft()
        error.parent = None
        place = f"item {number + 1}" + (f" ({item['id']})" if "id" in item else "")
        problems.append(schema_problem(error, file, place))
    ids = [item.get("id") for item in items if isinstance(item, dict)]
    for i, key in enumerate(ids):
        if key is not None and key in ids[:i]:
            accepted = f"an id that no other item has (item {ids.index(key) + 1} has it, too)"
            problems.append(Problem(file, f"item {i + 1}, id", str(key), accepted))
    return frozenset(map(str, ids)), problems


# Cells, as the dictionary describes them


def _cell_faults(table: str, schema: Mapping, text: pd.DataFrame) -> Iterator[Fault]:
    """Faults of types, constraints and primary key, found by frictionless."""
    fields = {each["name"]: each for each in schema["fields"]}
    # references between tables are checked below, in words that say where to look
    plain = {key: schema[key] for key in schema if key not in ("foreignKeys", "references")}
    resource = Resource(
        data=[list(text.columns), *text.to_numpy().tolist()],
        schema=Schema.from_descriptor(plain),
    )
    report = resource.validate(limit_errors=1_000_000)
    for error in report.tasks[0].errors if report.tasks else report.errors:
        row = getattr(error, "row_number", None)
        if error.type in ("type-error", "constraint-error"):
            value = text.at[row - 2, error.field_name]
            yield Fault(table, row, error.field_name, value, _accepted(fields, error))
        elif error.type == "unique-error":
            yield _repeated(table, row, (error.field_name,), text)
        elif error.type == "primary-key":
            key = primary_key(schema)
            if len(key) > 1:
                yield _repeated(table, row, key, text)
        else:
            yield Fault(table, row, "", "", error.message)
    yield from _badly_written(table, fields, text)


def _repeated(table: str, row: int, columns: tuple[str, ...], text: pd.DataFrame) -> Fault:
    keys = text[list(columns)].agg(" ".join, axis=1)
    first = keys.eq(keys[row - 2]).idxmax() + 2
    accepted = f"a value that no other row has (row {first} has it, too)"
    return Fault(table, row, " + ".join(columns), keys[row - 2], accepted)


def _badly_written(table: str, fields: Mapping, text: pd.DataFrame) -> Iterator[Fault]:
    """Spaces around text, numbers that only Python would understand (1_000, NaN), and code."""
    for column, field in fields.items():
        if field.get("type", "string") == "string":
            for i in text.index[text[column].str.match(r"[=+\-@]")]:
                accepted = "text that a spreadsheet does not take for a formula (=, +, -, @)"
                yield Fault(table, i + 2, column, text.at[i, column], accepted)
            for i in text.index[text[column].str.contains(r"<[A-Za-z/!?]")]:
                yield Fault(table, i + 2, column, text.at[i, column], "text without markup (<…>)")
        for i in text.index[text[column].ne(text[column].str.strip())]:
            accepted = "text without spaces before or after it"
            yield Fault(table, i + 2, column, text.at[i, column], accepted)
        if field.get("type") in ("integer", "number", "year"):
            written = text[column].eq("") | text[column].str.fullmatch(NUMBER)
            for i in text.index[~written]:
                yield Fault(table, i + 2, column, text.at[i, column], describe(field))


def _accepted(fields: Mapping, error: object) -> str:
    field = fields[error.field_name]
    if '"required"' in error.note:
        return f"must not be blank: {describe(field)}"
    return describe(field)


def describe(field: Mapping) -> str:
    """Say in words what a field of the dictionary accepts."""
    rules = field.get("constraints", {})
    words = {
        "integer": "a whole number",
        "number": "a number with a decimal point",
        "year": "a year of four digits",
        "boolean": "true or false",
    }.get(field.get("type"), "text")
    if "enum" in rules:
        words = f"one of: {', '.join(map(str, rules['enum']))}"
    elif "pattern" in rules and "example" in field:
        words = f"text like {field['example']} (pattern {rules['pattern']})"
    elif "pattern" in rules:
        words = f"text of the pattern {rules['pattern']}"
    if "minimum" in rules:
        words += f" from {rules['minimum']}"
    if "maximum" in rules:
        words += f" to {rules['maximum']}"
    if "maxLength" in rules:
        words += f" of at most {rules['maxLength']} characters"
    return words if rules.get("required") else f"{words}, or blank"
