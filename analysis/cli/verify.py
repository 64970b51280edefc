"""Verifying the outputs: a second build in an empty folder, compared with what is recorded."""

import re
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cli.build import run_snakemake
from cli.contents import compare
from cli.environment import ROOT, damaged, environment, fail, renew, setup, write_text
from cli.manifest import NAME_RENDERER, canonical, digests, sources
from cli.reproduction import SET_ASIDE, Artefact, write_report
from cli.state import find_difference, read_state, rules, take_snapshot
from cli.versions import versions

EXPECTED = "paper/expected.sha256"
HEAD = """\
# SHA-256 of every canonical output; `make verify` builds again and compares with it, and
# `make accept` writes it. The bytes are the same with every renderer, but those of the last two
# files, which name the renderer:
"""
RENDERER = "# renderer: "
LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def verify(options):
    """Build the present sources again in an empty folder and compare every output."""
    setup()
    if name := damaged():
        renew(name)
    recorded, expected = read_expected(ROOT)
    if not expected:
        fail(f"{EXPECTED} has no checksums: `make paper`, look at it, then `make accept`")
    renderer = versions(ROOT, environment())["renderer"]
    with rebuilt(ROOT, options.arguments) as (copy, seconds):
        artefacts = judge(expected, ROOT, copy)
        if renderer != recorded:
            before = recorded or "a renderer that is not named"
            artefacts = set_aside(artefacts, f"recorded with {before}, rebuilt with {renderer}")
        print_table(artefacts)
        folder = write_report(ROOT, copy, artefacts, renderer, seconds)
    print(f"\n{summary(artefacts)}; the report is in {folder}/")
    if not all(each.good for each in artefacts):
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


def set_aside(artefacts, why):
    """Leave out of the comparison the files that differ because they name the renderer."""
    return [
        replace(each, verdict=f"{SET_ASIDE}: names the renderer; {why}")
        if each.name in NAME_RENDERER and each.verdict.startswith("changed")
        else each
        for each in artefacts
    ]


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
    """The recorded checksums: the renderer that ran, and name to SHA-256."""
    renderer, found = "", {}
    path = root / EXPECTED
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if line.startswith(RENDERER):
            renderer = line.removeprefix(RENDERER)
        elif line and not line.startswith("#"):
            digest, name = checksum_of(line, number)
            if name in found:
                fail_at(number, name, "each file only once")
            found[name] = digest
    return renderer, found


def checksum_of(line, number):
    """The checksum and the name in a line."""
    match = LINE.fullmatch(line)
    if not match:
        fail_at(number, line, "a SHA-256 in 64 small hexadecimal digits, two blanks, a file")
    return match.groups()


def fail_at(number, value, accepted):
    """Stop at a line of the recorded checksums that is none."""
    fail(
        f"{EXPECTED}: line {number}: {value!r}: {accepted} "
        "(without the file, `make accept` writes it anew)"
    )


def write_expected(root, renderer, expected):
    """Write the recorded checksums by name, those of the files that name the renderer last."""
    lines = {name: f"{digest}  {name}\n" for name, digest in sorted(expected.items())}
    last = [lines.pop(name) for name in NAME_RENDERER if name in lines]
    text = f"{HEAD}{RENDERER}{renderer}\n\n{''.join([*lines.values(), *last])}"
    write_text(root / EXPECTED, text)


def accept(options):
    """Record the checksums of the present outputs as the expected ones, after asking."""
    setup()
    if find_difference(take_snapshot(ROOT), read_state(ROOT)):
        fail("the outputs are not current: run `make paper` first")
    renderer = versions(ROOT, environment())["renderer"]
    recorded, old = read_expected(ROOT)
    new = digests(ROOT, canonical(ROOT))
    if (recorded, old) == (renderer, new):
        print(f"{EXPECTED} is up to date")
        return
    print(f"with {renderer}:")
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            word = "new" if name not in old else "gone" if name not in new else "changed"
            print(f"  {word:<9}{name}")
    if "--yes" not in options.arguments and not agreed():
        fail("nothing was changed (`make accept ARGS=--yes` does not ask)")
    write_expected(ROOT, renderer, new)
    print(f"{EXPECTED} is written")


def agreed():
    """Ask; without somebody to answer it is a no."""
    try:
        return input("record these as expected? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
