"""A throw-away copy of the project that builds the toy study with the project's own rules."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "tests/fixtures/toy"


class Study:
    """A study in a folder of its own."""

    def __init__(self, folder: Path):
        """Work in a folder."""
        self.folder = folder

    def lay_out(self) -> "Study":
        """Lay the toy study over the project's rules, package and journal format."""
        folder = self.folder
        for name in ("Snakefile", "profiles", "analysis", "paper/_extensions", "paper/_quarto.yml"):
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

    def build(self) -> None:
        """Build everything; a failure shows what Snakemake said."""
        done = self.snakemake()
        assert done.returncode == 0, done.stdout + done.stderr

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
    """A copy that was built once; tests must leave its files as they found them."""
    study = Study(tmp_path_factory.mktemp("toy")).lay_out()
    study.build()
    return study


@pytest.fixture
def copy(built, tmp_path):
    """A copy of the built study that a test may change."""
    shutil.copytree(built.folder, tmp_path / "study", copy_function=shutil.copy2)
    return Study(tmp_path / "study")
