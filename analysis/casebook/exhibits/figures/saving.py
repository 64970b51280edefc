"""Figures written to files that never differ, with their alternative texts."""

import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

from matplotlib.figure import Figure

from casebook.exhibits.figures.style import style

LINK = re.compile(r'<a xlink:href="([^"]*)"[^>]*>')  # as matplotlib writes it


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
    text: str,
    svg: Path,
    png: Path,
    alt: Path,
    links: Mapping[str, str] | None = None,
) -> None:
    """Write a figure as SVG and PNG, and its alternative text as a file of its own.

    Args:
        figure: the figure.
        text: the alternative text.
        svg, png, alt: the files to be written.
        links: address → name of what parts of the figure link to by their `url`.
    """
    save(figure, Path(svg), Path(png), links)
    Path(alt).write_text(text, encoding="utf-8", newline="\n")
