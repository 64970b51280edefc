"""Checking the work: tests and style."""

import sys

from cli.browser import chromium
from cli.build import build
from cli.cluster import slurm
from cli.environment import PYTHON, run, setup

PARALLEL = ("-n", "auto", "--dist", "loadfile")
QUICK = "not built and not browser and not slow"  # by the markers in pyproject.toml


def quick(options):
    """Check the style and run the tests that need neither a build nor a browser nor Quarto."""
    setup()
    lint(options)
    run(PYTHON, "-m", "pytest", *PARALLEL, "-m", QUICK, *options.arguments)


def test(options):
    """Run all tests; the paper that they look at is brought up to date first."""
    setup()
    if code := build():
        sys.exit(code)
    chromium()
    run(PYTHON, "-m", "pytest", *PARALLEL, *options.arguments)


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
