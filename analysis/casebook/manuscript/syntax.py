"""What the manuscript may hold: checks of its document tree, before either renderer sees it.

Quarto prints `?var:x`, `?@fig-x` or a source's bare key where something is missing, and knows
syntax that the journal's format does not. Whatever is not listed here as known is an error with
file and line, so that no renderer can give a silently wrong page.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from casebook.errors import RenderError
from casebook.manuscript.project import read_project
from casebook.manuscript.tree import elements, plain_text

MANUSCRIPT = "manuscript.qmd"
CALLOUTS = {"note": "nte", "tip": "tip", "warning": "wrn", "important": "imp", "caution": "cau"}
STATEMENTS = {"thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg"}
UNNUMBERED = {"proof", "remark", "solution"}
CONDITIONS = {"content-visible", "content-hidden"}
CONDITION_FORMATS = {"html", "pdf", "typst", "docx", "jats"}
HEADING_CLASSES = {"unnumbered", "unlisted", "appendix", "data-availability"}
# What begins the label of something that is numbered.
LABELS = {"fig", "tbl", "sec", "eq", "lst", *STATEMENTS, *CALLOUTS.values()}
TABLE_CLASSES = {"small", "wide"}
IMAGE_ENDINGS = (".svg", ".png", ".jpg", ".jpeg")
# A drawing is there as pixels as well, for Word; its path may have no ending.
BOTH_ENDINGS = (".svg", ".png")
CODE_ATTRIBUTES = {"filename", "lst-cap"}
# Names of blocks and spans that Quarto, pandoc or the journal give a meaning of their own.
TAKEN = re.compile(
    r"(ijmcp|callout|column|panel|cell|content|layout|quarto|csl|g-col|nav|tab|header|footnote)-?.*"
    r"|(aside|hidden|landscape|fragment|incremental|nonincremental|notes|grid|grow|shrink|section"
    r"|figure|table|equation|listing|statement|part|parts|claim|xref|part|anchor|label|title|refs"
    r"|abstract|record|references|smallcaps|ul|underline|emoji|math|inline|closed|main)"
)
CELL = "quarto-cell"  # the class of code that Quarto runs, in the tree
INLINE_CELL = re.compile(r"(\{\w+\}|r) \S")
CELL_LABEL = re.compile(r"^\s*(?:#|//|--)\|\s*label:\s*[\"']?([\w-]+)", re.MULTILINE)
TOKEN = re.compile(r"QVALUE(\d+)Q")
LEFT_OVER = re.compile(r"^\{[#.][\w-]|^:::|\?(var|meta):|\?@")
CAPTION_TAIL = re.compile(
    r"\{#(tbl-[\w-]+)((?:\s+\.[\w-]+)*)(?:\s+tbl-colwidths=\W*\[([\d., ]+)\]\W*)?\s*\}$"
)


@dataclass(frozen=True)
class Line:
    """One line of the manuscript and where it comes from."""

    file: str
    number: int
    text: str


@dataclass
class Report:
    """The problems found in one manuscript, and what is needed to find their lines.

    Attributes:
        paper_dir: the Quarto project.
        lines: every line, in reading order.
        origins: the line of each shortcode, by the number in its token.
        problems: the messages.
        runs_cells: whether code cells are accepted.
    """

    paper_dir: Path
    lines: list[Line] = field(default_factory=list)
    origins: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    runs_cells: bool = False

    def problem(self, line: Line | None, message: str) -> None:
        """Note a problem at a line, once."""
        place = f"{line.file}: line {line.number}" if line else MANUSCRIPT
        text = f"{place}: {message}"
        if text not in self.problems:
            self.problems.append(text)

    def at(
        self,
        needle: str | re.Pattern,
        message: str,
        also: Iterable[str] = (),
        last: bool = False,
    ) -> None:
        """Note a problem at the first (or last) line that has `needle`, if may be all of `also`."""
        pattern = needle if isinstance(needle, re.Pattern) else re.compile(re.escape(needle))
        token = TOKEN.search(pattern.pattern)
        if token:
            return self.problem(self.origins[int(token[1])], message)
        lines = [line for line in self.lines if needle and pattern.search(line.text)]
        if last:
            lines.reverse()
        best = [line for line in lines if all(part in line.text for part in also)]
        return self.problem(next(iter(best or lines), None), message)

    def stop_on_problems(self) -> None:
        """Raise what was found, if anything was."""
        if self.problems:
            raise RenderError("\n".join(self.problems))


# The tree ------------------------------------------------------------------------------------


def check_tree(report: Report, tree: Mapping, values: list[list[dict]]) -> None:
    """Note everything in pandoc's tree that a renderer would leave out or print wrongly.

    Args:
        report: takes what is found.
        tree: the document, with tokens for shortcodes.
        values: what each shortcode prints, in the order of the tokens.
    """
    body = list(elements(tree["blocks"]))  # in a list, because a walk takes its time
    found = [*elements(tree["meta"]), *body]
    titles = {id(header) for header in _titles(body)}
    placed = titles | {id(header) for header in _section_headings(tree["blocks"])}
    known = _labels(report, body, titles)
    sources = _source_keys(report)
    within_figures = {
        id(image)
        for figure in body
        if figure["t"] == "Figure" or _is_labelled(figure, "fig")
        for image in elements(figure)
        if image["t"] == "Image"
    }
    within_blocks = {
        id(element)
        for block in body
        if _is_labelled(block, "fig", "tbl", "lst")
        for element in block["c"][1]
    }
    tables = [element["c"] for element in body if element["t"] == "Table"]
    row_labels = {id(span) for table in tables for span in _row_labels(table)}
    for element in found:
        check = _CHECKS.get(element["t"])
        if check and id(element) not in within_blocks:
            check(report, element["c"])
        elif element["t"] == "Span" and id(element["c"]) not in row_labels:
            _check_span(report, element["c"])
        elif element["t"] == "Cite":
            _check_cite(report, element["c"], known, sources)
        elif element["t"] == "Link":
            _check_link(report, element["c"], known)
        elif element["t"] == "Image" and id(element) not in within_figures:
            _check_inline_image(report, element["c"])
        if element["t"] == "Header" and id(element) not in placed:
            _report_heading(report, element["c"])
    _check_levels(report, [header["c"] for header in _section_headings(tree["blocks"])])
    _check_left_over(report, found, _label_texts(body))
    _check_values(report, values, known)


def has_cells(tree: Mapping) -> bool:
    """Whether the manuscript has code that Quarto runs."""
    return any(map(_is_cell, elements(tree)))


def _is_cell(element: Mapping) -> bool:
    if element["t"] == "CodeBlock":
        return CELL in element["c"][0][1]
    return element["t"] == "Code" and bool(INLINE_CELL.match(element["c"][1]))


def _is_labelled(element: Mapping, *kinds: str) -> bool:
    """Whether a block has a label of one of the kinds."""
    return element["t"] == "Div" and element["c"][0][0].partition("-")[0] in kinds


def _is_titled(div: list) -> bool:
    """Whether a block takes the heading that it begins with as its title."""
    identifier, classes, _ = div[0]
    names = {name.removeprefix("callout-") for name in classes if name.startswith("callout-")}
    is_statement = identifier.partition("-")[0] in STATEMENTS or UNNUMBERED & {*classes}
    return bool(names & {*CALLOUTS}) or bool(is_statement)


def _titles(body: Sequence[Mapping]) -> Iterable[Mapping]:
    """Give the headings that are titles of blocks and of tabs, and no sections."""
    for element in body:
        if element["t"] != "Div":
            continue
        content = element["c"]
        if "panel-tabset" in content[0][1]:
            yield from (block for block in content[1] if block["t"] == "Header")
        elif _is_titled(content) and content[1] and content[1][0]["t"] == "Header":
            yield content[1][0]


def _section_headings(blocks: Sequence[Mapping]) -> Iterable[Mapping]:
    """Give the headings that stand where sections can begin."""
    for element in blocks:
        if element["t"] == "Header":
            yield element
        elif element["t"] == "Div" and CONDITIONS & {*element["c"][0][1]}:
            yield from _section_headings(element["c"][1])


def _check_levels(report: Report, headings: Sequence[list]) -> None:
    """Levels that are left out would break the outline of the PDF."""
    above = 0
    for level, _, words in headings:
        if level > above + 1:
            name = f"heading {plain_text(words)!r}"
            message = f"{name} of level {level} below one of level {above}: accepted is {above + 1}"
            report.at(_written(words), message)
        above = level


def _report_heading(report: Report, content: list) -> None:
    message = (
        f"heading {plain_text(content[2])!r} inside a block: accepted are headings of the text, "
        "of a tab, and one that begins a callout or theorem"
    )
    report.at(_written(content[2]), message)


def _written(heading: list) -> re.Pattern:
    """What the line of a heading looks like."""
    return re.compile(rf"#+\s+{re.escape(plain_text(heading)[:20])}")


def _labels(report: Report, body: Sequence[Mapping], titles: set[int]) -> set[str]:
    """Every identifier that a reference or a link can name; finds those used twice."""
    found: list[str] = []
    for element in body:
        kind, content = element["t"], element.get("c")
        if kind == "Header":
            found.append("" if id(element) in titles else content[1][0])
        elif kind == "Figure":
            found.append(_figure_label(content))
        elif kind == "Table":
            found.append(_table_label(content)[0])
        elif kind == "Para":
            found.append(_equation_label(content) or _picture_label(content))
        elif kind == "CodeBlock" and _is_cell(element):
            found += CELL_LABEL.findall(content[1])
        elif kind in ("Div", "Span", "CodeBlock") and content[0][0] != "refs":
            found.append(content[0][0])
    labels = [label for label in found if label]
    for label in dict.fromkeys(label for label in labels if labels.count(label) > 1):
        report.at(f"#{label}", f"the label #{label} is used twice", last=True)
    return set(labels)


def _source_keys(report: Report) -> set[str]:
    path = report.paper_dir / read_project(report.paper_dir).bibliography
    try:
        return {entry["id"] for entry in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        name = path.relative_to(report.paper_dir)
        raise RenderError(f"{name}: accepted is a CSL-JSON list of sources with ids") from None


def _images(figure: list) -> list[list]:
    return [element["c"] for element in elements(figure) if element["t"] == "Image"]


def _figure_label(figure: list) -> str:
    images = _images(figure)
    return figure[0][0] or (images[0][0][0] if images else "")


def _picture_label(inlines: list) -> str:
    """The label of an image without a caption, which is no figure to pandoc."""
    alone = len(inlines) == 1 and inlines[0]["t"] == "Image"
    return inlines[0]["c"][0][0] if alone else ""


def _table_label(table: list) -> tuple[str, list[str], int]:
    """Label, classes, and number of column widths of a table."""
    attr, caption = table[0], plain_text(table[1]).strip()
    if attr[0]:
        widths = dict(map(tuple, attr[2])).get("tbl-colwidths", "")
        return attr[0], attr[1], len(re.findall(r"[\d.]+", widths))
    tail = CAPTION_TAIL.search(caption)
    if not tail:
        return "", [], 0
    return tail[1], re.findall(r"\.([\w-]+)", tail[2]), len(re.findall(r"[\d.]+", tail[3] or ""))


def _row_labels(table: list) -> list[list]:
    """The spans that label rows: `[text]{#label}` in the first cell of a row."""
    cells = [row[1][0][4] for body in table[4] for row in body[3]]
    spans = [each["c"] for cell in cells for each in elements(cell) if each["t"] == "Span"]
    return [span for span in spans if span[0][0] and not span[0][1] and not span[0][2]]


def _equation_label(inlines: list) -> str:
    if not inlines or inlines[0]["t"] != "Math" or inlines[0]["c"][0]["t"] != "DisplayMath":
        return ""
    tail = re.fullmatch(r"\s*\{#(eq-[\w-]+)\}\s*", plain_text(inlines[1:]))
    return tail[1] if tail else ""


def _check_raw(report: Report, content: list) -> None:
    if not (content[0] == "html" and content[1].strip().startswith("<!--")):
        report.at(
            content[1].splitlines()[0],
            f"raw {content[0]} {content[1][:40]!r}: accepted is Markdown",
        )


def _check_header_element(report: Report, content: list) -> None:
    _, (_, classes, attributes), inlines = content
    wrong = [f".{name}" for name in classes if name not in HEADING_CLASSES] + [
        key for key, _ in attributes
    ]
    if wrong:
        accepted = ", ".join(sorted(f".{name}" for name in HEADING_CLASSES))
        report.at(
            f"{wrong[0]}",
            f"heading {plain_text(inlines)!r} with {wrong[0]}: accepted are {accepted}",
        )


def _check_figure(report: Report, content: list) -> None:
    images = _images(content)
    label = _figure_label(content)
    address = images[0][2][0] if images else ""
    if len(images) != 1 or not label.startswith("fig-"):
        accepted = '![Caption](path){#fig-… fig-alt="…"}'
        without = re.compile(rf"\({re.escape(address)}\)(?!{{[^}}]*#fig-)")
        return report.at(without, f"figure {address!r} without a label: accepted is {accepted}")
    if not plain_text(content[1]).strip():
        report.at(f"#{label}", f"figure #{label} without a caption")
    return _check_picture(report, images[0], f"figure #{label}", f"#{label}")


def _check_picture(report: Report, image: list, name: str, place: str | re.Pattern) -> None:
    """Check alternative text, options and files of an image that stands apart."""
    (_, classes, pairs), _, (address, _) = image
    attributes = dict(map(tuple, pairs))
    if not attributes.get("fig-alt", "").strip():
        report.at(place, f"{name} without fig-alt")
    wrong = [*classes, *(key for key in attributes if key not in ("fig-alt", "width"))]
    if wrong:
        report.at(place, f"{name} with {wrong[0]!r}: accepted are fig-alt and width")
    _check_width(report, attributes, name, place)
    _check_image_files(report, name, place, address)


def _check_width(
    report: Report, attributes: Mapping[str, str], name: str, place: str | re.Pattern
) -> None:
    if not re.fullmatch(r"\d+(\.\d+)?%", attributes.get("width", "100%")):
        report.at(place, f"{name}: width: accepted is a share of the text such as 60%")


def _check_image_files(report: Report, name: str, place: str | re.Pattern, address: str) -> None:
    path = PurePosixPath(address)
    inside = not path.is_absolute() and ".." not in path.parts and "://" not in address
    stem = address.removesuffix(".svg")
    whole = stem == address and path.suffix.lower() in IMAGE_ENDINGS
    for file in [address] if whole else [stem + ending for ending in BOTH_ENDINGS]:
        if not inside or not (report.paper_dir / file).is_file():
            report.at(place, f"{name}: there is no image {file!r} in the paper")


def _check_inline_image(report: Report, content: list) -> None:
    (identifier, classes, pairs), words, (address, _) = content
    attributes = dict(map(tuple, pairs))
    written = rf"!\[[^\]]*\]\({re.escape(address)}\)(\{{[^}}]*\}})?"
    place = re.compile(rf"\S\s*{written}|{written}\s*\S")
    name = f"image {address!r} in a text"
    if not plain_text(words).strip() and not attributes.get("fig-alt", "").strip():
        report.at(place, f"{name} without words in its brackets: they are its alternative text")
    wrong = [*([f"#{identifier}"] if identifier else []), *classes]
    wrong += [key for key in attributes if key not in ("fig-alt", "width")]
    if wrong:
        report.at(place, f"{name} with {wrong[0]!r}: accepted are fig-alt and width")
    _check_width(report, attributes, name, place)
    _check_image_files(report, name, place, address)


def _check_code(report: Report, content: list) -> None:
    (identifier, classes, pairs), text = content
    if CELL in classes:
        return
    attributes = dict(map(tuple, pairs))
    name = f"code block {identifier or text.splitlines()[0][:40] if text else ''!r}"
    place = (
        f"#{identifier}" if identifier else next(iter(attributes), next(iter(classes[1:]), text))
    )
    wrong = [f".{each}" for each in classes[1:]]
    wrong += [key for key in attributes if key not in CODE_ATTRIBUTES]
    if wrong:
        accepted = "one language, filename, #lst-… with lst-cap"
        report.at(place, f"{name} with {wrong[0]}: accepted are {accepted}")
    is_listing = identifier.startswith("lst-")
    if is_listing != bool(attributes.get("lst-cap", "").strip()) or bool(identifier) != is_listing:
        report.at(place, f"{name}: accepted is a label #lst-… together with lst-cap")
    return


def _first_row(table: list) -> re.Pattern:
    """What the first row of a table looks like in the manuscript."""
    rows = [*table[3][1], *(row for body in table[4] for row in body[3])]
    words = [re.escape(word) for cell in rows[0][1][:3] for word in plain_text(cell[4]).split()[:1]]
    return re.compile(r"\|\s*" + r"\b.*\|\s*".join(words))


def _check_table(report: Report, content: list) -> None:
    label, classes, widths = _table_label(content)
    caption = plain_text(content[1]).strip()
    if not label.startswith("tbl-"):
        return report.at(
            caption[:30] or _first_row(content),
            f"table {caption[:40]!r} without a label: accepted is `: Caption {{#tbl-…}}`",
        )
    columns = len(content[2])
    if widths and widths != columns:
        report.at(
            f"#{label}", f"table #{label}: tbl-colwidths has {widths} values for {columns} columns"
        )
    for name in classes:
        if name not in TABLE_CLASSES:
            report.at(
                f"#{label}", f"table #{label} with .{name}: accepted are .small, .wide, .plain"
            )
    if not content[3][1]:
        report.at(f"#{label}", f"table #{label} without a head")
    return None


def _check_div(report: Report, content: list) -> None:
    """Note a block that is none of those that the journal's format has a form for."""
    identifier, classes, pairs = content[0]
    keys = {key for key, _ in pairs}
    kind = identifier.partition("-")[0] if is_reference(identifier) else ""
    name = classes[0] if len(classes) == 1 else ""
    if name in CONDITIONS and not identifier:
        return _check_condition(report, name, dict(map(tuple, pairs)))
    if kind in ("fig", "tbl", "lst"):
        return _check_block(report, content, kind)
    if name == "columns" and not identifier and not keys:
        return _check_columns(report, content)
    if name == "panel-tabset" and not identifier and not keys:
        return _check_tabs(report, content)
    accepted = (
        (name.removeprefix("callout-") in CALLOUTS and _is_callout(name, kind, identifier, keys))
        or (kind in STATEMENTS and not classes and keys <= {"name"})
        or (name in UNNUMBERED and not identifier and keys <= {"name"})
        or (identifier == "refs" and not classes and not keys)
        or (name == "fine-print" and not identifier and not keys)
        or (name == "column" and not identifier and keys <= {"width"})
        or (not keys and (identifier or classes) and _are_own(identifier, classes))
    )
    if accepted:
        return None
    parts = [*([f"#{identifier}"] if identifier else []), *(f".{each}" for each in classes)]
    return report.at(
        parts[0].lstrip(".") if parts else "<div",
        f"block {' '.join([*parts, *sorted(keys)]) or '<div>'}: accepted are callouts (note, tip, "
        "warning, important, caution; title), figures, tables, listings and theorems by their "
        "labels, proof, columns, panel-tabset, content-visible, content-hidden, fine-print, #refs, "
        "and names of your own",
        also=keys,
    )


