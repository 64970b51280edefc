"""What the evidence explorer shows: the tables of a study, joined and put in the order of reading.

Every part may be empty: a study may do without statements, sources, a second pass or models.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from casebook.exhibits.labels import analysis_titles, case_labels, sort_key
from casebook.study.codebook import Codebook
from casebook.study.tables import RawTables

UNKNOWN = "not known"
# Columns of a case that are not listed among its facts: its name and headline, what is counted,
# and codes and derivatives of other columns.
NOT_FACTS = {
    *("case_id", "city", "programme", "iso3", "decade"),
    *("n_statements", "n_sources", "scope_note"),
}
# Columns of the tables that are text even where every cell is blank or looks like a number.
TEXT = dict.fromkeys(
    ["case_id", "cases", "code", "evidence_id", "evidence_ids", "key", "shown_with", "source_key"],
    str,
)
# Types of source, by their names in the Citation Style Language.
TYPES = {
    "article-journal": "Journal article",
    "article-magazine": "Magazine article",
    "article-newspaper": "Newspaper article",
    "paper-conference": "Conference paper",
    "post-weblog": "Blog post",
    "webpage": "Web page",
}


def content(
    raw: RawTables,
    tables: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    facets: Sequence[str],
    results: Mapping[str, pd.DataFrame],
) -> dict:
    """Join the tables of a study.

    Args:
        raw: the corrected raw tables; of these the codings of each pass, the withdrawn and the
            audited statements, and the rules of care.
        tables: the tidy tables `cases`, `statements`, `sources` and `scores`, and of each model
            `calibration`, `calibrated`, `truth_table` and `case_types`; see
            `casebook.tidy.cleaning` and `casebook.results.configurations`.
        codebook: gives constructs, levels and causes their order and labels.
        facets: columns of the cases by which they can be filtered.
        results: the result tables that numbers come from, every cell as its file has it.

    Returns:
        Plain lists, mappings, texts and numbers, for JSON. Lists of records are
        `{"columns": […], "rows": [[…], …]}`; they refer to cases, constructs, sources and
        statements by position.
    """
    cases = tables["cases"]
    names = case_labels(cases)
    order = sorted(names, key=lambda each: (sort_key(names[each]), each))
    cases = cases.set_index("case_id", drop=False).loc[order]
    sources = _sources(tables["sources"])
    place = {
        "case": {name: position for position, name in enumerate(order)},
        "construct": {code: position for position, code in enumerate(codebook.codes)},
        "source": {row[0]: position for position, row in enumerate(sources["rows"])},
    }
    statements = _statements(tables["statements"], raw, place)
    return {
        "book": _book(codebook),
        "types": {kind: _type_label(kind) for kind in sorted(set(tables["sources"]["type"]))},
        "facets": [_facet(cases, name, raw) for name in facets if name in cases],
        "passes": sorted(raw["codings"]["coder"].unique()),
        "cases": _records(
            ["id", "name", "headline", "facts", "facets", "note"],
            (_case(row, names, facets, place) for row in cases.to_dict("records")),
        ),
        "sources": sources,
        "statements": statements,
        "withdrawn": _withdrawn(raw, place["case"]),
        "scores": _scores(tables["scores"], raw["codings"], order, codebook),
        "models": _models(tables, codebook, place["case"]),
        "results": {
            name: _records(table.columns, table.to_numpy()) for name, table in results.items()
        },
    }


def _book(codebook: Codebook) -> dict:
    book = asdict(codebook)
    return {key: book[key] for key in ("groups", "constructs", "levels", "blank", "causes")}


def _records(columns: Sequence[str], rows: Iterable[Sequence]) -> dict:
    return {"columns": list(columns), "rows": [list(map(_plain, row)) for row in rows]}


def _plain(value: object) -> object:
    """A cell as JSON has it: blanks are null, whole numbers are integers."""
    if isinstance(value, (list, dict, str, bool)) or value is None:
        return value
    if pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _text(value: object) -> str:
    plain = _plain(value)
    return "" if plain is None else str(plain)


def label(column: str) -> str:
    """Name a column in words: `income_group` → "Income group"."""
    return column.replace("_", " ").capitalize()


def _type_label(kind: str) -> str:
    return TYPES.get(kind, kind.replace("-", " ").replace("_", " ").capitalize())


def _facet(cases: pd.DataFrame, name: str, raw: RawTables) -> dict:
    found = {_text(value) or UNKNOWN for value in cases[name]}
    listed = [value for value in raw.accepted("cases", name) if value in found]
    rest = sorted(found - {*listed, UNKNOWN}, key=sort_key)
    return {
        "name": name,
        "label": label(name),
        "values": [*listed, *rest, *([UNKNOWN] if UNKNOWN in found else [])],
    }


def _case(row: Mapping, names: Mapping, facets: Sequence[str], place: Mapping) -> tuple:
    facts = [
        [label(column), _text(value), place["source"].get(value)]
        for column, value in row.items()
        if column not in NOT_FACTS and _text(value)
    ]
    return (
        row["case_id"],
        names[row["case_id"]],
        _text(row.get("programme")),
        facts,
        {name: _text(row[name]) or UNKNOWN for name in facets if name in row},
        row.get("scope_note"),
    )


def _sources(table: pd.DataFrame) -> dict:
    """The sources in the order of their short names, such as "Family and Family (2001)"."""
    columns = ["key", "type", "authors", "year", "title", "container", "publisher", "doi", "url"]
    rows = [(*(row[name] for name in columns), _short(row)) for row in table.to_dict("records")]
    rows.sort(key=lambda row: (sort_key(row[-1]), row[0]))
    return _records([*columns, "short"], rows)


def _short(source: Mapping) -> str:
    authors = [name.split(",")[0] for name in _text(source["authors"]).split("; ") if name]
    if len(authors) > 2:
        authors = [f"{authors[0]} et al."]
    who = " and ".join(authors) or next(
        filter(None, (_text(source[name]) for name in ("container", "publisher", "title", "key")))
    )
    return f"{who} ({_text(source['year']) or 'n.d.'})"


def _statements(table: pd.DataFrame, raw: RawTables, place: Mapping) -> dict:
    position = {name: i for i, name in enumerate(table["evidence_id"])}
    verdicts = dict(raw["audit"][["evidence_id", "verdict"]].to_numpy())
    care = raw["handling"].query("rule == 'shown_only_with'")
    notes = care.groupby("key")["reason"].agg(lambda reasons: " ".join(dict.fromkeys(reasons)))
    columns = ["id", "case", "construct", "direction", "text", "source", "locator", "url"]
    return _records(
        [*columns, "shown_with", "care", "verdict"],
        (
            (
                row["evidence_id"],
                place["case"][row["case_id"]],
                place["construct"][row["construct"]],
                row.get("direction"),
                row["statement"],
                place["source"].get(row["source_key"]),
                row.get("locator"),
                row.get("url"),
                [position[each] for each in _text(row["shown_with"]).split()],
                notes.get(row["evidence_id"]),
                verdicts.get(row["evidence_id"]),
            )
            for row in table.to_dict("records")
        ),
    )


def _withdrawn(raw: RawTables, case: Mapping) -> dict:
    """Statements that are no longer part of the evidence, and why."""
    verdicts = dict(raw["audit"][["evidence_id", "verdict"]].to_numpy())
    return _records(
        ["id", "case", "reason", "verdict"],
        (
            (gone.evidence_id, case[gone.case_id], gone.reason, verdicts.get(gone.evidence_id))
            for gone in raw["withdrawn"].itertuples()
        ),
    )


def _scores(
    table: pd.DataFrame, codings: pd.DataFrame, order: Sequence[str], codebook: Codebook
) -> dict:
    """A record per cell, by case and construct; `passes` has score and reason of each pass."""
    given = {key: [] for key in table[["case_id", "construct"]].itertuples(index=False, name=None)}
    for row in codings.sort_values("coder", kind="stable").itertuples():
        given[row.case_id, row.construct].append([_plain(row.score), _plain(row.reason)])
    final = table.set_index(["case_id", "construct"])
    keys = [(case, code) for case in order for code in codebook.codes]
    return _records(
        ["score", "status", "cause", "reason", "evidence", "passes"],
        (
            (
                row["score"],
                row["status"],
                row["cause"],
                row["reason"] if row["status"] == "adjudicated" else None,
                _text(row["evidence_ids"]).split(),
                given[key],
            )
            for key, row in zip(keys, final.loc[keys].to_dict("records"), strict=True)
        ),
    )


def _models(tables: Mapping[str, pd.DataFrame], codebook: Codebook, case: Mapping) -> list[dict]:
    """Each model: its sets, its truth table, and where each complete case stands in it."""
    calibration = tables["calibration"]
    titles = analysis_titles(calibration)
    return [
        {
            "name": name,
            "outcomes": [[outcome, titles[name, outcome]] for outcome in _outcomes(tables, name)],
            "sets": sets[["set", "label"]].to_numpy().tolist(),
            "rows": _rows(_of(tables["truth_table"], name), case),
            "memberships": _memberships(_of(tables["calibrated"], name), sets["set"], case),
            "types": _case_types(_of(tables["case_types"], name), case),
        }
        for name, sets in calibration.groupby("model", sort=False)
    ]


def _of(table: pd.DataFrame, model: str) -> pd.DataFrame:
    return table[table["model"].eq(model)]


def _outcomes(tables: Mapping[str, pd.DataFrame], model: str) -> list[str]:
    return list(dict.fromkeys(_of(tables["truth_table"], model)["outcome"]))


def _rows(table: pd.DataFrame, case: Mapping) -> dict:
    """A record per observed row; `fits` has consistency, PRI and code by outcome."""
    return _records(
        ["row", "configuration", "mixed", "cases", "fits"],
        (
            (
                number,
                part["configuration"].iloc[0],
                bool(part["mixed"].iloc[0]),
                sorted(case[each] for each in _text(part["cases"].iloc[0]).split()),
                {
                    fit.outcome: [_plain(fit.consistency), _plain(fit.pri), _text(fit.code)]
                    for fit in part.itertuples()
                },
            )
            for number, part in table.groupby("row", sort=True)
        ),
    )


def _memberships(table: pd.DataFrame, sets: pd.Series, case: Mapping) -> dict:
    """Position of a case → its memberships, in the order of the sets."""
    wide = table.pivot(index="case_id", columns="set", values="membership").reindex(columns=sets)
    return {
        str(case[name]): [_plain(value) for value in row]
        for name, row in sorted(wide.T.items(), key=lambda item: case[item[0]])
    }


def _case_types(table: pd.DataFrame, case: Mapping) -> dict:
    """Position of a case → outcome → its place in the interpreted solution."""
    places: dict[str, dict] = {}
    for row in table.sort_values("case_id", key=lambda ids: ids.map(case)).itertuples():
        places.setdefault(str(case[row.case_id]), {})[row.outcome] = row.type
    return places
