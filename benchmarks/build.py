"""Time a build and what an author waits for, beside one process that does the same work.

Run `python3 benchmarks/build.py`. Everything happens in a temporary copy of the tree with an
environment of its own, by the commands of users. The yardstick is a single Python process that runs
the scripts of the workflow one after the other: what the work itself takes on one core. Bare
Snakemake with nothing to do, and `quarto render` where Quarto exists, stand beside it; `--quarto`
names one that the builds do not use. Memory is the sum over all processes of a build, shared pages
counted once. Nothing else should run meanwhile.
A preview ends when the page that is served holds the new sentence, and once more, where there is
Chromium, when a browser that has the page open shows it.
"""

import argparse
import contextlib
import csv
import ctypes
import json
import os
import resource
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = [".git", ".venv", ".snakemake", "__pycache__", "_build", "_generated", "_output"]
FORMATS = [f"paper/_output/manuscript.{ending}" for ending in ("html", "pdf", "docx", "xml")]


def main():
    """Measure, and print a line for each thing as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="work here, and keep the environment")
    parser.add_argument("--quarto", type=Path, help="the program, if it is not on PATH")
    parser.add_argument("--list", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--run", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--watch", nargs=2, metavar=("PAGE", "TEXT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.list:
        print(json.dumps(list_jobs()))
    elif options.run:
        run_jobs(json.loads(Path(options.run).read_text(encoding="utf-8")))
    elif options.watch:
        watch(*options.watch)
    elif options.folder:
        measure(options.folder, options.quarto)
    else:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            measure(Path(folder, "copy"), options.quarto)


def measure(copy, quarto):
    """Copy the tree and time everything in the copy."""
    for path in copy.glob("*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(copy / ".snakemake", ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True)
    shutil.rmtree(copy / "data/processed", ignore_errors=True)
    adopt_orphans()
    sys.path.insert(0, str(copy / "analysis"))
    from cli.browser import installed_here
    from cli.environment import PYTHON, environment

    make = [sys.executable, "analysis/make.py"]
    os.environ.update(environment())
    table = Table()
    table.add("set-up", lambda: run([*make, "setup"], copy))
    listed = run([PYTHON, "benchmarks/build.py", "--list"], copy, stdout=subprocess.PIPE)
    (copy / "jobs.json").write_bytes(listed.stdout)
    one_process = [PYTHON, "benchmarks/build.py", "--run", "jobs.json"]
    table.add("single process", lambda: run(one_process, copy))
    run([*make, "clean"], copy)
    table.add("cold build", lambda: run([*make, "paper"], copy))
    table.add("nothing to do", lambda: run([*make, "paper"], copy))
    table.add("bare snakemake, nothing to do", lambda: run([PYTHON, "-m", "snakemake"], copy))
    change_a_score(copy)
    table.add("one score changed", lambda: run([*make, "paper"], copy))
    change_a_sentence(copy, "This sentence is new.")
    start = time.time()
    table.add("one sentence changed", lambda: run([*make, "paper"], copy))
    last = max((copy / name).stat().st_mtime for name in FORMATS)
    table.line("  its four formats are there", last - start)
    with Preview([*make, "preview"], copy) as preview:
        table.add("one sentence changed, preview", lambda: preview.show("This one is newer."))
        if browser := installed_here():
            time.sleep(20)  # all the rest is built meanwhile
            os.environ["CHROMIUM_PATH"], last = browser, "This is the last."
            command = [PYTHON, "benchmarks/build.py", "--watch", preview.page, last]
            with Browser(command, copy) as screen:
                table.add("  the same, on screen", lambda: screen.show(last))
    if quarto := quarto or shutil.which("quarto"):
        table.add("quarto render", lambda: run([quarto, "render", "paper"], copy))


class Table:
    """Prints each measurement beside the single process, once that is known."""

    def __init__(self):
        """Print the head."""
        self.yardstick = None
        cores = len(os.sched_getaffinity(0))
        print(f"{cores} cores, load {os.getloadavg()[0]:.1f}\n")
        print(f"{'':<32}{'wall':>9}{'ratio':>8}{'processor':>11}{'memory':>10}")

    def add(self, name, work):
        """Do a piece of work and print its seconds, its ratio, its processor seconds, its peak."""
        before, start = processor_seconds(), time.perf_counter()
        with Memory() as memory:
            work()
            seconds = time.perf_counter() - start
        work = processor_seconds() - before
        if name == "single process":
            self.yardstick = seconds
        self.line(name, seconds, f"{work:>9.1f} s{memory.peak:>6.0f} MiB")

    def line(self, name, seconds, more=""):
        """Print a name, its seconds, and their ratio to the single process."""
        ratio = f"{seconds / self.yardstick:.2f}" if self.yardstick else ""
        print(f"{name:<32}{seconds:>7.1f} s{ratio:>8}{more}", flush=True)


def run(command, folder, **options):
    """Run a command in a folder; a failure ends the benchmark with what the command said."""
    options = {"stdout": subprocess.DEVNULL, **options}
    done = subprocess.run(list(map(str, command)), cwd=folder, stderr=subprocess.PIPE, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr.decode()}")
    return done


def change_a_score(copy):
    """Correct one adjudicated score to what the first pass had said, as the study asks for."""
    with (copy / "data/raw/adjudications.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["score"] and row["score_a"]]
    rows = [row for row in rows if row["score"] != row["score_a"]]
    key = f"{rows[0]['case_id']} {rows[0]['construct']}"
    row = ["adjudications", key, "score", rows[0]["score"], rows[0]["score_a"], "benchmark"]
    with (copy / "data/raw/corrections.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(row) + "\n")


def change_a_sentence(copy, sentence):
    """Add a sentence to the first paragraph of the introduction."""
    path = copy / "paper/manuscript.qmd"
    before, heading, after = path.read_text(encoding="utf-8").partition("\n# ")
    title, blank, body = after.partition("\n\n")
    path.write_text(f"{before}{heading}{title}{blank}{sentence}\n{body}", encoding="utf-8")


class Preview:
    """A running preview, and a browser that waits for it to show an edit."""

    def __init__(self, command, copy):
        """Use this command in the folder `copy`."""
        self.command, self.copy = command, copy

    def __enter__(self):
        """Start it, and wait until it has built everything and watches."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        self.process = subprocess.Popen(self.command, cwd=self.copy, **pipes)
        lines = iter(self.process.stdout.readline, "")
        self.page = next(line.split()[0] for line in lines if line.startswith("http"))
        next(line for line in lines if "up to date" in line)
        threading.Thread(target=lambda: list(lines), daemon=True).start()
        time.sleep(5)  # its worker does its imports meanwhile
        return self

    def __exit__(self, *error):
        """Stop it as a user does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def show(self, sentence):
        """Add a sentence and wait until the page that is served holds it."""
        with urlopen(self.page.replace("manuscript.html", "news")) as news:
            change_a_sentence(self.copy, sentence)
            while news.readline():
                with urlopen(self.page) as page:
                    if sentence in page.read().decode():
                        return


class Browser:
    """A browser that has a page open."""

    def __init__(self, command, copy):
        """Use this command in the folder `copy`."""
        self.command, self.copy = command, copy

    def __enter__(self):
        """Open the page."""
        command = list(map(str, self.command))
        self.process = subprocess.Popen(command, cwd=self.copy, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        return self

    def __exit__(self, *error):
        """Close it."""
        self.process.wait()

    def show(self, sentence):
        """Add the sentence that the page is watched for, and wait until it is drawn."""
        change_a_sentence(self.copy, sentence)
        self.process.stdout.readline()


LOOK = """
(function look() {
  if (document.body?.textContent.includes(TEXT)) requestAnimationFrame(() => console.log("shown"));
  else requestAnimationFrame(look);
})()
"""


def watch(address, text):
    """Open a page in Chromium, say so, and say when it has drawn a text (in the next frame)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM_PATH"])
        page = browser.new_page()
        page.add_init_script(LOOK.replace("TEXT", json.dumps(text)))
        page.goto(address)
        print("open", flush=True)
        page.wait_for_event("console", lambda said: said.text == "shown", timeout=60_000)
        print("shown", flush=True)
        browser.close()


