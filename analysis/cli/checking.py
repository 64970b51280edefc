"""Checking the work: tests and style."""

import sys

from cli.browser import chromium
from cli.build import build
from cli.cluster import slurm
from cli.environment import PYTHON, run, setup


def test(options):
    """Run all tests; the paper that they look at is brought up to date first."""
    setup()
    if code := build():
        sys.exit(code)
    chromium()
    run(PYTHON, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *options.arguments)


def faults(options):
    """Kill thirty builds at random moments, fill the disk, and so on; it takes half an hour."""
    setup()
    tests = ["tests/workflow/test_faults.py", "--kills", "30", "--verbose"]
    run(PYTHON, "-m", "pytest", *tests, *options.arguments)


def test_slurm(options):
    """Solve the multiverse on a cluster that is started for it, broken on the way, and stopped."""
    setup()
    slurm()
    run(PYTHON, "tests/slurm/multiverse.py", *options.arguments)


def lint(_options):
    """Check the style of code and workflow."""
    setup()
    run(PYTHON, "-m", "ruff", "check")
    run(PYTHON, "-m", "ruff", "format", "--check")
    run(PYTHON, "-m", "snakefmt", "--check", "Snakefile", "analysis/rules")
