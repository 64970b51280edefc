"""Pandoc's document tree (JSON): parsing a text into it, and walking it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from casebook.pandoc import run_with_warnings

SPACE = {"t": "Space"}
# A text that may be the rest of an attribute, a block or a shortcode.
SYNTAX = re.compile(r"[{}?]|:::")


def parse(text: str, folder: Path, reader: str) -> tuple[dict, list[tuple[int, str]]]:
    """Parse Markdown as Quarto does.

    Args:
        text: the Markdown.
        folder: the Quarto project.
        reader: the format that its extension reads; see `Project`.

    Returns:
        Pandoc's document tree, and its warnings as (line, message).
    """
    said, printed = run_with_warnings(["--from", reader, "--to", "json"], text, folder)
    warnings = []
    for message in re.findall(r"\[WARNING\] (.*?)(?=\n\[|\Z)", said, flags=re.DOTALL):
        line = re.search(r"\bline (\d+)", message)
        plain = re.sub(r",? at line \d+ column \d+", "", " ".join(message.split()))
        warnings.append((int(line[1]) if line else 0, plain))
    return json.loads(printed), warnings


def elements(tree: object) -> Iterator[dict]:
    """Give every element (`{"t": …}`) of a tree, outer before inner, in reading order."""
    ahead = [tree]
    while ahead:
        value = ahead.pop()
        if isinstance(value, dict):
            if "t" in value:
                yield value
            ahead.extend(reversed(value.values()))
        elif isinstance(value, list):
            ahead.extend(reversed(value))


def replace_inlines(tree: object, change: Callable[[dict], list[dict] | None]) -> object:
    """Copy a tree, with each inline for which `change` gives a list replaced by that list."""
    if isinstance(tree, dict):
        return {key: replace_inlines(value, change) for key, value in tree.items()}
    if not isinstance(tree, list):
        return tree
    result = []
    for value in tree:
        new = change(value) if isinstance(value, dict) and "t" in value else None
        if new is None:
            result.append(replace_inlines(value, change))
        else:
            result.extend(new)
    return result


def join_words(tree: object, apart: re.Pattern) -> object:
    """Copy a tree, with each run of text as one element.

    Readers, filters and writers take their time by element, and print the same of both. A run
    starts with a word, since a mark or a number in its place can mean something to a filter or a
    format.

    Args:
        tree: pandoc's document tree, or a part of it.
        apart: words that have this in them stay alone as well.
    """
    if isinstance(tree, dict):
        if tree.get("t") == "Cite":
            return tree
        return {key: join_words(value, apart) for key, value in tree.items()}
    if not isinstance(tree, list):
        return tree
    result = []
    for value in tree:
        follows = len(result) > 1 and result[-1] == SPACE and _is_word(result[-2], apart)
        if follows and _is_text(value, apart):
            result.pop()
            result[-1] = {"t": "Str", "c": f"{result[-1]['c']} {value['c']}"}
        else:
            result.append(join_words(value, apart))
    return result


def _is_word(value: object, apart: re.Pattern) -> bool:
    return _is_text(value, apart) and any(map(str.isalpha, value["c"]))


def _is_text(value: object, apart: re.Pattern) -> bool:
    if not isinstance(value, dict) or value.get("t") != "Str":
        return False
    return not SYNTAX.search(value["c"]) and not apart.search(value["c"])


def plain_text(tree: object) -> str:
    """Text of a tree, with single spaces for spaces and line breaks."""
    parts = []
    for element in elements(tree):
        kind = element["t"]
        if kind == "Str":
            parts.append(element["c"])
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            parts.append(" ")
        elif kind in ("Code", "Math", "RawInline", "CodeBlock", "RawBlock"):
            parts.append(element["c"][-1])
    return "".join(parts)
