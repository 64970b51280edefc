"""Claims about faults: the next build repairs what a fault broke, or one line says what to do."""

import base64
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli import build_lock, environment
from cli.build_lock import locked
from cli.manifest import digests, files

ROW = "west-garden,KEP,{},{},west-garden-kep-01"


def rescore(study, old, new):
    """Score a construct anew in both passes: nearly everything is made again."""
    for coder in "ab":
        study.edit("data/raw/codings.csv", ROW.format(coder, old), ROW.format(coder, new))


def untouched(study):
    """Contents and dates of the raw data, the edited table apart."""
    raw = [each for each in files(study.folder, ["data/raw"]) if "codings" not in each]
    return [(study.folder / name).stat().st_mtime_ns for name in raw], digests(study.folder, raw)


def test_a_killed_build_is_mended_by_the_next_one(copy, request):
    """Whenever it is killed, with all its children: the next one ends with the same bytes.

    One that is interrupted (Ctrl-C) goes on where it stopped; a third as many are tried.
    """
    kills = request.config.getoption("--kills")
    blows = [signal.SIGKILL] * kills + [signal.SIGINT] * (kills // 3)
    chance = random.Random(20241230)
    expected, raw = [copy.contents()], untouched(copy)
    rescore(copy, 0, 1)
    start = time.monotonic()
    copy.build()
    duration = time.monotonic() - start
    expected.append(copy.contents())
    assert expected[0] != expected[1]
    for number, blow in enumerate(blows):
        rescore(copy, *((0, 1) if number % 2 else (1, 0)))
        process = copy.start()
        moment = chance.uniform(0, duration)
        time.sleep(moment)
        os.killpg(process.pid, blow)
        process.communicate()
        copy.build()
        when = f"{blow.name} after {moment:.1f} s of {duration:.1f} s"
        print(when)
        assert copy.contents() == expected[number % 2], when
    assert raw == untouched(copy)


def test_what_was_edited_or_deleted_is_made_again(copy):
    """A table, a figure, an output and a folder of outputs are as they were; dates do not count."""
    before = copy.contents()
    (copy.folder / "data/processed/prevalence.csv").write_text("edited\n", encoding="utf-8")
    (copy.folder / "paper/_generated/figures/prevalence.svg").unlink()
    (copy.folder / "paper/_output/manuscript.docx").write_bytes(b"")
    shutil.rmtree(copy.folder / "paper/_output/figures")
    (copy.folder / "data/processed/.scores.csv.1234").write_text("left", encoding="utf-8")
    copy.build()
    assert before == copy.contents()


def test_what_was_edited_is_made_again_even_after_a_failed_build(copy):
    """A build that stops before it comes to an edited table does not make it true."""
    before = copy.contents()
    table = copy.folder / "data/processed/association.csv"
    table.write_text(table.read_text("utf-8").replace("0.", "0.1"), encoding="utf-8")
    assert before != copy.contents()
    copy.edit("analysis/config.yaml", "seed: 1", "seed: one")
    assert copy.make()[0] != 0
    copy.edit("analysis/config.yaml", "seed: one", "seed: 1")
    copy.build()
    assert before == copy.contents()


def test_an_older_source_is_noticed_by_its_contents(copy):
    """A sentence in a file with a date of long ago is in the article, and goes again."""
    before = copy.contents()
    path = copy.folder / "paper/manuscript.qmd"
    for old, new in (("Everything here", "All of this"), ("All of this", "Everything here")):
        copy.edit("paper/manuscript.qmd", f"{old} is invented", f"{new} is invented")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        copy.build()
        page = (copy.folder / "paper/_output/manuscript.html").read_text(encoding="utf-8")
        assert f"{new} is invented" in page
    assert before == copy.contents()


@contextmanager
def mounted(folder, *options):
    """A file system of its own at a folder, where we may mount one."""
    folder.mkdir(exist_ok=True)
    if not shutil.which("mount") or subprocess.run(["mount", *options, folder]).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_named_and_mended(copy, tmp_path):
    """The build stops and says so; with room again, the next one ends with the same bytes."""
    before = copy.contents()
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=80m", "tmpfs"):
        study = type(copy)(tmp_path / "small/study")
        shutil.copytree(copy.folder, study.folder)
        shutil.rmtree(study.folder / "paper/_output")
        free = shutil.disk_usage(study.folder).free
        (study.folder / "ballast").write_bytes(b"\1" * (free - 200_000))
        code, said = study.make()
        assert code != 0
        assert "disk" in said or "No space left" in said
        (study.folder / "ballast").unlink()
        study.build()
        assert before == study.contents()


def test_outputs_that_cannot_be_written_are_named(copy):
    """Before anything is started or lost, in one line."""
    before = copy.contents()
    copy.edit("paper/manuscript.qmd", "Everything here", "All of this")
    output = copy.folder / "paper/_output"
    with mounted(output, "--bind", output):
        subprocess.run(["mount", "-o", "remount,ro,bind", output], check=True)
        code, said = copy.make()
    assert code != 0
    assert said.startswith("make: paper/_output may not be written: `chmod -R u+w paper/_output`")
    assert 1 == len(said.splitlines())
    assert before == copy.contents()


HOLD = """
import sys, time
from pathlib import Path
from cli.build_lock import locked
with locked(Path.cwd()):
    print("mine", flush=True)
    time.sleep(float(sys.argv[1]))
"""


def hold(folder, seconds):
    """A process that takes the lock of a folder."""
    analysis = Path(build_lock.__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(seconds)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(analysis)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_build_waits_for_the_first(tmp_path, capsys):
    """It says so in one line, and then has the lock."""
    first = hold(tmp_path, 1)
    assert "mine\n" == first.stdout.readline()
    with locked(tmp_path):
        assert first.wait() == 0
    assert "make: another build is at work here, waiting for its end\n" == capsys.readouterr().out


def test_the_dead_hold_no_lock(tmp_path, capsys):
    """A killed build keeps nobody waiting."""
    first = hold(tmp_path, 60)
    assert "mine\n" == first.stdout.readline()
    first.kill()
    first.communicate()
    with locked(tmp_path):
        assert "" == capsys.readouterr().out


def test_a_lock_of_a_killed_snakemake_is_removed(tmp_path):
    """Nobody is at work: the lock is stale."""
    lock = tmp_path / ".snakemake/locks/0.input.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with locked(tmp_path):
        assert not lock.exists()


def test_a_lock_of_a_living_snakemake_is_respected(tmp_path):
    """One line names the process, and the lock stays."""
    lock = tmp_path / ".snakemake/locks/0.input.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    command = [sys.executable, "-c", "import time; time.sleep(60)", "snakemake"]
    with subprocess.Popen(command, cwd=tmp_path) as process:
        with pytest.raises(SystemExit, match=rf"make: Snakemake is at work here .*{process.pid}"):
            locked(tmp_path).__enter__()
        process.kill()
    assert lock.exists()


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """An environment of one package."""
    folder = tmp_path / "site-packages"
    (folder / "one-1.dist-info").mkdir(parents=True)
    (folder / "one.py").write_text("1", encoding="utf-8")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"1").digest()).decode().rstrip("=")
    record = f"one.py,sha256={digest},1\none-1.dist-info/RECORD,,\n"
    (folder / "one-1.dist-info/RECORD").write_text(record, encoding="utf-8")
    monkeypatch.setattr(environment, "PACKAGES", folder)
    monkeypatch.setattr(environment, "PYTHON", folder / "one.py")
    monkeypatch.setattr(environment, "STAMP", tmp_path / "complete.json")
    names = sorted(path.name for path in folder.iterdir())
    environment.write_json(environment.STAMP, {**environment.wanted(), "packages": names})
    return folder


