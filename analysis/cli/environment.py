"""The environment in `.venv`: what `requirements.lock` names, made or repaired on demand."""

import base64
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from cli.build_lock import locked

ROOT = Path(__file__).resolve().parents[2]
# A study that this project builds shares its environment (cli.study).
VENV = Path(os.environ.get("CASEBOOK_ENVIRONMENT", ROOT / ".venv"))
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "complete.json"
QUARTO_STAMP = VENV / "quarto.json"
LOCK = ROOT / "requirements.lock"
QUARTO_LOCK = ROOT / "quarto.lock"
NOTES = Path(".snakemake", "metadata")  # what Snakemake notes of each file that it makes
OLDEST = (3, 11)
PACKAGES = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))
ENOUGH = 16 * 2**20  # bytes without which no build can end
PIP = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
PIP += ["--no-compile", "--no-warn-script-location"]
# The lock is complete; some packages in it stand without what they would need (pyproject.toml).
AS_LOCKED = ["--no-deps", "--require-hashes", "-r"]
# What pip's settings are called by uv, which does not read them.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "no-index": "UV_OFFLINE",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def fail(message):
    """Say what is wrong and what to do, in one line, and stop with exit code 1."""
    sys.exit(f"make: {message}")


def environment(root=ROOT):
    """The variables of every child: the environment's programs first, and fixed conventions."""
    values = dict(os.environ)
    values["PATH"] = os.pathsep.join([str(BIN), values.get("PATH", "")])
    values.update(VIRTUAL_ENV=str(VENV), TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="0")
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        values[name] = "1"
    values.setdefault("LOGNAME", "nobody")  # Snakemake asks for a name, which containers lack
    values.pop("PYTHONDONTWRITEBYTECODE", None)  # imports without bytecode cost seconds a step
    values.pop("SNAKEMAKE_PROFILE", None)
    values["PYTHONPATH"] = str(root / "analysis")
    return values


def run(*command, check=True, root=ROOT, **options):
    """Run a program of the environment in the project at `root`; return its exit code."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=root, **{"env": environment(root), **options})
    if check and done.returncode:
        sys.exit(done.returncode)
    return done.returncode


def wanted():
    """What a complete environment looks like: its lock, its interpreter, its place."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return {"lock": digest, "python": sys.version, "place": str(VENV)}


def complete():
    """Whether the environment is what it should be: the right one, with every package there."""
    stamp = read_json(STAMP) or {}
    same = all(stamp.get(key) == value for key, value in wanted().items())
    return same and PYTHON.exists() and {*stamp.get("packages", ["?"])} <= {*os.listdir(PACKAGES)}


def damaged():
    """The first file of a locked package that is not as it was installed, or ""."""
    for record in sorted(PACKAGES.glob("*.dist-info/RECORD")):
        with record.open(encoding="utf-8", newline="") as file:
            for name, recorded, _size in csv.reader(file):
                kind, _, digest = recorded.partition("=")
                if kind == "sha256" and digest != b64_digest(PACKAGES / name):
                    return name
    return ""


def b64_digest(path):
    """SHA-256 of a file as the records of Python packages write it, or "" where there is none."""
    try:
        digest = hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return ""
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def diagnosis(root):
    """Why a build failed without saying so itself: disk, a file, the environment, or see there."""
    for folder in (root, Path(tempfile.gettempdir())):
        if shutil.disk_usage(folder).free < ENOUGH:
            return f"the disk of {folder} is full; free some space and run the command again"
    if names := lacking(root):
        return f"{', '.join(names)}: missing"
    if name := damaged():
        renew(name)
    return "see above"


def lacking(root):
    """What the rules read of a study by name, and is not there."""
    files = sorted((root / "analysis/rules").glob("*.smk"))
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    names = {*re.findall(r'"((?:data/raw|paper)/[a-z][\w./-]*)"', text)}
    return [name for name in sorted(names) if not (root / name).exists()]


def renew(name):
    """Have the environment made anew by the next command, because a file of it is damaged."""
    STAMP.unlink(missing_ok=True)
    fail(f"the environment is damaged ({name}); run the command again, it will be renewed")


