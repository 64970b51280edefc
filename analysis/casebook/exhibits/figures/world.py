"""The world map of the cases."""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from casebook.exhibits.figures.coastline import coastlines, equal_earth
from casebook.exhibits.figures.layout import message
from casebook.exhibits.figures.style import GREY, WIDTH, page, styled

# Degrees: where people live. A case beyond the sides widens the map.
SOUTH, NORTH, WEST, EAST = -56, 84, -126, 168
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
DIAMETER = 0.046  # of a mark, in the unit of the projection (the radius of the globe)


@styled
def case_map(cases: pd.DataFrame, variable: str = "region") -> Figure:
    """Draw where the cases are.

    Args:
        cases: one row per case: `case_id`, `latitude`, `longitude` in degrees; cases without
            them are left out.
        variable: column of `cases` that gives shape and colour; without it all look alike.

    Returns:
        A map in the Equal Earth projection; marks that would hide one another are moved apart,
        with a line to the place that they stand for.
    """
    columns = {"latitude", "longitude"}
    if not columns <= set(cases) or cases[[*columns]].dropna().empty:
        return message("The cases have no coordinates: there is no map.")
    placed = cases.dropna(subset=["latitude", "longitude"])
    sides = equal_earth(np.array([WEST, EAST, 0, 0]), np.array([0, 0, SOUTH, NORTH]))
    marks = equal_earth(placed["longitude"].to_numpy(float), placed["latitude"].to_numpy(float))
    west = min(sides[0][0], marks[0].min() - 2 * DIAMETER)
    east = max(sides[0][1], marks[0].max() + 2 * DIAMETER)
    south, north = sides[1][2:]
    figure = page(WIDTH * (north - south) / (east - west) + 0.45)
    axes = figure.subplots()
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    axes.set_axis_off()
    _land(axes)
    kinds = placed[variable] if variable in placed else pd.Series("cases", placed.index)
    _cases(axes, np.column_stack(marks), kinds)
    if variable in placed:
        figure.legend(loc="outside lower center", ncols=4)
    return figure


def _land(axes: Axes) -> None:
    shapes = [np.column_stack(equal_earth(*polygon.T)) for polygon in coastlines()]
    axes.add_collection(
        PolyCollection(shapes, facecolors="#EDEDED", edgecolors="#B5B5B5", linewidths=0.35)
    )


def _cases(axes: Axes, true: np.ndarray, kinds: pd.Series) -> None:
    shown = moved_apart(true, DIAMETER)
    away = np.hypot(*(shown - true).T) > DIAMETER / 4
    lines = np.stack([true[away], shown[away]], axis=1)
    axes.add_collection(LineCollection(lines, colors=GREY, linewidths=0.5))
    colours = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
    for position, kind in enumerate(sorted(kinds.dropna().unique())):
        mine = kinds.eq(kind).to_numpy(bool)
        axes.plot(
            *shown[mine].T,
            MARKERS[position % len(MARKERS)],
            color=colours[position % len(colours)],
            markersize=4.6,
            markeredgecolor="white",
            markeredgewidth=0.3,
            label=f"{kind} ({mine.sum()})",
        )


def moved_apart(points: np.ndarray, distance: float, rounds: int = 500) -> np.ndarray:
    """Move points away from each other until none are nearer than `distance`.

    Args:
        points: points × 2.
        distance: least distance between two of them, in the same unit.
        rounds: after so many rounds the points are returned as they are.

    Returns:
        The moved points. Nothing is random: points at the same place leave in directions that
        follow from their order.
    """
    angles = np.arange(len(points)) * 2.399963  # the golden angle spreads directions evenly
    moved = points + 1e-4 * distance * np.column_stack([np.cos(angles), np.sin(angles)])
    for _ in range(rounds):
        gaps = moved[:, None] - moved[None]
        lengths = np.hypot(*np.moveaxis(gaps, 2, 0))
        np.fill_diagonal(lengths, np.inf)
        lack = np.clip(distance - lengths, 0, None)
        if lack.max() < 1e-3 * distance:
            break
        moved = moved + (gaps * (0.5 * lack / lengths)[:, :, None]).sum(axis=1)
    return moved
