"""What figures are laid out of: rows of labels, wrapped text, legends."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.text import Text

from casebook.exhibits.figures.style import BLANK, GREY, INK, PALE, page
from casebook.study.codebook import Codebook


@dataclass(frozen=True)
class Row:
    """A line of a chart with labels on the left: a construct, or the heading of a group.

    Attributes:
        code: code of the construct, or "" for a heading.
        label: what stands on the left.
        colour: of the marks of the row, and of the text of a heading.
        y: position; the first line has the highest.
    """

    code: str
    label: str
    colour: str
    y: float


def construct_rows(codebook: Codebook, codes: Collection[str]) -> list[Row]:
    """Lay out constructs under the headings of their groups, in the order of the codebook."""
    rows, y = [], 0.0
    for group in codebook.groups:
        members = [code for code in codebook.members(group.code) if code in codes]
        if not members:
            continue
        y -= 0.4 if rows else 0
        rows.append(Row("", group.label, group.colour, y))
        for code in members:
            y -= 1
            rows.append(Row(code, codebook.labels[code], group.colour, y))
        y -= 1
    return rows


def label_rows(axes: Axes, rows: Sequence[Row]) -> None:
    """Write the labels of rows left-aligned in the margin, headings bold."""
    texts = [row.label if not row.code else f"  {row.label}" for row in rows]
    axes.set_yticks([row.y for row in rows], texts)
    axes.set_ylim(min(row.y for row in rows) - 0.6, max(row.y for row in rows) + 0.6)
    for row, text in zip(rows, axes.get_yticklabels(), strict=True):
        if not row.code:
            text.set(fontweight="bold", color=row.colour)
    widest = max(text_width(text) for text in axes.get_yticklabels())
    axes.tick_params(axis="y", pad=widest + 9)
    for text in axes.get_yticklabels():
        text.set_horizontalalignment("left")


def text_width(text: Text) -> float:
    """Width of a text in points."""
    renderer = FigureCanvasAgg(text.figure).get_renderer()
    return text.get_window_extent(renderer).width * 72 / text.figure.dpi


def wrapped(text: str, width: float, at: str) -> list[str]:
    """Break a text of 7 pt into lines no wider than `width` inches, after separators `at`."""
    pieces = text.split(at)
    pieces = [piece + at for piece in pieces[:-1]] + pieces[-1:]
    probe = Figure().text(0, 0, "", fontsize=7)
    lines = [pieces[0]]
    for piece in pieces[1:]:
        probe.set_text((lines[-1] + piece).strip())
        if text_width(probe) <= width * 72:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines]


def stripes(axes: Axes, rows: Sequence[Row]) -> None:
    """Draw a fine line at each construct, to guide the eye to its label."""
    for row in rows:
        if row.code:
            axes.axhline(row.y, color=PALE, linewidth=0.5, zorder=0)


def level_legend(codebook: Codebook) -> list[Patch]:
    """Keys of the levels from the highest down, then of what is not mentioned."""
    keys = [
        Patch(facecolor=level.colour or GREY, label=f"{level.membership:g} {level.name}")
        for level in codebook.levels
    ]
    return [*keys, Patch(**BLANK, label=codebook.blank.name)]


def message(text: str) -> Figure:
    """Return a figure that says why there is nothing to draw."""
    figure = page(0.8)
    figure.text(0.5, 0.5, text, ha="center", va="center", color=INK)
    return figure
