"""Building the paper: one run of the workflow, and what it made."""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cli.build_lock import locked
from cli.environment import PYTHON, ROOT, diagnosis, environment, fail, run, setup
from cli.manifest import MADE, RECORD, files
from cli.state import (
    FOLDER,
    STATE,
    changes,
    find_difference,
    note_start,
    outdated,
    owner,
    read_state,
    rules,
    take_snapshot,
    write_state,
)
from cli.status import expected
from cli.versions import renderer

# Not a module run by its name, which each step would import again, with a warning.
FORK_SERVER = "from cli.fork_server import run; run()"
INTERRUPTED = 130  # the exit code of a program that was interrupted
OUTPUT = Path("paper", "_output")
LOG = Path(FOLDER, "log.jsonl")  # a line for each run of the workflow


@contextmanager
def interrupts():
    """Leave an interrupt (Ctrl-C) to the workflow, which ends in order; gives a list of them."""
    seen, usual = [], signal.getsignal(signal.SIGINT)
    ours = threading.current_thread() is threading.main_thread()
    if ours and usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: seen.append("interrupt"))
    try:
        yield seen
    finally:
        if ours:
            signal.signal(signal.SIGINT, usual)


def stopped(why):
    """Say why a build stopped."""
    print(f"\nThe build stopped: {why}", file=sys.stderr)


def run_snakemake(*arguments, likely=None, root=ROOT, held=(), say=stopped):
    """Run the workflow; after a failure repeat what went wrong. Return the exit code.

    Interrupted once, Snakemake waits for its steps and notes which ones did not come to their end:
    that is a failure with exit code 130. Whatever else ends it counts as a kill.

    Args:
        arguments: of Snakemake.
        likely: the rules that will run, as far as is known, for which the start is shortened;
            without them Snakemake starts as it comes, and takes every argument.
        root: the project.
        held: open files that must not be closed while the workflow runs.
        say: is called with what went wrong.
    """
    debug = "CASEBOOK_DEBUG" in os.environ  # a debugger of one step at a time has the terminal
    profile = "profiles/default" if sys.stderr.isatty() and not debug else "profiles/ci"
    first = ["--workflow-profile", profile, *(["--cores", "1"] if debug else [])]
    with tempfile.TemporaryDirectory(prefix="error-") as folder, interrupts() as seen:
        error_file = Path(folder, "error.txt")
        env = {**environment(root), "CASEBOOK_ERROR_FILE": str(error_file)}
        program = ["-m", "snakemake"]
        if likely is not None:
            program = ["-c", FORK_SERVER, ",".join(sorted(likely))]
        command = [PYTHON, *program, *first, *arguments]
        code = run(*command, check=False, root=root, env=env, pass_fds=held)
        if code and seen:
            if code != 1 or len(seen) > 1:
                raise KeyboardInterrupt
            say("interrupted; the next one goes on from here")
            return INTERRUPTED
        if code:
            kept = error_file.exists()
            say(error_file.read_text(encoding="utf-8") if kept else diagnosis(root))
    return code


def build(root=ROOT, say=stopped, done=None):
    """Bring everything up to date; without anything to do, nothing is started.

    Made files that are not as the last build left them are made again, and so is all that was
    made from other contents than there are now; after a killed build, everything.

    Args:
        root: the project.
        say: is called with what went wrong.
        done: is called with the digests of what was made before and after, if all went well.

    Returns:
        The exit code of the workflow, or None where there was nothing to do.
    """
    with locked(root) as held:
        before, state = take_snapshot(root), read_state(root)
        difference = find_difference(before, state)
        if not difference:
            return None
        check_writable(root)
        tidy(root, before)
        note_start(root, state)
        start = time.time()
        likely = likely_rules(root, before, difference, state)
        again = forced(root, difference, before)
        code = run_snakemake(*again, likely=likely, root=root, held=held, say=say)
        log(root, start, code)
        after = take_snapshot(root)
        complete = write_state(root, state, before, after, code)
    if complete and done:
        done(before.made, after.made)
    if complete or code:
        return code
    return fail(
        f"{', '.join(changes(before.sources, after.sources))}: edited during the build; "
        "run the command again"
    )


