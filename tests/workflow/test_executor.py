"""Claims about the executor: forks of a warm process are steps like any other."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from snakemake_executor_plugin_forkserver import Executor

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parents[2]
RULES = """
configfile: "config.json"
workdir: "work"

rule all:
    input: "reported.json", "shell.txt", "threads.json"

rule report:
    input: numbers="numbers.txt"
    output: reported="reported.json"
    params: factor=config["factor"], nested={"a": [1, 2]}
    script: "report.py"

rule threads:
    output: reported="threads.json"
    threads: 2
    script: "where.py"

rule shell:
    output: "shell.txt"
    shell: "echo said > {output}"
"""
# A step that leaves traces, which another step must not find.
REPORT = """
import json
import os
import multiprocessing
from decimal import getcontext

reported = {
    "sum": snakemake.params.factor * sum(map(int, open(snakemake.input.numbers))),
    "nested": snakemake.params["nested"],
    "rule": snakemake.rule,
    "positional": [snakemake.input[0], snakemake.output[0]],
    "folder": os.path.basename(os.getcwd()),
    "threads": [snakemake.threads, os.environ["OMP_NUM_THREADS"]],
    "precision": getcontext().prec,
}
getcontext().prec = 5
json.dump(reported, open(snakemake.output.reported, "w"))
"""
WHERE = """
import json
import multiprocessing

json.dump(multiprocessing.current_process().name, open(snakemake.output.reported, "w"))
"""


@pytest.fixture
def workflow(tmp_path):
    """A small workflow: a step for each way of running."""
    (tmp_path / "work").mkdir()
    (tmp_path / "Snakefile").write_text(RULES, encoding="utf-8")
    (tmp_path / "config.json").write_text('{"factor": 10}', encoding="utf-8")
    (tmp_path / "report.py").write_text(REPORT, encoding="utf-8")
    (tmp_path / "where.py").write_text(WHERE, encoding="utf-8")
    (tmp_path / "work/numbers.txt").write_text("1\n2\n", encoding="utf-8")
    return tmp_path


def snakemake(folder, *arguments, executor="forkserver"):
    """Run the workflow of a folder with an executor."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--executor", executor]
    paths = [ROOT / "analysis", folder]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def reported(folder, name="reported.json"):
    """What a step reported."""
    return json.loads((folder / "work" / name).read_text(encoding="utf-8"))


def test_a_fork_is_given_what_a_new_python_is_given(workflow):
    """The same input, output, params, threads, folder and state, whichever executor runs it."""
    expected = {
        "sum": 30,
        "nested": {"a": [1, 2]},
        "rule": "report",
        "positional": ["numbers.txt", "reported.json"],
        "folder": "work",
        "threads": [1, "1"],
        "precision": 28,
    }
    for executor in ("local", "forkserver"):
        done = snakemake(workflow, "--forceall", executor=executor)
        assert done.returncode == 0, done.stderr
        assert reported(workflow) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="forks are not safe elsewhere")
def test_only_scripts_of_one_thread_are_forks(workflow):
    """A fork is named after its rule; a step that wants two threads is a Python of its own."""
    rules = workflow / "Snakefile"
    assert snakemake(workflow).returncode == 0
    assert reported(workflow, "threads.json") == "MainProcess"
    rules.write_text(RULES.replace("threads: 2", "threads: 1"), encoding="utf-8")
    assert snakemake(workflow, "--forceall").returncode == 0
    assert reported(workflow, "threads.json") == "threads"
    assert (workflow / "work/shell.txt").read_text(encoding="utf-8") == "said\n"


def test_a_script_that_fails_stops_the_build_with_its_own_words(workflow):
    """The error names the script and its line, and the exit code is not 0."""
    (workflow / "report.py").write_text("x = 1\nraise OSError('no such sum')\n", encoding="utf-8")
    done = snakemake(workflow)
    assert done.returncode == 1
    assert 'report.py", line 2' in done.stderr
    assert "OSError: no such sum" in done.stderr
    assert not (workflow / "work/reported.json").exists()


@pytest.mark.parametrize("ending", ["raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)"])
def test_a_script_that_ends_early_is_an_error(workflow, ending):
    """Neither an exit code nor a signal is taken for success."""
    text = f"open(snakemake.output.reported, 'w').close()\n{ending}\n"
    (workflow / "report.py").write_text(text, encoding="utf-8")
    done = snakemake(workflow)
    assert done.returncode == 1
    assert "report.py ended with exit code" in done.stderr
    assert not (workflow / "work/reported.json").exists()


@pytest.mark.parametrize("module", ["missing", "broken"])
def test_imports_that_fail_are_the_errors_of_their_scripts(workflow, module):
    """A module that cannot be imported ahead of the script does not harm the others."""
    (workflow / "broken.py").write_text("raise ValueError('broken')\n", encoding="utf-8")
    (workflow / "report.py").write_text(f"import {module}\n", encoding="utf-8")
    (workflow / "Snakefile").write_text(RULES.replace("threads: 2", "threads: 1"), "utf-8")
    done = snakemake(workflow, "--keep-going")
    assert done.returncode == 1
    assert f"Error: {'broken' if module == 'broken' else 'No module named'}" in done.stderr
    assert reported(workflow, "threads.json") == (
        "threads" if module == "missing" else "MainProcess"
    )
    assert not (workflow / "work/reported.json").exists()


@pytest.mark.parametrize("module", ["pandas", "json"])
def test_rule_files_may_import_what_snakemake_is_spared(tmp_path, module):
    """Data frames are not found where no rule file asks for them, and are where one does."""
    (tmp_path / "analysis/rules").mkdir(parents=True)
    (tmp_path / "analysis/rules/study.smk").write_text(f"import {module} as found\n", "utf-8")
    code = "from cli.fork_server import without_needless; without_needless(); import pandas"
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "analysis")}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, check=False)
    assert (module == "pandas") == (done.returncode == 0)


def test_an_interrupt_waits_for_the_jobs_alone():
    """What is done at the end of a job may need a lock that the interrupted thread still holds."""
    executor, lock, done = Executor.__new__(Executor), threading.Lock(), []
    executor.pool = ThreadPoolExecutor(1)
    executor.submitted = [executor.pool.submit(lambda: time.sleep(0.1) or done.append("job"))]
    executor.submitted[0].add_done_callback(lambda _: lock.acquire() and done.append("end"))
    with lock:
        executor.cancel()
        assert ["job"] == done
    executor.pool.shutdown()
    assert ["job", "end"] == done


# Runs a program at a terminal of its own, where somebody types what this program reads.
TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"


@pytest.mark.skipif(sys.platform != "linux", reason="there are no forks elsewhere")
@pytest.mark.parametrize(
    ("flag", "code", "expected"),
    [
        ({"CASEBOOK_DEBUG": "1"}, 0, "(Pdb) 42\n"),
        ({}, 1, "make paper ARGS=--debug"),
    ],
)
def test_a_breakpoint_in_a_step_opens_a_debugger(workflow, flag, code, expected):
    """What is typed at the terminal reaches the step; without the flag, the flag is named."""
    (workflow / "report.py").write_text(f"{REPORT}\nbreakpoint()\nlast = True\n", encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--executor", "forkserver"]
    done = subprocess.run(
        [sys.executable, "-c", TERMINAL, *command, "reported.json"],
        cwd=workflow,
        env={**os.environ, **flag, "PYTHONPATH": str(ROOT / "analysis")},
        input="p reported['sum'] + 12\nc\n",
        capture_output=True,
        text=True,
    )
    assert code == done.returncode, done.stdout
    assert expected in done.stdout.replace("\r", "")
