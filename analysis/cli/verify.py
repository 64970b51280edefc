"""Verifying the outputs: a second build in an empty folder, compared with what is recorded."""

import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from cli.build import run_snakemake
from cli.contents import EQUAL, compare
from cli.environment import ROOT, damaged, environment, fail, renew, setup
from cli.manifest import canonical, digests, sources
from cli.reproduction import Artefact, write_report
from cli.state import find_difference, read_state, rules, take_snapshot
from cli.versions import versions

EXPECTED = "paper/expected.sha256"
HEAD = """\
# SHA-256 of every canonical output, one set for each renderer and its version.
# `make verify` builds again and compares with it; `make accept` writes it.
"""
SET = "# renderer: "
GOOD = ("identical", EQUAL)


def verify(options):
    """Build the present sources again in an empty folder and compare every output."""
    setup()
    if name := damaged():
        renew(name)
    renderer = versions(ROOT, environment())["renderer"]
    sets = read_expected(ROOT)
    if renderer not in sets:
        fail(
            f"{EXPECTED} has no set for {renderer}, but for {'; '.join(sets) or 'none'}: "
            "`make paper`, look at it, then `make accept`"
        )
    expected = sets[renderer]
    with rebuilt(ROOT, options.arguments) as (copy, seconds):
        artefacts = judge(expected, ROOT, copy)
        print_table(artefacts)
        good = all(each.verdict in GOOD for each in artefacts)
        folder = write_report(ROOT, copy, artefacts, renderer, seconds, good=good)
    print(f"\n{summary(artefacts)}; the report is in {folder}/")
    if not good:
        sys.exit(1)


@contextmanager
def rebuilt(root, arguments=()):
    """Build a copy of the sources alone; gives its folder and how many seconds it took."""
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        copy = Path(folder, "copy")
        for name in sources(root):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, copy / name)
        start = time.monotonic()
        if run_snakemake(*arguments, likely=None if arguments else rules(copy), root=copy):
            fail("the rebuild failed (see above)")
        yield copy, time.monotonic() - start


def judge(expected, root, copy):
    """Compare each output with its recorded checksum, and where that differs, the contents.

    Contents can be compared only where the project holds the file that was recorded.
    """
    now = digests(copy, canonical(copy))
    found = []
    for name in sorted(expected.keys() | now.keys()):
        old, new = expected.get(name, ""), now.get(name, "")
        if old == new:
            verdict = "identical"
        elif not new:
            verdict = "missing"
        elif not old:
            verdict = "new: not recorded"
        elif digests(root, [name]).get(name) == old:
            verdict = compare(root / name, copy / name)
        else:
            verdict = "changed: other bytes; the recorded file is not here to compare with"
        found.append(Artefact(name, old, new, verdict))
    return found


def print_table(artefacts):
    """Print artefact, expected, rebuilt, verdict."""
    print(f"\n{'artefact':<46}{'expected':<10}{'rebuilt':<10}verdict")
    for each in artefacts:
        print(f"{each.name:<46}{each.expected[:8]:<10}{each.rebuilt[:8]:<10}{each.verdict}")


def summary(artefacts):
    """How many artefacts got which verdict, in words."""
    words = [each.verdict.partition(":")[0] for each in artefacts]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))


def read_expected(root):
    """The recorded checksums: renderer to name to SHA-256."""
    sets = {}
    path = root / EXPECTED
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        if line.startswith(SET):
            current = sets.setdefault(line.removeprefix(SET), {})
        elif line and not line.startswith("#"):
            digest, name = line.split(maxsplit=1)
            current[name] = digest
    return sets


def write_expected(root, sets):
    """Write the recorded checksums, renderers and names in order."""
    parts = [HEAD]
    for renderer, digests_of in sorted(sets.items()):
        lines = [f"{digest}  {name}\n" for name, digest in sorted(digests_of.items())]
        parts.append(f"\n{SET}{renderer}\n{''.join(lines)}")
    part = root / f"{EXPECTED}.part"
    part.write_text("".join(parts), encoding="utf-8")
    part.replace(root / EXPECTED)


def accept(options):
    """Record the checksums of the present outputs as the expected ones, after asking."""
    setup()
    if find_difference(take_snapshot(ROOT), read_state(ROOT)):
        fail("the outputs are not current: run `make paper` first")
    renderer = versions(ROOT, environment())["renderer"]
    sets = read_expected(ROOT)
    old, new = sets.get(renderer, {}), digests(ROOT, canonical(ROOT))
    if old == new:
        print(f"{EXPECTED} is up to date for {renderer}")
        return
    print(f"{renderer}:")
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            word = "new" if name not in old else "gone" if name not in new else "changed"
            print(f"  {word:<9}{name}")
    if "--yes" not in options.arguments and not agreed():
        fail("nothing was changed (`make accept ARGS=--yes` does not ask)")
    write_expected(ROOT, {**sets, renderer: new})
    print(f"{EXPECTED} is written")


def agreed():
    """Ask; without somebody to answer it is a no."""
    try:
        return input("record these as expected? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
