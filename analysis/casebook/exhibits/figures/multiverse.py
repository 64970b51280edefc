"""The specification curve: what becomes of each interpreted term when every choice may change."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from casebook.exhibits.figures.layout import message
from casebook.exhibits.figures.style import BLANK, GREY, INK, PALE, WIDTH, page, styled
from casebook.exhibits.labels import choice_label, option_label

WHOLE, ALL = "solution", "all"
FEWEST = 10  # specifications that a share needs to be drawn
STATES = {
    "kept": {"facecolor": "#0072B2", "linewidth": 0},
    "wider": {"facecolor": "#A6D0EA", "linewidth": 0},
    "lost": {"facecolor": "#F7D9B8", "linewidth": 0},
    "none": BLANK,
}
NAMES = {
    "kept": "the term itself",
    "wider": "inside a wider term",
    "lost": "another solution",
    "none": "no solution",
}
MARKS = [
    {"marker": "o", "color": "#0072B2"},
    {"marker": "s", "color": "#D55E00", "markerfacecolor": "white"},
    {"marker": "^", "color": "#009E73"},
    {"marker": "D", "color": "#CC79A7", "markerfacecolor": "white"},
]
LEFT, GAP = 1.72, 0.16  # inches: labels on the left, space between panels
CURVE, STRIP, OPTION, APART = 1.0, 0.25, 0.12, 0.06  # inches: heights, space between choices


@styled
def multiverse(
    shares: pd.DataFrame, curve: pd.DataFrame, titles: Mapping[tuple[str, str], str]
) -> Figure:
    """Draw the specification curve, the fate of each term along it, and the shares by choice.

    Args:
        shares: the table `multiverse_terms`: `model`, `outcome`, `term`, `choice`, `option`, `n`,
            `contained`.
        curve: the table `multiverse_curve`: `model`, `outcome`, `term`, `bin`, `n`, `coverage`,
            `consistency`, `n_kept`, `n_wider`, `n_lost`, `n_none`.
        titles: (model, outcome) → title.

    Returns:
        A column per analysis with an interpreted solution. Above, the specifications by rising
        coverage of their solution; then a band per term; below, the share of the specifications
        that keep the term or a wider one, by the option of each choice.
    """
    by_term = shares[shares["term"] != WHOLE]
    keys = list(dict.fromkeys(zip(by_term["model"], by_term["outcome"], strict=True)))
    if not keys:
        return message("There is no interpreted solution to follow.")
    options = shares.loc[shares["choice"] != ALL, ["choice", "option"]].drop_duplicates()
    places = _places(options)
    terms = {key: _of(by_term, key)["term"].unique() for key in keys}
    bands = max(map(len, terms.values()))
    low = -places["y"].min() + OPTION
    top = 0.42 + CURVE + STRIP * bands + 0.4
    height = top + low + 0.62
    figure = page(height, layout="none")
    width = (WIDTH - LEFT - 0.08 - GAP * (len(keys) - 1)) / len(keys)
    for i, key in enumerate(keys):
        box = _Boxes(figure, LEFT + i * (width + GAP), width, height)
        mine = _of(curve, key)
        _curve(box.axes(0.3, CURVE), mine, titles[key], first=i == 0)
        _bands(box.axes(0.42 + CURVE, STRIP * bands), mine, terms[key], bands, first=i == 0)
        _shares(box.axes(top, low), _of(by_term, key), terms[key], places, first=i == 0)
    _labels(figure, places, top, height)
    _legend(figure)
    return figure


class _Boxes:
    """Axes of one column, placed in inches from the top of the figure."""

    def __init__(self, figure: Figure, left: float, width: float, height: float):
        self.figure, self.left, self.width, self.height = figure, left, width, height

    def axes(self, top: float, tall: float) -> Axes:
        rectangle = (self.left, self.height - top - tall, self.width, tall)
        scale = (WIDTH, self.height, WIDTH, self.height)
        return self.figure.add_axes([a / b for a, b in zip(rectangle, scale, strict=True)])


def _of(table: pd.DataFrame, key: tuple[str, str]) -> pd.DataFrame:
    return table[table["model"].eq(key[0]) & table["outcome"].eq(key[1])]


def _places(options: pd.DataFrame) -> pd.DataFrame:
    """Give each option its place below the top of the panel, in inches, choices apart."""
    choices = list(dict.fromkeys(options["choice"]))
    ordered = pd.concat([options[options["choice"] == choice] for choice in choices])
    fresh = (~ordered.duplicated("choice")).cumsum()
    y = -OPTION * np.arange(len(ordered)) - APART * fresh.to_numpy()
    return ordered.assign(y=y, first=~ordered.duplicated("choice"))


def _curve(axes: Axes, curve: pd.DataFrame, title: str, *, first: bool) -> None:
    """Coverage and consistency of the solutions, by rising coverage."""
    line = curve[curve["term"] == WHOLE]
    right = line["n"].cumsum() / line["n"].sum()
    middle = right - line["n"] / line["n"].sum() / 2
    axes.plot(middle, line["consistency"], ".", color=GREY, markersize=2)
    axes.plot(middle, line["coverage"], color=INK)
    axes.set(xlim=(0, 1), ylim=(-0.02, 1.04), xticks=[], yticks=[0, 0.5, 1])
    axes.set_title(title.replace(": ", ":\n"), fontsize=7.5)
    if first:
        axes.set_ylabel("fit")
    else:
        axes.set_yticklabels([])


def _bands(axes: Axes, curve: pd.DataFrame, terms: np.ndarray, bands: int, *, first: bool) -> None:
    """A band per term, in the space of `bands`: shares of its states along the curve."""
    for i, term in enumerate(terms):
        mine = curve[curve["term"] == term]
        edges = np.concatenate([[0], mine["n"].cumsum() / mine["n"].sum()])
        base = np.full(len(mine), -i - 0.95)
        for state, look in STATES.items():
            top = base + 0.5 * (mine[f"n_{state}"] / mine["n"]).to_numpy()
            axes.stairs(top, edges, baseline=base, fill=True, **look)
            base = top
        axes.plot(0.02, -i - 0.2, markersize=4, **MARKS[i % len(MARKS)], clip_on=False)
        axes.text(0.07, -i - 0.22, term, fontsize=7, va="center", color=INK)
    axes.set(xlim=(0, 1), ylim=(-bands, 0), yticks=[])
    axes.spines["left"].set_visible(False)
    _percent(axes, "specifications by coverage" if first else "")


def _shares(
    axes: Axes, shares: pd.DataFrame, terms: np.ndarray, places: pd.DataFrame, *, first: bool
) -> None:
    """Share that keeps each term or a wider one: a mark per option, a line over all."""
    y = places.set_index(["choice", "option"])["y"]
    for i, term in enumerate(terms):
        mine = shares[shares["term"] == term]
        look = MARKS[i % len(MARKS)]
        overall = mine.loc[mine["choice"] == ALL, "contained"].iloc[0]
        axes.axvline(overall, color=look["color"], linewidth=0.8, alpha=0.6)
        seen = mine[(mine["choice"] != ALL) & (mine["n"] >= FEWEST)]
        heights = [y[row.choice, row.option] for row in seen.itertuples()]
        axes.plot(seen["contained"], heights, linestyle="", markersize=4, **look)
    for row in places.itertuples():
        axes.axhline(row.y, color=PALE, linewidth=0.4, zorder=0)
    axes.set(xlim=(-0.03, 1.03), ylim=(places["y"].min() - OPTION, 0), yticks=[])
    axes.spines["left"].set_visible(False)
    _percent(axes, "specifications that keep the term" if first else "")


def _percent(axes: Axes, label: str) -> None:
    """Ticks in per cent, inside the panel, with a label on their left."""
    axes.set_xticks([0, 0.5, 1], ["0", "50", "100%"])
    labels = axes.get_xticklabels()
    below = axes.get_xaxis_transform()
    points = ScaledTranslation(-0.05, -0.11, axes.figure.dpi_scale_trans)
    axes.text(0, 0, label, fontsize=7, ha="right", va="center", transform=below + points)
    labels[0].set_horizontalalignment("left")
    labels[-1].set_horizontalalignment("right")


def _labels(figure: Figure, places: pd.DataFrame, top: float, height: float) -> None:
    """Name choices and options on the left; the option of the paper stands first, in bold."""
    for row in places.itertuples():
        y = (height - top + row.y) / height
        weight = "bold" if row.first else "normal"
        label = option_label(row.choice, row.option)
        figure.text(
            (LEFT - 0.05) / WIDTH, y, label, fontsize=7, ha="right", va="center", weight=weight
        )
        if row.first:
            figure.text(0.02 / WIDTH, y, choice_label(row.choice), fontsize=7, va="center")


def _legend(figure: Figure) -> None:
    keys = [Patch(**look, label=NAMES[state]) for state, look in STATES.items()]
    keys += [
        Line2D([], [], color=INK, label="coverage"),
        Line2D([], [], color=GREY, marker=".", linestyle="", label="consistency"),
    ]
    figure.legend(handles=keys, loc="lower center", ncols=6, columnspacing=1, handlelength=1.4)
