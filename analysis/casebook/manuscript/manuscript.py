"""Reads the manuscript: includes put in, shortcodes resolved, everything checked."""

import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import yaml

from casebook.errors import RenderError
from casebook.manuscript.citations import resolve_citations
from casebook.manuscript.literal import literal
from casebook.manuscript.project import read_project
from casebook.manuscript.syntax import CELL, LABELS, MANUSCRIPT, TOKEN, Line, Report, check_tree
from casebook.manuscript.tree import elements, join_words, parse, plain_text, replace_inlines
from casebook.readers import read_text, read_yaml

HEADER_KEYS = {"abstract", "nocite"}
# What the workflow writes.
GENERATED = "_generated/"
LARGE = 10_000  # characters of a table from which on it is parsed apart
PART = "QPARTQ"
NO_TABLES = MappingProxyType({})

SHORTCODE = re.compile(r"\{\{<(.*?)>\}\}")
# A shortcode, a citation of a source, or a note or link that may stand elsewhere.
REFERS = re.compile(rf"\{{\{{<|@(?!(?:{'|'.join(sorted(LABELS))})-)|\[\^|\]\[")
INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
# A fence may stand in a quotation, or begin an item of a list.
FENCE = re.compile(r"^[\s>]*((?:(?:[-*+:]|\(?\w{1,3}[.)])\s+)*)(`{3,}(?=[^`]*$)|~{3,})(.*)$")
CELL_FENCE = re.compile(r"^\{(\w+)([ ,].*)?\}|^\{\{(\w+)")
# Quarto 1.7 and 1.8 take the words in brackets for a part of the citation.
MARKED_AFTER_KEY = re.compile(r"(?<![\w\[@-])@[\w:.#$%&+?<>~/-]+\s+\[[^\]]*\]\{")
INLINE_CELL = re.compile(r"`(\{\w+\}|r) [^`]*`")


def check_manuscript(paper_dir: Path) -> None:
    """Check that the manuscript uses only what both renderers know, and that all of it resolves.

    Raises:
        RenderError: one line for each problem: file, line, what is wrong, what is accepted.
    """
    read_manuscript(paper_dir)


def parse_tables(paper_dir: Path, names: Iterable[str]) -> dict[str, list]:
    """Parse tables of the workflow, for `read_manuscript`.

    Args:
        paper_dir: the Quarto project.
        names: the files, relative to it.

    Returns:
        File → pandoc's blocks, for the tables that stand alone and that pandoc reads without a
        warning. The others are parsed with the text.
    """
    texts = {name: read_text(Path(paper_dir) / name, name) for name in names}
    alone = {name: text for name, text in texts.items() if not REFERS.search(text)}
    reader = read_project(Path(paper_dir)).reader
    with _pool() as pool:
        parsed = list(pool.map(lambda text: parse(text, paper_dir, reader), alone.values()))
    return {
        name: join_words(tree["blocks"], TOKEN)
        for name, (tree, warnings) in zip(alone, parsed, strict=True)
        if not warnings
    }


