"""The environment in `.venv`: what `requirements.lock` names, made or repaired on demand."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "complete.json"
QUARTO_STAMP = VENV / "quarto.json"
LOCK = ROOT / "requirements.lock"
QUARTO_LOCK = ROOT / "quarto.lock"
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
    # The lock is complete; some packages in it stand without what they would need (pyproject.toml).
    if run(*pip, "--no-deps", "--require-hashes", "-r", LOCK, check=False):
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


def lock(_options):
    """Refresh `requirements.lock`: newest versions that fit `pyproject.toml`, for all platforms."""
    setup()
    command = [PYTHON, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--quiet"]
    command += ["--python-version", ".".join(map(str, OLDEST)), "--all-extras", "--upgrade"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-header", "-o", LOCK]
    run(*command, stdout=subprocess.DEVNULL)