def _is_callout(name: str, kind: str, identifier: str, keys: set[str]) -> bool:
    fits = not identifier or kind == CALLOUTS[name.removeprefix("callout-")]
    return name.startswith("callout-") and fits and keys <= {"title"}


def _are_own(identifier: str, classes: Sequence[str]) -> bool:
    """Whether the names mean nothing to anyone but the author."""
    names = [name for name in (identifier, *classes) if name]
    return not is_reference(identifier) and not any(map(TAKEN.fullmatch, names))


def _check_block(report: Report, content: list, kind: str) -> None:
    """Check a figure, table or listing as a block: what it shows, then a caption."""
    (identifier, classes, pairs), blocks = content
    place, keys = f"#{identifier}", {key for key, _ in pairs}
    nouns = {"fig": "images", "tbl": "one table", "lst": "one code block"}
    options = {"fig": {"layout-ncol"}, "tbl": {"tbl-colwidths"}, "lst": set()}[kind]
    wrong = [*(f".{name}" for name in classes if kind != "tbl" or name not in TABLE_CLASSES)]
    wrong += sorted(keys - options)
    if wrong:
        accepted = ", ".join([*sorted(options), *(["small", "wide"] if kind == "tbl" else [])])
        report.at(place, f"block {place} with {wrong[0]}: accepted are {accepted or 'no options'}")
    *shown, caption = blocks or [{"t": "Null"}]
    is_caption = caption["t"] == "Para" and not _picture_address(caption)
    pictures = [image for block in shown for image in [_picture(block)] if image]
    fits = {
        "fig": shown and len(pictures) == len(shown),
        "tbl": [block["t"] for block in shown] == ["Table"],
        "lst": [block["t"] for block in shown] == ["CodeBlock"],
    }[kind]
    if not is_caption or not fits:
        message = (
            f"block {place}: accepted are {nouns[kind]} and a caption in a paragraph of its own"
        )
        return report.at(place, f"{message}, with blank lines between")
    columns = dict(map(tuple, pairs)).get("layout-ncol", "1")
    if not re.fullmatch(r"[1-9]", columns):
        report.at(place, f"block {place}: layout-ncol: accepted is a number of columns from 1 to 9")
    for image in pictures:
        address, own = image[2][0], image[0][0]
        unlabelled = re.compile(rf"\]\({re.escape(address)}\)(?!\{{[^}}]*#fig-)")
        name = f"image {address!r} of {place}"
        _check_picture(report, image, name, f"#{own}" if own else unlabelled)
    if kind == "tbl":
        _check_widths(report, place, dict(map(tuple, pairs)).get("tbl-colwidths", ""), shown[0])
    return None


