"""Saying whether the outputs are current, and if not, why and what a build would make again."""

import textwrap
from pathlib import PurePosixPath

from cli.environment import ROOT, complete
from cli.state import difference, downstream, look, outdated, owner, read_state, rules
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
    present = look(ROOT)
    gap = difference(present, state)
    if not complete():
        print("the environment is not complete: `make setup` (or any build) makes it")
    if not gap:
        print("the outputs are current")
        return
    print("the outputs are not current")
    for kind, what in reasons(ROOT, gap, state):
        print(f"  {kind:<16}{what}")
    print("`make paper` will make again, at most")
    folders = rebuilt(ROOT, present, gap, state)
    if sum(map(len, folders.values())) >= len(present.notes):
        print("    everything")
        return
    for folder, names in folders.items():
        told = textwrap.fill(", ".join(names), 78, initial_indent="    ", subsequent_indent="    ")
        print(f"  {folder}\n{told}")


def reasons(root, gap, state):
    """Why the outputs are not current: pairs of the kind of thing and what happened to it."""
    if gap.incomplete:
        yield "build", gap.incomplete
    for name, word in gap.sources.items():
        kind = next((KINDS[start] for start in KINDS if name.startswith(start)), "environment")
        keys = keys_of(root, name, state) if word == "changed" else {}
        told = ", ".join(f"{key} (line {line})" for key, line in keys.items())
        yield kind, f"{name}: {told or word}"
    for name, was in gap.versions.items():
        yield "tool", f"{name}: was {was}"
    for name in sorted(gap.edited - gap.sources.keys() - gap.versions.keys()):
        yield "build", f"{name} was other when the last build failed"
    if state:
        for name, word in gap.made.items():
            yield "made file", f"{name}: {word} since the last build"


def keys_of(root, name, state):
    """The keys that changed in a YAML file since the last complete build, with their lines."""
    old = state.get("texts", {}).get(name)
    return {} if old is None else changed_keys(old, (root / name).read_text("utf-8", "replace"))


def rebuilt(root, present, gap, state):
    """What a build will make again at most: the names of the files, by folder."""
    folders = {}
    for path in map(PurePosixPath, sorted(expected(root, present, gap, state))):
        folders.setdefault(path.parent.as_posix(), []).append(path.name)
    return folders


def expected(root, present, gap, state):
    """The files and folders that a build will make again at most."""
    notes = present.notes
    if gap.afresh or "Snakefile" in gap.sources:
        return {*notes}
    chosen = concerned(root, gap, state)
    changed = {*gap.sources, *gap.edited, *outdated(present, gap)}
    changed |= {owner(name, notes) or name for name in gap.made}
    changed |= {name for name, note in notes.items() if note.rule in chosen}
    return downstream(changed, notes) & {*notes, *gap.made}


def concerned(root, gap, state):
    """The rules that name a changed key of the configuration, or stand in a changed file."""
    keys = keys_of(root, CONFIG, state) if gap.sources.get(CONFIG) == "changed" else {}
    keys = [*keys, *gap.versions]
    return {
        rule
        for rule, (file, used) in rules(root).items()
        if file in gap.sources or any(related(key, each) for key in keys for each in used)
    }


def related(key, other):
    """Whether one key of the configuration is the other, or above or below it."""
    return f"{key}.".startswith(f"{other}.") or f"{other}.".startswith(f"{key}.")
