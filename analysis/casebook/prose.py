"""The prose of the paper: where it uses each variable, and that it types no number of its own.

Prose is the manuscript with its abstract and the chapters that it includes, the captions of its
figures and tables, and the checklist.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import jsonschema
import pandas as pd
import yaml

from casebook.codebook import schema_problem
from casebook.errors import InputError, Problem
from casebook.markdown import label_of
from casebook.reading import read_text, read_yaml

SCHEMA = Path(__file__).with_name("literals.schema.yaml")
ABSTRACT = "abstract"
OPENING = "opening"  # what stands before the first section that has a label
KINDS = {"figures": "fig", "tables": "tbl"}

VARIABLE = re.compile(r"\{\{<\s*var\s+(\S+?)\s*>\}\}")
INCLUDED = re.compile(r"\{\{<\s*include\s+\S*?(figures|tables)/(\w+)\.md\s*>\}\}")
CHAPTER = re.compile(r"\s*\{\{<\s*include\s+(?!_generated/)(\S+)\s*>\}\}\s*$")
SECTION = re.compile(r"#+ .*\{[^}]*#(sec-[\w-]+)")
FENCE = re.compile(
    r"\s{0,3}(```|~~~|\$\$(?!.*\$\$))"
)  # of code, or of a formula in lines of its own
KEY = r"[A-Za-z_]\w*(?:[:./-]\w+)*"
CITATION = re.compile(rf"(?<![\w.])@({KEY})")
REFERENCE = re.compile(r"(?i)(fig|tbl|sec|eq)-")
NUMERAL = re.compile(r"\d(?:[\d.,:]*\d)?")
NOT_PROSE = re.compile(
    r"\{\{<.*?>\}\}"  # shortcode
    r"|<!--.*?-->"
    r"|`[^`]*`"
    r"|\$\$.*?\$\$|\$(?=\S)[^$]*?(?<=\S)\$(?!\d)"  # formula
    r"|https?:[^\s>]*|\]\([^)]*\)"  # address
    r"|&#?\w+;"  # character written as an entity
    rf"|(?<![\w.])-?@{KEY}"  # citation or cross-reference
    r"|\[\^[^\]]*\]:?"  # mark of a footnote
    r"|\{[#.\w][^}]*\}"  # attributes
    r"|^\s*\d+[.)]\s",  # mark of a numbered list
    re.S,
)


@dataclass(frozen=True)
class Passage:
    """A sentence of the manuscript, or a text that it includes.

    Attributes:
        file: name of the file that it stands in.
        place: label of the section, figure or table that it belongs to, `abstract` or `opening`.
        line: number of its first line.
        lines: its lines as they are typed.
    """

    file: str
    place: str
    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The passage on one line."""
        return " ".join(" ".join(self.lines).split())

    def line_of(self, words: str) -> int:
        """Say on which line some words stand."""
        standing = _standing_alone(words)
        return self.line + next(
            (i for i, line in enumerate(self.lines) if standing.search(line)), 0
        )


# Reading -------------------------------------------------------------------------------------


def read_prose(manuscript: Path, captions: Path, checklist: Path) -> list[Passage]:
    """Read all prose in the order of the files; captions of what is not included are left out.

    Args:
        manuscript: Markdown, one sentence a line, with its abstract in the header; what it
            includes by hand is read in its place.
        captions: YAML: `figures` and `tables`, noun → text, or noun → part → text.
        checklist: YAML: entries with texts; the file has the name of its table.

    Raises:
        InputError: a file is missing, or not UTF-8, or not YAML.
    """
    lines = list(read_lines(Path(manuscript)))
    passages = list(_sentences(lines))
    shown = set(included(lines))
    for keys, *found in _texts(captions):
        if keys[:2] in shown:
            passages.append(Passage(str(captions), label_of(KINDS[keys[0]], *keys[1:]), *found))
    if ("tables", noun := Path(checklist).stem) in shown:
        place = label_of("tbl", noun)
        passages += [Passage(str(checklist), place, *found) for _, *found in _texts(checklist)]
    return passages


def read_lines(manuscript: Path, within: tuple[Path, ...] = ()) -> Iterator[tuple[str, int, str]]:
    """Read the manuscript line by line, with the chapters that it includes in their places.

    An include that cannot be followed stays a line; the renderer says what is wrong with it.

    Args:
        manuscript: the file.
        within: the files that include it, the manuscript first.

    Yields:
        Name of the file, number of the line, the line.

    Raises:
        InputError: a file is missing or not UTF-8.
    """
    within, in_code = (*within, manuscript), False
    for number, line in enumerate(read_text(manuscript, str(manuscript)).splitlines(), 1):
        in_code ^= bool(FENCE.match(line))
        found = None if in_code else CHAPTER.match(line)
        chapter = found and within[0].parent / found[1]
        if chapter and chapter.is_file() and chapter not in within and _inside(chapter, within[0]):
            yield from read_lines(chapter, within)
        else:
            yield str(manuscript), number, line


def _inside(path: Path, manuscript: Path) -> bool:
    return path.resolve().is_relative_to(manuscript.parent.resolve())


def included(lines: Iterable[tuple[str, int, str]]) -> list[tuple[str, str]]:
    """The figures and tables that a manuscript includes: (`figures` or `tables`, noun)."""
    return list(dict.fromkeys(each for *_, line in lines for each in INCLUDED.findall(line)))


