"""Claims about the audit: what is found fails, what could not be asked is not called sound."""

import os
import subprocess
import sys
from pathlib import Path

from cli.audit import UNREACHED, verdict

ROOT = Path(__file__).resolve().parents[2]
SOUND = {"name": "numpy", "version": "2.0", "vulns": []}
SKIPPED = {"name": "typst", "skip_reason": "Dependency not found on PyPI"}
FAULT = {"id": "PYSEC-1", "fix_versions": ["6.1"], "aliases": [], "description": ""}
FAULTY = {"name": "pyyaml", "version": "6.0", "vulns": [FAULT, {**FAULT, "fix_versions": []}]}


def test_a_known_vulnerability_is_named_with_its_remedy():
    """Package, version, number, and the version that corrects it."""
    found, text = verdict({"dependencies": [SOUND, FAULTY]})
    assert found
    assert text.splitlines() == [
        "pyyaml 6.0: PYSEC-1, fixed in 6.1",
        "pyyaml 6.0: PYSEC-1, fixed in no version yet",
        "audit: 2 of 2 locked packages looked up, 2 found",
    ]


def test_what_was_not_looked_up_is_not_counted_as_sound():
    """The database knew one of two; where it knew none, nothing was checked."""
    text = "audit: 1 of 2 locked packages looked up, 0 found"
    assert (False, text) == verdict({"dependencies": [SOUND, SKIPPED]})
    assert (False, UNREACHED) == verdict({"dependencies": [SKIPPED]})
    assert (False, UNREACHED) == verdict({})


def test_without_a_network_the_audit_says_so_and_ends_well():
    """One line, whatever has been downloaded before."""
    nowhere = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "analysis/make.py", "audit"],
        cwd=ROOT,
        env={**os.environ, **nowhere, "NO_PROXY": "", "UV_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, f"{UNREACHED}\n", "") == (done.returncode, done.stdout, done.stderr)