def read_manuscript(
    paper_dir: Path, tables: Mapping[str, list] = NO_TABLES, *, runs_cells: bool = False
) -> dict:
    """Read `manuscript.qmd`, put includes and shortcodes in, and check all of it.

    Args:
        paper_dir: the Quarto project.
        tables: what is parsed already, from `parse_tables`.
        runs_cells: whether code cells are accepted, because Quarto renders, which runs them.

    Returns:
        Pandoc's document tree, shortcodes and citations replaced by what they print.

    Raises:
        RenderError: as `check_manuscript`.
    """
    paper_dir = Path(paper_dir)
    report = Report(paper_dir, runs_cells=runs_cells)
    _expand(report, MANUSCRIPT, ())
    report.stop_on_problems()
    _check_header(report)
    known = _values(paper_dir)
    text, shown = _with_tokens(report, known)
    report.stop_on_problems()
    article, apart = _pieces(report, text, tables)
    reader = read_project(paper_dir).reader
    # Pandoc takes most of the time, so that its runs overlap with one another and the checks.
    with _pool() as pool:
        parsed = pool.submit(parse, _text(article), paper_dir, reader)
        values = pool.submit(_parsed, shown, paper_dir, reader)
        others = {
            file: (piece, pool.submit(parse, _text(piece), paper_dir, reader))
            for file, piece in apart.items()
        }
        tree, values = _read(report, article, parsed), values.result()
        printed = _put_values_in(tree, values)
        resolved = pool.submit(resolve_citations, printed, paper_dir, known.get("meta lang"))
        read = {file: _read(report, *other)["blocks"] for file, other in others.items()}
        blocks = {**tables, **read}
        _check_metadata(report, tree)
        _check_tokens(report, tree)
        check_tree(report, _whole(tree, blocks), values)
        report.stop_on_problems()
        resolved.result()
    return _whole(printed, blocks)


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count())


# Includes ------------------------------------------------------------------------------------


def _expand(report: Report, name: str, within: tuple[str, ...], asked: Line | None = None) -> None:
    path = _inside(report, name, asked)
    if path is None:
        return None
    if name in within:
        return report.problem(asked, f"{name!r} includes itself")
    if any(line.file == name for line in report.lines):
        return report.problem(asked, f"{name!r} is included twice")
    if asked and not path.is_file():
        return report.problem(asked, f"include of {name!r}: there is no such file in the paper")
    if asked and not path.read_bytes().strip():
        noun = PurePosixPath(name).stem
        return report.problem(asked, f"{name!r} is empty: captions.yml has no caption for {noun}")
    text = read_text(path, name)
    fence, contents = "", ["", *text.splitlines(), ""]
    for number, content in enumerate(contents[1:-1], start=1):
        line = Line(name, number, content)
        fence = _fence_after(fence, content)
        include = None if fence else INCLUDE.match(content)
        if not include:
            report.lines.append(line)
            continue
        if contents[number - 1].strip() or contents[number + 1].strip():
            report.problem(line, "an include stands between blank lines")
        _expand(report, include[1], (*within, name), line)
    return None


def _inside(report: Report, name: str, asked: Line | None) -> Path | None:
    parts = PurePosixPath(name).parts
    path = report.paper_dir / name
    outside = ".." in parts or PurePosixPath(name).is_absolute() or "\\" in name
    if outside or not path.resolve().is_relative_to(report.paper_dir.resolve()):
        report.problem(asked, f"include of {name!r}: accepted are relative paths inside the paper")
        return None
    return path


def _fence_after(fence: str, content: str) -> str:
    """The fence that is open after a line (its marks), or ""."""
    match = FENCE.match(content)
    if not match:
        return fence
    item, marks, rest = match.groups()
    if not fence:
        return marks
    closes = marks[0] == fence[0] and len(marks) >= len(fence) and not (item or rest.strip())
    return "" if closes else fence


# Reading -------------------------------------------------------------------------------------


def _pieces(
    report: Report, text: list[str], tables: Mapping[str, list]
) -> tuple[list[tuple[Line, str]], dict[str, list[tuple[Line, str]]]]:
    """Take tables of the workflow that stand alone out of the text.

    Args:
        report: its lines are those of the text.
        text: the lines, with tokens for shortcodes.
        tables: what is parsed already.

    Returns:
        The text, with a paragraph that names the file for each table that is not in it, and by
        file the lines of the large ones that are still to be parsed.
    """
    article, apart = [], {}
    lines = zip(report.lines, text, strict=True)
    for file, group in groupby(lines, lambda pair: pair[0].file):
        piece = list(group)
        if file not in tables and not (file.startswith(GENERATED) and _is_large(piece)):
            article += piece
            continue
        article.append((piece[0][0], f"{PART}`{file}`"))
        if file not in tables:
            apart[file] = piece
    return article, apart


