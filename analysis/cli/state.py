"""What the last build read and made, and how the project differs from that now.

`make` writes the state after each run of the workflow. Besides, Snakemake notes for each file
which rule made it, from which files, with which contents. Whatever is not exactly so any more is
out of date.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli import manifest
from cli.environment import NOTES, environment, read_json, write_json
from cli.versions import versions

FOLDER = ".build"  # what `make` remembers; nothing in it is published
STATE = Path(FOLDER, "state.json")
UNFINISHED = Path(".snakemake", "incomplete")  # what Snakemake notes of each step that it starts
FORMAT = 2
KILLED, FAILED = "the last build was killed", "the last build did not come to its end"
# A change of one of these may change any result, and Snakemake does not see it.
FOUNDATIONS = {"requirements.lock", "python", "platform"}


@dataclass(frozen=True)
class Note:
    """What Snakemake notes of a file or folder that it made.

    Attributes:
        rule: the rule.
        inputs: what it was made from, the script included.
        digests: SHA-256 of those inputs as they were; Snakemake leaves large ones and scripts out.
    """

    rule: str
    inputs: tuple[str, ...]
    digests: Mapping[str, str]


@dataclass(frozen=True)
class Snapshot:
    """The project as it is.

    Attributes:
        sources: what the workflow reads, name to SHA-256.
        made: what it has made, name to SHA-256.
        versions: of the tools, by name.
        notes: Snakemake's notes, by file or folder.
    """

    sources: Mapping[str, str]
    made: Mapping[str, str]
    versions: Mapping[str, str]
    notes: Mapping[str, Note]


@dataclass(frozen=True)
class Difference:
    """How the project differs from what the last build left; none of it means current.

    Attributes:
        incomplete: why there is no complete build to compare with, or "".
        afresh: whether everything has to be made again, because nothing can be relied on.
        sources: sources that are `new`, `gone` or `changed`.
        versions: tools of another version, to what it was.
        made: made files that are `gone`, `changed`, or `new`: not as the last build left them.
        edited: sources that changed since the last complete build, before or in a run that failed.
    """

    incomplete: str = ""
    afresh: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    edited: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether there is any."""
        return any((self.incomplete, self.sources, self.versions, self.made, self.edited))


def take_snapshot(root: Path) -> Snapshot:
    """Read the project at `root` as it is now."""
    return Snapshot(
        manifest.digests(root, manifest.sources(root)),
        manifest.digests(root, manifest.made(root)),
        versions(root, environment()),
        read_notes(root),
    )


def read_notes(root: Path) -> dict[str, Note]:
    """Snakemake's notes; a damaged one is none."""
    notes = {}
    for name, path in noted(root / NOTES):
        facts = read_json(path)
        if isinstance(facts, dict) and facts.get("rule"):
            inputs = (*facts["input"], f"analysis/scripts/{facts['rule']}.py")
            kept = (facts.get("input_checksums") or {}).items()
            digests = {each: digest.removeprefix("sha256:") for each, digest in kept}
            notes[name] = Note(facts["rule"], inputs, digests)
    return notes


