"""Figures of the configurational analysis: XY plots."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from casebook.exhibits.figures.layout import message, wrapped
from casebook.exhibits.figures.style import GREY, PALE, WIDTH, page, styled
from casebook.exhibits.labels import left_side, sort_key

TYPES = {
    "typical": {"marker": "o", "color": "#0072B2"},
    "deviant consistency": {"marker": "D", "color": "#D55E00"},
    "deviant coverage": {"marker": "^", "color": "#E69F00"},
    "irrelevant": {"marker": "o", "color": GREY, "markerfacecolor": "white"},
}
DEVIANT = ("deviant consistency", "deviant coverage")
SIDE = 2.0  # inches: of the square of an XY plot, at most
TALLEST = 8.8  # inches: of a figure that leaves room for its caption on a page
LINE = 0.125  # inches: of a line of text under it
SPACING = 0.058  # of marks that stand at the same place, in membership


@styled
def solutions(
    types: pd.DataFrame,
    formulas: pd.DataFrame,
    titles: Mapping[tuple[str, str], str],
    names: Mapping[str, str],
) -> Figure:
    """Draw XY plots of the solutions, with the deviant cases by name.

    Args:
        types: the table `case_types`: `model`, `outcome`, `case_id`, `membership` in the
            solution, `outcome_membership`, `type`.
        formulas: the rows of the table `formulas` of the interpreted solution; one without an
            expression says that no row of the truth table is sufficient.
        titles: (model, outcome) → title of the panel.
        names: `case_id` → name.

    Returns:
        A panel per model and outcome. Cases with the same memberships stand side by side.
    """
    first = formulas[formulas["number"] <= 1]
    keys = list(zip(first["model"], first["outcome"], strict=True))
    if not keys:
        return message("No outcome was analysed.")
    panels = [types[(types["model"] == m) & (types["outcome"] == o)] for m, o in keys]
    heads = [_head(row, titles) for row in first.itertuples()]
    columns = 2
    width = WIDTH / columns
    notes = [_deviant_lines(panel, names, width - 0.25) for panel in panels]
    lines = [
        (max(len(h) for h in heads[i : i + columns]), max(len(n) for n in notes[i : i + columns]))
        for i in range(0, len(keys), columns)
    ]
    around = [0.72 + LINE * (over + under) for over, under in lines]
    side = min(SIDE, (TALLEST - 0.25 - math.fsum(around)) / len(lines))
    heights = [side + each for each in around]
    top = math.fsum(heights) + 0.25
    figure = page(top, layout="none")
    for i, panel in enumerate(panels):
        over, _ = lines[i // columns]
        x = (i % columns) * width
        y = top - math.fsum(heights[: i // columns]) - LINE * over - 0.1 - side
        axes = _square(figure, x + 0.5, y, side)
        _write(figure, x + 0.1, y + side + 0.06 + LINE * len(heads[i]), heads[i], bold=1)
        _write(figure, x + 0.1, y - 0.42, notes[i])
        _points(axes, panel)
        if pd.isna(first.iloc[i]["expression"]):
            text = "no row of the truth table\nis sufficient"
            axes.text(0.5, 0.5, text, ha="center", va="center", backgroundcolor="white")
    _legend(figure)
    return figure


def _head(row, titles: Mapping[tuple[str, str], str]) -> list[str]:
    """Title, expression and fit of a panel as lines."""
    title = titles[row.model, row.outcome]
    if pd.isna(row.expression):
        return [title]
    fit = f"consistency {row.consistency:.2f}, coverage {row.coverage:.2f}"
    exact = getattr(row, "exact", True)
    least, most = ("", "") if exact else ("at least ", ", not counted")
    number = f"{least}{row.n_models} tied models{most}"
    tie = f"; first of {number}" if row.n_models > 1 or not exact else ""
    terms = wrapped(left_side(row.expression), WIDTH / 2 - 0.2, " + ")
    return [title, *terms, fit + tie]


def _deviant_lines(panel: pd.DataFrame, names: Mapping[str, str], width: float) -> list[str]:
    lines = []
    for kind in DEVIANT:
        cases = panel.loc[panel["type"] == kind, "case_id"]
        if len(cases):
            listed = ", ".join(
                each.replace(" ", "\u00a0") for each in sorted(map(names.get, cases), key=sort_key)
            )
            lines += wrapped(f"{kind.capitalize()}: {listed}", width, " ")
    return lines


def _square(figure: Figure, x: float, y: float, side: float) -> Axes:
    """Add a square plot of a size at a place, both in inches."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((x / width, y / height, side / width, side / height))
    ticks = (0, 0.5, 1)
    axes.set(xlim=(-0.16, 1.16), ylim=(-0.16, 1.16), xticks=ticks, yticks=ticks)
    axes.set(xlabel="membership in the solution", ylabel="membership in the outcome")
    axes.tick_params(axis="y", length=2.5, labelsize=7)
    axes.plot([0, 1], [0, 1], color=PALE, zorder=0)
    axes.axhline(0.5, color=GREY, linewidth=0.6, linestyle=(0, (4, 3)), zorder=0)
    axes.axvline(0.5, color=GREY, linewidth=0.6, linestyle=(0, (4, 3)), zorder=0)
    return axes


def _write(figure: Figure, x: float, top: float, lines: Sequence[str], bold: int = 0) -> None:
    """Write lines of text at a place in inches, the first `bold` ones bold."""
    width, height = figure.get_size_inches()
    for position, line in enumerate(lines):
        figure.text(
            x / width,
            (top - LINE * position) / height,
            line,
            va="top",
            fontsize=8 if position < bold else 7,
            fontweight="bold" if position < bold else "normal",
        )


def _points(axes: Axes, panel: pd.DataFrame) -> None:
    places = panel.dropna(subset=["membership", "outcome_membership"]).round(6)
    for (x, y, kind), cases in places.groupby(["membership", "outcome_membership", "type"]):
        spread = side_by_side(len(cases))
        axes.plot(x + spread[:, 0], y + spread[:, 1], linestyle="", markersize=4, **TYPES[kind])


def side_by_side(count: int, spacing: float = SPACING) -> np.ndarray:
    """Offsets of so many marks that stand at one place: points × 2, in rows, centred on it."""
    columns = math.ceil(math.sqrt(count))
    step = min(spacing, 0.28 / columns)
    rows, column = np.divmod(np.arange(count), columns)
    in_row = np.where(rows == rows[-1], count - rows[-1] * columns, columns)
    across = column - (in_row - 1) / 2
    return step * np.column_stack([across, rows[-1] / 2 - rows])


def _legend(figure: Figure) -> None:
    keys = [
        Line2D([], [], linestyle="", markersize=4, label=kind, **look)
        for kind, look in TYPES.items()
    ]
    figure.legend(handles=keys, loc="lower center", ncols=4)
