"""The ledger of claims: where each number of the text comes from, down to the raw data.

A *claim* is a variable that the prose uses. Its entry says what is printed and where, which cell
holds the number, which rule of the workflow made the cell from which files, and, where the number
counts cases, cells, statements or sources, which ones.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import pandas as pd

from casebook.claims.counted_ids import Counted, Tables, counted
from casebook.claims.variables import select

# Levels that cases have: what counts them is seen in the list of all cases.
PLACES = {"cities", "countries", "regions", "decades"}
EXPLORER = "evidence.html"  # the page beside the article that shows cases and their evidence
# How the explorer is asked for what a column, or a measure of the overview, counts.
VIEWS = {
    "n_present": {"score": "present"},
    "share": {"score": "present"},
    "n_absent": {"score": "absent"},
    "n_missing": {"score": "blank"},
    "n_full": {"score": "1"},
    "n_same": {"agreement": "agree", "show": "scores"},
    "percent_agreement": {"agreement": "agree", "show": "scores"},
    "cells_same": {"agreement": "agree", "show": "scores"},
    "cells_differ": {"agreement": "differ", "show": "scores"},
    "cells_blank": {"score": "blank", "show": "scores"},
    "adjudicated": {"agreement": "adjudicated", "show": "scores"},
    "statements": {"show": "statements"},
    "sources": {"show": "sources"},
    "sources_cited": {"cited": "yes", "show": "sources"},
    "audited": {"verdict": "any", "show": "statements"},
    "withdrawn": {"show": "withdrawn"},
}


def trace(
    declared: Mapping[str, Mapping],
    variables: pd.DataFrame,
    tables: Tables,
    steps: Mapping[str, Mapping],
) -> dict:
    """Trace every number of the text.

    Args:
        declared: name → `table`, `where`, `column`, `format`.
        variables: `name` and `text` of each, from `casebook.claims.variables.resolve`.
        tables: as for `casebook.claims.counted_ids.counted`.
        steps: file → `rule` that makes it, `method` (what the rule does) and `inputs` (files).

    Returns:
        `rules` and `claims`; `ledger` adds where the text uses each.

    Raises:
        AnalysisError: a number is another one than that of the things behind it.
    """
    files = {Path(file).stem: file for file in steps if file.endswith(".csv")}
    claims = []
    for name, text in variables[["name", "text"]].itertuples(index=False):
        entry = declared[name]
        table, where, column = entry["table"], entry.get("where", {}), entry["column"]
        file, row = files[table], select(tables[table], where).iloc[0]
        number, value = tables[table].index.get_loc(row.name) + 2, row[column]
        claims.append(
            {
                "name": name,
                "text": text,
                "value": value.item() if hasattr(value, "item") else value,
                "used_in": [],
                "rule": steps[file]["rule"],
                "file": file,
                "row": dict(where),
                "row_number": number,
                "column": column,
                "page": f"{EXPLORER}#table-{table}/{number}/{quote(column)}",
                "format": entry["format"],
                "evidence": _evidence(table, row, column, tables),
            }
        )
    return {"rules": _rules({claim["file"] for claim in claims}, steps), "claims": claims}


def ledger(traced: Mapping, uses: pd.DataFrame) -> dict:
    """Add to each traced number the places of the text that use it.

    Apart from `trace`, so that a new sentence does not look up the evidence of every number.

    Args:
        traced: from `trace`.
        uses: `name` and `place`, from `casebook.claims.typed_numbers.check_prose`.
    """
    places = uses.groupby("name")["place"].agg(lambda each: list(dict.fromkeys(each)))
    claims = [{**claim, "used_in": places[claim["name"]]} for claim in traced["claims"]]
    return {**traced, "claims": claims}


def _rules(files: set[str], steps: Mapping[str, Mapping]) -> dict[str, dict]:
    """What each rule does, with the files that it reads and the raw ones that these come from."""
    return {
        steps[file]["rule"]: {
            "method": steps[file]["method"],
            "inputs": sorted(steps[file]["inputs"]),
            "raw": sorted(_raw(file, steps)),
        }
        for file in sorted(files, key=lambda file: steps[file]["rule"])
    }


def _raw(file: str, steps: Mapping[str, Mapping]) -> set[str]:
    """The files that no rule makes from which a file is made in the end."""
    if file not in steps:
        return {file}
    return {raw for each in steps[file]["inputs"] for raw in _raw(each, steps)}


def _evidence(table: str, row: pd.Series, column: str, tables: Tables) -> dict | None:
    found = counted(table, row, column, tables)
    if found is None:
        return None
    lists = {"ids": list(found.ids), "among": list(found.among)}
    page = address(found, row, column, tables)
    return {"kind": found.kind, "unit": found.unit, **lists, "page": page}


def address(found: Counted, row: pd.Series, column: str, tables: Tables) -> str | None:
    """Where the explorer shows what stands behind a number; None where it has no such view.

    By a filter where there is one that gives just this, else by the list of the cases.
    """
    asked = {}
    if row.get("construct") in set(tables["scores"]["construct"]):
        asked["construct"] = row["construct"]
    stratum = {} if pd.isna(row.get("level")) else {row["variable"]: row["level"]}
    if (view := _view(row, column)) is not None:
        return _find(stratum | asked | view)
    ids = found.among if found.kind == "statistic" else found.ids
    if ids and "verdict" in row:
        gone = set(ids) <= set(tables["withdrawn"]["evidence_id"])
        verdict = "any" if found.kind == "statistic" else row["verdict"]
        return _find({"verdict": verdict, "show": "withdrawn" if gone else "statements"})
    if found.unit in PLACES:
        return _find({})
    if not ids or found.unit not in ("cases", "cells"):
        return None
    cases = list(dict.fromkeys(each.partition("/")[0] for each in ids))
    if len(cases) == 1:
        return f"{EXPLORER}#case-{cases[0]}"
    if len(cases) < len(tables["cases"]):
        asked["cases"] = ",".join(cases)
    return _find(asked)


def _view(row: pd.Series, column: str) -> Mapping[str, str] | None:
    counts = row.get("measure", column)
    if counts.startswith("adjudicated_"):
        return {"agreement": counts.removeprefix("adjudicated_"), "show": "scores"}
    if "construct" in row or "measure" in row:
        return VIEWS.get(counts)
    if column == "n_sources":
        return {"type": row["type"], "show": "sources"}
    return {} if column == "n_cases" and pd.notna(row.get("level")) else None


def _find(asked: Mapping[str, str]) -> str:
    return f"{EXPLORER}#find?{urlencode(asked, safe=',')}"
