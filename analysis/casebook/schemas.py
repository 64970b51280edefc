"""JSON schemas, and their errors, said so that an author knows what to do."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import jsonschema

from casebook.errors import Problem
from casebook.readers import read_yaml

Validator = jsonschema.Draft202012Validator


@cache
def load_schema(path: Path) -> Validator:
    """Read a schema from a YAML file, once in a process."""
    return Validator(read_yaml(path, path.name))


def schema_problems(validator: Validator, content: object, name: str) -> list[Problem]:
    """What a schema does not accept, in words that follow from the rules of the schema."""
    return [schema_problem(error, name) for error in validator.iter_errors(content)]


def schema_problem(error: jsonschema.ValidationError, name: str, place: str = "") -> Problem:
    """Turn an error of a JSON schema into a `Problem`: place as a path, what is accepted."""
    path = _place(error.absolute_path)
    place = " ".join(part for part in (place, path) if part)
    rule, limit = error.validator, error.validator_value
    if rule == "required":
        missing = error.message.split("'")[1]
        return Problem(name, place, "", f"the key {missing} is missing")
    if rule == "additionalProperties":
        known = error.schema.get("properties", {})
        extra = sorted(str(key) for key in error.instance if key not in known)
        return Problem(name, place, ", ".join(extra), f"only the keys {', '.join(known)}")
    accepted = {
        "type": f"a value of type {limit}",
        "enum": f"one of {', '.join(map(str, limit))}" if isinstance(limit, list) else "",
        "pattern": f"text of the pattern {limit}",
        "minItems": f"at least {limit} of them",
        "minLength": "text that is not empty",
        "minimum": f"a number not below {limit}",
        "maximum": f"a number not above {limit}",
    }.get(rule, error.message)
    if path.endswith("membership") and rule == "not":
        accepted = "a membership other than 0.5, which is neither in nor out"
    value = error.instance
    shown = "" if isinstance(value, (dict, list)) else str(value)
    return Problem(name, place, shown, accepted)


def described_problems(validator: Validator, content: object, name: str) -> Iterator[Problem]:
    """What a schema does not accept, where its descriptions say of each field what is accepted."""
    schema, errors = validator.schema, validator.iter_errors(content)
    for error in sorted(errors, key=lambda error: (error.json_path, error.message)):
        path = list(error.absolute_path)
        if error.validator in ("required", "dependentRequired"):
            # The message is "'url' is a required property", or "'end' is a dependency of 'start'".
            key, *others = error.message.split("'")[1::2]
            beside = "".join(f" beside {other}" for other in others)
            accepted = _described(schema, [*path, key])
            yield Problem(name, _place([*path, key]), "", f"missing{beside}; accepted: {accepted}")
        elif error.validator == "additionalProperties":
            known = error.schema["properties"]
            for key in sorted(error.instance.keys() - known.keys(), key=str):
                accepted = f"unknown field; accepted: {', '.join(known)}"
                yield Problem(name, _place([*path, key]), "", accepted)
        else:
            accepted = f"accepted: {_described(schema, path)}"
            yield Problem(name, _place(path), str(error.instance), accepted)


def _place(path: Iterable[str | int]) -> str:
    """Where a field stands: `author[0].name.family`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def _described(schema: Mapping, path: Iterable[str | int]) -> str:
    """What the schema says of a place; a description beside a reference says most."""
    node = schema
    for step in path:
        node = node["items"] if isinstance(step, int) else node["properties"][step]
        if "$ref" in node:
            node = {**schema["$defs"][node["$ref"].rpartition("/")[2]], **node}
    return node["description"]
