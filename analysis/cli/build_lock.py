"""One build at a time in a project; what a killed one left locked is set free."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows, where Snakemake's own lock has to do
    fcntl = None


@contextmanager
def locked(root: Path) -> Iterator[tuple[int, ...]]:
    """Wait until no other `make` works in the project at `root`, and keep others waiting.

    The system frees this lock when its holder dies, however it dies. Yields the handles that a
    child has to inherit to hold it as well.
    """
    folder = root / ".build"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print("make: another build is at work here, waiting for its end", flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
        unlock(root)
        yield (file.fileno(),)


def unlock(root: Path) -> None:
    """Delete what a killed Snakemake left locked; stop where one is still at work."""
    locks = sorted((root / ".snakemake/locks").glob("*.lock"))
    if locks and (process := snakemake_at_work(root)):
        sys.exit(f"make: Snakemake is at work here ({process}); run the command when it has ended")
    for lock in locks:
        lock.unlink(missing_ok=True)


def snakemake_at_work(root: Path) -> str:
    """The Snakemake that runs in a folder, or ""; where that cannot be known, any one counts."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mine = (process / "cwd").resolve() == root.resolve()
            if mine and b"snakemake" in (process / "cmdline").read_bytes():
                return f"process {process.name}"
        except OSError:  # it has ended, or is another user's
            continue
    if Path("/proc/self/cwd").exists():
        return ""
    running = os.popen("ps -axo pid=,command=").read()
    return next((line.strip() for line in running.splitlines() if "snakemake" in line), "")
