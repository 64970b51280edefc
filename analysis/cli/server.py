"""A server for the preview: files of one folder, on this machine only, and news of changes.

Pages are served with a script that reloads them when they have changed and shows what is wrong
with the build; the files on disk stay as they are.
"""

import base64
import hashlib
import json
import re
import threading
from collections import Counter
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

HOST, PORT, PORTS = "127.0.0.1", 8000, 100
NEWS = "/news"
SCRIPT = Path(__file__).with_name("preview.js")
ABSENT = """<!DOCTYPE html>
<html lang="en">
<title>Preview</title>
<link rel="icon" href="data:,">
<p>This page has not been built yet.</p>"""
HEARTBEAT = 15  # seconds after which the server looks whether a browser is still there


class Board:
    """What browsers ask for: the edition of each page, and what is wrong with the build."""

    def __init__(self):
        """Start with nothing to announce."""
        self.condition = threading.Condition()
        self.editions, self.problem, self.number = Counter(), "", 0

    def announce(self, pages, problem=""):
        """Announce that pages are new, and what is wrong, or that nothing is."""
        with self.condition:
            self.editions.update(pages)
            self.problem, self.number = problem, self.number + 1
            self.condition.notify_all()

    def wait(self, number):
        """Wait for news later than `number`, or a while; return their number and the news."""
        with self.condition:
            self.condition.wait_for(lambda: self.number != number, timeout=HEARTBEAT)
            return self.number, {"editions": self.editions, "problem": self.problem}


class Handler(SimpleHTTPRequestHandler):
    """Answers browsers on this machine; of no other folder, and no list of files."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Give the news as they come, or a file."""
        if self.path == NEWS and self.is_local():
            self.give_news()
        else:
            super().do_GET()

    def send_head(self):
        """Begin the answer to a question for a file, if it may be asked."""
        name = unquote(urlsplit(self.path).path).lstrip("/")
        path = Path(self.translate_path(self.path)).resolve()
        if not self.is_local() or not path.is_relative_to(Path(self.directory).resolve()):
            return self.send_error(HTTPStatus.FORBIDDEN)
        if not name:
            return self.redirect(f"/{next(iter(self.server.newer))}")
        page = newest(path, self.server.newer.get(name)) if name.endswith(".html") else None
        if page or name in self.server.newer:
            return self.send_page(name, page)
        return super().send_head() if path.is_file() else self.send_error(HTTPStatus.NOT_FOUND)

    def is_local(self):
        """Whether the browser asked this machine by its own name, not by one that points here."""
        return self.headers.get("Host", "").rpartition(":")[0] in (HOST, "localhost")

    def redirect(self, address):
        """Send the browser elsewhere."""
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_page(self, name, path):
        """Begin to send a page, with the script in it."""
        edition = self.server.board.editions[name]
        text = path.read_text(encoding="utf-8") if path else ABSENT
        body = watched(text, name, edition).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def give_news(self):
        """Send the news as they come, until the browser goes away."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        number = None
        while True:
            number, news = self.server.board.wait(number)
            try:
                self.wfile.write(f"data: {json.dumps(news)}\n\n".encode())
            except OSError:
                return

    def end_headers(self):
        """Forbid browsers to keep anything."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_words):
        """Say nothing of what is asked."""


class Server(ThreadingHTTPServer):
    """Serves a folder in the background."""

    daemon_threads = True

    def __init__(self, port, folder, newer, board):
        """Serve `folder`; see `serve`."""
        super().__init__((HOST, port), lambda *asked: Handler(*asked, directory=str(folder)))
        self.newer, self.board = newer, board
        self.address = f"http://{HOST}:{port}/"
        # It looks often whether it shall stop: whoever stops it waits for that.
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        """Serve no more."""
        self.shutdown()
        self.server_close()


def serve(folder, newer, board, port=PORT):
    """Serve a folder on loopback, at the first port that is free.

    Args:
        folder: what is served.
        newer: pages by name of which another file may be newer than that in the folder; the
            first is the page that opens.
        board: what browsers are to know of changes.
        port: the first that is tried.
    """
    for each in range(port, port + PORTS):
        try:
            return Server(each, folder, newer, board)
        except OSError:
            print(f"port {each} is taken", flush=True)
    raise SystemExit(f"make: no port from {port} to {port + PORTS - 1} is free")


def newest(*paths):
    """The file that was written last, or None where there is none."""
    there = [path for path in paths if path and path.is_file()]
    return max(there, key=lambda path: path.stat().st_mtime_ns, default=None)


def watched(page, name, edition):
    """A page with the script in it; its policy, if it has one, lets that run and ask for news."""
    facts = json.dumps({"page": name, "edition": edition, "news": NEWS}).replace("<", "\\u003c")
    script = f"\n{SCRIPT.read_text(encoding='utf-8').rstrip()}\nwatch({facts});\n"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = re.sub(
        r'(<meta\b[^>]*http-equiv="Content-Security-Policy"[^>]*>)',
        lambda match: allowing(match[1], f"'sha256-{digest}'"),
        page,
        count=1,
    )
    return f"{page}\n<script>{script}</script>\n"


def allowing(meta, script):
    """The policy of a page that allows one more script, and questions to this server."""
    if "script-src" in meta:
        meta = meta.replace("script-src", f"script-src {script}", 1)
    else:
        meta = meta.replace('content="', f'content="script-src {script}; ', 1)
    return meta.replace('content="', "content=\"connect-src 'self'; ", 1)