def _is_large(piece: list[tuple[Line, str]]) -> bool:
    """Whether a table is worth a run of pandoc, and gives the same in one of its own."""
    text = _text(piece)
    return len(text) > LARGE and not (REFERS.search(text) or TOKEN.search(text))


def _text(piece: list[tuple[Line, str]]) -> str:
    return "".join(f"{line}\n" for _, line in piece)


def _read(report: Report, piece: list[tuple[Line, str]], parsed: Future) -> dict:
    """Take the tree of a piece, and note what pandoc warned of."""
    tree, warnings = parsed.result()
    for number, message in warnings:
        if not message.startswith("Duplicate identifier"):  # `check_tree` finds its line
            report.problem(piece[number - 1][0] if 0 < number <= len(piece) else None, message)
    return join_words(tree, TOKEN)


def _whole(article: dict, parts: Mapping[str, list]) -> dict:
    """The document with its tables."""
    return {**article, "blocks": _with_parts(article["blocks"], parts)}


def _with_parts(tree: object, parts: Mapping[str, list]) -> object:
    """Put the blocks of the parts where their files are named in paragraphs of their own."""
    if isinstance(tree, dict):
        if tree.get("t") in ("Div", "BlockQuote"):
            return {**tree, "c": _with_parts(tree["c"], parts)}
        return tree
    if not isinstance(tree, list):
        return tree
    result = []
    for block in tree:
        name = plain_text(block) if isinstance(block, dict) and block.get("t") == "Para" else ""
        file = name.removeprefix(PART)
        is_part = name.startswith(PART) and file in parts
        result += parts[file] if is_part else [_with_parts(block, parts)]
    return result


# Shortcodes ----------------------------------------------------------------------------------


def _values(paper_dir: Path) -> dict[str, str]:
    """What each `var a.b` and `meta a.b` prints, as Markdown."""
    variables = paper_dir / "_variables.yml"
    found = read_yaml(variables, variables.name, dict) if variables.exists() else {}
    record = read_yaml(paper_dir / "metadata.yml", "metadata.yml", dict)
    return {**_flat(found, "var "), **_flat(literal(record), "meta ")}


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


