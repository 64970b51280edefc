"""Previewing the paper: served on this machine, rebuilt while an author edits."""

import contextlib
import subprocess
import time

from door.build import GENERATED, OUTPUT, paper, snakemake
from door.environment import PYTHON, ROOT, environment


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