def _check_widths(report: Report, place: str, declared: str, table: Mapping) -> None:
    widths, columns = len(re.findall(r"[\d.]+", declared)), len(table["c"][2])
    if widths and widths != columns:
        report.at(place, f"table {place}: tbl-colwidths has {widths} values for {columns} columns")
    if not table["c"][3][1]:
        report.at(place, f"table {place} without a head")


def _picture(block: Mapping) -> list | None:
    """The image of a block that is nothing else."""
    if block["t"] == "Figure":
        images = _images(block["c"])
        return images[0] if len(images) == 1 else None
    return block["c"][0]["c"] if block["t"] == "Para" and _picture_address(block) else None


def _picture_address(para: Mapping) -> str:
    alone = len(para["c"]) == 1 and para["c"][0]["t"] == "Image"
    return para["c"][0]["c"][2][0] if alone else ""


def _check_columns(report: Report, content: list) -> None:
    for block in content[1]:
        attr = block["c"][0] if block["t"] == "Div" else ["", [], []]
        widths = [value for key, value in attr[2] if key == "width"]
        if attr[1] != ["column"] or not all(re.fullmatch(r"\d+(\.\d+)?%", each) for each in widths):
            message = (
                'block .columns: accepted are blocks ::: {.column width="50%"} and nothing else'
            )
            return report.at(".columns", message)
    return None


