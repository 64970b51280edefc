"""Claims about every page that the build makes."""

import pytest

PAGES = ["manuscript.html"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_nothing_sticks_out(visit, overflow, name, width):
    """At no width does the reader have to scroll sideways, and nothing is asked of a network."""
    assert 0 == overflow(visit(name, width=width))


def test_a_bad_page_is_noticed(visit, tmp_path):
    """The watch sees what it watches for: here a refused script and a request."""
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'sha256-none'\">"
        "<script>alert(1)</script><img src='missing.png'>"
    )
    visit(bad).wait_for_load_state()
    assert {"console", "request"} == {each.split(":")[0] for each in visit.problems}
    visit.problems.clear()
