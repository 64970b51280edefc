"""Claims about the commands themselves, each run in the toy study."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cli.manifest import NAME_RENDERER, canonical, digests
from cli.verify import EXPECTED, read_expected, write_expected


def test_a_report_of_the_workflow_is_written(copy):
    """Snakemake's own: a page with every rule of the article."""
    done = copy.command("report")
    assert (0, "reproduction/workflow.html is written") == (
        done.returncode,
        done.stdout.splitlines()[-1],
    )
    page = (copy.folder / "reproduction/workflow.html").read_text(encoding="utf-8")
    assert page.startswith("<!")
    assert all(rule in page for rule in ("prevalence", "truth_table", "render"))


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_nothing_is_accepted_without_a_yes(copy, answer):
    """No, nothing, or nobody there: the changes are shown and none is written."""
    (old, digest), *_ = digests(copy.folder, canonical(copy.folder)).items()
    expected = {old: digest, "data/processed/gone.csv": "1" * 64}
    write_expected(copy.folder, "other 1", expected)
    done = copy.command("accept", stdin=None, input=answer)
    assert 1 == done.returncode
    assert done.stderr.startswith("make: nothing was changed (`make accept ARGS=--yes`")
    assert f"with {renderer(copy)}:" in done.stdout
    assert "  gone     data/processed/gone.csv\n" in done.stdout
    assert "  new      paper/_output/manuscript.pdf\n" in done.stdout
    assert f" {old}\n" not in done.stdout
    assert ("other 1", expected) == read_expected(copy.folder)


def test_what_is_not_current_is_not_accepted(copy):
    """Checksums of outputs that no longer fit the sources would be false."""
    copy.edit("paper/manuscript.qmd", "Everything here", "All of this")
    done = copy.command("accept", "--yes")
    message = "make: the outputs are not current: run `make paper` first"
    assert (1, message) == (done.returncode, done.stderr.strip())
    assert not (copy.folder / EXPECTED).exists()


def test_verify_says_what_is_reproduced_and_what_changed(copy):
    """What was accepted is identical; then a value, a sentence and a lost output are each named."""
    done = copy.command("verify")
    assert done.returncode == 1
    assert f"{EXPECTED} has no checksums: `make paper`" in done.stderr
    assert "" == done.stdout

    done = copy.command("accept", stdin=None, input="yes\n")
    assert 0 == done.returncode, done.stderr
    expected = digests(copy.folder, canonical(copy.folder))
    assert (renderer(copy), expected) == read_expected(copy.folder)
    assert f"{EXPECTED} is up to date" in copy.command("accept").stdout
    write_expected(copy.folder, "other 1", {**expected, NAME_RENDERER[0]: "1" * 64})
    done = copy.command("verify")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert f"; recorded with other 1, rebuilt with {renderer(copy)}\n" in done.stdout
    assert f"\n{len(expected) - 1} identical, 1 set aside; the report is in" in done.stdout
    assert facts(copy)["reproduced"] is True

    write_expected(copy.folder, renderer(copy), {**expected, "data/processed/lost.csv": "1" * 64})
    copy.edit("paper/manuscript.qmd", "Everything here is", "All of this is")
    rescore(copy)
    done = copy.command("verify")
    assert 1 == done.returncode
    table = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert table["data/processed/lost.csv"].endswith("missing")
    assert table["data/processed/calibrated.csv"].endswith("identical")
    assert "column score_a: 0.0 → 1.0 (and 2 more)" in table["data/processed/scores.csv"]
    for ending in ("html", "pdf", "docx", "xml"):
        line = table[f"paper/_output/manuscript.{ending}"]
        assert "[-Everything]" in line
        assert "[+All]" in line
    assert facts(copy)["reproduced"] is False
    page = (copy.folder / "reproduction/reproduction.html").read_text(encoding="utf-8")
    assert "Not all outputs were reproduced." in page


def rescore(study):
    """Score a construct anew in both passes."""
    for coder in "ab":
        row = f"west-garden,KEP,{coder},{{}},west-garden-kep-01"
        study.edit("data/raw/codings.csv", row.format(0), row.format(1))


def renderer(study):
    """The renderer of a study, as its build recorded it."""
    record = json.loads((study.folder / "paper/_output/build.json").read_text(encoding="utf-8"))
    return "{name} {version}".format(**record["renderer"])


def facts(study):
    """What the report of `make verify` records."""
    path = study.folder / "reproduction/reproduction.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_two_builds_at_once_end_well(built, copy):
    """The second one says that it waits; then it finds nothing to do. The bytes are the same."""
    assert 0 == copy.command("clean").returncode
    assert {} == copy.contents()
    both = [start(copy) for _ in "ab"]
    said = [process.communicate()[0] for process in both]
    assert [0, 0] == [process.returncode for process in both], said
    waited = ["make: another build is at work here, waiting for its end" in each for each in said]
    assert [False, True] == sorted(waited)
    assert "is up to date" in said[waited.index(True)]
    assert built.contents() == copy.contents()


def test_an_interrupted_build_is_gone_on_with(copy):
    """Ctrl-C ends it in order; what is whole is not made again, and a cold build gives the same."""
    rescore(copy)
    scores = copy.folder / "data/processed/scores.csv"
    before = scores.read_bytes()
    process = start(copy)
    while process.poll() is None and not (scores.exists() and scores.read_bytes() != before):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate()
    assert 130 == process.returncode, said
    assert said.endswith("The build stopped: interrupted; the next one goes on from here\n")
    assert "the last build did not come to its end" in copy.command("status").stdout
    done = copy.command("paper")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "(Rule: check)" not in done.stderr
    assert "(Rule: render)" in done.stderr
    found = copy.contents()
    copy.command("clean")
    assert 0 == copy.command("paper").returncode
    assert found == copy.contents()


def start(study):
    """Start `make paper` in a study, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "analysis/make.py", "paper"],
        cwd=study.folder,
        env={**os.environ, "CASEBOOK_ENVIRONMENT": sys.prefix},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
