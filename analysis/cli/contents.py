"""Comparing what two builds made where the bytes differ: cells, numbers and words.

Another platform may round the last digit of a number otherwise. A table is compared cell by cell,
a record value by value, a figure number by number; what is within the tolerance is equal. A page
or an XML file is compared with its attributes and scripts, a PDF by its words. Pictures inside
documents are left out: they are outputs of their own.
"""

import csv
import io
import json
import math
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from cli.environment import PYTHON

# Declared once, for everything: results are written with six decimals, figures in points.
TOLERANCE = {".csv": 2e-6, ".json": 2e-6, ".svg": 0.01}
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
CHECKSUM = re.compile(r"\b(?:[0-9a-f]{64}|[A-Za-z0-9+/]{43}=)")
PICTURE = re.compile(r"data:image/\S+")
READ_PDF = """
import sys, pypdfium2
for page in pypdfium2.PdfDocument(sys.argv[1]):
    print(page.get_textpage().get_text_range())
"""
EQUAL = "equal within tolerance"


def compare(expected: Path, rebuilt: Path) -> str:
    """Say how two files differ that have not the same bytes: `EQUAL`, or what changed where."""
    try:
        differences = list(_READERS.get(rebuilt.suffix, _words)(expected, rebuilt))
    except (ValueError, ElementTree.ParseError, zipfile.BadZipFile) as error:
        differences = [f"cannot be read ({error})"]
    if not differences:
        return EQUAL
    more = f" (and {len(differences) - 1} more)" if len(differences) > 1 else ""
    return f"changed: {differences[0]}{more}"


def _tables(expected: Path, rebuilt: Path) -> Iterator[str]:
    old, new = (
        list(csv.reader(io.StringIO(path.read_text("utf-8")))) for path in (expected, rebuilt)
    )
    if len(old) != len(new) or old[:1] != new[:1]:
        heads = [", ".join(rows[0]) if rows else "nothing" for rows in (old, new)]
        yield f"{len(old)} rows of {heads[0]} → {len(new)} rows of {heads[1]}"
        return
    for number, (row, other) in enumerate(zip(old, new, strict=True), 1):
        if len(row) != len(other):
            yield f"row {number}: {len(row)} cells → {len(other)} cells"
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
        elif not _same(old[place], new[place]):
            yield f"{place}: {old[place]} → {new[place]}"


def _same(old: object, new: object) -> bool:
    """Whether two values of a record are the same; only numbers have a tolerance."""
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, abs_tol=TOLERANCE[".json"])
    return type(old) is type(new) and _without_checksums(str(old)) == _without_checksums(str(new))


def _leaves(value: object, place: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            name = each.get("@id", number) if isinstance(each, dict) else number
            yield from _leaves(each, f"{place}[{name}]")
    elif not place.endswith("contentSize"):
        yield place, value


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
            names = [name for name in sorted(parts.namelist()) if name.endswith((".xml", ".rels"))]
            return " ".join(f"{name} {_markup(parts.read(name))}" for name in names)
    if path.suffix == ".xml":
        return _markup(path.read_bytes())
    if path.suffix == ".html":
        reader = _Page()
        reader.feed(path.read_text("utf-8"))
        return " ".join(reader.texts)
    return path.read_text("utf-8", errors="replace")


def _markup(xml: bytes) -> str:
    """Texts, elements and attributes of an XML file, in order."""
    texts = []
    for node in ElementTree.fromstring(xml).iter():
        texts += [f"<{node.tag}>", *_attributes(node.attrib.items()), node.text or ""]
        texts.append(node.tail or "")
    return " ".join(texts)


def _attributes(items: Iterable[tuple[str, str | None]]) -> list[str]:
    """Attributes by name; pictures that are written out in them are outputs of their own."""
    found = ((name, value or "") for name, value in sorted(items))
    return [f'{name}="{PICTURE.sub("picture", value)}"' for name, value in found]


class _Page(HTMLParser):
    """The elements, attributes and texts of a page, scripts and styles included."""

    def __init__(self):
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.texts += [f"<{tag}>", *_attributes(attrs)]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


_READERS = {".csv": _tables, ".svg": _figures, ".json": _records}
