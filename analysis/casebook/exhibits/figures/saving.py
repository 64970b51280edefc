"""Figures written to files that never differ, with their includes."""

import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

from matplotlib.figure import Figure

from casebook.exhibits.figures.style import style
from casebook.exhibits.markdown import figure_include
from casebook.readers import read_yaml

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
