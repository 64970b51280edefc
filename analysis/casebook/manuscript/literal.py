"""The publication record as pandoc must read it: each text as it stands, and no markup in it."""

import re

# What pandoc would take for emphasis, code, formulas, elements, links, citations or entities.
MARKUP = re.compile(r"[*`~^$<>\[\]|]|(?<!\w)[_@#]|_(?!\w)|&(?=#?\w+;)|^[-+:%]")
# What it would take for the number of a list.
NUMBER = re.compile(r"^(\(?\w+)([.)]\s)")


def literal(value: object) -> object:
    """Copy a record with backslashes before the marks in its texts."""
    if isinstance(value, dict):
        return {key: literal(part) for key, part in value.items()}
    if isinstance(value, list):
        return [literal(part) for part in value]
    if isinstance(value, str):
        return NUMBER.sub(r"\1\\\2", MARKUP.sub(r"\\\g<0>", value))
    return value
