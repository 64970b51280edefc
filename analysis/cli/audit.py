"""Known vulnerabilities of the locked packages, where a database of them can be reached."""

import subprocess
import sys
import tempfile
from pathlib import Path

from cli.environment import LOCK, PYTHON, read_json, run, setup

# No package of the lock: uv puts it into a place of its own, and only here.
TOOL = "pip-audit==2.10.1"
DATABASES = ("pypi", "osv")
UNREACHED = "audit: no database of vulnerabilities can be reached here, so nothing was checked"


def audit(_options):
    """Look each locked package up; without a network say so, and fail only for what was found."""
    setup()
    reports = filter(None, map(ask, DATABASES))
    found, text = verdict(next(reports, {}))
    print(text)
    sys.exit(1 if found else 0)


def ask(database):
    """The report of one database, or None where it could not be asked or knew no package."""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        report = Path(folder, "report.json")
        tool = [PYTHON, "-m", "uv", "tool", "run", "--no-python-downloads", "--from", TOOL]
        tool += ["pip-audit", "--disable-pip", "--require-hashes", "--requirement", LOCK]
        tool += ["--vulnerability-service", database, "--format", "json", "--output", report]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        run(*tool, check=False, **quiet)
        content = read_json(report) or {}
    return content if any("vulns" in each for each in content.get("dependencies", ())) else None


def verdict(report):
    """Whether a vulnerability is known, and what to say.

    A package that the database could not be asked about is not a package without fault.
    """
    packages = report.get("dependencies", [])
    asked = [each for each in packages if "vulns" in each]
    if not asked:
        return False, UNREACHED
    lines = [
        f"{each['name']} {each['version']}: {fault['id']}, fixed in "
        f"{', '.join(fault['fix_versions']) or 'no version yet'}"
        for each in asked
        for fault in each["vulns"]
    ]
    found = len(lines)
    lines.append(f"audit: {len(asked)} of {len(packages)} locked packages looked up, {found} found")
    return bool(found), "\n".join(lines)
