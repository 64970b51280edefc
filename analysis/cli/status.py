"""Saying whether the outputs are current, and if not, why and what a build would make again."""

import textwrap
from pathlib import PurePosixPath

from cli.environment import ROOT, complete
from cli.state import downstream, find_difference, outdated, owner, read_state, rules, take_snapshot
from cli.yaml_keys import changed_keys

CONFIG = "analysis/config.yaml"
# What a source is called, by the beginning of its name; the first that fits.
KINDS = {
    "data/raw/": "raw data",
    "analysis/config.yaml": "configuration",
    "analysis/config.schema.yaml": "configuration",
    "analysis/rules/": "rules",
    "Snakefile": "rules",
    "analysis/scripts/": "script",
    "analysis/casebook/": "module",
    "analysis/": "command",
    "paper/_extensions/": "journal format",
    "paper/": "manuscript",
}


def status(_options):
    """Say whether the outputs are current; neither Snakemake nor anything else is started."""
    state = read_state(ROOT)
    snapshot = take_snapshot(ROOT)
    difference = find_difference(snapshot, state)
    if not complete():
        print("the environment is not complete: `make setup` (or any build) makes it")
    if not difference:
        print("the outputs are current")
        return
    print("the outputs are not current")
    for kind, what in reasons(ROOT, difference, state):
        print(f"  {kind:<16}{what}")
    print("`make paper` will make again, at most")
    folders = rebuilt(ROOT, snapshot, difference, state)
    if sum(map(len, folders.values())) >= len(snapshot.notes):
        print("    everything")
        return
    for folder, names in folders.items():
        text = textwrap.fill(", ".join(names), 78, initial_indent="    ", subsequent_indent="    ")
        print(f"  {folder}\n{text}")


def reasons(root, difference, state):
    """Why the outputs are not current: pairs of the kind of thing and what happened to it."""
    if difference.incomplete:
        yield "build", difference.incomplete
    for name, word in difference.sources.items():
        kind = next((KINDS[start] for start in KINDS if name.startswith(start)), "environment")
        keys = keys_of(root, name, state) if word == "changed" else {}
        changed = ", ".join(f"{key} (line {line})" for key, line in keys.items())
        yield kind, f"{name}: {changed or word}"
    for name, was in difference.versions.items():
        yield "tool", f"{name}: was {was}"
    for name in sorted(difference.edited - difference.sources.keys() - difference.versions.keys()):
        yield "build", f"{name} was other when the last build failed"
    if state:
        for name, word in difference.made.items():
            yield "made file", f"{name}: {word} since the last build"


def keys_of(root, name, state):
    """The keys that changed in a YAML file since the last complete build, with their lines."""
    old = state.get("texts", {}).get(name)
    return {} if old is None else changed_keys(old, (root / name).read_text("utf-8", "replace"))


def rebuilt(root, snapshot, difference, state):
    """What a build will make again at most: the names of the files, by folder."""
    folders = {}
    for path in map(PurePosixPath, sorted(expected(root, snapshot, difference, state))):
        folders.setdefault(path.parent.as_posix(), []).append(path.name)
    return folders


def expected(root, snapshot, difference, state):
    """The files and folders that a build will make again at most."""
    notes = snapshot.notes
    if difference.afresh or "Snakefile" in difference.sources:
        return {*notes}
    chosen = concerned(root, difference, state)
    changed = {*difference.sources, *difference.edited, *outdated(snapshot, difference)}
    changed |= {owner(name, notes) or name for name in difference.made}
    changed |= {name for name, note in notes.items() if note.rule in chosen}
    return downstream(changed, notes) & {*notes, *difference.made}


def concerned(root, difference, state):
    """The rules that name a changed key of the configuration, or stand in a changed file."""
    keys = keys_of(root, CONFIG, state) if difference.sources.get(CONFIG) == "changed" else {}
    keys = [*keys, *difference.versions]
    return {
        rule
        for rule, (file, used) in rules(root).items()
        if file in difference.sources or any(related(key, each) for key in keys for each in used)
    }


def related(key, other):
    """Whether one key of the configuration is the other, or above or below it."""
    return f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")
