"""The results of the real study, as the build left them in data/processed."""

from pathlib import Path

import pytest

from casebook.study.tables import read_table

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def results():
    """Every result table by name."""
    folder = ROOT / "data/processed"
    assert (folder / "robustness.csv").exists(), "there is no build to test: run `make paper`"
    return {path.stem: read_table(path) for path in folder.glob("*.csv")}