def read_json(path):
    """The content of a JSON file, or None when it is missing or damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path, value):
    """Write a JSON file in one step, see `write_text`."""
    write_text(path, json.dumps(value, indent=1) + "\n")


def write_text(path, text):
    """Write a file in one step, so that it is either whole or absent.

    The package has `new_file` for this; the commands run where there is no package yet.
    """
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def setup(_options=None):
    """Create or repair the environment; without anything to do it costs a few milliseconds."""
    if sys.version_info < OLDEST:
        fail(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is "
            f"{sys.version.split()[0]}; name another one with `make PYTHON=python3.12 …`"
        )
    if not complete():
        if VENV != ROOT / ".venv":  # another project's, which works with it
            fail(
                f"the environment {VENV} is not what requirements.lock names; "
                "run `make setup` in its own project"
            )
        with locked(VENV.parent):
            if not complete():  # someone else may have made it meanwhile
                install()
    try_quarto()


def install():
    """Build the environment from the lock, with hashes checked and bytecode compiled."""
    packages = LOCK.read_text(encoding="utf-8").count("==")
    print(f"setup: installing {packages} locked packages into .venv (a few minutes)", flush=True)
    start = time.monotonic()
    for stamp in (STAMP, QUARTO_STAMP):
        stamp.unlink(missing_ok=True)
    for installer in (with_uv, with_pip):
        if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode:
            fail("this Python cannot make environments; on Debian: apt install python3-venv")
        if installer():
            break
    else:
        fail("the locked packages could not be installed (see above); run the command again")
    run(*PIP, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    # Whatever the environment says of bytecode: every step of the workflow imports, though not the
    # tests of packages, which are a quarter of all.
    compiler = [PYTHON, "-m", "compileall", "-q", "-j", "0"]
    compiler += ["-x", r"site-packages.*[\\/]tests?[\\/]"]
    run(*compiler, VENV, check=False, stdout=subprocess.DEVNULL)
    write_json(STAMP, {**wanted(), "packages": sorted(os.listdir(PACKAGES))})
    print(f"setup: done in {time.monotonic() - start:.0f} s", flush=True)


def with_pip():
    """Install the locked packages with pip; say whether it did."""
    return run(*PIP, *AS_LOCKED, LOCK, check=False) == 0


def with_uv():
    """Install the locked packages with uv, which takes a fraction of the time; say whether it did.

    It comes from the lock as well. Its cache lies beside what it installs, so that files are linked
    and not copied, and is then deleted, so that no edit elsewhere can reach this environment.
    """
    pin, cache = VENV / "uv.txt", VENV / "uv-cache"
    pin.write_text(lines_of_the_lock("uv"), encoding="utf-8")
    if run(*PIP, "--quiet", *AS_LOCKED, pin, check=False):
        return False
    asked = [PYTHON, "-m", "pip", "config", "list"]
    told = subprocess.run(asked, env=environment(), capture_output=True, text=True, check=False)
    values = {"UV_CACHE_DIR": str(cache), **environment(), **uv_variables(told.stdout)}
    uv = [PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON]
    code = run(*uv, *AS_LOCKED, LOCK, check=False, env=values)
    shutil.rmtree(cache, ignore_errors=True)
    if code:
        print("setup: uv could not install the packages (see above); pip tries it", flush=True)
    return code == 0


def lines_of_the_lock(name):
    """The lines of the lock for one package: its version and the hashes of its files."""
    return re.search(rf"^{name}==(?:.*\n +)*.*\n", LOCK.read_text("utf-8"), re.M)[0]


def uv_variables(config):
    """The variables by which uv finds packages where pip does, from what `pip config list` says.

    Where pip looks at several indexes it takes the best file of all; so does uv then.
    """
    found = {}
    for section in ("global.", "install.", ":env:."):  # the later ones win, as with pip
        for name, value in re.findall(rf"^{re.escape(section)}([\w-]+)='(.*)'$", config, re.M):
            found[name] = value.replace("\\n", " ").split()
    values = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for name in found.keys() & UV_NAMES.keys():
        values[UV_NAMES[name]] = ("," if name == "find-links" else " ").join(found[name])
    return values


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
