"""Printed tables of the configurational analysis.

`titles` names each analysis: (model, outcome expression) → title, see
`casebook.exhibits.labels.analysis_titles`. `names` gives each case id its name.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from casebook.exhibits.labels import left_side, setting_label, sort_key
from casebook.exhibits.markdown import (
    NONE,
    PrintedTable,
    case_link,
    count,
    decimal,
    escape,
    heading_row,
    percent,
)

Titles = Mapping[tuple[str, str], str]
MEASURES = {
    "core_consistency": "Robust core: consistency",
    "core_coverage": "Robust core: coverage",
    "rf_cons": "Fit by consistency (RF cons)",
    "rf_cov": "Fit by coverage (RF cov)",
    "rf_sc_min": "Coincidence with the smallest test solution (RF SC min)",
    "rf_sc_max": "Coincidence with the largest test solution (RF SC max)",
    "rcr_typ": "Robust share of typical cases (RCR typ)",
    "rcr_dev": "Robust share of deviant cases (RCR dev)",
}
MANY = 12  # values that are counted rather than listed
TYPES = ("typical", "deviant consistency", "deviant coverage", "irrelevant")
WHOLE = "solution"  # the line of a table of terms that speaks of the whole solution


def _analyses(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    yield from table.groupby(["model", "outcome"], sort=False)


def _exact(lines: pd.DataFrame) -> bool:
    """Whether no line says that there may be more than it counts."""
    return "exact" not in lines or bool(lines["exact"].all())


def _case_list(ids: object, names: Mapping[str, str]) -> str:
    """Write space-separated case ids as names in alphabetical order."""
    if pd.isna(ids) or not str(ids).strip():
        return NONE
    ordered = sorted(str(ids).split(), key=lambda each: sort_key(names[each]))
    return ", ".join(case_link(each, names[each]) for each in ordered)


def calibration(table: pd.DataFrame) -> list[PrintedTable]:
    """Print each set of each model with its anchors, reason and skewness."""
    rows = []
    for model, sets in table.groupby("model", sort=False):
        rows.append(heading_row(f"Model: {escape(model)}", 8))
        anchors = [f"{escape(row.type)}: {escape(row.anchors)}" for row in sets.itertuples()]
        rows += [
            [
                f"{escape(row.label)} ({escape(row.set)})",
                escape(row.role),
                anchors[i] if i == 0 or anchors[i] != anchors[i - 1] else "as above",
                escape(row.reason),
                escape(row.expectation),
                count(row.n_blank),
                f"{count(row.n_in)}/{count(row.n)}",
                percent(row.share_in),
            ]
            for i, row in enumerate(sets.itertuples())
        ]
    header = ["Set", "Role", "Type and anchors", "Reason", "Expect\u00adation"]
    header += ["Not men\u00adtioned", "In the set", "Share"]
    return [PrintedTable(header, rows, "lllllrrr", [17, 10, 23, 17, 10, 9, 8, 7])]


def matrix(table: pd.DataFrame, names: Mapping[str, str]) -> list[PrintedTable]:
    """Print the raw scores of all cases; blanks are not mentioned."""
    codes = list(table.columns[2:])
    return [_scores(table, codes, names, "")]


def calibrated(table: pd.DataFrame, names: Mapping[str, str]) -> list[PrintedTable]:
    """Print the set memberships of the complete cases, a table per model."""
    parts = []
    for model, part in table.groupby("model", sort=False):
        codes = list(part["set"].unique())
        sets = part.pivot(index="case_id", columns="set", values="membership").reset_index()
        parts.append(_scores(sets, codes, names, str(model)))
    return parts


def _scores(
    table: pd.DataFrame, codes: Sequence[str], names: Mapping[str, str], part: str
) -> PrintedTable:
    ordered = sorted(table.to_dict("records"), key=lambda row: sort_key(names[row["case_id"]]))
    rows = [
        [
            case_link(row["case_id"], names[row["case_id"]]),
            *(NONE if pd.isna(row[c]) else f"{row[c]:g}" for c in codes),
        ]
        for row in ordered
    ]
    widths = [30, *[7] * len(codes)]
    return PrintedTable(["Case", *map(escape, codes)], rows, "l" + "c" * len(codes), widths, part)


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
    return PrintedTable(header, rows, "l" + "ccc" * len(outcomes) + "l", widths, part=model)


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
        row = f"{line.row}†" if line.mixed else str(line.row)
        rows.append([row, configuration, count(line.n), *fits, cases])
    header = ["Row", "Configuration", "n"]
    for outcome in map(escape, outcomes):
        header += [f"{outcome}: consis\u00adtency", "PRI", "Code"]
    header.append("Cases")
    widths = [5, 22, 4, *[10, 6, 6] * len(outcomes), 25]
    align = "clc" + "ccc" * len(outcomes) + "l"
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
    return [PrintedTable(header, rows, "lccccl", [28, 9, 7, 9, 9, 38])]


def _model_title(title: str, formula) -> str:
    if not getattr(formula, "exact", True):
        tie = f", model {formula.number} of at least {formula.n_models}, not counted"
    else:
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
    return [PrintedTable(header, rows, "lcccc", [48, 13, 13, 13, 13])]


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
            listed = ", ".join(_remainder(row) for row in remainders.itertuples())
            least = "" if _exact(remainders) else "at least "
            rows.append([escape(kind).capitalize(), least + count(len(remainders)), listed])
    header = ["Kind", "Number", "Rows and configurations"]
    return [PrintedTable(header, rows, "lcl", [25, 8, 67])]


def _remainder(row) -> str:
    text = f"{row.row}:\u00a0{escape(row.configuration)}"
    return f"{text} (contradictory)" if getattr(row, "contradictory", False) else text


def case_types(table: pd.DataFrame, titles: Titles, names: Mapping[str, str]) -> list[PrintedTable]:
    """Print the cases of each analysis by their place in the solution."""
    rows = []
    for (model, outcome), part in _analyses(table):
        rows.append(heading_row(escape(titles[model, outcome]), 3))
        for kind in sorted(part["type"].unique(), key=TYPES.index):
            cases = part.loc[part["type"] == kind, "case_id"]
            listed = _case_list(" ".join(cases), names)
            rows.append([escape(kind).capitalize(), count(len(cases)), listed])
    return [PrintedTable(["Type", "Cases", "Names"], rows, "lcl", [25, 7, 68])]


def robustness(table: pd.DataFrame, titles: Titles, names: Mapping[str, str]) -> list[PrintedTable]:
    """Print what each solution becomes under other choices; values with one result share a line.

    Args:
        table: the table `robustness`; a `value` that is a case id is printed as the case's name.
        titles, names: see the module.
    """
    rows = []
    for (model, outcome), part in _analyses(table):
        rows.append(heading_row(escape(titles[model, outcome]), 6))
        found = part.assign(expression=part["expression"].fillna(""))
        sizes = part["setting"].value_counts()
        for (setting, expression), lines in found.groupby(["setting", "expression"], sort=False):
            same = lines["same"].astype(bool).all()
            values = [names.get(value, value) for value in lines["value"].dropna()]
            rows.append(
                [
                    escape(setting_label(setting)),
                    _values(values, same, sizes[setting]),
                    _first_of_ties(expression, lines["n_models"].max(), _exact(lines))
                    if expression
                    else "no solution",
                    "yes" if same else "no",
                    _range(lines["consistency"]),
                    _range(lines["coverage"]),
                ]
            )
    header = ["Setting", "Values", "Solution", "Same", "Consis\u00adtency", "Cover\u00adage"]
    widths = [20, 22, 32, 6, 11, 9]
    return [PrintedTable(header, rows, "lllccc", widths, part="settings")]


def _first_of_ties(expression: str, n_models: int, exact: bool) -> str:
    """Write the first of the tied models and say how many more there are, or at least are."""
    first = left_side(expression).split(" or ")[0]
    first = "all configurations" if first == "1" else escape(first)
    if not exact:
        return f"{first} (of at least {n_models} tied, not counted)"
    return f"{first} ({n_models - 1} more tied)" if n_models > 1 else first


def robustness_ranges(table: pd.DataFrame, titles: Titles) -> list[PrintedTable]:
    """Print how far each choice can move before the solution changes."""
    rows = []
    for (model, outcome), part in _analyses(table):
        rows.append(heading_row(escape(titles[model, outcome]), 4))
        for line in part.itertuples():
            label = setting_label(line.setting)
            places = 0 if line.setting == "frequency" else 3
            numbers = (decimal(value, places) for value in (line.value, line.lower, line.upper))
            rows.append([escape(label), *numbers])
    header = ["Choice", "Value", "Lower bound", "Upper bound"]
    return [PrintedTable(header, rows, "lrrr", [46, 18, 18, 18], part="ranges")]


def robustness_tests(
    tests: pd.DataFrame, cases: pd.DataFrame, titles: Titles, names: Mapping[str, str]
) -> list[PrintedTable]:
    """Print the fit of each solution against its test set, and its cases by robustness."""
    rows = []
    for line in tests.itertuples():
        mine = cases[cases["model"].eq(line.model) & cases["outcome"].eq(line.outcome)]
        rows.append(heading_row(escape(titles[line.model, line.outcome]), 2))
        rows += [[label, decimal(getattr(line, name))] for name, label in MEASURES.items()]
        rows.append(["Models of the test set", count(line.n_tests)])
        rows.append(["Rank (1 robust to 4)", count(line.rank)])
        for kind, members in mine.groupby("type", sort=True):
            if kind.split()[0] in ("robust", "shaky", "possible"):
                rows.append(
                    [escape(kind).capitalize(), _case_list(" ".join(members.case_id), names)]
                )
    return [PrintedTable(["Measure or type", "Value or cases"], rows, "ll", [38, 62], part="tests")]


def _values(values: list[str], same: bool, size: int) -> str:
    """List values; many that change nothing, out of the `size` of the setting, are counted."""
    if same and len(values) > MANY:
        return f"all {size}" if len(values) == size else f"{len(values)} others"
    return ", ".join(map(escape, values)) or NONE


def _range(values: pd.Series) -> str:
    low, high = decimal(values.min()), decimal(values.max())
    return low if low == high else f"{low}–{high}"