def test_a_sound_environment_is_complete(packages):
    """Nothing has to be done."""
    assert environment.complete()
    assert "" == environment.damaged()


def test_an_interrupted_set_up_is_done_again(packages):
    """Its mark is written last: without it, or with another lock, the environment is made anew."""
    environment.STAMP.write_text('{"lock": "', encoding="utf-8")
    assert not environment.complete()
    environment.STAMP.unlink()
    assert not environment.complete()


def test_a_lost_package_is_noticed_at_once(packages):
    """The set-up sees it and makes the environment anew."""
    (packages / "one.py").rename(packages / "other.py")
    assert not environment.complete()


@pytest.mark.parametrize("text", ["2", None])
def test_a_damaged_package_is_found_after_a_failure(packages, text):
    """The failed build names the file, and the next one renews the environment."""
    path = packages / "one.py"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    assert "one.py" == environment.damaged()
    with pytest.raises(SystemExit, match=r"the environment is damaged .one.py.; run the command"):
        environment.diagnosis(packages)
    assert not environment.STAMP.exists()


def packages_of(environment_folder):
    """The folder in which an environment keeps its packages."""
    base = {"base": str(environment_folder)}
    return Path(sysconfig.get_path("purelib", "venv", base))


@pytest.fixture
def broken(tmp_path):
    """An environment like this one, made of links to it; PyYAML is a copy that may be broken."""
    made = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True)
    there = packages_of(made)
    for package in packages_of(sys.prefix).iterdir():
        if package.name.lower().startswith(("yaml", "pyyaml")):
            shutil.copytree(package, there / package.name)
    # The records of packages name programs and pages as well.
    for inside in (there.relative_to(made), "bin", "include", "."):
        for path in Path(sys.prefix, inside).iterdir():
            if not (made / inside / path.name).exists():
                (made / inside / path.name).symlink_to(path)
    stamp = environment.read_json(Path(sys.prefix, "complete.json"))
    environment.write_json(made / "complete.json", {**stamp, "place": str(made)})
    environment.write_json(made / "quarto.json", {"installed": False})
    return there


