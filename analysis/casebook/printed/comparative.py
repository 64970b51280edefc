"""Printed tables of the configurational analysis.

`titles` names each analysis: (model, outcome expression) → title, see
`casebook.labels.analysis_titles`. `names` gives each case id its name.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from casebook.labels import sort_key
from casebook.markdown import (
    NONE,
    PrintedTable,
    count,
    decimal,
    escape,
    heading_row,
    percent,
)

Titles = Mapping[tuple[str, str], str]
WHOLE = "solution"  # the line of a table of terms that speaks of the whole solution


def _analyses(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    yield from table.groupby(["model", "outcome"], sort=False)


def _case_list(ids: object, names: Mapping[str, str]) -> str:
    """Write space-separated case ids as names in alphabetical order."""
    if pd.isna(ids) or not str(ids).strip():
        return NONE
    return ", ".join(map(escape, sorted((names[each] for each in str(ids).split()), key=sort_key)))


def calibration(table: pd.DataFrame) -> list[PrintedTable]:
    """Print each set of each model with its anchors, reason and skewness."""
    rows = []
    for model, sets in table.groupby("model", sort=False):
        rows.append(heading_row(f"Model: {escape(model)}", 7))
        rows += [
            [
                f"{escape(row.label)} ({escape(row.set)})",
                escape(row.role),
                f"{escape(row.type)}: {escape(row.anchors)}",
                escape(row.reason),
                count(row.n_blank),
                f"{count(row.n_in)}/{count(row.n)}",
                percent(row.share_in),
            ]
            for row in sets.itertuples()
        ]
    header = [
        "Set",
        "Role",
        "Type and anchors",
        "Reason",
        "Not men\u00adtioned",
        "In the set",
        "Share",
    ]
    return [PrintedTable(header, rows, "llllrrr", [17, 10, 31, 18, 9, 8, 7])]


def necessity(table: pd.DataFrame) -> list[PrintedTable]:
    """Print necessity for the outcome and its absence side by side, a table per model."""
    return [_necessity(str(model), part) for model, part in table.groupby("model", sort=False)]


def _necessity(model: str, part: pd.DataFrame) -> PrintedTable:
    outcomes = list(dict.fromkeys(part["outcome"]))
    found = {(row.expression, row.outcome): row for row in part.itertuples()}
    kinds = dict(zip(part["expression"], part["kind"], strict=True))
    rows, columns = [], 2 + 3 * len(outcomes)
    for kind in dict.fromkeys(part["kind"]):
        rows.append(heading_row(f"{escape(kind).capitalize()}s", columns))
        for expression in (each for each in kinds if kinds[each] == kind):
            fits = [found.get((expression, outcome)) for outcome in outcomes]
            sure = [fit.outcome for fit in fits if fit is not None and fit.necessary]
            numbers = [
                decimal(getattr(fit, name, None))
                for fit in fits
                for name in ("consistency", "coverage", "ron")
            ]
            rows.append([escape(expression), *numbers, ", ".join(map(escape, sure)) or NONE])
    header = ["Expression"]
    for outcome in map(escape, outcomes):
        header += [f"{outcome}: consis\u00adtency", "cover\u00adage", "RoN"]
    header.append("Necessary for")
    widths = [24, *[11, 9, 8] * len(outcomes), 14]
    return PrintedTable(header, rows, "l" + "rrr" * len(outcomes) + "l", widths, part=model)


def truth_table(table: pd.DataFrame, names: Mapping[str, str]) -> list[PrintedTable]:
    """Print the observed configurations with fit for outcome and absence, a table per model."""
    return [
        _truth_table(str(model), part, names) for model, part in table.groupby("model", sort=False)
    ]


def _truth_table(model: str, part: pd.DataFrame, names: Mapping[str, str]) -> PrintedTable:
    outcomes = list(dict.fromkeys(part["outcome"]))
    found = {(row.row, row.outcome): row for row in part.itertuples()}
    rows = []
    for line in part.drop_duplicates("row").itertuples():
        fits = []
        for outcome in outcomes:
            fit = found[line.row, outcome]
            fits += [decimal(fit.consistency), decimal(fit.pri), escape(fit.code)]
        configuration = escape(line.configuration)
        cases = _case_list(line.cases, names)
        rows.append([str(line.row), configuration, count(line.n), *fits, cases])
    header = ["Row", "Configuration", "n"]
    for outcome in map(escape, outcomes):
        header += [f"{outcome}: consis\u00adtency", "PRI", "Code"]
    header.append("Cases")
    widths = [5, 23, 4, *[9, 6, 6] * len(outcomes), 26]
    align = "rlr" + "rrc" * len(outcomes) + "l"
    return PrintedTable(header, rows, align, widths, part=model)


def solutions(
    terms: pd.DataFrame, formulas: pd.DataFrame, titles: Titles, names: Mapping[str, str]
) -> list[PrintedTable]:
    """Print the terms of one kind of solution, with fit and cases.

    Args:
        terms: rows of the table `solutions` of this kind.
        formulas: rows of the table `formulas` of this kind.
        titles, names: see the module.
    """
    rows = []
    for (model, outcome), models in _analyses(formulas):
        for each in models.itertuples():
            rows.append(heading_row(_model_title(titles[model, outcome], each), 6))
            if each.n_models == 0:
                rows.append(["no row of the truth table is sufficient", *[""] * 5])
            mine = terms[
                terms["model"].eq(model)
                & terms["outcome"].eq(outcome)
                & terms["number"].eq(each.number)
            ]
            rows += [[*_term(row), _case_list(row.cases, names)] for row in mine.itertuples()]
    header = [
        "Term",
        "Consis\u00adtency",
        "PRI",
        "Raw cover\u00adage",
        "Unique cover\u00adage",
        "Cases",
    ]
    return [PrintedTable(header, rows, "lrrrrl", [28, 9, 7, 9, 9, 38])]


def _model_title(title: str, formula) -> str:
    tie = f", model {formula.number} of {formula.n_models}" if formula.n_models > 1 else ""
    return escape(title + tie)


def _term(row) -> list[str]:
    term = "Whole solution" if row.term == WHOLE else escape(row.term)
    return [term, *map(decimal, (row.consistency, row.pri, row.raw_coverage, row.unique_coverage))]


def solutions_all(
    terms: pd.DataFrame, formulas: pd.DataFrame, titles: Titles
) -> list[PrintedTable]:
    """Print the terms of every tied model of every kind of solution, with fit."""
    rows = []
    keys = ["model", "outcome", "solution", "number"]
    found = dict(iter(terms.groupby(keys, sort=False)))
    for each in formulas.itertuples():
        title = f"{titles[each.model, each.outcome]}, {each.solution}"
        rows.append(heading_row(_model_title(title, each), 5))
        key = (each.model, each.outcome, each.solution, each.number)
        if key in found:
            rows += [_term(row) for row in found[key].itertuples()]
        else:
            rows.append(["no row of the truth table is sufficient", *[""] * 4])
    header = ["Term", "Consis\u00adtency", "PRI", "Raw cover\u00adage", "Unique cover\u00adage"]
    return [PrintedTable(header, rows, "lrrrr", [48, 13, 13, 13, 13])]


def prime_implicants(table: pd.DataFrame, titles: Titles) -> list[PrintedTable]:
    """Print which sufficient rows each prime implicant covers, and whether it is essential."""
    rows = []
    keys = ["model", "outcome", "solution"]
    for (model, outcome, solution), part in table.groupby(keys, sort=False):
        rows.append(heading_row(escape(f"{titles[model, outcome]}, {solution}"), 3))
        for line in part.itertuples():
            covered = ", ".join(str(line.rows).split())
            rows.append([escape(line.implicant), covered, "yes" if line.essential else "no"])
    header = ["Prime implicant", "Rows of the truth table that it covers", "Essential"]
    return [PrintedTable(header, rows, "llc", [40, 46, 14])]


def counterfactuals(table: pd.DataFrame, titles: Titles) -> list[PrintedTable]:
    """Print the logical remainders by how the solutions use them."""
    rows = []
    for (model, outcome), part in _analyses(table):
        rows.append(heading_row(escape(titles[model, outcome]), 3))
        for kind, remainders in part.groupby("kind", sort=False):
            listed = ", ".join(
                f"{row.row}: {escape(row.configuration)}" for row in remainders.itertuples()
            )
            rows.append([escape(kind).capitalize(), count(len(remainders)), listed])
    header = ["Kind", "Number", "Rows and configurations"]
    return [PrintedTable(header, rows, "lrl", [14, 8, 78])]


def case_types(table: pd.DataFrame, titles: Titles, names: Mapping[str, str]) -> list[PrintedTable]:
    """Print the cases of each analysis by their place in the solution."""
    rows = []
    for (model, outcome), part in _analyses(table):
        rows.append(heading_row(escape(titles[model, outcome]), 3))
        for kind, cases in part.groupby("type", sort=False):
            listed = _case_list(" ".join(cases["case_id"]), names)
            rows.append([escape(kind).capitalize(), count(len(cases)), listed])
    return [PrintedTable(["Type", "Cases", "Names"], rows, "lrl", [20, 8, 72])]
