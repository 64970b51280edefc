"""Which pandoc runs."""

import os
import subprocess
import sys


def test_a_newer_pandoc_on_the_path_is_not_taken(tmp_path):
    """The bytes are those of the locked wheel, whatever else is installed."""
    newer = tmp_path / "pandoc"
    newer.write_text("#!/bin/sh\necho pandoc 99.9\n")
    newer.chmod(0o755)
    code = (
        "from pathlib import Path; from casebook.pandoc import run_pandoc;"
        "print(run_pandoc(['--version'], '', Path()))"
    )
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("pandoc ")
    assert "99.9" not in done.stdout
