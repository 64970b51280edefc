"""Claims about the server of the preview: pages with news, of one folder, on this machine only."""

import base64
import hashlib
import http.client
import json
import re
import socket
import sys
from pathlib import Path

import pytest

from cli.server import Board, serve

POLICY = "default-src 'none'; script-src 'sha256-own'; img-src data:"
PAGE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>Page</title></head><body><p>Text.</p></body></html>
"""


@pytest.fixture
def folder(tmp_path):
    """A folder of outputs, with a page, a file and a folder, and a secret beside it."""
    outputs = tmp_path / "output"
    (outputs / "figures").mkdir(parents=True)
    (outputs / "page.html").write_text(PAGE, encoding="utf-8")
    (outputs / "figures/map.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return outputs


@pytest.fixture
def board():
    """What browsers ask for."""
    return Board()


@pytest.fixture
def server(folder, board):
    """The folder, served; a newer page may lie beside it."""
    server = serve(folder, {"page.html": folder.parent / "newer.html"}, board)
    yield server
    server.stop()


def ask(server, path, host="127.0.0.1"):
    """Ask for a path as it stands; return the answer's status, head and body."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    headers = {"Host": f"{host}:{server.server_port}"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read().decode()


def test_it_listens_on_loopback_alone(server):
    """No other machine reaches it."""
    assert server.server_address[0] == "127.0.0.1"


def test_a_page_is_served_with_a_script_that_its_policy_allows(server, folder):
    """The hash in the policy is that of the script; the page's own script is still allowed."""
    status, headers, body = ask(server, "/page.html")
    script = re.search(r"<script>(.*)</script>", body, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', body)[1]
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert f"script-src 'sha256-{digest}' 'sha256-own'" in policy
    assert "connect-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert (folder / "page.html").read_text("utf-8") == PAGE


def test_the_page_that_was_written_last_is_served(server, folder):
    """The page alone, newer than the finished one, is shown until that is newer."""
    (folder.parent / "newer.html").write_text(PAGE.replace("Text", "News"), encoding="utf-8")
    assert "News." in ask(server, "/page.html")[2]
    (folder / "page.html").write_text(PAGE.replace("Text", "Finished"), encoding="utf-8")
    assert "Finished." in ask(server, "/page.html")[2]


def test_the_address_alone_leads_to_the_page(server):
    """Whoever opens the server's address comes to the article."""
    status, headers, _ = ask(server, "/")
    assert (status, headers["Location"]) == (302, "/page.html")


def test_other_files_are_served_as_they_are(server):
    """A figure has no script in it."""
    assert ask(server, "/figures/map.svg")[::2] == (200, "<svg/>")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/figures/../../secret.txt",
        "//etc/hostname",
        "/figures",
        "/figures/",
        "/none.html",
        "/</script><script>alert(1)</script>.html",
    ],
)
def test_nothing_else_is_served(server, path):
    """Neither what lies outside, nor a list of files, nor a page that is not there."""
    status, _, body = ask(server, path)
    assert status in (403, 404)
    assert "secret" not in body.replace("secret.txt", "")
    assert "<script>" not in body


def test_a_link_out_of_the_folder_is_not_followed(server, folder):
    """A symbolic link does not widen what is served."""
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    assert ask(server, "/link.txt")[0] == 403


@pytest.mark.parametrize("path", ["/page.html", "/news", "/figures/map.svg"])
def test_a_name_that_points_here_is_refused(server, path):
    """A web site cannot read the paper by giving this machine a name of its own."""
    assert ask(server, path, host="rebound.example")[0] == 403
    assert ask(server, "/page.html", host="localhost")[0] == 200


def test_a_page_that_is_not_built_yet_waits_for_it(server, folder):
    """The article's page is there before the article, and loads it when it is made."""
    (folder / "page.html").unlink()
    status, _, body = ask(server, "/page.html")
    assert status == 200
    assert "not been built yet" in body
    assert "watch(" in body


def test_a_port_that_is_taken_is_passed_over(server, folder, board, capsys):
    """The next one is taken, and that is said."""
    other = serve(folder, {}, board, port=server.server_port)
    try:
        assert other.server_port > server.server_port
        assert f"port {server.server_port} is taken" in capsys.readouterr().out
    finally:
        other.stop()


def news(stream):
    """The next news of a stream."""
    line = next(line for line in stream if line.startswith(b"data: "))
    return json.loads(line.removeprefix(b"data: "))


def test_news_come_as_they_are_announced(server, board):
    """What is known at once, then each new edition, and what is wrong until it is corrected."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        host = f"127.0.0.1:{server.server_port}"
        connection.sendall(f"GET /news HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        stream = connection.makefile("rb")
        assert news(stream) == {"editions": {}, "problem": ""}
        board.announce(["page.html"])
        assert news(stream) == {"editions": {"page.html": 1}, "problem": ""}
        board.announce([], "manuscript.qmd: line 3: no such source")
        assert news(stream)["problem"] == "manuscript.qmd: line 3: no such source"
        board.announce(["page.html"])
        assert news(stream) == {"editions": {"page.html": 2}, "problem": ""}


def test_the_script_knows_the_edition_that_it_came_with(server, board):
    """A page that was loaded after the news is not loaded again."""
    board.announce(["page.html"])
    assert '"edition": 1' in ask(server, "/page.html")[2]


def test_the_server_needs_nothing_but_python():
    """The commands import the standard library alone."""
    root = Path(__file__).resolve().parents[2]
    text = (root / "analysis/cli/server.py").read_text("utf-8")
    modules = re.findall(r"^(?:from|import) (\w+)", text, re.M)
    assert {*modules} <= sys.stdlib_module_names
