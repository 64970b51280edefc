"""Comparing what two builds made where the bytes differ: cells, numbers and words.

Another platform may round the last digit of a number otherwise. A table is compared cell by cell,
a figure number by number, a document by its words; what is within the tolerance is equal.
"""

import csv
import io
import json
import math
import re
import subprocess
import zipfile
from collections.abc import Iterator
from difflib import unified_diff
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from door.environment import PYTHON

# Declared once, for everything: results are written with six decimals, figures in points.
TOLERANCE = {".csv": 2e-6, ".json": 2e-6, ".svg": 0.01}
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
CHECKSUM = re.compile(r"\b(?:[0-9a-f]{64}|[A-Za-z0-9+/]{43}=)")
READ_PDF = """
import sys, pypdfium2
for page in pypdfium2.PdfDocument(sys.argv[1]):
    print(page.get_textpage().get_text_range())
"""
EQUAL = "equal within tolerance"


def compare(expected: Path, rebuilt: Path) -> str:
    """Say how two files differ that have not the same bytes: `EQUAL`, or what changed where."""
    differences = list(_READERS.get(rebuilt.suffix, _words)(expected, rebuilt))
    if not differences:
        return EQUAL
    more = f" (and {len(differences) - 1} more)" if len(differences) > 1 else ""
    return f"changed: {differences[0]}{more}"


def _tables(expected: Path, rebuilt: Path) -> Iterator[str]:
    old, new = (
        list(csv.reader(io.StringIO(path.read_text("utf-8")))) for path in (expected, rebuilt)
    )
    if len(old) != len(new) or old[:1] != new[:1]:
        yield f"{len(old)} rows of {', '.join(old[0])} → {len(new)} rows of {', '.join(new[0])}"
        return
    for number, (row, other) in enumerate(zip(old, new, strict=True), 1):
        for column, cell, value in zip(old[0], row, other, strict=False):
            if not _close(cell, value, TOLERANCE[".csv"]):
                yield f"row {number}, column {column}: {cell} → {value}"


def _close(old: str, new: str, tolerance: float) -> bool:
    """Whether two texts are the same, their numbers within the tolerance."""
    if old == new:
        return True
    if NUMBER.split(old) != NUMBER.split(new):
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new), strict=True)
    return all(
        a == b or ("." in a + b and math.isclose(float(a), float(b), abs_tol=tolerance))
        for a, b in pairs
    )


def _figures(expected: Path, rebuilt: Path) -> Iterator[str]:
    old, new = (path.read_text("utf-8").splitlines() for path in (expected, rebuilt))
    if len(old) != len(new):
        yield f"{len(old)} lines → {len(new)} lines"
    for number, (line, other) in enumerate(zip(old, new, strict=False), 1):
        if not _close(line, other, TOLERANCE[".svg"]):
            yield f"line {number}: {_around(line, other)}"


def _around(old: str, new: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    start = max(0, at - 12)
    return f"{old[start : at + 24]!r} → {new[start : at + 24]!r}"


def _records(expected: Path, rebuilt: Path) -> Iterator[str]:
    old, new = (dict(_leaves(json.loads(path.read_text("utf-8")))) for path in (expected, rebuilt))
    for place in [*old, *(new.keys() - old.keys())]:
        if place not in old or place not in new:
            yield f"{place}: {'gone' if place in old else 'new'}"
        elif not _close(_without_checksums(old[place]), _without_checksums(new[place]), 2e-6):
            yield f"{place}: {old[place]} → {new[place]}"


def _leaves(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            name = each.get("@id", number) if isinstance(each, dict) else number
            yield from _leaves(each, f"{place}[{name}]")
    elif not place.endswith("contentSize"):
        yield place, str(value)


def _without_checksums(text: str) -> str:
    """The checksum of another file says nothing of this one, and that file is compared itself."""
    return CHECKSUM.sub("checksum", text)


def _words(expected: Path, rebuilt: Path) -> Iterator[str]:
    old, new = (_without_checksums(_text(path)).split() for path in (expected, rebuilt))
    changes = [line for line in unified_diff(old, new, n=2, lineterm="") if line[:3] not in MARKS]
    said = " ".join(line[1:] if line[0] == " " else f"[{line}]" for line in changes[:12])
    if changes:
        yield f"words: {said}"


MARKS = ("---", "+++", "@@ ")


def _text(path: Path) -> str:
    """The words of a document."""
    if path.suffix == ".pdf":
        command = [str(PYTHON), "-c", READ_PDF, str(path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            names = [name for name in sorted(parts.namelist()) if name.endswith(".xml")]
            return " ".join(
                " ".join(ElementTree.fromstring(parts.read(n)).itertext()) for n in names
            )
    if path.suffix == ".xml":
        return " ".join(ElementTree.fromstring(path.read_bytes()).itertext())
    if path.suffix == ".html":
        reader = _Page()
        reader.feed(path.read_text("utf-8"))
        return " ".join(reader.texts)
    return path.read_text("utf-8", errors="replace")


def _inner_text(xml: bytes) -> str:
    return " ".join(ElementTree.fromstring(xml).itertext())


class _Page(HTMLParser):
    """The texts of a page, those of its scripts and styles apart."""

    def __init__(self):
        super().__init__()
        self.texts: list[str] = []
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.hidden = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = False

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)


_READERS = {".csv": _tables, ".svg": _figures, ".json": _records}