def noted(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files and folders that Snakemake notes something of in a folder, and where."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            code = "".join(part.removeprefix("@") for part in path.relative_to(folder).parts)
            yield urlsafe_b64decode(code).decode(), path


def read_state(root: Path) -> dict:
    """What the last build left behind; empty where there is no record, or a damaged one."""
    state = read_json(root / STATE)
    return state if isinstance(state, dict) and state.get("format") == FORMAT else {}


def note_start(root: Path, state: Mapping) -> None:
    """Remember that a run has begun: whoever finds this afterwards knows that it was killed."""
    _write(root, {"made": {}, "edited": [], **state, "fault": KILLED, "afresh": True})


def write_state(root: Path, state: Mapping, before: Snapshot, after: Snapshot, code: int) -> bool:
    """Remember what a run left.

    Args:
        root: the project.
        state: the state before the run.
        before: the project before it.
        after: the project after it.
        code: its exit code.

    Returns:
        Whether all outputs are now up to date: the run succeeded and nothing was edited
        meanwhile.
    """
    same = (before.sources, before.versions) == (after.sources, after.versions)
    difference = find_difference(after, state)
    edited = {
        *difference.sources,
        *changes(before.sources, after.sources),
        *difference.versions,
        *difference.edited,
    }
    if code == 0 and same:
        names = [name for name in after.sources if name.endswith((".yaml", ".yml"))]
        texts = {name: (root / name).read_text("utf-8") for name in names}
        new = {"sources": after.sources, "versions": after.versions, "texts": texts}
        new |= {"fault": "", "afresh": False, "edited": [], "made": after.made}
    else:
        new = {key: state[key] for key in ("sources", "versions", "texts") if key in state}
        was = find_difference(before, state)
        new |= {"fault": FAILED, "afresh": was.afresh, "edited": sorted(edited)}
        # What was not as it should be and was not reached is as wrong as before; what a step left
        # that did not come to its end is not to be trusted, either.
        halves = dict(noted(root / UNFINISHED))
        wrong = {name for name in was.made if before.made.get(name) == after.made.get(name)}
        wrong |= {name for name in after.made if owner(name, halves)}
        known = {name: state["made"][name] for name in wrong & {*state.get("made", ())}}
        rest = {name: after.made[name] for name in after.made.keys() - wrong}
        new["made"] = dict(sorted((rest | known).items()))
    _write(root, new)
    return not new["fault"]


def _write(root: Path, state: Mapping) -> None:
    (root / FOLDER).mkdir(exist_ok=True)
    write_json(root / STATE, {**state, "format": FORMAT})


def find_difference(snapshot: Snapshot, state: Mapping) -> Difference:
    """Compare the project with what the last build left."""
    if not state:
        return Difference("there is no record of a build", afresh=bool(snapshot.made))
    made = changes(state["made"], snapshot.made)
    for name in snapshot.made:  # Snakemake knows how each came about, or it is not to be trusted
        if not owner(name, snapshot.notes):
            made.setdefault(name, "changed")
    sources = changes(state.get("sources", snapshot.sources), snapshot.sources)
    was = state.get("versions", {})
    versions = {name: was[name] for name in was if was[name] != snapshot.versions.get(name)}
    edited = frozenset(state["edited"])
    unknown = any(not owner(name, snapshot.notes) for name in made)
    return Difference(
        state["fault"],
        state["afresh"] or unknown or bool(FOUNDATIONS & {*sources, *versions, *edited}),
        sources,
        versions,
        made,
        edited,
    )


def changes(was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Files that are `new`, `gone` or `changed`, by their digests before and now."""
    words = {name: "new" if name in now else "gone" for name in was.keys() ^ now.keys()}
    words |= {name: "changed" for name in was.keys() & now.keys() if was[name] != now[name]}
    return dict(sorted(words.items()))


def owner(name: str, notes: Mapping[str, object]) -> str:
    """The file or folder, as Snakemake made and noted it, that a made file belongs to; or ""."""
    while name and name not in notes:
        name = name.rpartition("/")[0]
    return name


def outdated(snapshot: Snapshot, difference: Difference) -> set[str]:
    """The made files and folders that were made from other contents than there are now.

    Snakemake looks at dates first: it would miss a source that was replaced by an older file.
    """
    now = {**snapshot.sources, **snapshot.made}
    touched = {*difference.sources, *difference.edited}
    return {
        name
        for name, note in snapshot.notes.items()
        for each in note.inputs
        if (note.digests[each] != now.get(each) if each in note.digests else each in touched)
    }


def downstream(names: Iterable[str], notes: Mapping[str, Note]) -> set[str]:
    """Files, and all that was made from them, at first or second hand."""
    found = set(names)
    while True:
        more = {name for name, note in notes.items() if found & {*note.inputs}} - found
        if not more:
            return found
        found |= more


def rules(root: Path) -> dict[str, tuple[str, set[str]]]:
    """The rules of the workflow: its file, and the keys of the configuration that it names."""
    found = {}
    for path in sorted((root / "analysis/rules").glob("*.smk")):
        for text in re.split(r"^(?=rule \w+:)", path.read_text("utf-8"), flags=re.M):
            if name := re.match(r"rule (\w+):", text):
                named = re.findall(r"\bconfig((?:\[\"\w+\"\])+)", text)
                keys = {".".join(re.findall(r"\w+", key)) for key in named}
                keys |= {"renderer"} if "RENDERER" in text else set()
                found[name[1]] = path.relative_to(root).as_posix(), keys
    return found
