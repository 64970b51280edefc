"""Building under other circumstances: whatever is different outside, the bytes are the same."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from cli.build import build
from cli.environment import BIN, PYTHON, ROOT, fail, setup
from cli.manifest import digests, made, sources
from cli.trace import strace, tracer, unknown

# A folder with a blank and letters beyond ASCII, a day that has not come, a home with opinions.
FOLDER = "a copy, ünbekannt"
OPENED = "opened.log"  # beside it: the files that the build opens
CLOCK = "2031-02-03 04:05:06"
STRANGER = ["unshare", "--user", "--map-user=1234", "--map-group=1234", "--net"]
HOME = {
    ".config/matplotlib/matplotlibrc": "font.family: serif\nfont.size: 30\nsavefig.dpi: 20\n",
    ".local/share/pandoc/templates/default.html5": "$body$",
    ".local/share/pandoc/templates/styles.html": "<!-- mine -->",
    # Faketime breaks Python's sleep where it leaves the clock alone that threads wait by.
    "python/sitecustomize.py": (
        "import select, time\n"
        "time.sleep = lambda seconds: select.select([], [], [], max(0, seconds))\n"
    ),
}


def reproduce(_options):
    """Build again under other circumstances and compare every file that is made, byte by byte."""
    setup()
    if code := build():
        sys.exit(code)
    strace("reproduce")
    with tempfile.TemporaryDirectory(prefix="reproduce-") as place:
        copy = lay_out(ROOT, Path(place))
        command, options, described = circumstances(copy)
        print("\n".join(f"  {what}: {how}" for what, how in described.items()), flush=True)
        if subprocess.run(command, **options).returncode:
            fail("the build failed under other circumstances (see above)")
        found = differences(ROOT, copy) + unlisted(copy)
    print("\n".join(found) or f"all {len(made(ROOT))} files that the build makes are the same")
    if found:
        sys.exit(1)


def unlisted(copy):
    """What the traced build opened without `make status` knowing of it: one line each."""
    log = copy.parent / OPENED
    names = unknown(log, copy) if log.exists() else []
    return [f"{name}: the build opens it, but the manifest has it not" for name in names]


def lay_out(root, place):
    """Copy the sources, the last one first, so that folders list them in another order."""
    copy = place / FOLDER
    for name in reversed(sources(root)):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy / name)
    for name, text in HOME.items():
        (place / "home" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "home" / name).write_text(text, encoding="utf-8")
    return copy


def circumstances(copy):
    """How to build a copy under other circumstances, as far as they can be had here.

    Returns:
        The command, options of `subprocess.run`, and what is varied: name to how.
    """
    home = copy.parent / "home"
    kept = {key: os.environ[key] for key in ("QUARTO_PATH", "CASEBOOK_TRACE") if key in os.environ}
    env = {
        **kept,
        "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")]),
        "PYTHONPATH": os.pathsep.join([str(home / "python"), str(copy / "analysis")]),
        "LOGNAME": "stranger",  # Snakemake asks for a name
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": other_locale(),
        "PYTHONHASHSEED": "4711",
        "SOURCE_DATE_EPOCH": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = [str(PYTHON), "-m", "snakemake", "--cores", "1", "--workflow-profile", "profiles/ci"]
    described = {
        "folder": str(copy),
        "home": "with settings of matplotlib, pandoc and Snakemake",
        "time zone": env["TZ"],
        "locale": env["LC_ALL"],
        "umask": "077",
        "hash seed": env["PYTHONHASHSEED"],
        "cores": "1",
        "order of files": "laid out backwards",
        "user and network": "the same (they cannot be taken away here)",
        "clock": "the same (there is no faketime here)",
        "files opened": "not traced (there is no strace here)",
    }
    if runs([*STRANGER, "true"]):
        command = [*STRANGER, *command]
        described["user and network"] = "user 1234, stranger, and no network"
    if runs(["faketime", CLOCK, "true"]):
        command = ["faketime", CLOCK, *command]
        described["clock"] = f"starts at {CLOCK}"
    if trace := tracer(copy.parent / OPENED):
        command = [*trace, *command]
        described["files opened"] = "traced, and looked up in the manifest"
    options = {"cwd": copy, "env": env, "umask": 0o077}
    return command, options, described


def other_locale():
    """An installed locale that is neither C nor POSIX, or POSIX."""
    done = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)
    names = [name for name in done.stdout.split() if not re.match(r"(?i)c(\.|$)|posix", name)]
    return next(iter(sorted(names)), "POSIX")


def runs(command):
    """Whether a program is here and does what it is asked to."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return shutil.which(command[0]) and subprocess.run(command, **quiet).returncode == 0


def differences(first, second):
    """What two builds made differently: one line each, with the place of the first difference."""
    names = sorted({*made(first), *made(second)})
    old, new = digests(first, names), digests(second, names)
    return [
        f"{name}: {where(first / name, second / name)}"
        for name in names
        if old.get(name) != new.get(name)
    ]


def where(first, second):
    """Where two files differ first: the line, the part of a zip, the object of a PDF, the byte."""
    for path in (first, second):
        if not path.exists():
            return f"there is none in {path.parent}"
    if zipfile.is_zipfile(first) and zipfile.is_zipfile(second):
        return where_in_zip(first, second)
    return where_in_bytes(first.read_bytes(), second.read_bytes())


def where_in_zip(first, second):
    """The first part of two zip files that differs."""
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(second) as new:
        if old.namelist() != new.namelist():
            return f"the lists of parts: {sorted({*old.namelist()} ^ {*new.namelist()})}"
        for name in old.namelist():
            if old.read(name) != new.read(name):
                return f"part {name}: {where_in_bytes(old.read(name), new.read(name))}"
            if old.getinfo(name).date_time != new.getinfo(name).date_time:
                return f"part {name}: the date"
    return "the container"


def where_in_bytes(old, new):
    """The first byte that differs, with its line or object and what stands there."""
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    if at is None:
        at = min(len(old), len(new))
    place = f"byte {at}"
    if old.startswith(b"%PDF"):
        objects = re.findall(rb"(\d+) \d+ obj", old[:at])
        place += f", object {objects[-1].decode()}" if objects else ", before the objects"
    elif b"\0" not in old:
        place += f", line {old.count(10, 0, at) + 1}"
    shown = [repr(data[max(0, at - 20) : at + 20]) for data in (old, new)]
    return f"{place}: {shown[0]} and {shown[1]}"
