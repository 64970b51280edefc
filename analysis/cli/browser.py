"""The browser that the tests of the pages drive: found, or installed by `make browser`."""

import os
import shutil
import subprocess

from cli.debian import install, quietly
from cli.environment import PYTHON, environment, fail, setup

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASK = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def chromium():
    """Say where Chromium is, by `CHROMIUM_PATH`; without one, say so in one line."""
    if found := present():
        os.environ["CHROMIUM_PATH"] = str(found)
    else:
        print(
            "test: there is no Chromium here; the tests of the pages are "
            f"{'failures, because CI is set' if os.environ.get('CI') else 'skipped'} "
            "(`make browser` installs one where it can, CHROMIUM_PATH names one)",
            flush=True,
        )


def browser(_options):
    """Install Chromium for the tests of the pages, unless there is one."""
    setup()
    if not (found := present() or installed_by_apt() or download()):
        fail("no Chromium can be installed here; install it, or name one in CHROMIUM_PATH")
    print(f"browser: {found}")


def present():
    """The Chromium that is named, on the PATH, or downloaded before; or None."""
    return os.environ.get("CHROMIUM_PATH") or installed_here() or downloaded()


def starts(program):
    """Whether a program is there and runs: its libraries may be missing."""
    return program and quietly(program, "--version") == 0


def installed_here():
    """A Chromium on the PATH that runs."""
    return next(filter(starts, map(shutil.which, NAMES)), None)


def installed_by_apt():
    """Debian's Chromium, if this is Debian and we may install."""
    return install("browser", "the tests of the pages", "chromium") and installed_here()


def downloaded():
    """The Chromium that Playwright downloaded into `.venv` before."""
    asked = subprocess.run(
        [str(PYTHON), "-c", ASK], env=playwright(), capture_output=True, text=True, check=False
    )
    program = asked.stdout.strip()
    return program if os.path.exists(program) and starts(program) else None


def download():
    """Let Playwright download its Chromium into `.venv`."""
    print("browser: downloading Chromium for the tests of the pages", flush=True)
    quietly(PYTHON, "-m", "playwright", "install", "chromium", env=playwright())
    return downloaded()


def playwright():
    """The variables under which Playwright keeps its browsers inside `.venv`."""
    return {**environment(), "PLAYWRIGHT_BROWSERS_PATH": "0"}