def log(root, start, code):
    """Keep what is different on each run, and so is in no output: when, how long, on what, why."""
    name, version, reason = renderer(root, environment(root))
    facts = {
        "started": datetime.fromtimestamp(start, UTC).isoformat(timespec="seconds"),
        "seconds": round(time.time() - start, 1),
        "exit code": code,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "renderer": f"{name} {version} ({reason})",
    }
    with (root / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(facts, ensure_ascii=False) + "\n")


def check_writable(root):
    """Stop before anything is lost where what the build makes cannot be written."""
    for name in ["paper", "data", *MADE]:
        for folder, _, _ in os.walk(root / name):
            if not os.access(folder, os.W_OK):
                name = Path(folder).relative_to(root).as_posix()
                fail(f"{name} may not be written: `chmod -R u+w {name}`, or mount it writable")


def likely_rules(root, snapshot, difference, state):
    """The rules that a build will run, as far as is known; all, where the paper is not there."""
    if RECORD not in snapshot.made:
        return {*rules(root)}
    names = expected(root, snapshot, difference, state) & snapshot.notes.keys()
    return {snapshot.notes[name].rule for name in names}


def forced(root, difference, snapshot):
    """What Snakemake has to make again, whatever the dates of the files say."""
    if difference.afresh:
        return ["--forceall"]
    again = outdated(snapshot, difference) | {
        owner(name, snapshot.notes) for name in difference.made
    }
    names = {snapshot.notes[name].rule for name in again} & rules(root).keys()
    return ["--forcerun", *sorted(names)] if names else []


def tidy(root, snapshot):
    """Delete what a killed step left half written: hidden files that no rule makes."""
    for name in files(root, MADE):
        if Path(name).name.startswith(".") and not owner(name, snapshot.notes):
            remove(root / name)


def paper(options):
    """Build everything that is out of date and say what was made."""
    setup()
    start = time.monotonic()
    if options.arguments:
        with locked(ROOT) as held:
            sys.exit(run_snakemake(*options.arguments, held=held))
    code = build(done=lambda *found: summary(*found, time.monotonic() - start))
    if code is None:
        print(f"{OUTPUT.as_posix()}/ is up to date ({time.monotonic() - start:.2f} s)")
    sys.exit(code)


def report(_options):
    """Write Snakemake's own report: the graph of the rules, their code, and how long they took."""
    setup()
    if code := build():
        sys.exit(code)
    target = Path("reproduction", "workflow.html")
    (ROOT / target.parent).mkdir(exist_ok=True)
    quiet = ["--quiet", "all", "--workflow-profile", "none", "--cores", "1"]
    run(PYTHON, "-m", "snakemake", *quiet, "--report", target, stdout=subprocess.DEVNULL)
    print(f"{target.as_posix()} is written")


def summary(before, after, seconds):
    """The last words of a build: what, where, how long, by which renderer."""
    print(f"\n{OUTPUT.as_posix()}/")
    for name, digest in after.items():
        path = Path(name)
        if path.parent == OUTPUT:
            size = (ROOT / name).stat().st_size / 1024
            state = "unchanged" if before.get(name) == digest else "made"
            print(f"  {path.name:<24}{size:>9,.0f} KiB  {state}")
    name, version, reason = renderer(ROOT, environment())
    print(f"in {seconds:.1f} s, rendered by {name} {version} ({reason})")
    record = json.loads((ROOT / RECORD).read_text(encoding="utf-8"))["renderer"]
    for form, other in record.get("replaced", {}).items():
        print(
            f"manuscript.{form} was made by the {other['renderer']} renderer ({other['version']}), "
            f"because {other['instead_of']} failed: {other['error']}"
        )


def cite(options):
    """Print how to cite the article in APA, BibTeX and RIS, and bring CITATION.cff up to date.

    That file is committed, so the workflow only makes the new one: a failure must not delete it.
    """
    setup()
    files = [OUTPUT / f"citation.{ending}" for ending in ("txt", "bib", "ris")]
    with locked(ROOT) as held:
        if code := run_snakemake("--quiet", "all", *options.arguments, "--", "citation", held=held):
            sys.exit(code)
        shutil.copyfile(ROOT / OUTPUT / "CITATION.cff", ROOT / "CITATION.cff")
    print("\n".join((ROOT / path).read_text(encoding="utf-8") for path in files), end="")


def remove(path):
    """Delete a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def clean(_options):
    """Delete everything that the build makes, and nothing else."""
    with locked(ROOT):
        for name in [*MADE, ".snakemake", STATE]:
            remove(ROOT / name)
