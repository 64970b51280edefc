"""The toy study and the real one, checked once for all tests."""

from pathlib import Path
from shutil import copytree

import pytest

from casebook.study.codebook import load_codebook
from casebook.tidy.checks import read_raw

TESTS = Path(__file__).parents[1]
TOY = TESTS / "fixtures/toy/data/raw"
REAL = TESTS.parent / "data/raw"


@pytest.fixture(scope="session")
def toy():
    """Raw tables of the toy study."""
    return read_raw(TOY)


@pytest.fixture(scope="session")
def toy_codebook():
    """Codebook of the toy study."""
    return load_codebook(TOY / "codebook.yaml")


@pytest.fixture(scope="session")
def real():
    """Raw tables of the real study."""
    return read_raw(REAL)


@pytest.fixture(scope="session")
def real_codebook():
    """Codebook of the real study."""
    return load_codebook(REAL / "codebook.yaml")


@pytest.fixture
def study(tmp_path):
    """A copy of the toy study that a test may damage."""
    return copytree(TOY, tmp_path / "data/raw")