def test_a_damaged_environment_is_named_by_the_failed_build(copy, broken, monkeypatch):
    """A module is lost: the last line names it, and the environment no longer counts as whole."""
    monkeypatch.setenv("CASEBOOK_ENVIRONMENT", str(broken.parents[2]))
    assert "the outputs are current\n" == copy.command("status").stdout
    (broken / "yaml/loader.py").unlink()
    copy.edit("paper/manuscript.qmd", "Everything here", "All of this")
    done = copy.command("paper")
    message = "make: the environment is damaged (yaml/loader.py); run the command again, it will be"
    assert 0 != done.returncode
    assert done.stderr.splitlines()[-1].startswith(message)
    assert copy.command("status").stdout.startswith("the environment is not complete: `make setup`")


def test_another_version_of_a_package_is_noticed_at_once(copy, broken, monkeypatch):
    """What is installed is not what the lock names: nothing is built with it.

    An environment of another project is not made anew by the study that uses it.
    """
    monkeypatch.setenv("CASEBOOK_ENVIRONMENT", str(broken.parents[2]))
    (old,) = broken.glob("[Pp]y[Yy][Aa][Mm][Ll]-*.dist-info")
    old.rename(broken / "pyyaml-5.4.dist-info")
    assert copy.command("status").stdout.startswith("the environment is not complete: `make setup`")
    done = copy.command("paper")
    message = f"make: the environment {broken.parents[2]} is not what requirements.lock names; run"
    assert 1 == done.returncode
    assert done.stderr.startswith(message)
    assert (broken / "pyyaml-5.4.dist-info").exists()


def test_a_killed_set_up_is_done_again(study, request):
    """Killed while packages are installed, it leaves nothing that the next one would trust."""
    if request.config.getoption("--kills") < 30:
        pytest.skip("installs all packages: part of `make faults`")
    make = [sys.executable, "analysis/make.py"]
    environ = {key: value for key, value in os.environ.items() if key != "CASEBOOK_ENVIRONMENT"}
    run = {"cwd": study.folder, "env": environ, "text": True}
    process = subprocess.Popen([*make, "setup"], start_new_session=True, **run)
    packages = packages_of(study.folder / ".venv")
    while process.poll() is None and len(list(packages.glob("*.dist-info"))) < 3:
        time.sleep(0.1)
    assert process.poll() is None, "it had ended before it was killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    said = subprocess.run([*make, "status"], capture_output=True, check=False, **run).stdout
    assert said.startswith("the environment is not complete: `make setup`")
    done = subprocess.run([*make, "paper"], capture_output=True, check=False, **run)
    if "the locked packages could not be installed" in done.stderr:
        pytest.skip("the packages cannot be had here")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert (study.folder / "paper/_output/manuscript.pdf").is_file()