def _check_tabs(report: Report, content: list) -> None:
    headings = [block["c"][0] for block in content[1] if block["t"] == "Header"]
    if not headings or content[1][0]["t"] != "Header" or len(set(headings)) != 1:
        message = "block .panel-tabset: accepted are tabs that begin with headings of one level"
        report.at("panel-tabset", message)


def _check_condition(report: Report, name: str, attributes: Mapping) -> None:
    formats = {
        value for key, value in attributes.items() if key in ("when-format", "unless-format")
    }
    if len(formats) != len(attributes) or not formats or not formats <= CONDITION_FORMATS:
        accepted = ", ".join(sorted(CONDITION_FORMATS))
        report.at(
            name,
            f".{name}: accepted are when-format and unless-format with {accepted}",
            also=attributes.values(),
        )


def _check_span(report: Report, content: list) -> None:
    (identifier, classes, pairs), words = content
    attributes = dict(map(tuple, pairs))
    if len(classes) == 1 and classes[0] in CONDITIONS and not identifier:
        return _check_condition(report, classes[0], attributes)
    language = re.fullmatch(r"[a-z]{2,3}(-\w+)*", attributes.pop("lang", "en"))
    is_named = any((identifier, *classes, pairs))
    if not attributes and language and is_named and _are_own(identifier, classes):
        return None
    attributes = dict(map(tuple, pairs))
    shown = [*([f"#{identifier}"] if identifier else []), *classes, *attributes]
    return report.at(
        re.compile(r"\]\{[^}]*" + re.escape(shown[0])) if shown else plain_text(words)[:30],
        f"span with {', '.join(shown)}: accepted are emphasis, code, links, lang, content-visible, "
        "content-hidden, and names of your own",
    )


