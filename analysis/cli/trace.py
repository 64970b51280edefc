"""Which files a build opens, in whatever process: by strace, where there is one."""

import re
import shutil
import subprocess

from cli.debian import install
from cli.manifest import UNREAD, made, sources

CALLS = "trace=?open,openat,?openat2,?creat"
STRACE = ["strace", "--follow-forks", "--seccomp-bpf", "-qq", "--decode-fds=path", "-e", CALLS]
# Snakemake's own, and that of the commands.
OWN = (".snakemake/", ".build/")


def strace(who):
    """Make sure that there is a strace, where that can be done without asking anybody."""
    if not shutil.which("strace"):
        install(who, "the trace of the files that a build opens", "strace")


def tracer(log):
    """What to put before a command to have the files that it opens written down in `log`, or []."""
    command = [*STRACE, "-e", "signal=none", f"--output={log}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    there = shutil.which("strace") and subprocess.run([*command, "true"], **quiet).returncode == 0
    return command if there else []


def opened(log, root):
    """The files below `root` that were opened and are still there; caches and notes are left out.

    Each call that succeeded ends with the number of the open file and its path, in which strace
    writes bytes beyond ASCII as octal numbers.
    """
    data = re.sub(rb"\\([0-7]{1,3})", lambda each: bytes([int(each[1], 8)]), log.read_bytes())
    inside = re.compile(rf"= \d+<{re.escape(str(root.resolve()))}/(.+)>$", re.M)
    names = {*inside.findall(data.decode("utf-8", errors="replace"))}
    names = {name for name in names if not name.startswith(OWN) and (root / name).is_file()}
    return {name for name in names if UNREAD.isdisjoint(name.split("/"))}


def unknown(log, root):
    """The files that were opened, and that the manifest knows neither as read nor as made."""
    return sorted(opened(log, root) - {*sources(root), *made(root)})
