"""Text, JSON and YAML files: read with errors that name the line."""

import json
from pathlib import Path

import yaml

from casebook.errors import InputError, Problem


def read_yaml(path: Path, name: str) -> object:
    """Read YAML, refusing repeated keys; a fault is an `InputError` that names the line."""
    text = read_text(path, name)
    try:
        return yaml.load(text, Loader=_UniqueKeys)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError([Problem(name, place, "", f"valid YAML ({error.problem})")]) from None
    except yaml.YAMLError as error:
        raise InputError([Problem(name, "", "", f"valid YAML ({error})")]) from None


def read_json(path: Path, name: str) -> object:
    """Read JSON; a fault is an `InputError` that names the line."""
    text = read_text(path, name)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InputError([Problem(name, place, "", f"valid JSON ({error.msg})")]) from None


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
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        bad = data[error.start : error.start + 1]
        place = f"row {row}, byte {error.start + 1}"
        value = f"0x{bad.hex().upper()}"
        raise InputError([Problem(name, place, value, "UTF-8 text (save it as UTF-8)")]) from None


class _UniqueKeys(yaml.SafeLoader):
    """A safe loader that refuses repeated keys, which YAML would silently overwrite."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Refuse repeated keys, then construct the mapping as usual."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value!r} stands here twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)
