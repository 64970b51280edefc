"""Reads the manuscript with its includes, and checks it before either renderer sees it.

Quarto prints `?var:x`, `?@fig-x` or a source's bare key where something is missing, and knows
syntax that the journal's format does not. Whatever is not listed here as known is an error with
file and line, so that no renderer can give a silently wrong page.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml

from casebook.errors import RenderError
from casebook.render.pandoc import elements, parse, plain_text, replace_inlines
from casebook.render.project import read_project, read_yaml

MANUSCRIPT = "manuscript.qmd"
HEADER_KEYS = {"abstract"}
CALLOUTS = {"note", "tip", "warning", "important", "caution"}
CONDITIONS = {"content-visible", "content-hidden"}
CONDITION_FORMATS = {"html", "pdf", "typst", "docx", "jats"}
HEADING_CLASSES = {"unnumbered", "appendix", "data-availability"}
LABELS = {"fig", "tbl", "sec", "eq"}
# Prefixes that Quarto refers to and this format does not number.
OTHER_LABELS = set(["lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg", "nte", "tip", "wrn", "imp", "cau"])
TABLE_CLASSES = {"small", "wide", "plain"}
FIGURE_ATTRIBUTES = {"fig-alt", "width"}
IMAGE_ENDINGS = (".svg", ".png")

SHORTCODE = re.compile(r"\{\{<(.*?)>\}\}")
INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})(.*)$")
CELL = re.compile(r"^\{(\w+)([ ,].*)?\}|^\{\{(\w+)")
INLINE_CELL = re.compile(r"`(\{\w+\}|r) [^`]*`")
TOKEN = re.compile(r"QVALUE(\d+)Q")
CAPTION_TAIL = re.compile(r"\{#(tbl-[\w-]+)((?:\s+\.[\w-]+)*)(?:\s+tbl-colwidths=\W*\[([\d., ]+)\]\W*)?\s*\}$")


@dataclass(frozen=True)
class Line:
    """One line of the manuscript and where it comes from."""

    file: str
    number: int
    text: str


@dataclass(frozen=True)
class Source:
    """The manuscript as read.

    Attributes:
        lines: every line in reading order, includes put in.
        tree: pandoc's document tree, shortcodes replaced by what they print.
    """

    lines: tuple[Line, ...]
    tree: Mapping


@dataclass
class _Reading:
    """What the checks share while one manuscript is read."""

    paper_dir: Path
    values: Mapping[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    origins: list[Line] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def problem(self, line: Line | None, message: str) -> None:
        place = f"{line.file}: line {line.number}" if line else MANUSCRIPT
        text = f"{place}: {message}"
        if text not in self.problems:
            self.problems.append(text)

    def at(self, needle: str, message: str) -> None:
        """Note a problem at the first line that holds `needle`."""
        token = TOKEN.search(needle)
        if token:
            return self.problem(self.origins[int(token[1])], message)
        found = next((line for line in self.lines if needle and needle in line.text), None)
        return self.problem(found, message)

    def stop_on_problems(self) -> None:
        if self.problems:
            raise RenderError("\n".join(self.problems))


def check_manuscript(paper_dir: Path) -> None:
    """Check that the manuscript uses only what both renderers know, and that all of it resolves.

    Raises:
        RenderError: one line for each problem: file, line, what is wrong, what is accepted.
    """
    read_manuscript(paper_dir)


def read_manuscript(paper_dir: Path) -> Source:
    """Read `manuscript.qmd`, put includes and shortcodes in, and check all of it.

    Raises:
        RenderError: as `check_manuscript`.
    """
    paper_dir = Path(paper_dir)
    reading = _Reading(paper_dir)
    _expand(reading, MANUSCRIPT, ())
    reading.stop_on_problems()
    reading.values = _values(paper_dir)
    text = _with_tokens(reading)
    _check_header(reading)
    reading.stop_on_problems()
    tree = parse(text, paper_dir)
    _check_tokens(reading, tree)
    _check_tree(reading, tree)
    reading.stop_on_problems()
    return Source(tuple(reading.lines), _put_values_in(reading, tree))


# Includes ------------------------------------------------------------------------------------


def _expand(reading: _Reading, name: str, within: tuple[str, ...], asked: Line | None = None) -> None:
    path = _inside(reading, name, asked)
    if path is None:
        return None
    if name in within:
        return reading.problem(asked, f"{name!r} includes itself")
    if any(line.file == name for line in reading.lines):
        return reading.problem(asked, f"{name!r} is included twice")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return reading.problem(asked, f"include of {name!r}: there is no such file in the paper")
    except UnicodeDecodeError:
        return reading.problem(asked, f"{name!r} is not UTF-8")
    fence = ""
    for number, content in enumerate(text.splitlines(), start=1):
        line = Line(name, number, content)
        fence = _fence_after(fence, content)
        include = None if fence else INCLUDE.match(content)
        if include:
            _expand(reading, include[1], (*within, name), line)
        else:
            reading.lines.append(line)
    return None


def _inside(reading: _Reading, name: str, asked: Line | None) -> Path | None:
    parts = PurePosixPath(name).parts
    path = reading.paper_dir / name
    outside = ".." in parts or PurePosixPath(name).is_absolute() or "\\" in name
    if outside or not path.resolve().is_relative_to(reading.paper_dir.resolve()):
        reading.problem(asked, f"include of {name!r}: accepted are relative paths inside the paper")
        return None
    return path


def _fence_after(fence: str, content: str) -> str:
    """The fence that is open after a line (its marks), or ""."""
    match = FENCE.match(content)
    if not match:
        return fence
    if not fence:
        return match[1]
    closes = match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2].strip()
    return "" if closes else fence


# Shortcodes ----------------------------------------------------------------------------------


def _values(paper_dir: Path) -> dict[str, str]:
    """What each `var a.b` and `meta a.b` prints, as Markdown."""
    variables = paper_dir / "_variables.yml"
    values = _flat(read_yaml(variables), "var ") if variables.exists() else {}
    return {**values, **_flat(read_yaml(paper_dir / "metadata.yml"), "meta ")}


def _flat(tree: Mapping, prefix: str) -> dict[str, str]:
    result = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            result.update(_flat(value, f"{prefix}{key}."))
        elif isinstance(value, bool):
            result[f"{prefix}{key}"] = str(value).lower()
        elif isinstance(value, str | int | float):
            result[f"{prefix}{key}"] = str(value)
    return result


def _with_tokens(reading: _Reading) -> str:
    """The whole text, each shortcode replaced by a token; also checks the lines."""
    fence, text = "", []
    for line in reading.lines:
        before, fence = fence, _fence_after(fence, line.text)
        if not before and fence:
            _check_fence(reading, line)
        if not before and not fence and INLINE_CELL.search(line.text):
            reading.problem(line, "inline code cell: accepted are shortcodes {{< var … >}}")
        text.append(SHORTCODE.sub(lambda match, line=line: _token(reading, line, match), line.text))
        if "{{<" in text[-1] or ">}}" in text[-1] or "{{%" in text[-1]:
            reading.problem(line, "shortcode that does not end on its line")
    if fence:
        reading.problem(reading.lines[-1], "a code block is not closed")
    return "\n".join(text) + "\n"


def _check_fence(reading: _Reading, line: Line) -> None:
    rest = FENCE.match(line.text)[2].strip()
    if rest.startswith("{=") or CELL.match(rest):
        reading.problem(
            line, f"code cell or raw block {rest!r}: accepted are code blocks such as ```r or ```{{.r}}"
        )


def _token(reading: _Reading, line: Line, match: re.Match) -> str:
    words = match[1].split()
    if match[1].startswith("/*"):
        reading.problem(line, f"shortcode {match[0]!r}: accepted are var, meta and include")
    elif not words or words[0] not in ("var", "meta", "include") or len(words) != 2:
        reading.problem(line, f"shortcode {match[0]!r}: accepted are var NAME, meta NAME, include FILE")
    elif words[0] == "include":
        reading.problem(line, f"shortcode {match[0]!r}: an include stands alone on its line")
    elif " ".join(words) not in reading.values:
        where = "_variables.yml" if words[0] == "var" else "metadata.yml"
        reading.problem(line, f"{words[0]} {words[1]!r} is not a value in {where}")
    reading.shown.append(reading.values.get(" ".join(words), ""))
    reading.origins.append(line)
    return f"QVALUE{len(reading.shown) - 1}Q"


def _check_tokens(reading: _Reading, tree: Mapping) -> None:
    """Shortcodes print in prose only: Quarto treats the other places in other ways."""
    for element in elements(tree):
        content = element.get("c")
        place = {
            "Code": "a code span",
            "CodeBlock": "a code block",
            "Math": "a formula",
            "RawInline": "a raw text",
            "RawBlock": "a raw block",
        }.get(element["t"])
        if place and TOKEN.search(content[-1]):
            reading.at(content[-1], f"shortcode in {place}: accepted is prose")
        for text in _attribute_texts(element):
            if TOKEN.search(text):
                reading.at(text, "shortcode in an attribute, identifier or address: accepted is prose")


def _attribute_texts(element: Mapping) -> list[str]:
    content = element.get("c")
    if not isinstance(content, list):
        return []
    texts = []
    for part in content:
        if _is_attr(part):
            texts += [part[0], *part[1], *(value for pair in part[2] for value in pair)]
    if element["t"] in ("Link", "Image"):
        texts += content[2]
    return texts


def _is_attr(part: object) -> bool:
    return (
        isinstance(part, list)
        and len(part) == 3
        and isinstance(part[0], str)
        and isinstance(part[1], list)
        and isinstance(part[2], list)
    )


def _put_values_in(reading: _Reading, tree: Mapping) -> dict:
    """Replace the tokens by their values, each parsed as a piece of Markdown."""
    if not reading.shown:
        return dict(tree)
    pieces = "\n\n".join("x " + " ".join(value.split()) for value in reading.shown)
    blocks = parse(pieces, reading.paper_dir)["blocks"]
    if len(blocks) != len(reading.shown):
        raise RenderError("_variables.yml: a value is more than one piece of text")
    inlines = [block["c"][2:] for block in blocks]

    def change(element: dict) -> list[dict] | None:
        if element["t"] != "Str" or not TOKEN.search(element["c"]):
            return None
        parts = TOKEN.split(element["c"])
        result = []
        for position, part in enumerate(parts):
            if position % 2:
                result += inlines[int(part)]
            elif part:
                result.append({"t": "Str", "c": part})
        return result

    return replace_inlines(tree, change)


# The header ----------------------------------------------------------------------------------


def _check_header(reading: _Reading) -> None:
    lines = reading.lines
    if not lines or lines[0].text.strip() != "---":
        return None
    end = next((at for at, line in enumerate(lines[1:], 1) if line.text.strip() in ("---", "...")), None)
    if end is None:
        return reading.problem(lines[0], "the YAML header is not closed")
    try:
        header = yaml.safe_load("\n".join(line.text for line in lines[1:end])) or {}
    except yaml.YAMLError:
        return reading.problem(lines[0], "the YAML header is not valid YAML")
    for key in header:
        if key not in HEADER_KEYS:
            reading.at(f"{key}:", f"header key {key!r}: accepted is abstract (the rest is in metadata.yml)")
    return None


# The tree ------------------------------------------------------------------------------------


def _check_tree(reading: _Reading, tree: Mapping) -> None:
    known = _labels(reading, tree)
    sources = _source_keys(reading)
    within_figures = {
        id(image)
        for figure in elements(tree["blocks"])
        if figure["t"] == "Figure"
        for image in elements(figure)
        if image["t"] == "Image"
    }
    for element in elements([tree["meta"], tree["blocks"]]):
        check = _CHECKS.get(element["t"])
        if check:
            check(reading, element["c"])
        elif element["t"] == "Cite":
            _check_cite(reading, element["c"], known, sources)
        elif element["t"] == "Link":
            _check_link(reading, element["c"], known)
        elif element["t"] == "Image" and id(element) not in within_figures:
            reading.at(element["c"][2][0], "image inside a text: accepted are figures in paragraphs of their own")
    _check_left_over(reading, tree)


def _labels(reading: _Reading, tree: Mapping) -> set[str]:
    """Every identifier that a reference can name; finds those used twice."""
    found: list[str] = []
    for element in elements(tree["blocks"]):
        kind, content = element["t"], element.get("c")
        if kind == "Header":
            found.append(content[1][0])
        elif kind == "Figure":
            found.append(_figure_label(content))
        elif kind == "Table":
            found.append(_table_label(content)[0])
        elif kind == "Para":
            found.append(_equation_label(content))
    labels = [label for label in found if label]
    for label in {label for label in labels if labels.count(label) > 1}:
        reading.at(f"#{label}", f"the label #{label} is used twice")
    return set(labels)


def _source_keys(reading: _Reading) -> set[str]:
    path = reading.paper_dir / read_project(reading.paper_dir).bibliography
    try:
        return {entry["id"] for entry in json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        name = path.relative_to(reading.paper_dir)
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


def _equation_label(inlines: list) -> str:
    if not inlines or inlines[0]["t"] != "Math" or inlines[0]["c"][0]["t"] != "DisplayMath":
        return ""
    tail = re.fullmatch(r"\s*\{#(eq-[\w-]+)\}\s*", plain_text(inlines[1:]))
    return tail[1] if tail else ""


def _check_raw(reading: _Reading, content: list) -> None:
    if not (content[0] == "html" and content[1].strip().startswith("<!--")):
        reading.at(content[1].splitlines()[0], f"raw {content[0]} {content[1][:40]!r}: accepted is Markdown")


def _check_header_element(reading: _Reading, content: list) -> None:
    _, (_, classes, attributes), inlines = content
    wrong = [f".{name}" for name in classes if name not in HEADING_CLASSES] + [key for key, _ in attributes]
    if wrong:
        accepted = ", ".join(sorted(f".{name}" for name in HEADING_CLASSES))
        reading.at(f"{wrong[0]}", f"heading {plain_text(inlines)!r} with {wrong[0]}: accepted are {accepted}")


def _check_figure(reading: _Reading, content: list) -> None:
    images = _images(content)
    label = _figure_label(content)
    address = images[0][2][0] if images else ""
    if len(images) != 1 or not label.startswith("fig-"):
        return reading.at(address, f"figure {address!r} without a label: accepted is ![Caption](path){{#fig-… fig-alt=\"…\"}}")
    attributes = dict(map(tuple, images[0][0][2]))
    if not attributes.get("fig-alt", "").strip():
        reading.at(f"#{label}", f"figure #{label} without fig-alt")
    wrong = [*images[0][0][1], *(key for key in attributes if key not in FIGURE_ATTRIBUTES)]
    if wrong:
        reading.at(f"#{label}", f"figure #{label} with {wrong[0]!r}: accepted are fig-alt and width")
    if not re.fullmatch(r"\d+(\.\d+)?%", attributes.get("width", "100%")):
        reading.at(f"#{label}", f"figure #{label}: width: accepted is a share of the text such as 60%")
    if not plain_text(content[1]).strip():
        reading.at(f"#{label}", f"figure #{label} without a caption")
    return _check_image_files(reading, label, address)


def _check_image_files(reading: _Reading, label: str, address: str) -> None:
    path = PurePosixPath(address)
    inside = not path.is_absolute() and ".." not in path.parts and "://" not in address
    names = [address] if path.suffix in IMAGE_ENDINGS else [address + ending for ending in IMAGE_ENDINGS]
    for name in names:
        if not inside or not (reading.paper_dir / name).is_file():
            reading.at(f"#{label}", f"figure #{label}: there is no image {name!r} in the paper")


def _check_table(reading: _Reading, content: list) -> None:
    label, classes, widths = _table_label(content)
    caption = plain_text(content[1]).strip()
    if not label.startswith("tbl-"):
        needle = caption[:30] or next(iter(plain_text(content[3]).split()), "")
        return reading.at(needle, f"table {caption[:40]!r} without a label: accepted is `: Caption {{#tbl-…}}`")
    columns = len(content[2])
    if widths and widths != columns:
        reading.at(f"#{label}", f"table #{label}: tbl-colwidths has {widths} values for {columns} columns")
    for name in classes:
        if name not in TABLE_CLASSES:
            reading.at(f"#{label}", f"table #{label} with .{name}: accepted are .small, .wide, .plain")
    if not content[3][1]:
        reading.at(f"#{label}", f"table #{label} without a head")
    return None


def _check_div(reading: _Reading, content: list) -> None:
    identifier, classes, attributes = content[0]
    keys = {key for key, _ in attributes}
    callout = len(classes) == 1 and classes[0].startswith("callout-")
    if callout and classes[0].removeprefix("callout-") in CALLOUTS and keys <= {"title"} and not identifier:
        return None
    if len(classes) == 1 and classes[0] in CONDITIONS and not identifier:
        return _check_condition(reading, classes[0], dict(map(tuple, attributes)))
    if identifier == "refs" and not classes and not keys:
        return None
    shown = " ".join(([f"#{identifier}"] if identifier else []) + [f".{name}" for name in classes])
    needle = f"#{identifier}" if identifier else (classes[0] if classes else ":::")
    return reading.at(
        needle, f"block {shown or ':::'}{' with ' + ', '.join(sorted(keys)) if keys else ''}: accepted are callouts "
        "(note, tip, warning, important, caution; title), content-visible, content-hidden, #refs"
    )


def _check_condition(reading: _Reading, name: str, attributes: Mapping) -> None:
    formats = {value for key, value in attributes.items() if key in ("when-format", "unless-format")}
    if len(formats) != len(attributes) or not formats or not formats <= CONDITION_FORMATS:
        reading.at(name, f".{name}: accepted are when-format and unless-format with {', '.join(sorted(CONDITION_FORMATS))}")


def _check_span(reading: _Reading, content: list) -> None:
    identifier, classes, attributes = content[0]
    shown = [*([f"#{identifier}"] if identifier else []), *classes, *(key for key, _ in attributes)]
    reading.at(plain_text(content[1])[:30], f"span with {', '.join(shown)}: accepted are emphasis, code and links")


def _check_cite(reading: _Reading, content: list, known: set[str], sources: set[str]) -> None:
    kinds = set()
    for citation in content[0]:
        key = citation["citationId"]
        plain = key[:1].lower() + key[1:]
        prefix = plain.partition("-")[0]
        if key in sources:
            kinds.add("source")
        elif prefix in LABELS and "-" in plain:
            kinds.add("reference")
            if plain not in known:
                reading.at(f"@{key}", f"the reference @{key} has no target in the manuscript")
        elif prefix in OTHER_LABELS and "-" in plain:
            reading.at(f"@{key}", f"reference @{key}: accepted are @fig-, @tbl-, @sec- and @eq-")
        else:
            reading.at(f"@{key}", f"the source @{key} is not in the bibliography")
    if len(kinds) == 2:
        reading.at(f"@{content[0][0]['citationId']}", "sources and cross-references in one bracket")


def _check_link(reading: _Reading, content: list, known: set[str]) -> None:
    address = content[2][0]
    if address.startswith("#"):
        if address[1:] not in known and not address.startswith("#ref-"):
            reading.at(address, f"link to {address}: there is no such place in the manuscript")
    elif not re.match(r"(https?://|mailto:)\S", address):
        reading.at(address, f"link to {address!r}: accepted are http, https, mailto and #label")


def _check_left_over(reading: _Reading, tree: Mapping) -> None:
    """Marks that stayed text: an attribute in the wrong place, an unfinished block, a failed value."""
    allowed = _label_texts(tree)
    for element in elements([tree["meta"], tree["blocks"]]):
        if element["t"] != "Str" or id(element) in allowed:
            continue
        text = element["c"]
        if re.match(r"\{[#.][\w-]", text) or text.startswith(":::") or re.search(r"\?(var|meta):|\?@", text):
            reading.at(text, f"{text!r} stayed text: a mark that is not closed, or in a wrong place")


def _label_texts(tree: Mapping) -> set[int]:
    """Texts that are labels of tables and equations, which readers leave in place."""
    found = set()
    for element in elements(tree["blocks"]):
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
    "Span": _check_span,
}
