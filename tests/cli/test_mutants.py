"""Claims about `make mutants`: what lives is told, but for what is spared with a reason."""

import tomllib
from pathlib import Path

import pytest

from cli import mutants

ROOT = Path(__file__).resolve().parents[2]
ALIVE = [
    ("casebook.qca.fit.ratio", "return a / b", "return a * b"),
    ("casebook.qca.fit.Fit.near", "if a < b:", "if a <= b:"),
]
SPARED = """[[spared]]
function = "casebook.qca.fit.{}"
becomes = ["{}"]
reason = "why"
"""


@pytest.fixture
def spare(tmp_path, monkeypatch):
    """Write the list of what is spared."""

    def write(*pairs):
        text = "".join(SPARED.format(*pair) for pair in pairs) or "spared = []"
        (tmp_path / "spared.toml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(mutants, "SPARED", tmp_path / "spared.toml")

    return write


def test_what_no_test_notices_is_told(spare, capsys):
    """Function, old and new line; and the command fails."""
    spare(("ratio", "return a * b"))
    with pytest.raises(SystemExit, match="make: no test notices these"):
        mutants.report(["qca/fit.py"], 10, ALIVE)
    said = capsys.readouterr().out
    assert "casebook.qca.fit.Fit.near\n  - if a < b:\n  + if a <= b:\n" in said
    assert "10 mutants: 8 killed, 1 spared, 1 alive" in said


def test_what_is_spared_and_no_longer_lives_is_told(spare, capsys):
    """The list holds nothing that tests kill; of other modules it says nothing."""
    spare(("ratio", "return a * b"), ("Fit.near", "if a <= b:"), ("gone", "return 1"))
    mutants.report(["qca/fit.py"], 10, ALIVE)
    assert "casebook.qca.fit.gone: no longer alive: return 1" in capsys.readouterr().out
    mutants.report(["qca/covers.py"], 10, [])
    assert "no longer" not in capsys.readouterr().out


def test_each_spared_mutant_has_its_reason():
    """The project's own list: function, line and reason, no pair twice."""
    spared = tomllib.loads((ROOT / mutants.SPARED).read_text("utf-8"))["spared"]
    assert {("becomes", "function", "reason")} >= {tuple(sorted(each)) for each in spared}
    assert all(all(each.values()) for each in spared)
    pairs = [(each["function"], new) for each in spared for new in each["becomes"]]
    assert len(pairs) == len({*pairs})
