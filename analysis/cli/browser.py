"""The browser that the tests of the pages drive: found, or installed where that can be done."""

import os
import shutil
import subprocess

from cli.debian import install, quietly
from cli.environment import PYTHON, environment

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASK = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def chromium():
    """Say where Chromium is, by `CHROMIUM_PATH`; without one, say so in one line."""
    found = (
        os.environ.get("CHROMIUM_PATH")
        or installed_here()
        or downloaded()
        or installed_by_apt()
        or download()
    )
    if found:
        os.environ["CHROMIUM_PATH"] = str(found)
    else:
        print(
            "test: no Chromium here and none can be installed; the tests of the pages are "
            f"{'failures, because CI is set' if os.environ.get('CI') else 'skipped'} "
            "(install chromium, or name it in CHROMIUM_PATH)",
            flush=True,
        )


def starts(program):
    """Whether a program is there and runs: its libraries may be missing."""
    return program and quietly(program, "--version") == 0


def installed_here():
    """A Chromium on the PATH that runs."""
    return next(filter(starts, map(shutil.which, NAMES)), None)


def installed_by_apt():
    """Debian's Chromium, if this is Debian and we may install."""
    return install("test", "the tests of the pages", "chromium") and installed_here()


def downloaded():
    """The Chromium that Playwright downloaded into `.venv` before."""
    asked = subprocess.run(
        [str(PYTHON), "-c", ASK], env=playwright(), capture_output=True, text=True, check=False
    )
    program = asked.stdout.strip()
    return program if os.path.exists(program) and starts(program) else None


def download():
    """Let Playwright download its Chromium into `.venv`."""
    print("test: downloading Chromium for the tests of the pages", flush=True)
    quietly(PYTHON, "-m", "playwright", "install", "chromium", env=playwright())
    return downloaded()


def playwright():
    """The variables under which Playwright keeps its browsers inside `.venv`."""
    return {**environment(), "PLAYWRIGHT_BROWSERS_PATH": "0"}
