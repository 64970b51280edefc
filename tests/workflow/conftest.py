"""A throw-away copy of the project that builds the toy study with the project's own rules."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from cli.trace import tracer

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "tests/fixtures/toy"
SOURCES = [
    *("Snakefile", "profiles", "analysis", "paper/_extensions", "paper/_quarto.yml"),
    *("pyproject.toml", "requirements.lock", "quarto.lock"),
]
TRACED, STRACED = "opened.tsv", "opened.log"  # beside the study
BUILD = """
import sys
from pathlib import Path
from cli import build
build.PYTHON = sys.executable
sys.exit(build.build(Path.cwd()))
"""
# Each Python of the traced build writes down the files that it opens.
TRACE = """
import os, sys
def note(event, args):
    if event == "open" and isinstance(args[0], str) and args[0] != place:
        module = sys.modules.get("multiprocessing.process")
        current = getattr(module, "current_process", None)
        who = current().name if current else ""
        if who in ("", "MainProcess"):
            who = getattr(sys, "argv", [""])[0]
        os.write(file, f"{who}\\t{os.path.abspath(args[0])}\\n".encode())
if place := os.environ.get("CASEBOOK_TRACE"):
    file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.addaudithook(note)
"""


class Study:
    """A study in a folder of its own."""

    def __init__(self, folder: Path):
        """Work in a folder."""
        self.folder = folder

    def lay_out(self) -> "Study":
        """Lay the toy study over the project's rules, package and journal format."""
        folder = self.folder
        for name in SOURCES:
            source, target = ROOT / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, target)
        shutil.copytree(TOY, folder, dirs_exist_ok=True)
        return self

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run the workflow in the folder with the package of the folder."""
        environ = {**os.environ, "PYTHONPATH": str(self.folder / "analysis")}
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )

    def start(self, *, before: Sequence[str] = ()) -> subprocess.Popen:
        """Start what `make paper` does, in the folder, in a process group of its own.

        Args:
            before: a program that starts it, and its arguments.
        """
        return subprocess.Popen(
            [*before, sys.executable, "-c", BUILD],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT / "analysis")},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def make(self, **options) -> tuple[int, str]:
        """Do what `make paper` does; return the exit code, and all that was said."""
        process = self.start(**options)
        said, _ = process.communicate()
        return process.returncode, said

    def command(self, *words: str, **options) -> subprocess.CompletedProcess:
        """Run a command of the study, as `make` does, in this environment."""
        command = [sys.executable, "analysis/make.py", *words]
        environ = {"CASEBOOK_ENVIRONMENT": sys.prefix, **os.environ}
        options = {"stdin": subprocess.DEVNULL, **options}
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, **options
        )

    def build(self, **options) -> None:
        """Build everything; a failure shows what was said."""
        code, said = self.make(**options)
        assert code == 0, said

    def jobs(self) -> set[str]:
        """The rules that a build would run now."""
        done = self.snakemake("--dry-run", "--workflow-profile", "none")
        said = done.stdout + done.stderr
        rules = set(re.findall(r"^(?:local)?rule (\w+):", said, re.M))
        assert done.returncode == 0, said
        assert rules or "Nothing to be done" in said, said
        return rules

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file where `old` stands in it."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def contents(self) -> dict[str, bytes]:
        """Everything that the build made, by name."""
        tops = [
            self.folder / "data/processed",
            self.folder / "paper/_output",
            self.folder / "paper/_generated",
        ]
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for top in tops
            if top.exists()
            for path in sorted(top.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def study(tmp_path):
    """An unbuilt copy."""
    return Study(tmp_path).lay_out()


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A copy that was built once, under observation; tests leave its files as they found them."""
    study = Study(tmp_path_factory.mktemp("toy") / "study").lay_out()
    hook = study.folder / "analysis/sitecustomize.py"
    hook.write_text(TRACE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASEBOOK_TRACE", str(study.folder.parent / TRACED))
        study.build(before=tracer(study.folder.parent / STRACED))
    return study


@pytest.fixture
def copy(built, tmp_path):
    """A copy of the built study that a test may change."""
    shutil.copytree(built.folder, tmp_path / "study", copy_function=shutil.copy2)
    return Study(tmp_path / "study")
