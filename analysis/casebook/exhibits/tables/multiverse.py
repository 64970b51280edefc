"""Printed tables of the multiverse."""

from collections.abc import Mapping

import pandas as pd

from casebook.exhibits.markdown import NONE, PrintedTable, count, escape, heading_row, percent

WHOLE, ALL = "solution", "all"


def multiverse(shares: pd.DataFrame, titles: Mapping[tuple[str, str], str]) -> list[PrintedTable]:
    """Print the share of the specifications that keep each interpreted term.

    Args:
        shares: the table `multiverse_terms`.
        titles: (model, outcome) → title.
    """
    rows = []
    for (model, outcome), part in shares[shares["choice"] == ALL].groupby(
        ["model", "outcome"], sort=False
    ):
        share = f"{count(part['n'].iloc[0])} of {count(part['n_all'].iloc[0])} specifications"
        rows.append(heading_row(f"{escape(titles[model, outcome])}, {share}", 5))
        alone = len(part) == 1
        rows += [_line(row, alone) for row in part.itertuples()]
    header = ["Term", "Itself", "Itself or wider", "Another solution", "No solution"]
    return [PrintedTable(header, rows, "lcccc", [36, 12, 24, 14, 14])]


def _line(row, alone: bool) -> list[str]:
    """One term; an analysis without an interpreted solution has one line, and keeps having none."""
    if alone:
        kept = f"{percent(row.kept)} ({percent(row.low)}–{percent(row.high)})"
        return ["no solution, as in the paper", NONE, NONE, percent(row.lost), kept]
    term = "Whole solution" if row.term == WHOLE else escape(row.term)
    within = f"{percent(row.contained)} ({percent(row.low)}–{percent(row.high)})"
    return [term, percent(row.kept), within, percent(row.lost), percent(row.none)]
