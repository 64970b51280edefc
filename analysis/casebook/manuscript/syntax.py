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
CALLOUTS = {"note", "tip", "warning", "important", "caution"}
CONDITIONS = {"content-visible", "content-hidden"}
CONDITION_FORMATS = {"html", "pdf", "typst", "docx", "jats"}
HEADING_CLASSES = {"unnumbered", "appendix", "data-availability"}
LABELS = {"fig", "tbl", "sec", "eq"}
# Prefixes that Quarto refers to and this format does not number.
OTHER_LABELS = {"lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg"}
OTHER_LABELS |= {"nte", "tip", "wrn", "imp", "cau"}
TABLE_CLASSES = {"small", "wide"}
FIGURE_ATTRIBUTES = {"fig-alt", "width"}
IMAGE_ENDINGS = (".svg", ".png")
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
    """

    paper_dir: Path
    lines: list[Line] = field(default_factory=list)
    origins: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

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
    known = _labels(report, body)
    sources = _source_keys(report)
    within_figures = {
        id(image)
        for figure in body
        if figure["t"] == "Figure"
        for image in elements(figure)
        if image["t"] == "Image"
    }
    tables = [element["c"] for element in body if element["t"] == "Table"]
    row_labels = {id(span) for table in tables for span in _row_labels(table)}
    for element in found:
        check = _CHECKS.get(element["t"])
        if check:
            check(report, element["c"])
        elif element["t"] == "Span" and id(element["c"]) not in row_labels:
            _check_span(report, element["c"])
        elif element["t"] == "Cite":
            _check_cite(report, element["c"], known, sources)
        elif element["t"] == "Link":
            _check_link(report, element["c"], known)
        elif element["t"] == "Image" and id(element) not in within_figures:
            address = re.escape(element["c"][2][0])
            report.at(
                re.compile(rf"\S.*!\[.*\]\({address}|\({address}\)(?!{{)\s*\S"),
                "image inside a text: accepted are figures in paragraphs of their own",
            )
    _check_left_over(report, found, _label_texts(body))
    _check_values(report, values, known)


def _labels(report: Report, body: Sequence[Mapping]) -> set[str]:
    """Every identifier that a reference can name; finds those used twice."""
    found: list[str] = []
    for element in body:
        kind, content = element["t"], element.get("c")
        if kind == "Header":
            found.append(content[1][0])
        elif kind == "Figure":
            found.append(_figure_label(content))
        elif kind == "Table":
            found.append(_table_label(content)[0])
            found += [span[0][0] for span in _row_labels(content)]
        elif kind == "Para":
            found.append(_equation_label(content))
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
    attributes = dict(map(tuple, images[0][0][2]))
    if not attributes.get("fig-alt", "").strip():
        report.at(f"#{label}", f"figure #{label} without fig-alt")
    wrong = [*images[0][0][1], *(key for key in attributes if key not in FIGURE_ATTRIBUTES)]
    if wrong:
        report.at(f"#{label}", f"figure #{label} with {wrong[0]!r}: accepted are fig-alt and width")
    if not re.fullmatch(r"\d+(\.\d+)?%", attributes.get("width", "100%")):
        report.at(
            f"#{label}", f"figure #{label}: width: accepted is a share of the text such as 60%"
        )
    if not plain_text(content[1]).strip():
        report.at(f"#{label}", f"figure #{label} without a caption")
    return _check_image_files(report, label, address)


def _check_image_files(report: Report, label: str, address: str) -> None:
    path = PurePosixPath(address)
    inside = not path.is_absolute() and ".." not in path.parts and "://" not in address
    names = (
        [address]
        if path.suffix in IMAGE_ENDINGS
        else [address + ending for ending in IMAGE_ENDINGS]
    )
    for name in names:
        if not inside or not (report.paper_dir / name).is_file():
            report.at(f"#{label}", f"figure #{label}: there is no image {name!r} in the paper")


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
    identifier, classes, attributes = content[0]
    keys = {key for key, _ in attributes}
    callout = len(classes) == 1 and classes[0].startswith("callout-")
    if (
        callout
        and classes[0].removeprefix("callout-") in CALLOUTS
        and keys <= {"title"}
        and not identifier
    ):
        return None
    if len(classes) == 1 and classes[0] in CONDITIONS and not identifier:
        return _check_condition(report, classes[0], dict(map(tuple, attributes)))
    if identifier == "refs" and not classes and not keys:
        return None
    if classes == ["fine-print"] and not identifier and not keys:
        return None
    parts = [*([f"#{identifier}"] if identifier else []), *(f".{name}" for name in classes)]
    return report.at(
        parts[0].lstrip(".") if parts else "<div",
        f"block {' '.join([*parts, *sorted(keys)]) or '<div>'}: accepted are callouts (note, tip, "
        "warning, important, caution; title), content-visible, content-hidden, fine-print, #refs",
        also=keys,
    )


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
    identifier, classes, attributes = content[0]
    shown = [*([f"#{identifier}"] if identifier else []), *classes, *(key for key, _ in attributes)]
    report.at(
        re.compile(r"\]\{[^}]*" + re.escape(shown[0])) if shown else plain_text(content[1])[:30],
        f"span with {', '.join(shown)}: accepted are emphasis, code, links and, in the first cell "
        "of a table's row, its label",
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
        text = f"a source in the citation of @{key}: accepted is [@first; @second]"
        report.at(f"@{key}", text, also=inner)
    if TOKEN.search(text := plain_text(affixes)):
        report.at(text, f"shortcode in the citation of @{key}: accepted is prose")


def _check_cite(report: Report, content: list, known: set[str], sources: set[str]) -> None:
    kinds = set()
    for citation in content[0]:
        key = citation["citationId"]
        plain = key[:1].lower() + key[1:]
        prefix = plain.partition("-")[0]
        if key in sources:
            kinds.add("source")
            _check_affixes(report, citation)
        elif is_reference(key):
            kinds.add("reference")
            if plain not in known:
                report.at(f"@{key}", f"the reference @{key} has no target in the manuscript")
        elif prefix in OTHER_LABELS and "-" in plain:
            report.at(f"@{key}", f"reference @{key}: accepted are @fig-, @tbl-, @sec- and @eq-")
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
    "RawBlock": _check_raw,
    "RawInline": _check_raw,
    "Header": _check_header_element,
    "Figure": _check_figure,
    "Table": _check_table,
    "Div": _check_div,
}
