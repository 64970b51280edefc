"""The built pages in a real browser: opened from disk, watched, and checked with axe-core.

`make test` finds Chromium and names it in `CHROMIUM_PATH`; `make browser` installs one.
"""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

OUTPUT = Path(__file__).resolve().parents[2] / "paper" / "_output"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser that stays silent, so that a request seen is the page's own.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """Chromium without a window; where there is none a skip, or a failure under CI."""
    program = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("no Chromium: `make browser` installs one where it can, CHROMIUM_PATH names one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


class Pages:
    """Opens pages from disk and keeps what they complain of and what they ask the network for."""

    def __init__(self, browser):
        """Use one browser; each page gets a fresh profile in it."""
        self.browser = browser
        self.contexts = []
        self.problems = []

    def __call__(
        self, path: str | Path, fragment: str = "", *, width=1280, height=800, dark=False, **options
    ) -> Page:
        """Open an output by its name, or any file by its path, at `#fragment`.

        `width` and `height` are the viewport in CSS pixels; `options` go to Playwright's
        `new_context` (`java_script_enabled=False`, `reduced_motion="reduce"`, …).
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            **options,
        )
        self.contexts.append(context)
        page = context.new_page()
        address = (OUTPUT / path).as_uri()
        self.watch(page, address)
        page.goto(f"{address}#{fragment}" if fragment else address)
        return page

    def watch(self, page: Page, address: str) -> None:
        """Note each error, each dialog, and each request for anything but the page itself."""
        page.on("console", lambda said: said.type == "error" and self.note("console", said.text))
        page.on("pageerror", lambda error: self.note("error", error.message))
        page.on("dialog", lambda dialog: (self.note("dialog", dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self.note_request(request.url, address))

    def note(self, kind: str, text: str) -> None:
        """Keep one problem as a line."""
        self.problems.append(f"{kind}: {text}")

    def note_request(self, url: str, address: str) -> None:
        """Keep a request, unless it is for the page or for something inside it."""
        if url.split("#")[0] != address and not url.startswith(("data:", "blob:")):
            self.note("request", url[:200])

    def close(self) -> None:
        """Close every page."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def visit(chromium):
    """Open built pages; afterwards none of them had an error or made a request.

    A test that provokes problems on purpose looks at `visit.problems` and clears it.
    """
    pages = Pages(chromium)
    yield pages
    pages.close()
    assert [] == pages.problems


@pytest.fixture(scope="session")
def violations():
    """Check a page with axe-core: a function from a page to its violations, a line each."""

    def check(page: Page, context: str | dict | None = None) -> list[str]:
        options = {"resultTypes": ["violations"]}
        found = Axe().run(page, context=context, options=options).response["violations"]
        return [
            f"{each['id']}: {node['html'][:200]} ({each['help']})"
            for each in found
            for node in each["nodes"]
        ]

    return check


@pytest.fixture
def background():
    """The luminance of what a page is painted on, from 0 (black) to 1 (white)."""

    def measure(page: Page) -> float:
        painted = page.evaluate("getComputedStyle(document.body).backgroundColor")
        channels = [float(each) for each in painted.strip("rgba()").split(",")[:3]]
        return sum(channels) / 765

    return measure


@pytest.fixture
def overflow():
    """By how many CSS pixels a page is wider than its viewport: 0 when nothing sticks out."""

    def measure(page: Page) -> int:
        return page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    return measure