def _sentences(lines: Iterable[tuple[str, int, str]]) -> Iterator[Passage]:
    """Yield the lines of the manuscript with the section that each stands in."""
    place, in_header, in_code = OPENING, False, False
    for at, (file, number, line) in enumerate(lines):
        if line == "---" and (in_header or at == 0):
            in_header = not in_header
        in_code ^= bool(FENCE.match(line))
        place = (SECTION.match(line) or ["", place])[1]
        if not in_code and not line.startswith(":::"):
            yield Passage(file, ABSTRACT if in_header else place, number, (line,))


def _texts(path: Path) -> Iterator[tuple[tuple, int, tuple[str, ...]]]:
    """Yield each text of a YAML file: the keys that lead to it, its first line, its lines."""
    read_yaml(Path(path), str(path))  # tells what is wrong with it
    text = Path(path).read_text("utf-8")

    def walk(node: yaml.Node, keys: tuple) -> Iterator:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield from walk(value, (*keys, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                yield from walk(value, keys)
        elif node:
            lines = text[node.start_mark.index : node.end_mark.index].splitlines()
            yield keys, node.start_mark.line + 1, tuple(lines)

    yield from walk(yaml.compose(text), ())


def read_literals(path: Path) -> dict:
    """Read the texts with numerals that the prose may hold, see `literals.schema.yaml`.

    Raises:
        InputError: with everything that the closed schema does not accept.
    """
    literals = read_yaml(Path(path), str(path), dict)
    problems = [schema_problem(error, str(path)) for error in _validator().iter_errors(literals)]
    if problems:
        raise InputError(problems)
    return {"rules": [], **literals}


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(yaml.safe_load(SCHEMA.read_text("utf-8")))


# Checking ------------------------------------------------------------------------------------


def check_prose(
    passages: Sequence[Passage],
    declared: Collection[str],
    literals: Mapping,
    statements: pd.DataFrame,
    files: Mapping[str, str],
) -> pd.DataFrame:
    """Say where the prose uses each variable, once it is sure that it types no number itself.

    Args:
        passages: from `read_prose`.
        declared: names of the variables.
        literals: from `read_literals`.
        statements: `source_key` and `statement`; a cited source's own figures may be typed.
        files: what messages call the files of `variables` and `literals`.

    Returns:
        One row per use, in the order of the text: `name`, `place` (label of the section, figure
        or table, `abstract` or `opening`), `file`, `line`.

    Raises:
        InputError: with every numeral that is neither a variable nor allowed, every name that is
            not declared, every variable that is not used and every literal that no text holds.
    """
    told = statements.groupby("source_key")["statement"].agg(" ".join)
    if "cited-source" not in {each["rule"] for each in literals["rules"]}:
        told = told[:0]
    uses = [(name, each) for each in passages for name in VARIABLE.findall(each.text)]
    problems = [
        *_undeclared(uses, declared, files["variables"]),
        *_typed(passages, literals["literals"], told, files),
        *_unused(uses, declared, passages, literals["literals"], files),
    ]
    if problems:
        raise InputError(problems)
    rows = [(name, each.place, each.file, each.line_of(name)) for name, each in uses]
    return pd.DataFrame(rows, columns=["name", "place", "file", "line"])


def _undeclared(
    uses: Sequence[tuple[str, Passage]], declared: Collection[str], file: str
) -> Iterator[Problem]:
    for name, passage in uses:
        if name not in declared:
            near = ", ".join(get_close_matches(name, declared))
            accepted = f"a variable of {file}" + (f", such as {near}" if near else "")
            yield Problem(passage.file, f"line {passage.line_of(name)}", name, accepted)


def _typed(
    passages: Sequence[Passage], allowed: Sequence[Mapping], told: pd.Series, files: Mapping
) -> Iterator[Problem]:
    accepted = (
        f"a variable of {files['variables']}, a figure that a source cited in the same sentence "
        f"states, or a text that {files['literals']} lists with its reason"
    )
    for passage in passages:
        text = _prose(passage)
        for entry in allowed:
            if _holds(passage, entry):
                text = _standing_alone(entry["literal"]).sub(" ", text)
        cited = " ".join(told.get(key, "") for key in CITATION.findall(passage.text))
        for numeral in dict.fromkeys(NUMERAL.findall(text)):
            if not _standing_alone(numeral).search(cited):
                yield Problem(passage.file, f"line {passage.line_of(numeral)}", numeral, accepted)


def _unused(
    uses: Sequence[tuple[str, Passage]],
    declared: Collection[str],
    passages: Sequence[Passage],
    allowed: Sequence[Mapping],
    files: Mapping,
) -> Iterator[Problem]:
    used = {name for name, _ in uses}
    for name in declared:
        if name not in used:
            yield Problem(files["variables"], name, "", "a variable that the text uses; remove it")
    for at, entry in enumerate(allowed):
        literal = _standing_alone(entry["literal"])
        if not any(_holds(each, entry) and literal.search(_prose(each)) for each in passages):
            accepted = "a text that the paper holds; remove it"
            yield Problem(files["literals"], f"literals[{at}]", entry["literal"], accepted)


def _holds(passage: Passage, entry: Mapping) -> bool:
    return entry.get("within", "") in passage.text


def _prose(passage: Passage) -> str:
    """The words of a passage, without what is not printed as it is typed."""
    return NOT_PROSE.sub(" ", passage.text)


def _standing_alone(words: str) -> re.Pattern:
    """Match words that are no part of a longer numeral."""
    return re.compile(rf"(?<!\d)(?<!\d[.,:]){re.escape(words)}(?![.,:]?\d)")


def cited(text: str) -> set[str]:
    """The keys of the sources that a text cites, without cross-references."""
    return {key for key in CITATION.findall(text) if not REFERENCE.match(key)}
