"""Text, JSON and YAML files: read with errors that name the line, written in one way."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from yaml.composer import Composer, ComposerError
from yaml.constructor import ConstructorError

from casebook.errors import InputError, Problem

KINDS = {dict: "a mapping of keys to values", list: "a list"}
# Neither XML nor a spreadsheet takes them; tab, line feed and carriage return are none of them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ufffe\uffff]")


def read_yaml(path: Path, name: str, kind: type = object) -> object:
    """Read YAML as data: no repeated keys, no aliases, no types but its own.

    Args:
        path: the file.
        name: what messages call it.
        kind: `dict` or `list`, where nothing else will do.

    Raises:
        InputError: with the line of the fault.
    """
    text = read_text(path, name)
    try:
        return _of_kind(_load(text), name, kind)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError([Problem(name, place, "", f"valid YAML ({error.problem})")]) from None
    except (yaml.YAMLError, ValueError) as error:  # the latter for a date that is none
        raise InputError([Problem(name, "", "", f"valid YAML ({error})")]) from None
    except RecursionError:
        raise InputError([Problem(name, "", "", "YAML that is less deeply nested")]) from None


def read_json(path: Path, name: str, kind: type = object) -> object:
    """Read JSON, refusing repeated keys.

    Args:
        path, name, kind: as for `read_yaml`.

    Raises:
        InputError: with the line of the fault.
    """
    text = read_text(path, name)
    try:
        return _of_kind(json.loads(text, object_pairs_hook=_unique), name, kind)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError([Problem(name, place, "", f"valid JSON ({error.msg})")]) from None
    except KeyError as error:
        line = _second_line(text, error.args[0])
        accepted = "each key only once in an object"
        raise InputError([Problem(name, f"line {line}", error.args[0], accepted)]) from None
    except RecursionError:
        raise InputError([Problem(name, "", "", "JSON that is less deeply nested")]) from None


def write_json(content: object, path: Path) -> None:
    """Write JSON for people and for comparisons: a line for each item, every letter as it is."""
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file in one step, see `new_file`."""
    with new_file(path) as part:
        part.write_bytes(content)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a place to write a file at, which takes its own when all is written.

    Whoever reads the file meanwhile has the old one or the new; where an error ends the writing
    the old one stays.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _of_kind(content: object, name: str, kind: type) -> object:
    if not isinstance(content, kind):
        raise InputError([Problem(name, "", str(content)[:40], KINDS[kind])])
    return content


def _unique(pairs: list[tuple[str, object]]) -> dict:
    """An object of JSON, whose keys JSON would silently overwrite."""
    seen = dict(pairs)
    if len(seen) < len(pairs):
        keys = [key for key, _ in pairs]
        raise KeyError(next(key for key in keys if keys.count(key) > 1))
    return seen


def _second_line(text: str, key: str) -> int:
    """The line on which an object of JSON has a key for the second time; JSON is YAML, too."""
    try:
        yaml.load(text.replace("\t", " "), Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        return error.problem_mark.line + 1
    return text.count("\n", 0, text.rindex(json.dumps(key))) + 1


def read_text(path: Path, name: str) -> str:
    """Read UTF-8 text without byte order mark; faults are an `InputError` that names the place."""
    if not path.is_file():
        raise InputError([Problem(name, "", "", "this file is missing")])
    data = path.read_bytes()
    if not data.strip():
        raise InputError([Problem(name, "", "", "this file is empty")])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError([Problem(name, "byte 1", "", "UTF-8 text, but this file is UTF-16")])
    if data.startswith(b"\xef\xbb\xbf"):
        raise InputError(
            [Problem(name, "byte 1", "", "UTF-8 without byte order mark (save as plain UTF-8)")]
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        bad = data[error.start : error.start + 1]
        place = f"row {row}, byte {error.start + 1}"
        value = f"0x{bad.hex().upper()}"
        raise InputError([Problem(name, place, value, "UTF-8 text (save it as UTF-8)")]) from None
    if found := CONTROL.search(text):
        place = f"row {text.count(chr(10), 0, found.start()) + 1}"
        value = f"U+{ord(found[0]):04X}"
        raise InputError([Problem(name, place, value, "text without control characters")])
    return text


def _load(text: str) -> object:
    """Load YAML with the fast loader; what that refuses the other one explains, or accepts."""
    if "\t" in text:  # which libyaml takes in more places than YAML has them
        return yaml.load(text, Loader=_PlainLoader)
    try:
        return yaml.load(text, Loader=_FastLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return yaml.load(text, Loader=_PlainLoader)


class _Data:
    """What makes a loader refuse all that would make data more than data.

    Repeated keys would silently overwrite each other, and aliases let a few lines stand for
    millions.
    """

    def compose_node(self, parent: yaml.Node, index: object) -> yaml.Node:
        """Refuse aliases."""
        if self.check_event(yaml.AliasEvent):
            problem = "aliases are not read"
            mark = self.peek_event().start_mark
            raise ComposerError(None, None, problem, mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Refuse repeated keys, then construct the mapping as usual."""
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                problem = f"the key {key.value!r} stands here twice"
                raise ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


class _PlainLoader(_Data, yaml.SafeLoader):
    """A loader in Python."""


if yaml.__with_libyaml__:

    class _FastLoader(_Data, Composer, yaml.CSafeLoader):
        """A loader that parses by libyaml; its messages say less.

        Nodes are composed in Python, as libyaml's own way ends the process where they are deep.
        """

        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

else:
    _FastLoader = _PlainLoader