# The single process ---------------------------------------------------------------------------


def list_jobs():
    """Every job of the workflow in an order that works: what Snakemake gives to its script."""
    from snakemake.api import SnakemakeApi
    from snakemake.settings.types import DAGSettings, OutputSettings, Quietness, ResourceSettings

    def plain(named):
        return {"items": list(named), "names": dict(named.items())}

    with SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api:
        workflow = api.workflow(ResourceSettings(cores=1), snakefile=Path("Snakefile"))
        workflow.dag(DAGSettings(forceall=True)).execute_workflow(executor="dryrun")
        levels = workflow._workflow.dag.toposorted()
        jobs = [job for level in levels for job in sorted(level, key=str) if job.rule.script]
        kinds = ("input", "output", "params", "wildcards")
        return [
            {
                "script": f"analysis/scripts/{Path(job.rule.script).name}",
                "config": workflow._workflow.config,
                **{kind: plain(getattr(job, kind)) for kind in kinds},
            }
            for job in jobs
        ]


class Named(list):
    """A list of which some items have names, like Snakemake's."""

    def __init__(self, items, names):
        """Keep the items, and their names as attributes."""
        super().__init__(items)
        self.names = names
        self.__dict__.update(names)

    def __getitem__(self, key):
        """Find an item by name or by position."""
        return self.names[key] if isinstance(key, str) else super().__getitem__(key)

    def keys(self):
        """The names."""
        return self.names.keys()

    def items(self):
        """The names with their items."""
        return self.names.items()


def run_jobs(jobs):
    """Run the scripts one after the other in this process."""
    for job in jobs:
        script, config = job.pop("script"), job.pop("config")
        lists = {kind: Named(**value) for kind, value in job.items()}
        given = SimpleNamespace(config=config, **lists)
        for path in given.output:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        runpy.run_path(script, init_globals={"snakemake": given}, run_name="__main__")


# Processor time and memory --------------------------------------------------------------------


def adopt_orphans():
    """Let processes whose parents have ended become children of this one, so that they count."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def processor_seconds():
    """Processor time of all processes that this one started and that have ended."""
    late = time.monotonic() + 1
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < late:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):  # a preview goes on
                time.sleep(0.01)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Memory:
    """Watches the memory of all processes below this one (Linux only), five times a second."""

    def __enter__(self):
        """Start watching."""
        self.peak, self.done = 0.0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *error):
        """Stop watching."""
        self.done.set()
        self.thread.join()

    def watch(self):
        """Keep the highest sum, in MiB."""
        while not self.done.wait(0.2):
            total = sum(map(proportional_size, descendants(os.getpid())))
            self.peak = max(self.peak, total / 1024)


def descendants(pid):
    """Process ids of the children of a process, of their children, and so on."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    found, ahead = [], [pid]
    while ahead:
        above = ahead.pop()
        ahead += [child for child, parent in parents.items() if parent == above]
        found.append(above)
    return found[1:]


def proportional_size(pid):
    """Memory of a process in KiB, its part of shared pages included."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