def is_reference(key: str) -> bool:
    """Whether a key such as `fig-map` is a label of this text and no source."""
    prefix, mark, _ = key.partition("-")
    return bool(mark) and prefix[:1].lower() + prefix[1:] in LABELS


def _check_affixes(report: Report, citation: Mapping) -> None:
    """Of what stands beside a key in brackets, pandoc mixes sources up and Quarto leaves values."""
    key, affixes = citation["citationId"], [citation["citationPrefix"], citation["citationSuffix"]]
    cites = [element["c"][0] for element in elements(affixes) if element["t"] == "Cite"]
    inner = [f"@{each['citationId']}" for cite in cites for each in cite]
    if not all(is_reference(name[1:]) for name in inner):
        message = f"a source in the citation of @{key}: accepted is [@first; @second]"
        report.at(f"@{key}", message, also=inner)
    if TOKEN.search(text := plain_text(affixes)):
        report.at(text, f"shortcode in the citation of @{key}: accepted is prose")


def _check_cite(report: Report, content: list, known: set[str], sources: set[str]) -> None:
    kinds = set()
    for citation in content[0]:
        key = citation["citationId"]
        plain = key[:1].lower() + key[1:]
        if key in sources and is_reference(key):
            prefix = plain.partition("-")[0]
            report.at(f"@{key}", f"the source @{key} begins as labels do: accepted is no {prefix}-")
        elif key in sources or key == "*":
            kinds.add("source")
            _check_affixes(report, citation)
        elif is_reference(key):
            kinds.add("reference")
            if plain not in known:
                report.at(f"@{key}", f"the reference @{key} has no target in the manuscript")
        else:
            report.at(f"@{key}", f"the source @{key} is not in the bibliography")
    if len(kinds) == 2:
        keys = [f"@{citation['citationId']}" for citation in content[0]]
        report.at(keys[0], "sources and cross-references in one bracket", also=keys)


