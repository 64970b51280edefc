"""Building the paper: one run of the workflow, and what it made."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from door.environment import PYTHON, ROOT, environment, read_json, run, setup

OUTPUT = Path("paper", "_output")
GENERATED = [
    OUTPUT,
    Path("paper", "_build"),
    Path("paper", "_generated"),
    Path("paper", "_variables.yml"),
    Path("data", "processed"),
]


def snakemake(*arguments):
    """Run the workflow; after a failure repeat what went wrong. Return the exit code."""
    profile = "profiles/default" if sys.stderr.isatty() else "profiles/ci"
    with tempfile.TemporaryDirectory(prefix="told-") as folder:
        told = Path(folder, "error.txt")
        os.environ["CASEBOOK_TOLD"] = str(told)
        command = [PYTHON, "-m", "snakemake", "--workflow-profile", profile]
        code = run(*command, *arguments, check=False)
        if told.exists():
            print(f"\nThe build stopped: {told.read_text(encoding='utf-8')}", file=sys.stderr)
    return code


def paper(options):
    """Build everything that is out of date and say what was made."""
    setup()
    start = time.monotonic()
    before = checksums(ROOT)
    if code := snakemake(*options.arguments):
        sys.exit(code)
    summary(before, time.monotonic() - start)


def summary(before, seconds):
    """The last words of a build: what, where, how long, by which renderer."""
    after = checksums(ROOT)
    record = read_json(ROOT / OUTPUT / "build.json") or {}
    renderer = record.get("renderer", {})
    print(f"\n{OUTPUT.as_posix()}/")
    for name, digest in after.items():
        if "/" not in name:
            size = (ROOT / OUTPUT / name).stat().st_size / 1024
            state = "unchanged" if before.get(name) == digest else "made"
            print(f"  {name:<24}{size:>9,.0f} KiB  {state}")
    print(
        f"in {seconds:.1f} s, rendered by {renderer.get('name', '?')} "
        f"{renderer.get('version', '')} ({renderer.get('reason', 'no build record')})"
    )


def checksums(root):
    """SHA-256 of each output below the project at `root`, by its name."""
    folder = root / OUTPUT
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".snakemake_timestamp"
    }


def cite(options):
    """Print how to cite the article in APA, BibTeX and RIS, and bring CITATION.cff up to date."""
    setup()
    files = [OUTPUT / f"citation.{ending}" for ending in ("txt", "bib", "ris")]
    targets = ["CITATION.cff", *(path.as_posix() for path in files)]
    quiet = ["--quiet", "all", "--forcerun", "citation_file"]
    if code := snakemake(*quiet, *options.arguments, "--", *targets, check=False):
        sys.exit(code)
    print("\n".join((ROOT / path).read_text(encoding="utf-8") for path in files), end="")


def status(options):
    """Say what a build would do, and why; nothing is run."""
    setup()
    command = [PYTHON, "-m", "snakemake", "--dry-run", "--workflow-profile", "none"]
    command += ["--cores", "1", *options.arguments]
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    if done.returncode:
        sys.exit(said)
    jobs = re.findall(r"^(?:local)?rule (\w+):.*?^ +reason: (.*?)$", said, re.M | re.S)
    if not jobs:
        print("the outputs are current")
    for rule, reason in jobs:
        print(f"{rule:<22}{textwrap.shorten(reason, 110, placeholder=' …')}")


def remove(root):
    """Delete what the build makes below the project at `root`."""
    for path in [*GENERATED, Path(".snakemake")]:
        target = root / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)


def clean(_options):
    """Delete everything that the build makes, and nothing else."""
    remove(ROOT)
