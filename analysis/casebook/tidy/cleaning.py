"""From checked raw tables to tidy ones: corrections, final scores, cases, statements, sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from casebook.errors import AnalysisError, InputError, Problem
from casebook.study.codebook import Codebook
from casebook.study.tables import RawTables

CELL = ["case_id", "construct"]


def apply_corrections(raw: RawTables) -> RawTables:
    """Apply the rows of `corrections`, each of which changes one cell of another table.

    Returns:
        The corrected tables; `n_corrections` counts the rows applied.

    Raises:
        InputError: with every row whose table, key or column does not exist, or whose `from` is
            not what the table says (any more).
    """
    text = {name: frame.copy() for name, frame in raw.text.items()}
    problems = []
    rows = text["corrections"].to_dict("records") if "corrections" in text else []
    for i, row in enumerate(rows):
        fault = _correct(text, raw.keys, row)
        if fault:
            column, accepted = fault
            place = f"row {i + 2}, column {column}"
            name = f"{raw.name}/corrections.csv"
            problems.append(Problem(name, place, row[column], accepted))
    if problems:
        raise InputError(problems)
    return replace(raw, text=text, n_corrections=raw.n_corrections + len(rows))


def _correct(text: Mapping[str, pd.DataFrame], keys: Mapping, row: Mapping) -> tuple | None:
    """Change one cell in place, or return the column of the correction at fault and why."""
    table = text.get(row["table"])
    if table is None or row["table"] == "corrections":
        return "table", "the name of another table of this study"
    if row["column"] not in table.columns:
        return "column", f"a column of {row['table']}: {', '.join(table.columns)}"
    names = keys[row["table"]]
    found = table.index[table[list(names)].agg(" ".join, axis=1).eq(row["key"])]
    if len(found) != 1:
        return "key", f"the primary key ({' '.join(names)}) of one row of {row['table']}"
    now = table.at[found[0], row["column"]]
    if now != row["from"]:
        return "from", f"{now!r}, which is what {row['table']} says: the correction is out of date"
    table.at[found[0], row["column"]] = row["to"]
    return None


def final_scores(
    codings: pd.DataFrame,
    adjudications: pd.DataFrame,
    withdrawn: pd.DataFrame,
    codebook: Codebook,
) -> pd.DataFrame:
    """One final score per case and construct: the adjudicated one, else the one agreed on.

    Args:
        codings: case_id, construct, coder, score, evidence_ids, reason; one or two coders.
        adjudications: case_id, construct, score, cause, evidence_ids, reason; may be empty.
        withdrawn: evidence_id of statements that may no longer be shown; may be empty.
        codebook: gives the constructs and their order.

    Returns:
        case_id, construct, score_a, score_b, score, status, cause, reason, evidence_ids; cases in
        the order of the codings, constructs in the order of the codebook. The first coder by
        name is a. `status` is `agreed` or `adjudicated`, `not mentioned` where the passes agree
        that no statement speaks to the construct, and `single pass` where there is one coder.
        `evidence_ids` of cells that were not adjudicated are those of both passes, without
        withdrawn ones; their `reason` is that of the first pass.

    Raises:
        AnalysisError: a pass lacks or repeats a cell, or passes differ without adjudication.
    """
    cells = _cells(codings, codebook)
    coders = sorted(codings["coder"].unique())
    passes = [_pass(codings, coder, cells) for coder in coders]
    a, b = passes[0], passes[-1]
    gone = set(withdrawn["evidence_id"])
    scores = pd.DataFrame(index=cells)
    scores["score_a"] = a["score"]
    scores["score_b"] = b["score"] if len(passes) > 1 else float("nan")
    scores["score"] = a["score"]
    scores["status"] = "agreed" if len(passes) > 1 else "single pass"
    scores.loc[a["score"].isna(), "status"] = "not mentioned"
    scores["cause"] = pd.Series(index=cells, dtype="str")
    scores["reason"] = a["reason"].astype("str")
    scores["evidence_ids"] = _united(a["evidence_ids"], b["evidence_ids"], gone)
    final = adjudications.set_index(CELL)
    _require(final.index.isin(cells).all(), "adjudications of cells that were not coded")
    differ = ~(a["score"].eq(b["score"]) | (a["score"].isna() & b["score"].isna()))
    _require(differ[differ].index.isin(final.index).all(), "passes differ without adjudication")
    for column in ("score", "cause", "reason", "evidence_ids"):
        scores.loc[final.index, column] = final[column]
    scores.loc[final.index, "status"] = "adjudicated"
    _require(len(scores) == len(codings) / len(coders), "cells in are not cells out")
    return scores.reset_index()


def _cells(codings: pd.DataFrame, codebook: Codebook) -> pd.MultiIndex:
    cases = codings["case_id"].unique()
    return pd.MultiIndex.from_product([cases, codebook.codes], names=CELL)


def _pass(codings: pd.DataFrame, coder: str, cells: pd.MultiIndex) -> pd.DataFrame:
    given = codings[codings["coder"].eq(coder)].set_index(CELL)
    complete = given.index.is_unique and given.index.sort_values().equals(cells.sort_values())
    _require(complete, f"pass {coder} does not score each cell exactly once")
    return given.reindex(cells)


def _united(a: pd.Series, b: pd.Series, gone: set[str]) -> pd.Series:
    """Ids of both passes in order of naming, each once, without withdrawn ones."""
    both = (a.fillna("").astype(str) + " " + b.fillna("").astype(str)).str.split()
    kept = both.map(lambda ids: " ".join(dict.fromkeys(i for i in ids if i not in gone)))
    return kept.astype("str").mask(kept.eq(""))


def clean_cases(
    cases: pd.DataFrame, statements: pd.DataFrame, handling: pd.DataFrame
) -> pd.DataFrame:
    """Cases with their decade, their numbers of statements and sources, and a note on scope.

    Args:
        cases: case_id and further columns; `decade` (such as "1990s") is made from `start_year`
            where there is such a column.
        statements: case_id, source_key; may be empty.
        handling: rules of care; `wider_material` rows become `scope_note`. May be empty.

    Returns:
        The raw columns + decade, n_statements, n_sources, scope_note, in the order of the cases.

    Raises:
        AnalysisError: cases were lost or gained.
    """
    clean = cases.copy()
    year = cases["start_year"] if "start_year" in cases else pd.Series(pd.NA, cases.index, "Int64")
    clean["decade"] = ((year // 10 * 10).astype("string") + "s").astype("str")
    by_case = statements.groupby("case_id")["source_key"]
    clean["n_statements"] = _counted(by_case.size(), cases["case_id"])
    clean["n_sources"] = _counted(by_case.nunique(), cases["case_id"])
    wider = handling[handling["rule"].eq("wider_material")]
    clean["scope_note"] = cases["case_id"].map(_texts(wider["key"], wider["reason"]))
    _require(len(clean) == len(cases), "cases in are not cases out")
    _require(clean["n_statements"].sum() == len(statements), "statements of unknown cases")
    return clean


def clean_statements(
    statements: pd.DataFrame, sources: pd.DataFrame, handling: pd.DataFrame
) -> pd.DataFrame:
    """Statements with the type, year and title of their source, and what goes with them.

    Args:
        statements: the raw evidence; may be empty.
        sources: key, type, year, title (see `flat_sources`); may be empty.
        handling: rules of care; `shown_only_with` rows become `shown_with`. May be empty.

    Returns:
        The raw columns + source_type, source_year, source_title, shown_with (ids, separated by a
        space, of the statements without which this one must not be shown).

    Raises:
        AnalysisError: statements were lost or gained, or a rule names an unknown statement.
    """
    wanted = sources[["key", "type", "year", "title"]].rename(
        columns={"key": "source_key", "type": "source_type"}
        | {"year": "source_year", "title": "source_title"}
    )
    clean = statements.merge(wanted, on="source_key", how="left")
    rules = handling[handling["rule"].eq("shown_only_with")]
    named = {*rules["key"], *rules["with"].str.split().explode()}
    _require(named <= set(statements["evidence_id"]), "rules of care for unknown statements")
    clean["shown_with"] = clean["evidence_id"].map(_texts(rules["key"], rules["with"]))
    _require(len(clean) == len(statements), "statements in are not statements out")
    return clean


def flat_sources(items: Iterable[Mapping], statements: pd.DataFrame) -> pd.DataFrame:
    """Sources as a table, with the numbers of statements and cases that rest on each.

    Args:
        items: CSL-JSON items.
        statements: case_id, source_key; may be empty.

    Returns:
        key, type, authors ("Family, Given; …", literal names as they are), year, title,
        container, publisher, doi, url, n_statements, n_cases; in the order of the items.
    """
    columns = ["key", "type", "authors", "year", "title", "container", "publisher", "doi", "url"]
    flat = pd.DataFrame([_flat(item) for item in items], columns=columns, dtype=object)
    flat = flat.astype({name: "Int64" if name == "year" else "str" for name in columns})
    by_source = statements.groupby("source_key")["case_id"]
    flat["n_statements"] = _counted(by_source.size(), flat["key"])
    flat["n_cases"] = _counted(by_source.nunique(), flat["key"])
    _require(flat.empty or flat["n_statements"].sum() == len(statements), "sources are missing")
    return flat


def _flat(item: Mapping) -> tuple:
    year = item.get("issued", {}).get("date-parts", [[None]])[0][0]
    return (
        *(item["id"], item["type"], "; ".join(map(_author, item.get("author", ()))) or None, year),
        *(item.get(key) for key in ("title", "container-title", "publisher", "DOI", "URL")),
    )


def _author(name: Mapping) -> str:
    if "literal" in name:
        return name["literal"]
    return ", ".join(name[part] for part in ("family", "given", "suffix") if part in name)


def overview(
    raw: RawTables, codebook: Codebook, scores: pd.DataFrame, cases: pd.DataFrame
) -> pd.DataFrame:
    """How much there is of everything: measure, value (whole numbers; years as years).

    Args:
        raw: corrected raw tables.
        codebook: the codebook.
        scores: see `final_scores`.
        cases: see `clean_cases`.

    Returns:
        One row a measure. Of the cells (case x construct): `cells_scored` have a final score,
        `cells_blank` have none; `cells_both_scored`, `cells_one_scored` and `cells_none_scored`
        count passes; `cells_same` are the cells scored by both with the same score; in
        `cells_differ` the passes differ, blank against score included.

    Raises:
        AnalysisError: the parts do not add up to the whole.
    """
    n_passes = raw["codings"]["coder"].nunique()
    a, b = scores["score_a"], scores["score_b"] if n_passes > 1 else scores["score_a"]
    given = a.notna().astype(int) + b.notna().astype(int)
    same = a.eq(b)
    cause = raw["adjudications"]["cause"]
    start = cases["start_year"] if "start_year" in cases else pd.Series(dtype="Int64")
    place = ["city", "country"]
    measures = {
        "cases": len(cases),
        **{name: cases[key].nunique() for name, key in PLACES.items() if key in cases},
        "cities": len(cases[place].drop_duplicates()) if set(place) <= {*cases} else None,
        "groups": len(codebook.groups),
        "constructs": len(codebook.constructs),
        "levels": len(codebook.levels),
        "statements": len(raw["evidence"]),
        "sources": len(raw.sources),
        "sources_cited": raw["evidence"]["source_key"].nunique(),
        "passes": n_passes,
        "codings": len(raw["codings"]),
        "cells": len(scores),
        "cells_scored": scores["score"].notna().sum(),
        "cells_blank": scores["score"].isna().sum(),
        "cells_both_scored": given.eq(2).sum(),
        "cells_one_scored": given.eq(1).sum(),
        "cells_none_scored": given.eq(0).sum(),
        "cells_same": same.sum(),
        "cells_differ": len(scores) - same.sum() - given.eq(0).sum(),
        "adjudicated": len(cause),
        **{f"adjudicated_{each.code}": cause.eq(each.code).sum() for each in codebook.causes},
        "withdrawn": len(raw["withdrawn"]),
        "corrections": raw.n_corrections,
        "audited": len(raw["audit"]),
        "decades": cases["decade"].nunique(),
        "first_start": start.min(),
        "last_start": start.max(),
        "starts_unknown": start.isna().sum(),
        "scope_notes": cases["scope_note"].notna().sum(),
    }
    measures = {name: value for name, value in measures.items() if not pd.isna(value)}
    parts = measures["cells_same"] + measures["cells_differ"] + measures["cells_none_scored"]
    _require(parts == measures["cells"], "cells do not add up")
    _require(measures["cells"] == len(cases) * len(codebook.constructs), "cells are missing")
    return pd.DataFrame({"measure": list(measures), "value": [int(v) for v in measures.values()]})


PLACES = {"countries": "country", "regions": "region"}


def audit(
    verdicts: pd.DataFrame, order: Sequence[str] = (), confidence: float = 0.95
) -> pd.DataFrame:
    """Share of each verdict among the statements looked up again, with Wilson intervals.

    Args:
        verdicts: one row a statement; column verdict. May be empty.
        order: verdicts to report, also those that were never given (`RawTables.accepted`).
        confidence: of the intervals.

    Returns:
        verdict, n, share, low, high; no rows where nothing was looked up.
    """
    # imported here: it takes a second, and no other table needs it
    from statsmodels.stats.proportion import proportion_confint

    total = len(verdicts)
    counts = verdicts["verdict"].value_counts()
    names = [*order, *(name for name in counts.index if name not in order)] if total else []
    n = counts.reindex(names, fill_value=0)
    low, high = proportion_confint(n, total, 1 - confidence, method="wilson") if total else (n, n)
    columns = {"n": n, "share": n / max(total, 1), "low": low, "high": high}
    return pd.DataFrame(columns).rename_axis("verdict").reset_index()


def source_types(sources: pd.DataFrame) -> pd.DataFrame:
    """Numbers of sources and statements by type of source, most frequent first.

    Args:
        sources: see `flat_sources`.

    Returns:
        type, n_sources, n_statements.
    """
    counts = sources.groupby("type", as_index=False).agg(
        n_sources=("key", "size"), n_statements=("n_statements", "sum")
    )
    ordered = counts.sort_values(["n_sources", "type"], ascending=[False, True])
    return ordered.reset_index(drop=True)


def strata(
    cases: pd.DataFrame,
    variables: Sequence[str],
    order: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Numbers of cases by level of each variable.

    Args:
        cases: see `clean_cases`.
        variables: columns of the cases.
        order: order of the levels of a variable (`RawTables.accepted`); else alphabetical.

    Returns:
        variable, level, n_cases; levels that occur, and a last one that is missing for cases
        without a value.

    Raises:
        AnalysisError: the levels of a variable do not add up to all cases.
    """
    parts = []
    for variable in variables:
        counts = cases[variable].value_counts()
        listed = [level for level in (order or {}).get(variable, ()) if level in counts.index]
        levels = [*listed, *sorted(level for level in counts.index if level not in listed)]
        missing = int(cases[variable].isna().sum())
        rows = [(variable, level, int(counts[level])) for level in levels]
        rows += [(variable, None, missing)] if missing else []
        _require(sum(n for *_, n in rows) == len(cases), f"{variable}: cases were lost")
        parts += rows
    return pd.DataFrame(parts, columns=["variable", "level", "n_cases"])


def _counted(counts: pd.Series, keys: pd.Series) -> pd.Series:
    return keys.map(counts).fillna(0).astype("int64")


def _texts(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Values by key; those of a repeated key are joined by a space."""
    return values.groupby(keys).agg(" ".join)


def _require(condition: bool, claim: str) -> None:
    if not condition:
        raise AnalysisError(f"The tables do not add up: {claim}. Check the raw tables first.")