def _check_link(report: Report, content: list, known: set[str]) -> None:
    address = content[2][0]
    if address.startswith("#"):
        if address[1:] not in known and not address.startswith("#ref-"):
            report.at(address, f"link to {address}: there is no such place in the manuscript")
    elif not re.match(r"(https?://|mailto:)\S|evidence\.html(#|$)", address):
        accepted = "http, https, mailto, #label, and evidence.html, also with #case-… or the like"
        report.at(address, f"link to {address!r}: accepted are {accepted}")
    if token := TOKEN.search(plain_text(content[1])):
        report.at(token[0], "shortcode in the text of a link: accepted is prose")


def _check_values(report: Report, values: list[list[dict]], known: set[str]) -> None:
    """What a shortcode prints may link to a label, as numbers do to the ledger of claims."""
    for origin, value in zip(report.origins, values, strict=True):
        for element in elements(value):
            address = element["c"][2][0] if element["t"] == "Link" else ""
            if address.startswith("#") and address[1:] not in known:
                message = f"the value links to {address}: there is no such place in the manuscript"
                report.problem(origin, message)


def _check_left_over(report: Report, found: Sequence[Mapping], allowed: set[int]) -> None:
    """Marks that stayed text: a misplaced attribute, an open block, a failed value."""
    for element in found:
        if element["t"] != "Str" or id(element) in allowed:
            continue
        text = element["c"]
        if LEFT_OVER.search(text):
            report.at(text, f"{text!r} stayed text: a mark that is not closed, or in a wrong place")


def _label_texts(body: Sequence[Mapping]) -> set[int]:
    """Texts that are labels of tables and equations, which readers leave in place."""
    found = set()
    for element in body:
        if element["t"] == "Table" and _table_label(element["c"])[0]:
            found |= {id(part) for part in elements(element["c"][1])}
        elif element["t"] == "Para" and _equation_label(element["c"]):
            found |= {id(part) for part in elements(element["c"])}
    return found


_CHECKS = {
    "CodeBlock": _check_code,
    "RawBlock": _check_raw,
    "RawInline": _check_raw,
    "Header": _check_header_element,
    "Figure": _check_figure,
    "Table": _check_table,
    "Div": _check_div,
}
