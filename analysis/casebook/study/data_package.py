"""The dictionary of the raw tables: which files a study has, and how they are described."""

from collections.abc import Mapping
from pathlib import Path

from casebook.errors import InputError, Problem
from casebook.readers import read_json

DICTIONARY = "datapackage.json"


def raw_files(folder: Path) -> list[str]:
    """The paths of all files that the dictionary in the folder describes.

    Raises:
        InputError: the dictionary does not name them, or one of them is missing.
    """
    name = folder_name(folder)
    dictionary = read_json(folder / DICTIONARY, f"{name}/{DICTIONARY}", dict)
    try:
        paths = [each["path"] for each in dictionary["resources"]]
        missing = [path for path in paths if not (folder / path).is_file()]
    except (KeyError, TypeError):
        accepted = "a list of tables, each with the path of its file"
        raise InputError([Problem(f"{name}/{DICTIONARY}", "resources", "", accepted)]) from None
    if missing:
        accepted = f"this file is missing; {DICTIONARY} describes it"
        raise InputError([Problem(f"{name}/{path}", "", "", accepted) for path in missing])
    return [(folder / path).as_posix() for path in paths]


def folder_name(folder: Path) -> str:
    """How messages call a folder: its last two parts, such as `data/raw`."""
    return "/".join(Path(folder).resolve().parts[-2:])


def primary_key(schema: Mapping) -> tuple[str, ...]:
    """Columns of the primary key of a table schema, which may be a text or a list."""
    key = schema.get("primaryKey", ())
    return (key,) if isinstance(key, str) else tuple(key)
