"""What each script imports, at first and second hand: a change of it outdates what the script made.

A module depends on what its text names: modules that it imports, wherever the import stands, and
files beside it, such as a schema or a style sheet, whose names are strings in it.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from cli.environment import read_json, write_json
from cli.manifest import digests, files

CACHE = Path(".build", "imports.json")  # what each text names, by the digest of the text
FOLDER = "analysis"  # where Python finds the modules
OWN = f"{FOLDER}/cli/imports.py"  # the cache is of use as long as this module is as it was


def code_of_scripts(root: Path) -> dict[str, list[str]]:
    """The files that each script depends on, itself left out, by the name of the script."""
    there = digests(root, files(root, [FOLDER]))
    known = read_json(root / CACHE) or {}
    known = known if there.get(OWN) in known else {}
    modules = {name: digest for name, digest in there.items() if name.endswith(".py")}
    named = {
        digest: known[digest] if digest in known else names((root / name).read_bytes())
        for name, digest in modules.items()
    }
    if named.keys() != known.keys():
        (root / CACHE).parent.mkdir(exist_ok=True)
        write_json(root / CACHE, named)
    direct = {name: {*found(name, named[digest], there)} for name, digest in modules.items()}
    scripts = [name for name in modules if name.startswith(f"{FOLDER}/scripts/")]
    return {PurePosixPath(name).stem: closure(name, direct) for name in scripts}


def names(text: bytes) -> list[str]:
    """What a text in Python may depend on: modules that it imports, and strings of one word.

    One that is not Python depends on nothing: the step that runs it says what is wrong.
    """
    try:
        nodes = [*ast.walk(ast.parse(text))]
    except (SyntaxError, ValueError):
        return []
    words = set()
    for node in nodes:
        match node:
            case ast.Import():
                words |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str()):
                words |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            case ast.Constant(value=str()) if re.fullmatch(r"[\w.-]+\.\w+", node.value):
                words.add(node.value)
    return sorted(words)


def found(name: str, words: list[str], there: Mapping[str, str]) -> Iterator[str]:
    """The files that the words of a module stand for, of those that are there."""
    for word in words:
        parts = word.split(".")
        modules = ["/".join([FOLDER, *parts[: n + 1]]) for n in range(len(parts))]
        paths = [f"{module}{ending}" for module in modules for ending in (".py", "/__init__.py")]
        paths.append(PurePosixPath(name).with_name(word).as_posix())
        yield from (path for path in paths if path in there)


def closure(name: str, direct: Mapping[str, set[str]]) -> list[str]:
    """All that a script depends on, in order."""
    seen, queue = {name}, [name]
    while queue:
        more = direct.get(queue.pop(), set()) - seen
        seen |= more
        queue += more
    return sorted(seen - {name})
