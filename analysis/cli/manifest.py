"""The manifest: every file that the workflow reads or makes, with the SHA-256 of its content.

One list for `status`, `paper`, `verify`, `accept` and the research object. It names files by
their place in the project, and trusts nothing but contents: no dates, no sizes.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

# What the workflow reads: files, and folders with all that is in them.
READ = [
    "Snakefile",
    "analysis",
    "data/raw",
    "paper",
    "profiles",
    "pyproject.toml",
    "quarto.lock",
    "requirements.lock",
]
# What it makes.
MADE = [
    "data/processed",
    "paper/_build",
    "paper/_generated",
    "paper/_output",
    "paper/_variables.yml",
]
RECORD = "paper/_output/build.json"  # names all that the last build made, before it itself
# These say which renderer ran; every other output has the same bytes with each of them.
NAME_RENDERER = [RECORD, "paper/_output/ro-crate-metadata.json"]
LAST = [*NAME_RENDERER, "paper/_output/source"]
# What is published or rests on it, the same bytes on every build. The copies of sources in the
# research object are sources, and are not counted twice.
CANONICAL = ("data/processed/", "paper/_output/")
COPIES = "paper/_output/source/"
UNREAD = {"__pycache__", ".snakemake_timestamp"}  # Python's and Snakemake's own
# Left in `paper/` by a plain `quarto render`, and what `make accept` writes.
ASIDE = [
    "paper/_quarto",
    "paper/manuscript.typ",
    "paper/manuscript_files",
    "paper/expected.sha256",
]


def sources(root: Path) -> list[str]:
    """What the workflow reads in the project at `root`; hidden files and backups are nothing."""
    found = files(root, READ, {*MADE, *ASIDE})
    return [name for name in found if not re.search(r"(^|/)[.#]|~$", name)]


def made(root: Path) -> list[str]:
    """What the last build made there, as its record names it; without one, all that is there.

    What other targets of the workflow made (`snakemake multiverse`) is not of the paper.
    """
    try:
        names = json.loads((root / RECORD).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return files(root, MADE)
    return sorted({*names, *files(root, LAST)})


def canonical(root: Path) -> list[str]:
    """The outputs that are the same on every build."""
    names = [name for name in made(root) if name.startswith(CANONICAL)]
    return [name for name in names if not name.startswith(COPIES)]


def files(root: Path, tops: Iterable[str], without: Iterable[str] = ()) -> list[str]:
    """The files of a list and all files in the folders of it, in order."""
    found = {top for top in tops if Path(root, top).is_file()}
    for top in tops:
        for folder, inner, names in os.walk(Path(root, top), followlinks=True):
            at = Path(folder).relative_to(root)
            inner[:] = [x for x in inner if x not in UNREAD and (at / x).as_posix() not in without]
            found |= {(at / name).as_posix() for name in names if name not in UNREAD}
    return sorted(found.difference(without))


def digests(root: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each file that is there, by its name."""
    found = ((name, sha256(Path(root, name))) for name in names)
    return {name: digest for name, digest in found if digest}


def sha256(path: Path) -> str:
    """SHA-256 of a file as hexadecimal digits, or "" where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
