"""Claims about what is current: contents count, dates do not, and a doubt is a build."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from cli.build import likely_rules
from cli.manifest import RECORD
from cli.state import (
    downstream,
    find_difference,
    note_start,
    outdated,
    read_state,
    take_snapshot,
    write_state,
)
from cli.status import reasons, rebuilt
from cli.yaml_keys import changed_keys

ROOT = Path(__file__).resolve().parents[2]
RULES = """rule score:
    input: "data/raw/codings.csv",
    params: seed=config["seed"],
    script: "../scripts/score.py"


rule print:
    params: renderer=RENDERER,
    script: "../scripts/print.py"
"""
FILES = {
    "Snakefile": "",
    "analysis/config.yaml": "seed: 1\nrenderer: embedded\n",
    "analysis/rules/all.smk": RULES,
    "analysis/scripts/score.py": "score",
    "analysis/scripts/print.py": "print",
    "data/raw/codings.csv": "a\n",
    "paper/manuscript.qmd": "Text",
    "requirements.lock": "typst==1",
    "data/processed/scores.csv": "b\n",
    "paper/_output/manuscript.html": "<p>",
}
MADE = {
    "data/processed/scores.csv": ("score", ["data/raw/codings.csv"]),
    "paper/_output/manuscript.html": (
        "print",
        ["data/processed/scores.csv", "paper/manuscript.qmd"],
    ),
}


@pytest.fixture
def project(tmp_path):
    """A project of two steps, as Snakemake and `make paper` leave it after a build."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, (rule, inputs) in MADE.items():
        digests = {each: sha256(FILES[each].encode()).hexdigest() for each in inputs}
        facts = {"rule": rule, "input": inputs, "input_checksums": digests}
        path = tmp_path / ".snakemake/metadata" / base64.urlsafe_b64encode(name.encode()).decode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(facts), encoding="utf-8")
    run(tmp_path)
    return tmp_path


def run(project, code=0, before=None):
    """Note a run of the workflow that ended with a code."""
    now = take_snapshot(project)
    return write_state(project, read_state(project), before or now, now, code)


def difference(project):
    """How the project differs from its last build."""
    return find_difference(take_snapshot(project), read_state(project))


def write(project, name, text, old=False):
    """Write a file, if may be with a date of long ago."""
    (project / name).write_text(text, encoding="utf-8")
    if old:
        os.utime(project / name, (0, 0))


def explained(project):
    """The reasons that `make status` gives."""
    return list(reasons(project, difference(project), read_state(project)))


def test_after_a_build_the_outputs_are_current(project):
    """Nothing has changed."""
    assert not difference(project)


def test_dates_count_for_nothing(project):
    """The same contents with another date are current, other contents with an old one are not."""
    for name in FILES:
        os.utime(project / name, (0, 0))
    assert not difference(project)
    write(project, "data/raw/codings.csv", "c\n", old=True)
    assert difference(project)
    assert {"data/processed/scores.csv"} == outdated(take_snapshot(project), difference(project))


@pytest.mark.parametrize("name", FILES)
def test_no_file_may_change_or_go(project, name):
    """Each source and each made file counts."""
    write(project, name, FILES[name] + " ")
    assert difference(project)
    (project / name).unlink()
    assert difference(project)
    write(project, name, FILES[name])
    assert not difference(project)


def test_a_new_source_counts(project):
    """A table, an include or a module that comes is a change."""
    write(project, "paper/part.qmd", "")
    assert {"paper/part.qmd": "new"} == difference(project).sources


def test_a_lost_note_counts(project):
    """A made file of which Snakemake knows nothing is not trusted."""
    for path in (project / ".snakemake/metadata").iterdir():
        path.write_text('{"rule": "sc', encoding="utf-8")
    assert difference(project).made.keys() == MADE.keys()
    assert difference(project).afresh


