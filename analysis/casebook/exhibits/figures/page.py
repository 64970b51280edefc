"""The page that figures are drawn for: its style, its width, and files that never differ."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from html import escape, unescape
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patches import Patch
from matplotlib.text import Text

from casebook.exhibits.markdown import figure_include
from casebook.readers import read_yaml
from casebook.study.codebook import Codebook

STYLE = Path(__file__).with_name("paper.mplstyle")
# The machine may have other fonts of the same names.
SHIPPED = [font for font in fontManager.ttflist if font.fname.startswith(mpl.get_data_path())]
fontManager.ttflist[:] = SHIPPED
LINK = re.compile(r'<a xlink:href="([^"]*)"[^>]*>')  # as matplotlib writes it
WIDTH = 6.3  # inches: the text width of the printed page, 160 mm
GREY = "#8A8A8A"
PALE = "#D9D9D9"
INK = "#222222"
# Where nothing is known: never a colour of the scale.
BLANK = {"facecolor": "white", "edgecolor": GREY, "hatch": "////////", "linewidth": 0.5}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of the paper upon matplotlib's defaults, whatever the user has set."""
    with mpl.rc_context():
        mpl.rc_file(STYLE)
        yield


def styled(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Decorate a drawing function so that it draws in the style of the paper."""

    @wraps(draw)
    def drawn(*args, **kwargs) -> Figure:
        with style():
            return draw(*args, **kwargs)

    return drawn


def page(height: float, **options) -> Figure:
    """Return an empty figure as wide as the text, `height` inches high."""
    return Figure(figsize=(WIDTH, height), **{"layout": "constrained", **options})


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


def save(figure: Figure, svg: Path, png: Path, links: Mapping[str, str] | None = None) -> None:
    """Write a figure as SVG and PNG, the same bytes for the same figure on every run.

    Text becomes outlines, ids are hashed with a fixed salt, and neither file says when or by
    what program it was made. Links in the SVG get the names that `links` has for their addresses.
    """
    with style():
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.set_layout_engine("none")  # laid out once for both
        figure.savefig(png, format="png", metadata={"Software": None})
    if links:
        named = LINK.sub(lambda link: _named(link[1], links), svg.read_text("utf-8"))
        svg.write_text(named, encoding="utf-8", newline="\n")


def _named(address: str, links: Mapping[str, str]) -> str:
    return f'<a xlink:href="{address}"><title>{escape(links[unescape(address)])}</title>'


def write_figure(
    figure: Figure,
    alt: str,
    captions: Path,
    include: Path,
    links: Mapping[str, str] | None = None,
) -> None:
    """Write a figure as SVG and PNG, and its include, all named after the include.

    Args:
        figure: the figure.
        alt: alternative text.
        captions: YAML file of captions; it stands in the folder of the manuscript.
        include: the Markdown file to be written, below that folder.
        links: address → name of what parts of the figure link to by their `url`.

    Raises:
        InputError: the caption is missing.
    """
    include, name = Path(include), str(captions)
    path = include.with_suffix("").relative_to(Path(captions).parent).as_posix()
    text = figure_include(include.stem, path, alt, read_yaml(Path(captions), name, dict), name)
    include.parent.mkdir(parents=True, exist_ok=True)
    save(figure, include.with_suffix(".svg"), include.with_suffix(".png"), links)
    include.write_text(text, encoding="utf-8", newline="\n")
