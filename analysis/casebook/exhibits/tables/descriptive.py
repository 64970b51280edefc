"""Printed tables of the descriptive results and of the agreement between passes."""

from collections.abc import Mapping

import pandas as pd

from casebook.exhibits.labels import sort_key
from casebook.exhibits.markdown import (
    NONE,
    PrintedTable,
    case_link,
    count,
    decimal,
    escape,
    heading_row,
    interval,
    p_value,
    percent,
)
from casebook.study.codebook import Codebook

UNKNOWN = "not known"


def variable_label(name: str) -> str:
    """Name a column in words: `income_group` → "Income group"."""
    return escape(name.replace("_", " ").capitalize())


def by_group(codebook: Codebook, rows: Mapping[str, list[str]], columns: int) -> list[list[str]]:
    """Put rows (by construct) under the headings of their groups, in the codebook's order."""
    ordered = []
    for group in codebook.groups:
        members = [rows[code] for code in codebook.members(group.code) if code in rows]
        if members:
            ordered += [heading_row(escape(group.label), columns), *members]
    return ordered


def strata(table: pd.DataFrame) -> list[PrintedTable]:
    """Print numbers and shares of cases by level of each variable."""
    rows = []
    for variable, levels in table.groupby("variable", sort=False):
        total = levels["n_cases"].sum()
        rows.append(heading_row(variable_label(str(variable)), 3))
        for level, n in zip(levels["level"], levels["n_cases"], strict=True):
            shown = UNKNOWN if pd.isna(level) else escape(level)
            rows.append([shown, count(n), percent(n / total)])
    return [PrintedTable(["Stratum", "Cases", "Share"], rows, "lrr", [60, 20, 20])]


def prevalence(table: pd.DataFrame, codebook: Codebook) -> list[PrintedTable]:
    """Print counts, share with interval, and mean score of each construct."""
    rows = {
        row.construct: [
            escape(codebook.labels[row.construct]),
            *map(count, (row.n_scored, row.n_missing, row.n_present, row.n_absent, row.n_full)),
            percent(row.share),
            interval(row.low, row.high, percent).replace("%–", "–"),
            decimal(row.mean),
        ]
        for row in table.itertuples()
    }
    header = ["Construct", "Scored", "Not men\u00adtioned", "Present", "Absent", "Fully in"]
    header += ["Share present", "Interval", "Mean"]
    widths = [27, 8, 9, 9, 9, 8, 10, 12, 8]
    return [PrintedTable(header, by_group(codebook, rows, 9), "lrrrrrrcr", widths)]


def prevalence_by(table: pd.DataFrame, codebook: Codebook) -> list[PrintedTable]:
    """Print cases with each construct present, out of those scored, by stratum."""
    codes = [code for code in codebook.codes if code in set(table["construct"])]
    rows = []
    for variable, part in table.groupby("variable", sort=False):
        rows.append(heading_row(variable_label(str(variable)), len(codes) + 2))
        for level, cells in part.groupby("level", sort=False):
            cells = cells.set_index("construct")
            shown = [f"{cells.n_present[code]}/{cells.n_scored[code]}" for code in codes]
            rows.append([escape(level), count(cells["n_cases"].iloc[0]), *shown])
    header = ["Stratum", "Cases", *map(escape, codes)]
    widths = [24, 7, *[7] * len(codes)]
    return [PrintedTable(header, rows, "l" + "r" * (len(codes) + 1), widths)]


def cooccurrence(table: pd.DataFrame, codebook: Codebook) -> list[PrintedTable]:
    """Print pairs of constructs: counts above the diagonal, Kendall's tau below it."""
    found = {(row.construct_a, row.construct_b): row for row in table.itertuples()}
    codes = [code for code in codebook.codes if any(code in pair for pair in found)]

    def cell(row: str, column: str) -> str:
        if (row, column) in found:
            pair = found[row, column]
            return f"{pair.n_both}/{pair.n_scored}"
        return decimal(found[column, row].tau) if (column, row) in found else NONE

    rows = [
        [f"{escape(codebook.labels[row])} ({escape(row)})", *(cell(row, code) for code in codes)]
        for row in codes
    ]
    header = ["Construct", *map(escape, codes)]
    widths = [28, *[8] * len(codes)]
    return [PrintedTable(header, rows, "l" + "r" * len(codes), widths)]