def test_a_killed_build_leaves_nothing_to_rely_on(project):
    """Its beginning is noted; who finds no end makes everything again."""
    note_start(project, read_state(project))
    assert "the last build was killed" == difference(project).incomplete
    assert difference(project).afresh
    assert not run(project, code=1)
    assert difference(project).afresh
    assert run(project)
    assert not difference(project)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}'])
def test_a_damaged_state_is_none(project, text):
    """Without a record of a build, everything is out of date."""
    write(project, ".build/state.json", text)
    assert "there is no record of a build" == difference(project).incomplete
    assert difference(project).afresh


def test_a_failed_build_leaves_nothing_current(project):
    """Even when the edit is taken back, and the file gets its old date again."""
    write(project, "data/raw/codings.csv", "c\n", old=True)
    write(project, "analysis/scripts/print.py", "other", old=True)
    assert not run(project, code=1)
    write(project, "data/raw/codings.csv", "a\n", old=True)
    write(project, "analysis/scripts/print.py", "print", old=True)
    assert "the last build did not come to its end" == difference(project).incomplete
    assert {"paper/_output/manuscript.html"} == outdated(
        take_snapshot(project), difference(project)
    )


@pytest.mark.parametrize("text", ["other", None])
def test_what_a_failed_build_did_not_reach_is_as_wrong_as_before(project, text):
    """A made file that was edited, deleted or slipped in is named until it is made."""
    name = "data/processed/scores.csv"
    write(project, "data/processed/new.csv", "")
    (project / name).unlink() if text is None else write(project, name, text)
    wrong = difference(project).made
    assert {name, "data/processed/new.csv"} == wrong.keys()
    assert not run(project, code=1)
    assert wrong == difference(project).made
    before = take_snapshot(project)
    write(project, name, FILES[name])
    assert not run(project, code=1, before=before)
    assert {"data/processed/new.csv"} == difference(project).made.keys()


def test_what_a_step_left_half_made_is_not_trusted(project):
    """Interrupted while it wrote: Snakemake notes the step as begun, and the file is as if new."""
    name = "data/processed/scores.csv"
    marker = project / ".snakemake/incomplete" / base64.urlsafe_b64encode(name.encode()).decode()
    marker.parent.mkdir()
    marker.write_text("{}", encoding="utf-8")
    before = take_snapshot(project)
    write(project, name, "hal")
    assert not run(project, code=130, before=before)
    assert {name: "changed"} == difference(project).made
    assert not difference(project).afresh


def test_an_edit_during_the_build_leaves_nothing_current(project):
    """What a step had read before the edit is made again, whatever the dates say."""
    before = take_snapshot(project)
    write(project, "analysis/scripts/score.py", "faster", old=True)
    assert not run(project, before=before)
    assert difference(project)
    assert {"data/processed/scores.csv"} == outdated(take_snapshot(project), difference(project))


@pytest.mark.parametrize("code", [0, 1])
def test_another_lock_makes_everything_anew(project, code):
    """Other versions of the packages may change any result, after a failed build as well."""
    assert not difference(project).afresh
    write(project, "requirements.lock", "typst==2")
    assert difference(project).afresh
    run(project, code)
    write(project, "requirements.lock", "typst==2")
    assert bool(code) == difference(project).afresh


