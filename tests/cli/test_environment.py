"""Claims about the set-up: uv installs what the lock names, from where pip would; else pip does."""

import re
import subprocess

import pytest

from cli import environment

CONFIG = """\
:env:.find-links='/wheels /more'
:env:.timeout='60'
global.cert='/certificates.pem'
global.extra-index-url='https://one.example/simple\\nhttps://two.example/simple'
global.find-links='/other'
global.index-url='https://other.example/simple'
global.no-color='true'
install.index-url='https://index.example/simple'
wheel.index-url='https://wheels.example/simple'
"""


def test_uv_looks_where_pip_looks():
    """What pip is told by variables and files, in pip's order; the rest is left out."""
    assert {
        "SSL_CERT_FILE": "/certificates.pem",
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_HTTP_TIMEOUT": "60",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    } == environment.uv_variables(CONFIG)


def test_without_settings_of_pip_uv_asks_the_usual_index():
    """No address is passed on."""
    assert {"UV_INDEX_STRATEGY": "unsafe-best-match"} == environment.uv_variables("")


def test_uv_itself_is_pinned_and_its_hashes_are_checked():
    """Its lines in the lock: one version, the hashes of its files, and no other package."""
    first, *hashes = environment.lines_of_the_lock("uv").splitlines()
    assert re.fullmatch(r"uv==[\d.]+ \\", first)
    assert len(hashes) > 5
    kinds = {re.sub("[0-9a-f]{64}", "…", line).strip(" \\") for line in hashes}
    assert {"--hash=sha256:…"} == {kind for kind in kinds if not kind.startswith("#")}


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """The programs that the set-up runs, none of which does anything; and those that shall fail."""
    called, failing = [], []

    def run(*command, **_options):
        program = command[2]
        called.append(program)
        return int(program in failing)

    def make(command, **_options):
        (tmp_path / "venv").mkdir(exist_ok=True)
        return subprocess.CompletedProcess(command, 0, stdout="")

    for name in ("VENV", "STAMP", "QUARTO_STAMP", "PACKAGES"):
        monkeypatch.setattr(environment, name, tmp_path / name.lower())
    environment.PACKAGES.mkdir()
    monkeypatch.setattr(environment, "run", run)
    monkeypatch.setattr(subprocess, "run", make)
    return called, failing


def test_uv_installs_what_the_lock_names(calls):
    """Pip installs uv, uv everything, pip this project; then bytecode is made."""
    called, _ = calls
    environment.install()
    assert ["pip", "uv", "pip", "compileall"] == called
    assert environment.STAMP.exists()


def test_where_uv_fails_pip_installs(calls, capsys):
    """The set-up takes longer, says why, and comes to the same end."""
    called, failing = calls
    failing.append("uv")
    environment.install()
    assert ["pip", "uv", "pip", "pip", "compileall"] == called
    assert "uv could not install the packages (see above); pip tries it" in capsys.readouterr().out
    assert environment.STAMP.exists()


def test_where_nothing_can_be_installed_the_set_up_stops(calls):
    """Neither uv nor pip: nothing is stamped as complete."""
    called, failing = calls
    failing.append("pip")
    with pytest.raises(SystemExit, match="make: the locked packages could not be installed"):
        environment.install()
    assert ["pip", "pip"] == called
    assert not environment.STAMP.exists()
