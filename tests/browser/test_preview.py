"""Claims about a page of the preview in a browser: it keeps up, and says what is wrong."""

import pytest

from cli.server import Board, serve

POLICY = "default-src 'none'; script-src 'sha256-own'; style-src 'unsafe-inline'"
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Page</title></head>
<body><main><h1>Page</h1><p>{text}</p></main></body></html>
"""
PROBLEM = "manuscript.qmd: line 3: <b>no</b> such source"


class Shown:
    """A page that is served from a folder and open in a browser."""

    def __init__(self, folder, page):
        """Serve the folder and open the page."""
        self.file, self.page, self.board = folder / "page.html", page, Board()
        self.write("First.")
        self.server = serve(folder, {"page.html": None}, self.board)
        page.goto(self.server.address)

    def write(self, text):
        """Write the page anew."""
        self.file.write_text(PAGE.format(policy=POLICY, text=text), encoding="utf-8")

    def said(self):
        """What the page says."""
        return self.page.locator("main p")

    def alert(self):
        """What the page warns of."""
        return self.page.get_by_role("alert")


@pytest.fixture
def shown(chromium, tmp_path):
    """A page of the preview; afterwards nothing was refused and nothing failed in it."""
    context = chromium.new_context()
    page, problems = context.new_page(), []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(error.message))
    shown = Shown(tmp_path, page)
    yield shown
    context.close()
    shown.server.stop()
    assert [] == problems


def test_a_new_edition_is_on_the_screen(shown):
    """A page loads itself again when it hears that it has changed, and only then."""
    shown.write("Second.")
    shown.page.wait_for_timeout(300)
    assert "First." == shown.said().inner_text()
    shown.board.announce(["page.html"])
    shown.said().filter(has_text="Second.").wait_for(timeout=5000)


def test_what_is_wrong_is_on_the_screen_until_it_is_mended(shown):
    """The message stands at the foot of the page as text, and goes away."""
    shown.board.announce([], PROBLEM)
    shown.alert().wait_for(timeout=5000)
    assert f"The build stopped: {PROBLEM}" == shown.alert().inner_text()
    shown.board.announce([])
    shown.alert().wait_for(state="hidden", timeout=5000)


def test_a_fault_outlives_a_reload(shown):
    """Whoever opens the page later hears of it as well."""
    shown.board.announce([], PROBLEM)
    shown.page.reload()
    shown.alert().wait_for(timeout=5000)


def test_a_warning_can_be_read_by_everyone(shown, violations):
    """axe-core finds nothing wrong with the page and its warning."""
    shown.board.announce([], PROBLEM)
    shown.alert().wait_for(timeout=5000)
    shown.page.evaluate("document.querySelector('meta[http-equiv]').remove()")
    assert [] == violations(shown.page)


def test_a_page_that_is_not_there_yet_appears(shown):
    """The place of an article that has not been built is taken by the article."""
    shown.file.unlink()
    shown.page.reload()
    assert "not been built yet" in shown.page.inner_text("body")
    shown.write("Built.")
    shown.board.announce(["page.html"])
    shown.said().filter(has_text="Built.").wait_for(timeout=5000)
