"""The paper's sources and the outputs of the build (`make test` builds first)."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "paper"


@pytest.fixture(scope="session")
def output():
    """The folder of outputs; without them nothing can be said about them."""
    folder = PAPER / "_output"
    assert (folder / "build.json").exists(), "there is no build to test: run `make paper`"
    return folder