def _with_tokens(report: Report, values: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """All lines, each shortcode replaced by a token, and what the tokens stand for."""
    fence, text, shown = "", [], []
    for line in report.lines:
        before, fence = fence, _fence_after(fence, line.text)
        if not before and fence:
            line = _check_fence(report, line)
        if not before and not fence and INLINE_CELL.search(line.text) and not report.runs_cells:
            message = "inline code cell: accepted are shortcodes {{< var … >}}"
            report.problem(line, f"{message}; Quarto alone runs cells")
        if not before and not fence and MARKED_AFTER_KEY.search(line.text):
            message = "marked words right after a citation or reference without brackets"
            report.problem(line, f"{message}: accepted is [@key], or a word between them")
        whole = ""
        end = 0
        for match in SHORTCODE.finditer(line.text):
            whole += f"{line.text[end : match.start()]}QVALUE{len(shown)}Q"
            end = match.end()
            shown.append(_value(report, line, match, values))
            report.origins.append(line)
        text.append(whole + line.text[end:])
        if "{{<" in text[-1] or ">}}" in text[-1] or "{{%" in text[-1]:
            report.problem(line, "shortcode that does not end on its line")
    if fence:
        report.problem(report.lines[-1], "a code block is not closed")
    return text, shown


def _check_fence(report: Report, line: Line) -> Line:
    """Give the line as pandoc reads it, to which the fence of a cell is none."""
    match = FENCE.match(line.text)
    rest = match[3].strip()
    if match[1]:
        # Quarto 1.7 and 1.8 print its indentation.
        message = "code block that begins an item of a list: accepted is one after a paragraph"
        report.problem(line, message)
    is_cell = bool(CELL_FENCE.match(rest))
    if is_cell and report.runs_cells:
        return replace(line, text=f"{line.text[: match.end(2)]} {{.{CELL}}}")
    if is_cell or rest.startswith("{="):
        accepted = "accepted are code blocks such as ```r or ```{.r}"
        if is_cell:
            accepted += ", or a Quarto that renders (`renderer: quarto`), which alone runs cells"
        report.problem(line, f"code cell or raw block {rest!r}: {accepted}")
    return line


def _value(report: Report, line: Line, match: re.Match, values: Mapping[str, str]) -> str:
    """What a shortcode prints, or "" after noting the problem."""
    words = match[1].split()
    if words == ["pagebreak"] and match[0] == line.text.strip() == line.text:
        return f"[]{{data-raw='{match[0]}'}}"  # as Quarto's reader leaves it
    escaped = line.text[: match.start()].endswith("{")
    if escaped or len(words) != 2 or words[0] not in ("var", "meta", "include"):
        accepted = "var NAME, meta NAME, include FILE, and pagebreak on a line of its own"
        report.problem(line, f"shortcode {match[0]!r}: accepted are {accepted}")
    elif words[0] == "include":
        report.problem(line, f"shortcode {match[0]!r}: an include stands alone on its line")
    elif " ".join(words) not in values:
        where = "_variables.yml" if words[0] == "var" else "metadata.yml"
        report.problem(line, f"{words[0]} {words[1]!r} is not a value in {where}")
    return values.get(" ".join(words), "")


def _check_tokens(report: Report, tree: object) -> None:
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
            report.at(content[-1], f"shortcode in {place}: accepted is prose")
        for text in _attribute_texts(element):
            if TOKEN.search(text):
                report.at(
                    text, "shortcode in an attribute, identifier or address: accepted is prose"
                )


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


def _parsed(shown: list[str], paper_dir: Path, reader: str) -> list[list[dict]]:
    """Parse the values, each as a piece of Markdown."""
    if not shown:
        return []
    pieces = "\n\n".join("x " + " ".join(value.split()) for value in shown)
    blocks = parse(pieces, paper_dir, reader)[0]["blocks"]
    if len(blocks) != len(shown):
        raise RenderError("_variables.yml: a value is more than one piece of text")
    return [block["c"][2:] for block in blocks]


def _put_values_in(tree: object, values: list[list[dict]]) -> object:
    """Replace the tokens by their values."""

    def change(element: dict) -> list[dict] | None:
        if element["t"] != "Str" or not TOKEN.search(element["c"]):
            return None
        parts = TOKEN.split(element["c"])
        result = []
        for position, part in enumerate(parts):
            if position % 2:
                result += values[int(part)]
            elif part:
                result.append({"t": "Str", "c": part})
        return result

    return replace_inlines(tree, change)


# The header ----------------------------------------------------------------------------------


def _check_metadata(report: Report, tree: Mapping) -> None:
    """Pandoc reads more metadata from any lines between `---` and `---`."""
    for key in tree["meta"]:
        if key not in HEADER_KEYS:
            report.at(
                re.compile(rf"^{re.escape(key)}:"),
                f"{key!r} in a block of metadata: accepted "
                "are the header of the manuscript, and *** for a rule",
                last=True,
            )


def _check_header(report: Report) -> None:
    lines = report.lines
    if not lines or lines[0].text.strip() != "---":
        return None
    end = next(
        (at for at, line in enumerate(lines[1:], 1) if line.text.strip() in ("---", "...")), None
    )
    if end is None:
        return report.problem(lines[0], "the YAML header is not closed")
    try:
        header = yaml.safe_load("\n".join(line.text for line in lines[1:end])) or {}
    except yaml.YAMLError:
        return report.problem(lines[0], "the YAML header is not valid YAML")
    for key in header:
        if key not in HEADER_KEYS:
            report.at(
                f"{key}:", f"header key {key!r}: accepted is abstract (the rest is in metadata.yml)"
            )
    return None
