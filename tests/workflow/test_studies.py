"""Other studies, built by this project's rules: a new one, and a classic one."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "tests/reference"


def make(command: str, study: Path) -> subprocess.CompletedProcess:
    """Run a command for a study."""
    words = [sys.executable, ROOT / "analysis/make.py", command, "--study", study]
    environ = {**os.environ, "CASEBOOK_ENVIRONMENT": sys.prefix}
    return subprocess.run(
        list(map(str, words)), env=environ, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def lipset(tmp_path_factory):
    """The study of Lipset, built in a copy."""
    study = tmp_path_factory.mktemp("studies") / "lipset"
    shutil.copytree(ROOT / "examples/lipset", study)
    done = make("paper", study)
    assert done.returncode == 0, done.stdout + done.stderr
    return study


@pytest.fixture(scope="module")
def tables(lipset):
    """Its result tables by name."""
    return {path.stem: pd.read_csv(path) for path in (lipset / "data/processed").glob("*.csv")}


@pytest.fixture(scope="module")
def published():
    """What the R package QCA publishes: data sets by name."""
    with gzip.open(REFERENCE / "visible.json.gz", "rt", encoding="utf-8") as file:
        return json.load(file)["datasets"]


def test_a_new_study_builds_at_once(tmp_path):
    """The skeleton becomes a paper in four formats, its evidence and its metadata."""
    study = tmp_path / "mine"
    assert make("new", study).returncode == 0
    done = make("paper", study)
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path.name for path in (study / "paper/_output").iterdir()}
    assert made >= {f"manuscript.{ending}" for ending in ("html", "pdf", "docx", "xml")}
    assert made >= {"evidence.html", "claims.json", "ro-crate-metadata.json"}


def test_a_new_study_takes_no_folder_with_something_in_it(tmp_path):
    """Nothing of an author's is overwritten."""
    (tmp_path / "draft.txt").write_text("mine", encoding="utf-8")
    done = make("new", tmp_path)
    assert (1, ["draft.txt"]) == (done.returncode, [path.name for path in tmp_path.iterdir()])
    assert "there is something in this folder" in done.stderr


def test_a_folder_without_a_study_is_named(tmp_path):
    """The message names the folder and how to begin."""
    done = make("paper", tmp_path)
    assert done.returncode == 1
    assert f"STUDY={tmp_path.name}: there is no analysis/config.yaml" in done.stderr


def test_a_change_in_what_is_shared_is_kept_and_named(tmp_path):
    """What an author edited in a shared file is never overwritten."""
    study = tmp_path / "mine"
    make("new", study)
    edited = study / "analysis/rules/data.smk"
    edited.write_text("# mine\n", encoding="utf-8")
    done = make("status", study)
    assert done.returncode == 1
    assert "analysis/rules/data.smk: changed in the study" in done.stderr
    assert "# mine\n" == edited.read_text(encoding="utf-8")


def test_shared_files_are_renewed(tmp_path):
    """A study gets what changed in the project since, and loses what the project dropped.

    A dropped file that the study's author changed stays, and one line says so.
    """
    study = tmp_path / "mine"
    make("new", study)
    shared = study / "analysis/shared.json"
    names = json.loads(shared.read_text(encoding="utf-8"))
    old, mine = (study / f"analysis/rules/{name}.smk" for name in ("old", "mine"))
    old.write_text("", encoding="utf-8")
    mine.write_text("# mine", encoding="utf-8")
    dropped = {f"analysis/rules/{name}.smk": sha256(b"").hexdigest() for name in ("old", "mine")}
    shared.write_text(json.dumps({**names, **dropped}), encoding="utf-8")
    shared.rename(shared.with_name("lent.json"))  # as older versions call it
    (study / "Snakefile").unlink()
    said = make("status", study).stdout
    assert not old.exists()
    assert "# mine" == mine.read_text(encoding="utf-8")
    assert "analysis/rules/mine.smk: no longer shared, but changed in the study" in said
    assert "no longer shared" not in make("status", study).stdout
    assert (ROOT / "Snakefile").read_bytes() == (study / "Snakefile").read_bytes()
    assert names == json.loads(shared.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("model", "name", "places"), [("crisp", "LC", 0), ("multivalue", "LM", 0), ("fuzzy", "LF", 2)]
)
def test_the_published_sets_are_reproduced(lipset, tables, published, model, name, places):
    """Each kind of calibration gives the memberships that the R package publishes."""
    sets = tables["calibrated"].query("model == @model")
    sets = sets.pivot(index="case_id", columns="set", values="membership")
    cases = pd.read_csv(lipset / "data/raw/cases.csv")["case_id"]
    columns = published[name]["columns"]
    expected = pd.DataFrame(columns, index=cases)[list(sets)].astype(float)
    pd.testing.assert_frame_equal(
        expected, sets.loc[cases].round(places), check_names=False, check_exact=True
    )


@pytest.mark.parametrize(
    ("model", "outcome", "solution", "name"),
    [
        ("crisp", "SURV", "conservative", "SN_LC_SC"),
        ("crisp", "SURV", "parsimonious", "SN_LC_SP"),
        ("crisp", "~SURV", "conservative", "SN_LCn_SC"),
        ("crisp", "~SURV", "parsimonious", "SN_LCn_SP"),
        ("multivalue", "SURV", "conservative", "SN_LM_SC"),
        ("multivalue", "SURV", "parsimonious", "SN_LM_SP"),
        ("multivalue", "~SURV", "conservative", "SN_LMn_SC"),
        ("multivalue", "~SURV", "parsimonious", "SN_LMn_SP"),
        ("fuzzy", "SURV", "conservative", "SN_LF_SC"),
        ("fuzzy", "SURV", "parsimonious", "SN_LF_SP"),
        ("fuzzy", "SURV", "intermediate", "SN_LF_SI"),
    ],
)
def test_the_published_solutions_are_reproduced(tables, model, outcome, solution, name):
    """Every printed solution of the three data sets comes out of the workflow."""
    printed = json.loads((REFERENCE / "printed.json").read_text(encoding="utf-8"))
    (expected,) = next(each for each in printed if each["id"] == name)["solutions"]
    found = tables["formulas"].query(
        "model == @model and outcome == @outcome and solution == @solution"
    )
    assert [terms(expected)] == [terms(each) for each in found["expression"]]


def terms(expression: str) -> set[str]:
    """The terms of a solution; crisp literals of a multi-value model as `X` and `~X`."""
    text = re.sub(r"\bDEV\[(\d)\]", r"DEV{\1}", expression.partition(" => ")[0])
    text = re.sub(r"(\w+)\[0\]", r"~\1", re.sub(r"(\w+)\[1\]", r"\1", text))
    return set(text.split(" + "))


def test_what_a_study_does_without_is_left_out(lipset):
    """One pass, no statements, no sources: the paper says nothing of agreement or evidence."""
    raw = {path.name for path in (lipset / "data/raw").iterdir()}
    assert raw.isdisjoint({"evidence.csv", "adjudications.csv", "withdrawn.csv", "audit.csv"})
    page = (lipset / "paper/_output/manuscript.html").read_text(encoding="utf-8")
    assert "alpha" not in page.partition("<body>")[2].partition("<script")[0]
