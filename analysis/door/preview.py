"""Previewing the paper: served on this machine, rebuilt while an author edits."""

import contextlib
import subprocess
import time

from door.build import OUTPUT, build, paper
from door.environment import PYTHON, ROOT, environment
from door.manifest import digests, sources


def preview(options):
    """Serve the output on loopback and rebuild whenever a source changes."""
    paper(options)
    folder = ROOT / OUTPUT
    server = [PYTHON, "-m", "http.server", "8000", "--bind", "127.0.0.1", "--directory", folder]
    process = subprocess.Popen([str(part) for part in server], env=environment())
    print("http://127.0.0.1:8000/manuscript.html (stop with Ctrl-C)", flush=True)
    seen = digests(ROOT, sources(ROOT))
    with contextlib.suppress(KeyboardInterrupt):
        while process.poll() is None:
            time.sleep(0.5)
            if (now := digests(ROOT, sources(ROOT))) != seen:
                seen = now
                build()
    process.terminate()
