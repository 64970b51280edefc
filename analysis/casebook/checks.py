"""Everything that can be wrong with the raw tables, found at once, before anything is computed.

What a table looks like is said once, in its dictionary (`datapackage.json`, a Frictionless Data
Package), for people, for other programs and for this check. That is why the library is
frictionless and not pandera, whose schemas would say it a second time in Python. What a
dictionary cannot say (levels of the codebook, both passes complete, adjudications that match
their codings) follows in short functions, one claim each.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import jsonschema
import pandas as pd
from frictionless import FrictionlessException, Package, Resource, Schema

from casebook.cleaning import apply_corrections
from casebook.codebook import Codebook, load_codebook, schema_problem
from casebook.errors import InputError, Problem
from casebook.reading import read_json, read_text
from casebook.tables import (
    DICTIONARY,
    NEEDED,
    OBLIGATORY,
    RawTables,
    folder_name,
    load_raw,
    primary_key,
    text_frame,
)

CODEBOOK = "codebook.yaml"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Fault:
    """A problem of a table: its row as in the file (the header is row 1) or None for the whole."""

    table: str
    row: int | None
    column: str
    value: str
    accepted: str


@dataclass(frozen=True)
class _Study:
    """What the checks look at.

    Attributes:
        text: sound tables by name, as text; the index counts data rows from 0.
        described: resources of the dictionary by name.
        source_ids: ids of the sources, or None where they are absent or broken.
        codebook: the codebook, or None where it is broken.
    """

    text: Mapping[str, pd.DataFrame]
    described: Mapping[str, Mapping]
    source_ids: frozenset[str] | None
    codebook: Codebook | None


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
    study = _Study(text, described, ids, codebook)
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


def _problems(study: _Study, name: str) -> list[Problem]:
    """Problems of cells and of what the tables say together; one per place, the most exact."""
    faults = [fault for check in CHECKS for fault in check(study)]
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


def _corrected_problems(folder: Path, name: str, study: _Study) -> list[Problem]:
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
    rank = {file: i for i, file in enumerate(files)}

    def key(problem: Problem) -> tuple[int, int]:
        row = re.match(r"(?:row|item) (\d+)", problem.place)
        return rank.get(problem.file, len(rank)), int(row[1]) if row else 0

    return sorted(problems, key=key)


# The dictionary


def _described(folder: Path, name: str) -> dict[str, dict]:
    """Resources of the dictionary by name, once the dictionary itself is right."""
    file = f"{name}/{DICTIONARY}"
    descriptor = read_json(folder / DICTIONARY, file)
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
            told = f"these fields must be described, too: {', '.join(missing)}"
            problems.append(Problem(file, place, "", told))
        for column, _, targets, _ in _references(resource):
            # a table that the study does without may be named, a misspelt one may not
            known = {*described, *NEEDED, "sources"}
            problems += [
                Problem(file, f"{place}, field {column}", target, "a table described here")
                for target in targets
                if target not in known
            ]
    if problems:
        raise InputError(problems)
    return described


def _tables(described: Mapping) -> dict[str, dict]:
    return {key: each for key, each in described.items() if "fields" in each.get("schema", {})}


def _references(resource: Mapping) -> Iterator[tuple[str, str | None, list[str], str]]:
    """Column, separator of lists (or None), tables, and the column there that must have it.

    `foreignKeys` is what the standard offers; `references` (ours) does what it cannot: lists of
    keys, keys of one table out of several, and keys of a JSON file.
    """
    for each in resource["schema"].get("foreignKeys", ()):
        fields, target = each["fields"], each["reference"]
        column = fields if isinstance(fields, str) else fields[0]
        key = target["fields"] if isinstance(target["fields"], str) else target["fields"][0]
        yield column, None, [target["resource"]], key
    for each in resource["schema"].get("references", ()):
        yield each["field"], each.get("separator"), each["resource"], each["key"]


# Files


def _undescribed_files(folder: Path, name: str, described: Mapping) -> list[Problem]:
    known = {each["path"] for each in described.values()}
    extra = sorted(path.name for path in folder.glob("*.csv") if path.name not in known)
    told = f"only files that {DICTIONARY} describes"
    return [Problem(f"{name}/{each}", "", "", told) for each in extra]


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
        told = f"CSV text ({error}; is a quotation mark left open?)"
        return rows, [Problem(file, f"row {len(rows) + 1}", "", told)]
    return rows, []


def _header_problems(file: str, header: list[str], fields: list[str]) -> Iterator[Problem]:
    if len(header) == 1 < len(fields) and re.search(r"[;\t|]", header[0]):
        yield Problem(file, "row 1", header[0], "columns separated by commas")
        return
    for i, column in enumerate(header):
        if column in header[:i]:
            yield Problem(file, f"row 1, column {column}", column, "each column only once")
        elif column not in fields:
            near = _near(column, [each for each in fields if each not in header])
            told = f"no further column than {', '.join(fields)}{near}"
            yield Problem(file, f"row 1, column {column or i + 1}", column, told)
    for column in fields:
        if column not in header:
            yield Problem(file, f"row 1, column {column}", "", "this column is missing")
    if header != fields and sorted(header) == sorted(fields):
        told = f"the columns in this order: {', '.join(fields)}"
        yield Problem(file, "row 1", ", ".join(header), told)


def _row_problems(file: str, rows: list[list[str]], fields: list[str]) -> Iterator[Problem]:
    for number, row in enumerate(rows, 1):
        for column, cell in zip(fields, row, strict=False):
            if "\n" in cell or "\r" in cell:
                told = "text on one line (is a quotation mark left open?)"
                yield Problem(file, f"row {number}, column {column}", cell[:40], told)
                return  # rows below cannot be told apart any more
        if not any(row):
            yield Problem(file, f"row {number}", "", "no blank rows")
        elif len(row) != len(fields):
            shown = ",".join(row)[:60]
            told = f"{len(fields)} cells, but there are {len(row)}"
            yield Problem(file, f"row {number}", shown, told)


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
    schema = {**resource["jsonSchema"], "type": "array"}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(items):
        number = error.absolute_path[0]
        item = items[number] if isinstance(items[number], dict) else {}
        error.path.popleft()
        error.parent = None
        place = f"item {number + 1}" + (f" ({item['id']})" if "id" in item else "")
        problems.append(schema_problem(error, file, place))
    ids = [item.get("id") for item in items if isinstance(item, dict)]
    for i, key in enumerate(ids):
        if key is not None and key in ids[:i]:
            told = f"an id that no other item has (item {ids.index(key) + 1} has it, too)"
            problems.append(Problem(file, f"item {i + 1}, id", str(key), told))
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
    told = f"a value that no other row has (row {first} has it, too)"
    return Fault(table, row, " + ".join(columns), keys[row - 2], told)


def _badly_written(table: str, fields: Mapping, text: pd.DataFrame) -> Iterator[Fault]:
    """Spaces around text, and numbers that only Python would understand (1_000, NaN)."""
    for column, field in fields.items():
        for i in text.index[text[column].ne(text[column].str.strip())]:
            told = "text without spaces before or after it"
            yield Fault(table, i + 2, column, text.at[i, column], told)
        if field["type"] in ("integer", "number", "year"):
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
    }.get(field["type"], "text")
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


# What the tables say together: one claim a function


def _keys_exist(study: _Study) -> Iterator[Fault]:
    """Every key that a table names exists where the dictionary says that it must."""
    for table, text in study.text.items():
        for column, separator, targets, key in _references(study.described[table]):
            known = _known_keys(study, targets, key)
            if known is None:
                continue
            files = " or ".join(study.described[t]["path"] for t in targets if t in study.described)
            for i, cell in text[column].items():
                for value in cell.split(separator) if separator else [cell] * bool(cell):
                    if value and value not in known:
                        told = f"a {key} of {files}{_near(value, known)}"
                        yield Fault(table, i + 2, column, value, told)


def _known_keys(study: _Study, targets: list[str], key: str) -> set[str] | None:
    """All keys of the target tables; None where one of them is broken, or there is none."""
    known: set[str] = set()
    present = [target for target in targets if target in study.described]
    for target in present:
        if target == "sources" and study.source_ids is not None:
            known |= study.source_ids
        elif target in study.text:
            known |= {*study.text[target][key]}
        else:
            return None
    return known if present else None


def _constructs_exist(study: _Study) -> Iterator[Fault]:
    """Every construct is one of the codebook."""
    if study.codebook is None:
        return
    codes = study.codebook.codes
    for table in ("evidence", "codings", "adjudications"):
        for i, value in study.text.get(table, pd.DataFrame({"construct": []}))["construct"].items():
            if value not in codes:
                told = f"a construct of {CODEBOOK}: {', '.join(codes)}"
                yield Fault(table, i + 2, "construct", value, told)


def _scores_are_levels(study: _Study) -> Iterator[Fault]:
    """Every score is a level of the codebook or blank."""
    if study.codebook is None:
        return
    levels = study.codebook.memberships
    accepted = ", ".join(f"{each:g}" for each in sorted(levels))
    told = f"one of {accepted}, or blank ({study.codebook.blank.name})"
    for table, columns in SCORES.items():
        for column in columns if table in study.text else ():
            for i, cell in study.text[table][column].items():
                if cell and _number(cell) not in levels:
                    yield Fault(table, i + 2, column, cell, told)


SCORES = {"codings": ("score",), "adjudications": ("score", "score_a", "score_b")}


def _number(cell: str) -> float | None:
    return float(cell) if NUMBER.fullmatch(cell) else None


def _scores_rest_on_statements(study: _Study) -> Iterator[Fault]:
    """A blank score names no statements; any other names some, if the study has statements.

    Scores of a construct that may rest on the dates of the case do without.
    """
    if study.codebook is None or "evidence" not in study.described:
        return
    by_dates = {each.code for each in study.codebook.constructs if each.rests_on_case_dates}
    for table in SCORES:
        for i, row in study.text.get(table, pd.DataFrame()).iterrows():
            if not row["score"] and row["evidence_ids"]:
                told = "blank, because the score is blank (not mentioned)"
                yield Fault(table, i + 2, "evidence_ids", row["evidence_ids"], told)
            if row["score"] and not row["evidence_ids"] and row["construct"] not in by_dates:
                told = f"the deciding statements, because there is a score ({row['score']})"
                yield Fault(table, i + 2, "evidence_ids", "", told)


def _statements_are_of_the_case(study: _Study) -> Iterator[Fault]:
    """Deciding statements are about the case that is scored, and named once."""
    case_of = {}
    for table in ("evidence", "withdrawn"):
        if table in study.text:
            case_of |= dict(study.text[table][["evidence_id", "case_id"]].to_numpy().tolist())
    for table in SCORES:
        for i, row in study.text.get(table, pd.DataFrame()).iterrows():
            ids = row["evidence_ids"].split()
            for value in ids:
                if case_of.get(value, row["case_id"]) != row["case_id"]:
                    told = f"a statement on {row['case_id']} (this one is on {case_of[value]})"
                    yield Fault(table, i + 2, "evidence_ids", value, told)
            if len(set(ids)) < len(ids):
                told = "each statement only once"
                yield Fault(table, i + 2, "evidence_ids", row["evidence_ids"], told)


def _passes_are_complete(study: _Study) -> Iterator[Fault]:
    """Each pass scores each construct of each case; there are one or two passes."""
    if study.codebook is None or not {*OBLIGATORY} <= {*study.text}:
        return
    cases, codings = study.text["cases"], study.text["codings"]
    done = set(codings[["case_id", "coder", "construct"]].itertuples(index=False, name=None))
    coders = sorted(codings["coder"].unique())
    if len(coders) > 2:
        yield Fault("codings", None, "coder", ", ".join(coders), "at most two passes")
    for case in cases["case_id"]:
        for coder in coders:
            lacking = [c for c in study.codebook.codes if (case, coder, c) not in done]
            if lacking:
                told = f"one row each for {', '.join(lacking)}: pass {coder} lacks them for {case}"
                yield Fault("codings", None, "", case, told)


def _adjudications_match(study: _Study) -> Iterator[Fault]:
    """Cells are adjudicated where the passes differ, with their scores, and else with a cause."""
    if study.codebook is None or "codings" not in study.text:
        return
    codings = study.text["codings"]
    coders = sorted(codings["coder"].unique())
    # cells that lack a pass are reported elsewhere
    whole = {cell: given for cell, given in _passes(codings).items() if len(given) == len(coders)}
    if "adjudications" in study.described and "adjudications" not in study.text:
        return
    rows = study.text.get("adjudications", pd.DataFrame(columns=[*NEEDED["adjudications"]]))
    done = set(rows[["case_id", "construct"]].itertuples(index=False, name=None))
    gone = {*study.text["withdrawn"]["evidence_id"]} if "withdrawn" in study.text else set()
    for cell, given in whole.items():
        if cell not in done:
            yield from _not_adjudicated(cell, given, gone)
    for i, row in rows.iterrows():
        given = whole.get((row["case_id"], row["construct"]), {})
        for column, accepted in _adjudication_faults(row, given, gone, study.codebook):
            yield Fault("adjudications", i + 2, column, row[column], accepted)


def _passes(codings: pd.DataFrame) -> dict[tuple[str, str], dict[str, pd.Series]]:
    """Rows of `codings` by cell and coder; each row knows its place as its name."""
    passes: dict = {}
    for _, row in codings.iterrows():
        passes.setdefault((row["case_id"], row["construct"]), {})[row["coder"]] = row
    return passes


def _not_adjudicated(cell: tuple[str, str], given: Mapping, gone: set[str]) -> Iterator[Fault]:
    case, construct = cell
    rows = [given[coder] for coder in sorted(given)]
    if len({_number(row["score"]) for row in rows}) > 1:
        told = f"a row in adjudications for {case} {construct}, because the passes differ"
        shown = " and ".join(row["score"] or "blank" for row in rows)
        yield Fault("codings", rows[-1].name + 2, "score", shown, told)
        return
    for row in rows:
        ids = row["evidence_ids"].split()
        if ids and gone.issuperset(ids):
            told = "a row in adjudications, because all deciding statements were withdrawn"
            yield Fault("codings", row.name + 2, "evidence_ids", row["evidence_ids"], told)


def _adjudication_faults(
    row: pd.Series, given: Mapping, gone: set[str], codebook: Codebook
) -> Iterator[tuple[str, str]]:
    """Columns at fault in an adjudication, each with what is accepted."""
    if not given:
        return  # an unknown case or construct, or an incomplete pass: reported as such
    rows = [given[coder] for coder in sorted(given)]
    for column, coding in zip(("score_a", "score_b"), rows, strict=False):
        if _number(row[column]) != _number(coding["score"]):
            told = coding["score"] or "blank"
            yield column, f"{told}, as in row {coding.name + 2} of the codings"
    if len(rows) == 1 and row["score_b"]:
        yield "score_b", "blank, because there is one pass"
    causes = [each.code for each in codebook.causes]
    differ = len({_number(coding["score"]) for coding in rows}) > 1
    named = {i for coding in rows for i in coding["evidence_ids"].split()}
    if row["cause"] not in causes:
        yield "cause", f"a cause of {CODEBOOK}: {', '.join(causes)}"
    elif differ and row["cause"] != "difference":
        yield "cause", "difference, because the passes differ"
    elif not differ and row["cause"] == "difference":
        yield "cause", "another cause than difference, because the passes agree"
    elif row["cause"] == "withdrawn" and not named & gone:
        yield "cause", "another cause: no statement that a pass names here was withdrawn"


def _withdrawn_are_gone(study: _Study) -> Iterator[Fault]:
    """A withdrawn statement is no longer part of the evidence."""
    if {"evidence", "withdrawn"} <= {*study.text}:
        kept = {*study.text["evidence"]["evidence_id"]}
        for i, value in study.text["withdrawn"]["evidence_id"].items():
            if value in kept:
                told = "a statement that evidence.csv no longer has"
                yield Fault("withdrawn", i + 2, "evidence_id", value, told)


def _years_are_in_order(study: _Study) -> Iterator[Fault]:
    """No case ends before it starts."""
    cases = study.text.get("cases", pd.DataFrame())
    if {"start_year", "end_year"} <= {*cases.columns}:
        for i, row in cases.iterrows():
            start, end = _number(row["start_year"]), _number(row["end_year"])
            if start and end and end < start:
                told = f"a year not before start_year ({row['start_year']})"
                yield Fault("cases", i + 2, "end_year", row["end_year"], told)


def _care_is_applicable(study: _Study) -> Iterator[Fault]:
    """Rules of care are about rows that exist, and name other statements where they need them."""
    for i, row in study.text.get("handling", pd.DataFrame()).iterrows():
        table = "evidence" if row["rule"] == "shown_only_with" else "cases"
        if row["table"] != table:
            yield Fault("handling", i + 2, "table", row["table"], f"{table}, for {row['rule']}")
        key = "evidence_id" if table == "evidence" else "case_id"
        if table in study.text and row["key"] not in {*study.text[table][key]}:
            yield Fault("handling", i + 2, "key", row["key"], f"a {key} of {table}.csv")
        if (table == "evidence") != bool(row["with"]):
            told = "ids of statements" if table == "evidence" else "blank"
            yield Fault("handling", i + 2, "with", row["with"], f"{told}, for {row['rule']}")


def _examples_exist(study: _Study) -> Iterator[Fault]:
    """The examples of the codebook are statements on their construct."""
    if study.codebook is None or "evidence" not in study.text or "codebook" not in study.described:
        return
    evidence = study.text["evidence"].set_index("evidence_id")["construct"].to_dict()
    for each in study.codebook.constructs:
        for example in each.examples:
            if evidence.get(example.evidence) != each.code:
                told = f"a statement of evidence.csv on {each.code}"
                yield Fault("codebook", None, f"{each.code}.examples", example.evidence, told)


CHECKS = (
    _keys_exist,
    _constructs_exist,
    _scores_are_levels,
    _scores_rest_on_statements,
    _statements_are_of_the_case,
    _passes_are_complete,
    _adjudications_match,
    _withdrawn_are_gone,
    _years_are_in_order,
    _care_is_applicable,
    _examples_exist,
)


def _near(value: str, known: object) -> str:
    near = get_close_matches(value, known, n=1, cutoff=0.8)
    return f" (nearest: {near[0]})" if near else ""
