"""The prose of the paper as it is typed: its sentences, each with its place in the article.

Prose is the manuscript with its abstract and the chapters that it includes, the captions of its
figures and tables, and the checklist.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from casebook.exhibits.markdown import label_of
from casebook.readers import read_text, read_yaml

ABSTRACT = "abstract"
OPENING = "opening"  # what stands before the first section that has a label
KINDS = {"figures": "fig", "tables": "tbl"}
INCLUDED = re.compile(r"\{\{<\s*include\s+\S*?(figures|tables)/(\w+)\.md\s*>\}\}")
CHAPTER = re.compile(r"\s*\{\{<\s*include\s+(?!_generated/)(\S+)\s*>\}\}\s*$")
SECTION = re.compile(r"#+ .*\{[^}]*#(sec-[\w-]+)")
# Of code, or of a formula in lines of its own.
FENCE = re.compile(r"\s{0,3}(```|~~~|\$\$(?!.*\$\$))")


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
        standing = standing_alone(words)
        return self.line + next(
            (i for i, line in enumerate(self.lines) if standing.search(line)), 0
        )


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
    read_yaml(Path(path), str(path))  # says what is wrong with it
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


def standing_alone(words: str) -> re.Pattern:
    """Match words that are no part of a longer numeral."""
    return re.compile(rf"(?<!\d)(?<!\d[.,:]){re.escape(words)}(?![.,:]?\d)")