def association(table: pd.DataFrame, codebook: Codebook) -> list[PrintedTable]:
    """Print each condition with each outcome: counts, odds ratio, p values, tau."""
    rows = []
    for outcome, part in table.groupby("outcome", sort=False):
        rows.append(heading_row(escape(codebook.labels[outcome]), 10))
        rows += [
            [
                escape(codebook.labels[row.condition]),
                *map(count, (row.n, row.n_11, row.n_10, row.n_01, row.n_00)),
                decimal(row.odds_ratio),
                p_value(row.p_exact),
                p_value(row.p_holm),
                f"{decimal(row.tau)} ({interval(row.tau_low, row.tau_high)})",
            ]
            for row in part.itertuples()
        ]
    header = [
        "Outcome and condition",
        "n",
        "Both",
        "Condi\u00adtion only",
        "Out\u00adcome only",
        "Neither",
    ]
    header += ["Odds ratio", "p", "p (Holm)", "Tau (interval)"]
    widths = [24, 5, 6, 8, 7, 8, 7, 8, 8, 19]
    return [PrintedTable(header, rows, "lrrrrrrrrr", widths)]


def agreement(table: pd.DataFrame, codebook: Codebook) -> list[PrintedTable]:
    """Print percent agreement, alpha and prevalence of each construct and of all."""
    passes = [name for name in table.columns if name.startswith("prevalence_")]
    rows = {}
    for row in table.to_dict("records"):
        rows[row["construct"]] = [
            escape(codebook.labels.get(row["construct"], "All constructs")),
            *(count(row[name]) for name in ("n_both", "n_one", "n_same")),
            percent(row["percent_agreement"]),
            decimal(row["alpha"]),
            interval(row["alpha_low"], row["alpha_high"]),
            *(percent(row[name]) for name in passes),
        ]
    header = [
        "Construct",
        "Scored by all",
        "Scored by some",
        "Same score",
        "Percent agree\u00adment",
    ]
    header += ["Alpha", "Interval"]
    header += [f"Present, pass {name.removeprefix('prevalence_')}" for name in passes]
    ordered = by_group(codebook, rows, len(header))
    ordered += [cells for code, cells in rows.items() if code not in codebook.codes]
    widths = [27, 8, 8, 8, 10, 8, 13, *[9] * len(passes)]
    return [PrintedTable(header, ordered, "lrrrrrc" + "r" * len(passes), widths)]


def disagreements(
    table: pd.DataFrame, names: Mapping[str, str], codebook: Codebook
) -> list[PrintedTable]:
    """Print the cells that were adjudicated, with cause, final score and reason."""
    passes = [name for name in table.columns if name.startswith("score_")]
    ordered = sorted(table.to_dict("records"), key=lambda row: sort_key(names[row["case_id"]]))
    rows = [
        [
            case_link(row["case_id"], names[row["case_id"]]),
            escape(codebook.construct(row["construct"]).short),
            *(_score(row[name]) for name in passes),
            _score(row["score"]),
            escape(row["cause"]),
            escape(row["reason"]),
        ]
        for row in ordered
    ]
    header = ["Case", "Construct"]
    header += [f"Pass {name.removeprefix('score_')}" for name in passes]
    header += ["Final", "Cause", "Reason"]
    widths = [17, 13, *[6] * len(passes), 6, 10, 42]
    return [PrintedTable(header, rows, "ll" + "c" * (len(passes) + 1) + "ll", widths)]


def _score(value: object) -> str:
    return NONE if pd.isna(value) else f"{value:g}"
