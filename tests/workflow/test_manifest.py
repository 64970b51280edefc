"""Claims about the manifest: what the workflow reads is in it, each step reads what it declares.

The build of the toy study is traced twice: by an audit hook in each Python process, which knows
the step, and where there is a strace, by that, which sees pandoc and libraries in C as well.
`make reproduce` does the second with the real study.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli import manifest
from cli.state import NOTES, read_notes
from cli.trace import OWN, tracer, unknown
from cli.trace import opened as straced

SCRIPT = re.compile(r"\.snakemake/scripts/\w+\.(\w+)\.py$")


@pytest.fixture(scope="module")
def opened(built):
    """Pairs of the program and the file that it opened, inside the folder of the study."""
    lines = (built.folder.parent / "opened.tsv").read_text(encoding="utf-8").splitlines()
    pairs = {tuple(line.split("\t")) for line in lines}
    folder = built.folder.resolve()
    return {
        (who, Path(path).relative_to(folder).as_posix())
        for who, path in pairs
        if Path(path).is_relative_to(folder) and Path(path).is_file()
    }


def own(name):
    """Whether a file is Snakemake's, Python's, or the commands' own."""
    return name.startswith(OWN) or "__pycache__" in name or name.endswith("_timestamp")


def test_each_file_that_a_build_opens_is_in_the_manifest(built, opened):
    """A change of any of them is noticed: as a source, or as something that was made."""
    names = {name for _, name in opened if not own(name)}
    known = {*manifest.sources(built.folder), *manifest.made(built.folder)}
    assert len(names) > 100
    assert set() == names - known


def test_no_process_of_a_build_opens_what_the_manifest_has_not(built, opened):
    """Pandoc, Typst, shells and libraries in C are seen as well, and Python no worse."""
    log = built.folder.parent / "opened.log"
    if not log.exists():
        pytest.skip("there is no strace here, or it may not trace")
    assert [] == unknown(log, built.folder)
    seen = straced(log, built.folder)
    assert {name for _, name in opened if not own(name)} <= seen
    assert {name for name in manifest.sources(built.folder) if name.endswith(".lua")} & seen


def test_a_file_that_the_manifest_has_not_is_found_by_its_opening(tmp_path):
    """Opened by a child of a child, by a relative path, with letters beyond ASCII in it."""
    folder, log = tmp_path / "ünder", tmp_path / "log"
    if not (trace := tracer(log)):
        pytest.skip("there is no strace here, or it may not trace")
    (folder / "paper").mkdir(parents=True)
    for name in ("paper/known.md", "päper.md", "unread.md"):
        (folder / name).write_text("x", encoding="utf-8")
    script = "import os; os.chdir('paper'); os.system('cat known.md ../päper.md none.md')"
    subprocess.run([*trace, sys.executable, "-c", script], cwd=folder, check=False)
    assert {"paper/known.md", "päper.md"} == straced(log, folder)
    assert ["päper.md"] == unknown(log, folder)


def test_each_step_opens_only_what_it_declares(built, opened):
    """Snakemake's notes name every file that a script reads: what depends on it is known."""
    notes = read_notes(built.folder)
    declared, seen = {}, {}
    for name, note in notes.items():
        declared.setdefault(note.rule, {name}).update({name, *note.inputs})
    for who, name in opened:
        script = SCRIPT.search(who)
        seen.setdefault(script[1] if script else who, set()).add(name)
    assert declared.keys() - seen.keys() == set()
    for rule, names in declared.items():
        undeclared = {n for n in seen[rule] if not own(n) and not inside(n, names)}
        assert undeclared - beside(built) == set(), rule


def beside(built):
    """Tables that nothing includes: they stand in the folder that renderers work in a copy of."""
    text = (built.folder / "paper/manuscript.qmd").read_text(encoding="utf-8")
    tables = manifest.files(built.folder, ["paper/_generated/tables"])
    return {name for name in tables if name.removeprefix("paper/") not in text}


def inside(name, declared):
    """Whether a file is declared, or its folder is; temporary files are their targets."""
    plain = re.sub(r"(^|/)\.([^/]+?)(\.part|\.\w{8})$", r"\1\2", name)
    return any(plain == each or plain.startswith(f"{each}/") for each in declared)


def test_what_is_made_is_no_source(built):
    """Nothing stands on both sides."""
    made = {*manifest.made(built.folder)}
    assert made
    assert set() == made & {*manifest.sources(built.folder)}
    assert {*manifest.canonical(built.folder)} < made
    assert (built.folder / NOTES).is_dir()


def test_backups_and_caches_are_nothing(tmp_path):
    """An editor's leftovers do not make the outputs out of date."""
    for name in ("manuscript.qmd", "manuscript.qmd~", ".manuscript.qmd.swp", "#manuscript.qmd#"):
        (tmp_path / "paper").mkdir(exist_ok=True)
        (tmp_path / "paper" / name).write_text("x", encoding="utf-8")
    assert ["paper/manuscript.qmd"] == manifest.sources(tmp_path)
