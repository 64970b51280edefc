"""The cross-case matrix as a heat map."""

import math

import numpy as np
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from casebook.exhibits.figures.layout import level_legend
from casebook.exhibits.figures.style import BLANK, GREY, page, styled
from casebook.exhibits.markdown import case_address
from casebook.study.codebook import Codebook

ROWS_PER_BLOCK = 40  # more rows are set in two blocks, so that names stay legible


@styled
def matrix(table: pd.DataFrame, names: dict[str, str], codebook: Codebook) -> Figure:
    """Draw the cross-case matrix.

    Args:
        table: the table `matrix`: `case_id`, `city`, then a column per construct; its order is
            the order of the drawing.
        names: `case_id` → name of the case.
        codebook: labels, groups, and the colours of the levels.

    Returns:
        A heat map, set in two blocks side by side when there are many cases; hatched cells are
        not mentioned in the evidence. Each row links to its case in the evidence explorer.
    """
    codes = [code for code in table.columns if code in codebook.codes]
    count = 1 if len(table) <= ROWS_PER_BLOCK else 2
    size = math.ceil(len(table) / count)
    figure = page(1.35 + 0.152 * size)
    blocks = figure.subplots(1, count, squeeze=False)[0]
    for position, axes in enumerate(blocks):
        part = table.iloc[position * size : (position + 1) * size]
        _block(axes, part, codes, size, codebook)
        axes.set_yticks(np.arange(len(part)) + 0.5, [names[case] for case in part["case_id"]])
    figure.legend(handles=level_legend(codebook), loc="outside lower center", ncols=5)
    figure.draw_without_rendering()  # the names get their places
    for position, axes in enumerate(blocks):
        _link_rows(axes, table["case_id"].iloc[position * size : (position + 1) * size])
    return figure


def _link_rows(axes: Axes, cases: pd.Series) -> None:
    """Lay a link over each row with its name: a rectangle that is not painted."""
    names = [text.get_window_extent().x0 for text in axes.get_yticklabels()]
    left = axes.transAxes.inverted().transform((min(names), 0))[0]
    for row, case in enumerate(cases):
        place = Rectangle((left, row), 1 - left, 1, transform=axes.get_yaxis_transform())
        place.set(fill=False, linewidth=0, clip_on=False, in_layout=False, url=case_address(case))
        axes.add_patch(place)


def _block(axes: Axes, part: pd.DataFrame, codes: list[str], size: int, codebook: Codebook) -> None:
    levels = sorted(codebook.levels, key=lambda level: level.membership)
    colours = ListedColormap([level.colour or GREY for level in levels])
    values = part[codes].to_numpy(dtype=float)
    steps = np.searchsorted([level.membership for level in levels], values)
    seaborn.heatmap(
        steps,
        mask=np.isnan(values),
        cmap=colours,
        vmin=0,
        vmax=len(levels) - 1,
        cbar=False,
        linewidths=0.6,
        linecolor="white",
        xticklabels=[codebook.construct(code).short for code in codes],
        yticklabels=False,
        ax=axes,
    )
    for row, column in np.argwhere(np.isnan(values)):
        axes.add_patch(Rectangle((column, row), 1, 1, **{**BLANK, "linewidth": 0}, zorder=0))
    groups = [codebook.group_of[code] for code in codes]
    for column in range(1, len(codes)):
        if groups[column] != groups[column - 1]:
            axes.axvline(column, color="white", linewidth=4)
    axes.set(xlim=(0, len(codes)), ylim=(size, 0))
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", labelrotation=90)
    for text, group in zip(axes.get_xticklabels(), groups, strict=True):
        text.set_color(codebook.group(group).colour)
    axes.tick_params(axis="y", labelsize=7)
    axes.tick_params(length=0)
