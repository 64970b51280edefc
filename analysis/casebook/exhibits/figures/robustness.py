"""The robustness of the solutions as rows of tiles, one per changed choice."""

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from casebook.exhibits.figures.layout import message
from casebook.exhibits.figures.style import BLANK, INK, PALE, page, styled
from casebook.exhibits.labels import setting_label

FINAL = "final"  # the setting without a change
# Settings with more values than this, or longer ones, are counted, not shown one by one.
SINGLE, LONGEST = 12, 6
STATES = {
    "same solution": {"facecolor": "#0072B2", "edgecolor": "white"},
    "another solution": {"facecolor": "#F7D9B8", "edgecolor": "#D55E00"},
    "no solution": BLANK,
}


def states(table: pd.DataFrame) -> pd.Series:
    """Say of each row of `robustness`: same solution, another solution, or no solution."""
    same, another, none = STATES
    kept = table["same"].astype(bool).map({True: same, False: another})
    return kept.where(table["expression"].notna(), none)


@styled
def robustness(table: pd.DataFrame, titles: Mapping[tuple[str, str], str]) -> Figure:
    """Draw whether each solution stays the same when one choice is changed.

    Args:
        table: the table `robustness`: `model`, `outcome`, `setting`, `value`, `expression`,
            `same`.
        titles: (model, outcome) → title.

    Returns:
        A panel per analysis, a row per setting and a tile per value; settings with many values,
        such as the cases that are left out one at a time, are counted.
    """
    changed = table[table["setting"] != FINAL].assign(state=states)
    if changed.empty:
        return message("No choice was varied.")
    parts = list(changed.groupby(["model", "outcome"], sort=False))
    rows = [part["setting"].nunique() for _, part in parts]
    figure = page(0.4 + math.fsum(0.36 + 0.21 * count for count in rows))
    panels = figure.subplots(
        len(parts), 1, squeeze=False, height_ratios=[count + 0.5 for count in rows]
    )[:, 0]
    for axes, (key, part) in zip(panels, parts, strict=True):
        _panel(axes, part)
        axes.set_title(titles[key])
    keys = [Patch(**look, label=state) for state, look in STATES.items()]
    figure.legend(handles=keys, loc="outside lower center", ncols=3)
    return figure


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    settings = list(dict.fromkeys(part["setting"]))
    for y, setting in enumerate(settings):
        mine = part[part["setting"] == setting]
        if len(mine) > SINGLE or mine["value"].astype(str).str.len().max() > LONGEST:
            tiles = [(state, n, str(n)) for state, n in mine["state"].value_counts().items()]
            tiles.sort(key=lambda tile: list(STATES).index(tile[0]))
        else:
            tiles = [(row.state, 1, str(row.value)) for row in mine.itertuples()]
        _tiles(axes, -y, tiles, len(mine))
    labels = [setting_label(name) for name in settings]
    axes.set_yticks([-y for y in range(len(settings))], labels)
    axes.set(xlim=(-0.002, 1.002), ylim=(0.5 - len(settings), 0.5), xticks=[])
    axes.spines[:].set_visible(False)


def _tiles(axes: Axes, y: float, tiles: list[tuple[str, int, str]], total: int) -> None:
    start = 0.0
    for state, size, text in tiles:
        width = size / total
        axes.add_patch(
            Rectangle((start, y - 0.41), width, 0.82, **{**STATES[state], "linewidth": 0.6})
        )
        dark = state == next(iter(STATES))
        axes.text(
            start + width / 2,
            y,
            text,
            ha="center",
            va="center_baseline",
            fontsize=7,
            color="white" if dark else INK,
            bbox=None if dark else {"facecolor": "white", "edgecolor": PALE, "pad": 0.8, "lw": 0},
        )
        start += width
