"""What the raw tables must say together: one claim a function, each yielding its faults.

Claims look at sound tables only, as text; a table that is absent or broken makes no faults here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from casebook.study.codebook import Codebook
from casebook.study.tables import NEEDED, OBLIGATORY

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
class Study:
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


def references(resource: Mapping) -> Iterator[tuple[str, str | None, list[str], str]]:
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


def _keys_exist(study: Study) -> Iterator[Fault]:
    """Every key that a table names exists where the dictionary says that it must."""
    for table, text in study.text.items():
        for column, separator, targets, key in references(study.described[table]):
            known = _known_keys(study, targets, key)
            if known is None:
                continue
            files = " or ".join(study.described[t]["path"] for t in targets if t in study.described)
            for i, cell in text[column].items():
                for value in cell.split(separator) if separator else [cell] * bool(cell):
                    if value and value not in known:
                        accepted = f"{_a(key)} of {files}{nearest(value, known)}"
                        yield Fault(table, i + 2, column, value, accepted)


def _known_keys(study: Study, targets: list[str], key: str) -> set[str] | None:
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


def _constructs_exist(study: Study) -> Iterator[Fault]:
    """Every construct is one of the codebook."""
    if study.codebook is None:
        return
    codes = study.codebook.codes
    for table in ("evidence", "codings", "adjudications"):
        for i, value in study.text.get(table, pd.DataFrame({"construct": []}))["construct"].items():
            if value not in codes:
                accepted = f"a construct of {CODEBOOK}: {', '.join(codes)}"
                yield Fault(table, i + 2, "construct", value, accepted)


def _scores_are_levels(study: Study) -> Iterator[Fault]:
    """Every score is a level of the codebook or blank."""
    if study.codebook is None:
        return
    levels = study.codebook.memberships
    listed = ", ".join(f"{each:g}" for each in sorted(levels))
    accepted = f"one of {listed}, or blank ({study.codebook.blank.name})"
    for table, columns in SCORES.items():
        for column in columns if table in study.text else ():
            for i, cell in study.text[table][column].items():
                if cell and _number(cell) not in levels:
                    yield Fault(table, i + 2, column, cell, accepted)


SCORES = {"codings": ("score",), "adjudications": ("score", "score_a", "score_b")}


def _number(cell: str) -> float | None:
    return float(cell) if NUMBER.fullmatch(cell) else None


def _scores_rest_on_statements(study: Study) -> Iterator[Fault]:
    """A blank score names no statements; any other names some, if the study has statements.

    Scores of a construct that may rest on the dates of the case do without.
    """
    if study.codebook is None or "evidence" not in study.described:
        return
    by_dates = {each.code for each in study.codebook.constructs if each.rests_on_case_dates}
    for table in SCORES:
        for i, row in study.text.get(table, pd.DataFrame()).iterrows():
            if not row["score"] and row["evidence_ids"]:
                accepted = "blank, because the score is blank (not mentioned)"
                yield Fault(table, i + 2, "evidence_ids", row["evidence_ids"], accepted)
            if row["score"] and not row["evidence_ids"] and row["construct"] not in by_dates:
                accepted = f"the deciding statements, because there is a score ({row['score']})"
                yield Fault(table, i + 2, "evidence_ids", "", accepted)


def _statements_are_of_the_case(study: Study) -> Iterator[Fault]:
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
                    accepted = f"a statement on {row['case_id']} (this one is on {case_of[value]})"
                    yield Fault(table, i + 2, "evidence_ids", value, accepted)
            if len(set(ids)) < len(ids):
                accepted = "each statement only once"
                yield Fault(table, i + 2, "evidence_ids", row["evidence_ids"], accepted)


def _passes_are_complete(study: Study) -> Iterator[Fault]:
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
                accepted = (
                    f"one row each for {', '.join(lacking)}: pass {coder} lacks them for {case}"
                )
                yield Fault("codings", None, "", case, accepted)


def _adjudications_match(study: Study) -> Iterator[Fault]:
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
        accepted = f"a row in adjudications for {case} {construct}, because the passes differ"
        shown = " and ".join(row["score"] or "blank" for row in rows)
        yield Fault("codings", rows[-1].name + 2, "score", shown, accepted)
        return
    for row in rows:
        ids = row["evidence_ids"].split()
        if ids and gone.issuperset(ids):
            accepted = "a row in adjudications, because all deciding statements were withdrawn"
            yield Fault("codings", row.name + 2, "evidence_ids", row["evidence_ids"], accepted)


def _adjudication_faults(
    row: pd.Series, given: Mapping, gone: set[str], codebook: Codebook
) -> Iterator[tuple[str, str]]:
    """Columns at fault in an adjudication, each with what is accepted."""
    if not given:
        return  # an unknown case or construct, or an incomplete pass: reported as such
    rows = [given[coder] for coder in sorted(given)]
    for column, coding in zip(("score_a", "score_b"), rows, strict=False):
        if _number(row[column]) != _number(coding["score"]):
            score = coding["score"] or "blank"
            yield column, f"{score}, as in row {coding.name + 2} of the codings"
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


def _withdrawn_are_gone(study: Study) -> Iterator[Fault]:
    """A withdrawn statement is no longer part of the evidence."""
    if {"evidence", "withdrawn"} <= {*study.text}:
        kept = {*study.text["evidence"]["evidence_id"]}
        for i, value in study.text["withdrawn"]["evidence_id"].items():
            if value in kept:
                accepted = "a statement that evidence.csv no longer has"
                yield Fault("withdrawn", i + 2, "evidence_id", value, accepted)


def _years_are_in_order(study: Study) -> Iterator[Fault]:
    """No case ends before it starts."""
    cases = study.text.get("cases", pd.DataFrame())
    if {"start_year", "end_year"} <= {*cases.columns}:
        for i, row in cases.iterrows():
            start, end = _number(row["start_year"]), _number(row["end_year"])
            if start and end and end < start:
                accepted = f"a year not before start_year ({row['start_year']})"
                yield Fault("cases", i + 2, "end_year", row["end_year"], accepted)


def _care_is_applicable(study: Study) -> Iterator[Fault]:
    """Rules of care are about rows that exist, and name other statements where they need them."""
    for i, row in study.text.get("handling", pd.DataFrame()).iterrows():
        table = "evidence" if row["rule"] == "shown_only_with" else "cases"
        if row["table"] != table:
            yield Fault("handling", i + 2, "table", row["table"], f"{table}, for {row['rule']}")
        key = "evidence_id" if table == "evidence" else "case_id"
        if table in study.text and row["key"] not in {*study.text[table][key]}:
            yield Fault("handling", i + 2, "key", row["key"], f"{_a(key)} of {table}.csv")
        if (table == "evidence") != bool(row["with"]):
            accepted = "ids of statements" if table == "evidence" else "blank"
            yield Fault("handling", i + 2, "with", row["with"], f"{accepted}, for {row['rule']}")


def _examples_exist(study: Study) -> Iterator[Fault]:
    """The examples of the codebook are statements on their construct."""
    if study.codebook is None or "evidence" not in study.text or "codebook" not in study.described:
        return
    evidence = study.text["evidence"].set_index("evidence_id")["construct"].to_dict()
    for each in study.codebook.constructs:
        for example in each.examples:
            if evidence.get(example.evidence) != each.code:
                accepted = f"a statement of evidence.csv on {each.code}"
                yield Fault("codebook", None, f"{each.code}.examples", example.evidence, accepted)


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def nearest(value: str, known: Iterable[str]) -> str:
    """Offer the known value that is most like a misspelt one, as the end of a message; or ""."""
    near = get_close_matches(value, known, n=1, cutoff=0.8)
    return f" (nearest: {near[0]})" if near else ""


CLAIMS = (
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
