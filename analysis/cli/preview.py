"""Previewing the paper: served on this machine, rebuilt while an author edits.

The page comes first: it is rendered alone and shown, and once the author pauses, all the rest is
built as `make paper` builds it.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from casebook.manuscript.renderer import PREVIEW
from cli.build import OUTPUT, build
from cli.build_lock import locked
from cli.environment import PYTHON, ROOT, environment, setup
from cli.manifest import digests, sources
from cli.server import Board, serve
from cli.state import read_state, take_snapshot, write_state
from cli.versions import renderer

PAGE = "manuscript.html"
RENDERED = Path("paper", "_build", PAGE)
LIKELY = ["manuscript", "render"]  # what runs for the page where the text was edited
CELL = re.compile(r"^[\s>]*[`~]{3,}\s*\{\w|`\{\w+\} ", re.MULTILINE)
PAUSE = 3  # seconds without an edit after which everything is built
BLINK = 0.05  # seconds between two looks at the sources


def preview(_options):
    """Serve the output on loopback and rebuild whenever a source changes, until Ctrl-C."""
    setup()
    if not has_cells(ROOT):
        os.environ[PREVIEW] = "1"
    stopping = Stop()
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        board = Board()
        server = serve(ROOT / OUTPUT, {PAGE: ROOT / RENDERED}, board)
        name, version, reason = renderer(ROOT, environment())
        print(f"rendered by {name} {version} ({reason})")
        print(f"{server.address}{PAGE} (stop with Ctrl-C)", flush=True)
        with Worker(ROOT, Path(folder, "error.txt")) as worker:
            Preview(ROOT, board, worker).run(stopping)
        server.stop()


def has_cells(root):
    """Whether the text has code that Quarto alone runs."""
    return any(
        CELL.search(path.read_text(encoding="utf-8", errors="replace"))
        for path in (root / "paper").glob("*.*md")
    )


class Stop:
    """Becomes true when the user presses Ctrl-C, so that a build can end in order."""

    def __init__(self):
        """Listen for Ctrl-C."""
        self.asked = False
        signal.signal(signal.SIGINT, self.ask)

    def ask(self, *_signal):
        """Note it; a second time, stop at once."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def __bool__(self):
        """Whether it was pressed."""
        return self.asked


class Preview:
    """Watches the sources of a project, and builds and announces what changed."""

    def __init__(self, root, board, worker):
        """Watch the project at `root`; announce on the board what browsers should know."""
        self.root, self.board, self.worker = root, board, worker

    def run(self, stopping):
        """Build everything, then after each edit the page, and after a pause everything."""
        self.everything()
        seen, due = stamps(self.root), None
        while not stopping:
            time.sleep(BLINK)
            now = stamps(self.root)
            if now != seen:
                changed, seen = {name for name, _ in now.items() ^ seen.items()}, settled(self.root)
                due = time.monotonic() + (PAUSE if self.page(changed) else 0)
            elif due and time.monotonic() > due:
                due = None
                self.everything()

    def page(self, changed):
        """Render the page alone and show it; where that fails, building everything will say why."""
        if any(not name.startswith(("paper/", "data/")) for name in changed):
            self.worker.restart()
        start = time.monotonic()
        with locked(self.root):
            # Where the text uses a number is listed when everything is built.
            waits = ["--consider-ancient", "prose=manuscript"]
            code = self.worker.run(LIKELY, "--quiet", "all", *waits, "--", RENDERED.as_posix())
            if code == 0:
                self.board.announce([PAGE])
                print(f"page rendered in {time.monotonic() - start:.1f} s", flush=True)
            before, self.snapshot = self.snapshot, take_snapshot(self.root)
            write_state(self.root, read_state(self.root), before, self.snapshot, 1)
        return code == 0

    def everything(self):
        """Build as `make paper` does; show which pages are new, or what is wrong."""
        before, problems = self.pages(), []
        try:
            build(self.root, say=problems.append)
        except SystemExit as error:
            problems.append(str(error))
        after = self.pages()
        self.snapshot = take_snapshot(self.root)
        new = [name for name, digest in after.items() if before.get(name) != digest]
        problem = "\n".join(problems)
        self.board.announce(new, problem)
        print(f"The build stopped: {problem}" if problem else "all is up to date", flush=True)

    def pages(self):
        """The pages by their names in the folder that is served, and their contents' digests."""
        pages = (self.root / OUTPUT).glob("*.html")
        return digests(self.root / OUTPUT, [page.name for page in pages])


class Worker:
    """A Snakemake that has done its imports; without it, each run would start with a second."""

    def __init__(self, root, error_file):
        """Work in the project at `root`; a failure is written to `error_file`."""
        self.root, self.error_file = root, error_file

    def __enter__(self):
        """Start it."""
        command = [str(PYTHON), "-c", "from cli.preview_worker import serve; serve()"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        values = {**environment(self.root), "CASEBOOK_ERROR_FILE": str(self.error_file)}
        self.process = subprocess.Popen(command, cwd=self.root, env=values, **pipes)
        return self

    def __exit__(self, *_error):
        """Let it end."""
        self.process.stdin.close()
        self.process.wait()

    def restart(self):
        """Take a new one, because modules have changed."""
        self.__exit__()
        self.__enter__()

    def run(self, likely, *arguments):
        """Run Snakemake, in which some rules are likely to run, and return its exit code."""
        with contextlib.suppress(BrokenPipeError):
            asked = [likely, ["--workflow-profile", "profiles/ci", *arguments]]
            print(json.dumps(asked), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline() or 1)


def stamps(root):
    """When each source was last written, and its size: enough to notice an edit."""
    found = {}
    for name in sources(root):
        with contextlib.suppress(FileNotFoundError):
            facts = os.stat(f"{root}/{name}")
            found[name] = facts.st_mtime_ns, facts.st_size
    return found


def settled(root):
    """The stamps of the sources once an editor has finished writing."""
    before = None
    while before != (now := stamps(root)):
        before = now
        time.sleep(BLINK / 2)
    return now
