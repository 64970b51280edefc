"""Verifying the outputs: a second build in an empty folder, compared file by file."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from door.build import remove
from door.environment import PYTHON, ROOT, environment, fail, setup


def verify(options):
    """Build the present sources again in an empty folder and compare every output."""
    setup()
    expected = checksums(ROOT)
    if not expected:
        fail("nothing to compare with: run `make paper` first")
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        copy = Path(folder, "copy")
        ignore = shutil.ignore_patterns(".git", ".venv", ".snakemake", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignore)
        remove(copy)
        command = [PYTHON, "-m", "snakemake", "--workflow-profile", "profiles/default"]
        env = {**environment(), "PYTHONPATH": str(copy / "analysis")}
        if subprocess.run([*map(str, command), *options.arguments], cwd=copy, env=env).returncode:
            fail("the rebuild failed (see above)")
        rebuilt = checksums(copy)
    names = sorted(expected.keys() | rebuilt.keys())
    verdicts = {name: verdict(expected.get(name), rebuilt.get(name)) for name in names}
    for name, word in verdicts.items():
        print(f"  {name:<40}{word}")
    if any(word != "identical" for word in verdicts.values()):
        sys.exit(1)


def verdict(expected, rebuilt):
    """Compare two checksums, either of which may be missing."""
    if expected == rebuilt:
        return "identical"
    return "missing" if rebuilt is None else "new" if expected is None else "different"
