"""What a number of a result table counts: cases, cells, statements or sources, each by its id.

The lists are made anew from the tidy tables, not taken from where the number was computed, so
that a number and the list behind it can be held against each other.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from casebook.errors import AnalysisError
from casebook.results.scores import PRESENT_ABOVE, wide

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Counted:
    """What stands behind one number.

    Attributes:
        kind: `count`: the number is how many there are; `share`: it is this share of `among`;
            `statistic`: it is computed over `among`.
        unit: what is counted, in the plural: `cases`, `cells`, `statements`, `sources`, …
        ids: what is counted, in order; empty for a statistic. A cell is `case_id/construct`.
        among: what it is counted among, or computed over.
    """

    kind: str
    unit: str
    ids: tuple[str, ...]
    among: tuple[str, ...]


Columns = tuple[dict[str, Counted], Counted | None]  # of some columns, and of all other measures


def counted(table: str, row: pd.Series, column: str, tables: Tables) -> Counted | None:
    """Say what stands behind a cell of a result table.

    Args:
        table, row, column: the cell, with the whole row that it is in.
        tables: the result tables, the tidy tables (`cases`, `statements`, `sources`, `scores`,
            `calibrated`, `robustness_cases`), and of the raw ones `withdrawn` and `audited`.

    Returns:
        None for what neither counts such things nor is computed over them (the number of rows
        of a truth table, for example).

    Raises:
        AnalysisError: the number is another one than that of the things behind it.
    """
    if table == "overview":
        found = _overview(row["measure"], tables) if column == "value" else None
    else:
        columns, rest = BY_TABLE[table](row, tables) if table in BY_TABLE else ({}, None)
        found = columns.get(column, None if column.startswith("n_") else rest)
    if found:
        _conserved(found, f"{table}.{column}", row[column])
    return found


def _conserved(found: Counted, cell: str, value: object) -> None:
    behind = len(set(found.ids))
    share = behind / len(found.among) if found.among else float("nan")
    expected = {"count": behind, "share": round(share, 6)}.get(found.kind)
    if expected is not None and abs(float(value) - expected) > 1e-6:
        raise AnalysisError(
            f"{cell} is {value}, but the {found.unit} behind it give {expected:g}: "
            "the result tables do not belong together; build them anew"
        )


def _count(unit: str, ids: Iterable[str], among: Iterable[str] | None = None) -> Counted:
    ids = tuple(ids)
    return Counted("count", unit, ids, ids if among is None else tuple(among))


def _share(unit: str, ids: Iterable[str], among: Iterable[str]) -> Counted:
    return Counted("share", unit, tuple(ids), tuple(among))


def _statistic(unit: str, among: Iterable[str]) -> Counted:
    return Counted("statistic", unit, (), tuple(among))


# The data ------------------------------------------------------------------------------------


def _overview(measure: str, tables: Tables) -> Counted | None:
    cases, scores, statements = tables["cases"], tables["scores"], tables["statements"]
    names = _passes(scores)
    passes = scores[[*names, *names][:2]]  # a study with one pass agrees with itself
    given = passes.notna().sum(axis=1)
    same = passes.iloc[:, 0].eq(passes.iloc[:, 1])
    start = cases["start_year"] if "start_year" in cases else pd.Series(pd.NA, cases.index)
    place = [name for name in ("city", "country") if name in cases]
    ids, cells = cases["case_id"], _cells(scores)
    marks = {
        "cells_scored": scores["score"].notna(),
        "cells_blank": scores["score"].isna(),
        "cells_both_scored": given.eq(2),
        "cells_one_scored": given.eq(1),
        "cells_none_scored": given.eq(0),
        "cells_same": same,
        "cells_differ": ~same & given.gt(0),
        "adjudicated": scores["cause"].notna(),
    }
    levels = {
        **{name: cases[key] for name, key in LEVELS.items() if key in cases},
        "cities": cases[place].dropna().agg(", ".join, axis=1) if place else pd.Series(dtype=str),
        "constructs": scores["construct"],
    }
    lists = {
        "cases": ("cases", ids),
        "scope_notes": ("cases", ids[cases["scope_note"].notna()], ids),
        "starts_unknown": ("cases", ids[start.isna()], ids),
        "statements": ("statements", statements["evidence_id"]),
        "withdrawn": ("statements", tables["withdrawn"]["evidence_id"]),
        "audited": ("statements", tables["audited"]["evidence_id"]),
        "sources": ("sources", tables["sources"]["key"]),
        "sources_cited": ("sources", statements["source_key"].unique()),
        "cells": ("cells", cells),
    }
    if measure in marks:
        return _count("cells", cells[marks[measure]], cells)
    if measure in levels:
        return _count(measure, levels[measure].dropna().unique())
    if measure.startswith("adjudicated_"):
        return _count("cells", cells[scores["cause"].eq(measure.partition("_")[2])], cells)
    return _count(*lists[measure]) if measure in lists else None


LEVELS = {"countries": "country", "regions": "region", "decades": "decade"}


def _passes(scores: pd.DataFrame) -> list[str]:
    names = [name for name in scores if name.startswith("score_")]
    return [name for name in names if scores[name].notna().any()]


def _cells(scores: pd.DataFrame) -> pd.Series:
    return scores["case_id"] + "/" + scores["construct"]


def _audit(row: pd.Series, tables: Tables) -> Columns:
    audited = tables["audited"]
    ids = audited.loc[audited["verdict"].eq(row["verdict"]), "evidence_id"]
    among = audited["evidence_id"]
    columns = {"n": _count("statements", ids, among), "share": _share("statements", ids, among)}
    return columns, _statistic("statements", among)


def _source_types(row: pd.Series, tables: Tables) -> Columns:
    sources, statements = tables["sources"], tables["statements"]
    keys = sources.loc[sources["type"].eq(row["type"]), "key"]
    theirs = statements.loc[statements["source_key"].isin(keys), "evidence_id"]
    return {
        "n_sources": _count("sources", keys, sources["key"]),
        "n_statements": _count("statements", theirs, statements["evidence_id"]),
    }, None


def _strata(row: pd.Series, tables: Tables) -> Columns:
    ids = tables["cases"]["case_id"]
    return {"n_cases": _count("cases", ids[_stratum(row, tables["cases"])], ids)}, None


def _stratum(row: pd.Series, cases: pd.DataFrame) -> pd.Series:
    level = cases[row["variable"]]
    return level.isna() if pd.isna(row["level"]) else level.eq(row["level"])


# The scores ----------------------------------------------------------------------------------


def _prevalence(row: pd.Series, tables: Tables) -> Columns:
    values = wide(tables["scores"])[row["construct"]]
    if "level" in row:
        cases = tables["cases"]
        values = values[values.index.isin(cases.loc[_stratum(row, cases), "case_id"])]
    scored, every = values.dropna(), values.index
    present = scored.index[scored > PRESENT_ABOVE]
    return {
        "n_cases": _count("cases", every),
        "n_scored": _count("cases", scored.index, every),
        "n_missing": _count("cases", every[values.isna()], every),
        "n_present": _count("cases", present, scored.index),
        "n_absent": _count("cases", scored.index[scored <= PRESENT_ABOVE], scored.index),
        "n_full": _count("cases", scored.index[scored == 1], scored.index),
        "share": _share("cases", present, scored.index),
    }, _statistic("cases", scored.index)


def _pair(first: str, second: str, tables: Tables) -> tuple[pd.Index, dict[str, pd.Index]]:
    """Cases scored on both constructs; and by presence (1) or not (0) of the one and the other."""
    present = wide(tables["scores"])[[first, second]].dropna() > PRESENT_ABOVE
    a, b = present[first], present[second]
    kinds = {"11": a & b, "10": a & ~b, "01": ~a & b, "00": ~a & ~b}
    return present.index, {name: present.index[marks] for name, marks in kinds.items()}


def _cooccurrence(row: pd.Series, tables: Tables) -> Columns:
    scored, kinds = _pair(row["construct_a"], row["construct_b"], tables)
    return {
        "n_scored": _count("cases", scored, tables["cases"]["case_id"]),
        "n_both": _count("cases", kinds["11"], scored),
        "share_both": _share("cases", kinds["11"], scored),
    }, _statistic("cases", scored)


def _association(row: pd.Series, tables: Tables) -> Columns:
    scored, kinds = _pair(row["condition"], row["outcome"], tables)
    return {
        "n": _count("cases", scored, tables["cases"]["case_id"]),
        **{f"n_{name}": _count("cases", ids, scored) for name, ids in kinds.items()},
    }, _statistic("cases", scored)


def _agreement(row: pd.Series, tables: Tables) -> Columns:
    scores = tables["scores"]
    mine = scores[scores["construct"].eq(row["construct"]) | (row["construct"] == "all")]
    passes = mine[_passes(scores)]
    cells, given = _cells(mine), passes.notna()
    both = given.all(axis=1)
    same = both & passes.nunique(axis=1).eq(1)
    return {
        "n_cells": _count("cells", cells),
        "n_both": _count("cells", cells[both], cells),
        "n_one": _count("cells", cells[given.any(axis=1) & ~both], cells),
        "n_same": _count("cells", cells[same], cells[both]),
        "percent_agreement": _share("cells", cells[same], cells[both]),
    }, _statistic("cells", cells[both])


# The models ----------------------------------------------------------------------------------


def _memberships(row: pd.Series, tables: Tables) -> pd.DataFrame:
    return tables["calibrated"][tables["calibrated"]["model"].eq(row["model"])]


def _of_model(row: pd.Series, tables: Tables) -> Columns:
    complete = _memberships(row, tables)["case_id"].unique()
    among = tables["cases"]["case_id"]
    return {"n_cases": _count("cases", complete, among)}, _statistic("cases", complete)


def _calibration(row: pd.Series, tables: Tables) -> Columns:
    mine = _memberships(row, tables)
    mine = mine[mine["set"].eq(row["set"])].set_index("case_id")["membership"]
    inside, complete = mine.index[mine > PRESENT_ABOVE], mine.index
    return {
        "n": _count("cases", complete, tables["cases"]["case_id"]),
        "n_in": _count("cases", inside, complete),
        "share_in": _share("cases", inside, complete),
    }, _statistic("cases", complete)


def _truth_table(row: pd.Series, tables: Tables) -> Columns:
    _, whole = _of_model(row, tables)
    ids = [case for case in whole.among if case in str(row["cases"]).split()]
    return {"n": _count("cases", ids, whole.among)}, whole


def _robustness(row: pd.Series, tables: Tables) -> Columns:
    columns, whole = _of_model(row, tables)
    if row["setting"] == "pass":  # another set of complete cases
        return columns, None
    dropped = row["value"] if row["setting"] == "dropped case" else None
    return columns, _statistic("cases", (each for each in whole.among if each != dropped))


def _robustness_tests(row: pd.Series, tables: Tables) -> Columns:
    table = tables["robustness_cases"]
    mine = table[table["model"].eq(row["model"]) & table["outcome"].eq(row["outcome"])]
    kind = mine["type"].str.split().str[0]
    every = mine["case_id"]
    named = {f"n_{name}": ids for name, ids in every.groupby(kind)}
    return {
        f"n_{name}": _count("cases", named.get(f"n_{name}", ()), every)
        for name in ("robust", "shaky", "possible")
    }, _statistic("cases", every)


def _of_case(row: pd.Series, _tables: Tables) -> Columns:
    return {}, _statistic("cases", [row["case_id"]])


BY_TABLE: dict[str, Callable[[pd.Series, Tables], Columns]] = {
    "audit": _audit,
    "source_types": _source_types,
    "strata": _strata,
    "prevalence": _prevalence,
    "prevalence_by": _prevalence,
    "cooccurrence": _cooccurrence,
    "association": _association,
    "agreement": _agreement,
    "models": _of_model,
    "calibration": _calibration,
    "necessity": _of_model,
    "truth_table": _truth_table,
    "solutions": _of_model,
    "formulas": _of_model,
    "remainders": _of_model,
    "case_types": _of_case,
    "robustness": _robustness,
    "robustness_ranges": _of_model,
    "robustness_tests": _robustness_tests,
    "robustness_cases": _of_case,
}
