"""The front door: `python3 analysis/make.py COMMAND`, which is what the Makefile calls.

It needs nothing but Python itself. Each command first makes sure that the environment in
`.venv` holds exactly what `requirements.lock` names, and then works inside it.
"""

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "complete.json"
QUARTO_STAMP = VENV / "quarto.json"
LOCK = ROOT / "requirements.lock"
QUARTO_LOCK = ROOT / "quarto.lock"
OUTPUT = Path("paper", "_output")
GENERATED = [
    OUTPUT,
    Path("paper", "_build"),
    Path("paper", "_generated"),
    Path("paper", "_variables.yml"),
    Path("data", "processed"),
]
OLDEST = (3, 11)


def fail(message):
    """Say what is wrong in one line and stop with exit code 2."""
    sys.exit(f"make: {message}")


def environment():
    """The variables of every child: the environment's programs first, and fixed conventions."""
    values = dict(os.environ)
    values["PATH"] = os.pathsep.join([str(BIN), values.get("PATH", "")])
    values.update(VIRTUAL_ENV=str(VENV), TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="0")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        values[name] = "1"
    values.pop("PYTHONDONTWRITEBYTECODE", None)  # imports without bytecode cost seconds a step
    values.pop("PYTHONPATH", None)
    return values


def run(*command, check=True, **options):
    """Run a program of the environment in the project's folder; return its exit code."""
    code = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment(), **options)
    if check and code.returncode:
        sys.exit(code.returncode)
    return code.returncode


# ------------------------------------------------------------------------------ environment


