"""Packages of Debian, for tests that need a program which no lock can hold."""

import os
import shutil
import subprocess
from pathlib import Path


def install(who, purpose, *packages):
    """Install packages of Debian, if this is Debian and we may; say whether we tried."""
    debian = Path("/etc/debian_version").exists() and shutil.which("apt-get")
    if not debian or os.geteuid() != 0:
        return False
    print(f"{who}: installing Debian's {' and '.join(packages)} for {purpose}", flush=True)
    quietly("apt-get", "update")
    quietly("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    return True


def quietly(*command, **options):
    """Run a program without a word, at most ten minutes; return its exit code."""
    options = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, **options}
    try:
        return subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=600,
            check=False,
            **options,
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return 1