def test_status_names_the_reason(project):
    """Raw file, key of the configuration with its line, manuscript, made file and tool."""
    write(project, "data/raw/codings.csv", "c\n")
    write(project, "analysis/config.yaml", "seed: 2\nrenderer: embedded\n")
    write(project, "paper/_output/manuscript.html", "<b>")
    write(project, "requirements.lock", "typst==2")
    assert explained(project) == [
        ("configuration", "analysis/config.yaml: seed (line 1)"),
        ("raw data", "data/raw/codings.csv: changed"),
        ("environment", "requirements.lock: changed"),
        ("tool", "renderer: was embedded pypandoc-binary ?, typst 1"),
        ("made file", "paper/_output/manuscript.html: changed since the last build"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("paper/manuscript.qmd", "Other", {"paper/_output": ["manuscript.html"]}),
        (
            "data/raw/codings.csv",
            "c\n",
            {"data/processed": ["scores.csv"], "paper/_output": ["manuscript.html"]},
        ),
        (
            "analysis/config.yaml",
            "seed: 2\nrenderer: embedded\n",
            {"data/processed": ["scores.csv"], "paper/_output": ["manuscript.html"]},
        ),
        (
            "analysis/config.yaml",
            "seed: 1\nrenderer: auto\n",
            {"paper/_output": ["manuscript.html"]},
        ),
        ("analysis/config.yaml", "# Seed\nseed: 1\nrenderer: embedded\n", {}),
        ("analysis/scripts/print.py", "new", {"paper/_output": ["manuscript.html"]}),
    ],
)
def test_status_names_what_will_be_made(project, name, text, expected):
    """What rests on the changed file, at first and second hand, and nothing else."""
    write(project, name, text)
    assert expected == rebuilt(
        project, take_snapshot(project), difference(project), read_state(project)
    )


@pytest.mark.parametrize(
    ("record", "name", "expected"),
    [
        ({RECORD: ""}, "paper/manuscript.qmd", {"print"}),
        ({RECORD: ""}, "data/raw/codings.csv", {"score", "print"}),
        ({}, "paper/manuscript.qmd", {"score", "print"}),
    ],
)
def test_a_build_prepares_for_the_rules_that_will_run(project, record, name, expected):
    """Those of the files that will be made; all, where there is no record of the whole paper."""
    write(project, name, "Other")
    snapshot = take_snapshot(project)
    whole = replace(snapshot, made={**snapshot.made, **record})
    assert expected == likely_rules(project, whole, difference(project), read_state(project))


def test_downstream_follows_every_hand(project):
    """A source leads to what is made from what is made from it."""
    notes = take_snapshot(project).notes
    assert {*MADE, "data/raw/codings.csv"} == downstream({"data/raw/codings.csv"}, notes)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a: 1\nb: 2\n", "a: 1\nb: 3\n", {"b": 2}),
        ("a:\n  b:\n    c: 1\n", "a:\n  b:\n    c: 2\n", {"a.b.c": 3}),
        ("a:\n  b: 1\nd: 1\n", "a:\n  b: 1\nd: 2\n", {"d": 3}),
        ("a:\n  b: [1]\n", "a:\n  b: [1,\n    2]\n", {"a.b": 3}),
        ("a:\n  - b: 1\n    c: 2\n", "a:\n  - b: 1\n    c: 3\n", {"a.c": 3}),
        ("a: 1\nb: 2\n", "a: 1\n", {"b": 2}),
        ("a: 1\n", "a: 1  # why\n", {"comments": 1}),
        ("a: >-\n  text\n", "a: >-\n  other\n", {"a": 2}),
    ],
)
def test_changed_keys_are_named_from_the_lines(old, new, expected):
    """The path of each changed key, with its line."""
    assert expected == changed_keys(old, new)


def test_status_starts_nothing_and_loads_no_library():
    """Neither Snakemake nor pandas, nor any other program."""
    script = f"""
import sys
sys.path.insert(0, {str(ROOT / "analysis")!r})
programs = []
sys.addaudithook(lambda event, args: programs.append(args) if event == "subprocess.Popen" else 0)
from cli.status import status
status(None)
loaded = {{name.partition(".")[0] for name in sys.modules}}
assert not programs, programs
assert not {{"snakemake", "pandas", "numpy", "yaml"}} & loaded, loaded
"""
    environ = {key: value for key, value in os.environ.items() if key != "QUARTO_PATH"}
    environ["PATH"] = ""
    command = [sys.executable, "-S", "-c", script]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "the outputs are" in done.stdout