def wanted():
    """What a complete environment looks like: its lock, its interpreter, its place."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return {"lock": digest, "python": sys.version, "place": str(VENV)}


def read_json(path):
    """The content of a JSON file, or None when it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path, value):
    """Write a JSON file in one step, so that it is either whole or absent."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def setup(_options=None):
    """Create or repair the environment; without anything to do it costs a few milliseconds."""
    if sys.version_info < OLDEST:
        fail(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is "
            f"{sys.version.split()[0]}; name another one with `make PYTHON=python3.12 …`"
        )
    if read_json(STAMP) != wanted():
        install()
    try_quarto()


def install():
    """Build the environment from the lock, with hashes checked and bytecode compiled."""
    packages = LOCK.read_text(encoding="utf-8").count("==")
    print(f"setup: installing {packages} locked packages into .venv (a few minutes)", flush=True)
    start = time.monotonic()
    for stamp in (STAMP, QUARTO_STAMP):
        stamp.unlink(missing_ok=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode:
        fail("this Python cannot make environments; on Debian: apt install python3-venv")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-compile", "--no-warn-script-location"]
    if run(*pip, "--require-hashes", "-r", LOCK, check=False):
        fail("the locked packages could not be installed (see above); run the command again")
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    # Whatever the environment says of bytecode: every step of the workflow imports.
    run(PYTHON, "-m", "compileall", "-q", "-j", "0", VENV, check=False, stdout=subprocess.DEVNULL)
    write_json(STAMP, wanted())
    print(f"setup: done in {time.monotonic() - start:.0f} s", flush=True)


def try_quarto():
    """Try once to install the pinned Quarto where none is to be found, and remember how it went."""
    if os.environ.get("QUARTO_PATH") or shutil.which("quarto") or QUARTO_STAMP.exists():
        return
    pin = QUARTO_LOCK.read_text(encoding="utf-8").split()[0]
    print(f"setup: no Quarto found, trying to install {pin}", flush=True)
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-build-isolation", "--require-hashes", "-r", QUARTO_LOCK]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        installed = run(*command, check=False, timeout=300, **quiet) == 0
    except subprocess.TimeoutExpired:
        installed = False
    if not installed:
        print(
            "setup: Quarto cannot be downloaded here; the embedded renderer will be used "
            "(`make setup ARGS=--retry-quarto` tries again)",
            flush=True,
        )
    write_json(QUARTO_STAMP, {"pin": pin, "installed": installed})


# --------------------------------------------------------------------------------- commands


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


def cite(options):
    """Print how to cite the article in APA, BibTeX and RIS, and bring CITATION.cff up to date."""
    setup()
    files = [OUTPUT / f"citation.{ending}" for ending in ("txt", "bib", "ris")]
    targets = ["CITATION.cff", *(path.as_posix() for path in files)]
    quiet = ["--quiet", "all", "--forcerun", "citation_file"]
    if code := snakemake(*quiet, *options.arguments, "--", *targets, check=False):
        sys.exit(code)
    print("\n".join((ROOT / path).read_text(encoding="utf-8") for path in files), end="")


def test(options):
    """Run all tests; the paper that they look at is brought up to date first."""
    setup()
    if code := snakemake():
        sys.exit(code)
    run(PYTHON, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *options.arguments)


def lint(_options):
    """Check the style of code and workflow."""
    setup()
    run(PYTHON, "-m", "ruff", "check")
    run(PYTHON, "-m", "ruff", "format", "--check")
    run(PYTHON, "-m", "snakefmt", "--check", "Snakefile", "analysis/rules")


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


def checksums(root):
    """SHA-256 of each output below the project at `root`, by its name."""
    folder = root / OUTPUT
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".snakemake_timestamp"
    }


def verify(options):
    """Build the present sources again in an empty folder and compare every output."""
    setup()
    expected = checksums(ROOT)
    if not expected:
        fail("nothing to compare with: run `make paper` first")
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        copy = Path(folder, "copy")
        ignore = shutil.ignore_patterns(".git", ".venv", ".snakemake", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignore)
        remove(copy)
        command = [PYTHON, "-m", "snakemake", "--workflow-profile", "profiles/default"]
        env = {**environment(), "PYTHONPATH": str(copy / "analysis")}
        if subprocess.run([*map(str, command), *options.arguments], cwd=copy, env=env).returncode:
            fail("the rebuild failed (see above)")
        rebuilt = checksums(copy)
    names = sorted(expected.keys() | rebuilt.keys())
    verdicts = {name: verdict(expected.get(name), rebuilt.get(name)) for name in names}
    for name, word in verdicts.items():
        print(f"  {name:<40}{word}")
    if any(word != "identical" for word in verdicts.values()):
        sys.exit(1)


def verdict(expected, rebuilt):
    """Compare two checksums, either of which may be missing."""
    if expected == rebuilt:
        return "identical"
    return "missing" if rebuilt is None else "new" if expected is None else "different"


def preview(options):
    """Serve the output on loopback and rebuild whenever a source changes."""
    paper(options)
    folder = ROOT / OUTPUT
    server = [PYTHON, "-m", "http.server", "8000", "--bind", "127.0.0.1", "--directory", folder]
    process = subprocess.Popen([str(part) for part in server], env=environment())
    print("http://127.0.0.1:8000/manuscript.html (stop with Ctrl-C)", flush=True)
    seen = newest()
    with contextlib.suppress(KeyboardInterrupt):
        while process.poll() is None:
            time.sleep(0.5)
            if (now := newest()) != seen:
                seen = now
                snakemake(*options.arguments)
    process.terminate()


def newest():
    """The latest change of any file that a build reads."""
    tops = [ROOT / "data/raw", ROOT / "analysis", ROOT / "paper"]
    files = (path for top in tops for path in top.rglob("*") if path.is_file())
    mine = (p for p in files if not any(ROOT / g in (p, *p.parents) for g in GENERATED))
    return max(path.stat().st_mtime_ns for path in mine)


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


def lock(_options):
    """Refresh `requirements.lock`: newest versions that fit `pyproject.toml`, for all platforms."""
    setup()
    command = [PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--quiet"]
    command += ["--python-version", ".".join(map(str, OLDEST)), "--all-extras", "--upgrade"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "-o", LOCK]
    run(*command, stdout=subprocess.DEVNULL)


COMMANDS = {
    command.__name__: command
    for command in (setup, paper, cite, test, lint, verify, status, preview, clean, lock)
}


def main():
    """Read the command line; what follows the command goes to Snakemake or pytest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--retry-quarto", action="store_true", help="try again to install Quarto")
    options, options.arguments = parser.parse_known_args()
    if options.retry_quarto:
        QUARTO_STAMP.unlink(missing_ok=True)
    try:
        COMMANDS[options.command](options)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
