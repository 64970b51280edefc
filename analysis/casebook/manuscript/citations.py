"""Resolves the citations of the manuscript once, for all the formats that it is rendered in."""

import json
from collections.abc import Mapping
from pathlib import Path

from casebook.manuscript.project import read_project
from casebook.manuscript.syntax import CONDITIONS, TOKEN, is_reference
from casebook.manuscript.tree import elements, join_words, plain_text
from casebook.pandoc import run_pandoc


def resolve_citations(tree: dict, paper_dir: Path, lang: str) -> None:
    """Put into each citation what is printed of it, and the works into the list of references.

    Pandoc's processor gets nothing but the citations, which takes a tenth of a second; in each
    render it would take three. Where the result may depend on more, the tree is left as it is,
    and `cite.lua` resolves the citations of each render.

    Args:
        tree: pandoc's document tree, with all texts in it; it is changed.
        paper_dir: the Quarto project.
        lang: language of the paper.

    Raises:
        RenderError: pandoc failed.
    """
    project = read_project(paper_dir)
    cited = [element for element in elements(tree) if _cites_sources(element)]
    places = [element for element in tree["blocks"] if _is_list_of_references(element)]
    links = {bool(options.get("link-citations")) for options in project.options.values()}
    if not cited or len(places) != 1 or len(links) != 1:
        return
    if _differs_by_format(tree) or any(map(_holds_another, cited)):
        return
    arguments = [
        *("--from", "json", "--to", "json", "--citeproc"),
        *(f"--bibliography={project.bibliography}", f"--csl={project.csl}"),
        f"--metadata=lang={lang}",
        f"--metadata=link-citations={str(links.pop()).lower()}",
    ]
    paragraphs = [{"t": "Para", "c": [element]} for element in cited]
    document = {**tree, "meta": _nocite(tree), "blocks": [*paragraphs, *places]}
    printed = json.loads(run_pandoc(arguments, json.dumps(document), paper_dir))["blocks"]
    *paragraphs, references = printed
    contents = [paragraph["c"][0]["c"] for paragraph in paragraphs]
    if any(_changes_its_neighbours(shown) for _, shown in contents):
        return
    for element, content in zip(cited, contents, strict=True):
        element["c"] = content
    places[0]["c"] = join_words(references["c"], TOKEN)
    tree["meta"]["citations-resolved"] = {"t": "MetaBool", "c": True}


def _nocite(tree: Mapping) -> dict:
    """Works that are listed without being cited."""
    return {key: value for key, value in tree["meta"].items() if key == "nocite"}


def _cites_sources(element: Mapping) -> bool:
    if element["t"] != "Cite":
        return False
    return not any(is_reference(citation["citationId"]) for citation in element["c"][0])


def _is_list_of_references(element: Mapping) -> bool:
    return element["t"] == "Div" and element["c"][0][0] == "refs"


def _differs_by_format(tree: Mapping) -> bool:
    """Whether a citation is in some formats only, whose references are then others as well.

    Or in a heading without a number, whose text the references to it repeat as it is typed.
    """
    return any(
        any(map(_cites_sources, elements(element["c"])))
        for element in elements(tree)
        if _is_conditional(element) or _is_unnumbered(element)
    )


def _is_conditional(element: Mapping) -> bool:
    return element["t"] in ("Div", "Span") and bool(CONDITIONS.intersection(element["c"][0][1]))


def _is_unnumbered(element: Mapping) -> bool:
    return element["t"] == "Header" and "unnumbered" in element["c"][1][1]


def _holds_another(element: Mapping) -> bool:
    """Whether a citation or reference stands within a citation: [@key, see @fig-map]."""
    return any(inner["t"] == "Cite" for inner in elements(element["c"]))


def _changes_its_neighbours(shown: list) -> bool:
    """Whether pandoc drops the space before what is printed, or the full stop after it."""
    kinds = {element["t"] for element in shown}
    return bool(kinds & {"Note", "Superscript"}) or plain_text(shown).endswith(".")
