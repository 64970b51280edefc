"""Errors of JSON schemas, said so that an author knows what to do."""

import jsonschema

from casebook.errors import Problem


def schema_problem(error: jsonschema.ValidationError, name: str, place: str = "") -> Problem:
    """Turn an error of a JSON schema into a `Problem`: place as a path, what is accepted."""
    steps = (f"[{each}]" if isinstance(each, int) else f".{each}" for each in error.absolute_path)
    path = "".join(steps).removeprefix(".")
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
