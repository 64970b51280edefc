"""Another study: a folder with its own data, configuration and paper, built by this workflow.

`make paper STUDY=folder` copies into the study everything that the two share and then runs the
study's own command, in this project's environment. Each call renews the copies, so that a study
never lags behind, and is yet a whole project that can be published as it stands.
"""

import os
import shutil
import subprocess
from pathlib import Path

from cli.environment import PYTHON, ROOT, VENV, fail, read_json, setup, write_json
from cli.manifest import digests, sources

# What a study has of its own; the rest of what the workflow reads is shared.
OWN = ["analysis/config.yaml", "data/raw/", "paper/"]
# In the folder of the paper, what is not of the paper: its format.
FORMAT = ["paper/_extensions/", "paper/_quarto.yml"]
SKELETON = ROOT / "examples/skeleton"
DICTIONARY = "datapackage.json"
SHARED = Path("analysis", "shared.json")  # name to SHA-256 of what was copied last
OLD = SHARED.with_name("lent.json")  # its name in studies of version 0.1


def at_study(command, study, arguments):
    """Run a command in a study; return its exit code."""
    study = Path(study).resolve()
    if study == ROOT or not (study / "analysis/config.yaml").is_file():
        fail(
            f"STUDY={study.name}: there is no analysis/config.yaml in it; "
            "`make new STUDY=folder` lays out a study"
        )
    setup()
    sync_shared_files(study)
    env = {**os.environ, "CASEBOOK_ENVIRONMENT": str(VENV)}
    words = [PYTHON, "analysis/make.py", command, *arguments]
    return subprocess.run([str(word) for word in words], cwd=study, env=env).returncode


def new(options):
    """Lay out a study that builds at once: the skeleton, with the dictionary of this project."""
    if not options.study:
        fail("name the folder of the new study: `make new STUDY=folder`")
    study = Path(options.study).resolve()
    if study.exists() and any(study.iterdir()):
        fail(f"STUDY={study.name}: there is something in this folder; name a new one")
    shutil.copytree(SKELETON, study, dirs_exist_ok=True)
    raw = Path("data/raw")
    dictionary = read_json(ROOT / raw / DICTIONARY)
    there = {path.name for path in (study / raw).iterdir()}
    tables = [each for each in dictionary["resources"] if each["path"] in there]
    facts = {"name": "study", "title": "A study", "description": "README.md tells how it was made."}
    write_json(study / raw / DICTIONARY, {**dictionary, **facts, "resources": tables})
    sync_shared_files(study)
    print(f"{study.name}/ is laid out; build it with `make paper STUDY={study}`")


def shared_files():
    """The files that studies share: the workflow, the package, the format, the locks."""
    names = [*sources(ROOT), "Makefile"]
    mine = [name for name in names if name.startswith(tuple(OWN))]
    return [name for name in names if name not in mine or name.startswith(tuple(FORMAT))]


def sync_shared_files(study):
    """Bring the shared files of a study up to date; what was changed there is never lost."""
    wanted = digests(ROOT, shared_files())
    if (study / OLD).exists():
        (study / OLD).replace(study / SHARED)
    shared, there = read_json(study / SHARED) or {}, digests(study, {**wanted})
    edited = [name for name in there if there[name] not in (shared.get(name), wanted[name])]
    if edited:
        fail(
            f"{', '.join(edited)}: changed in the study, but shared with every other one; "
            "make the change in the project itself, or delete the file here"
        )
    for name in wanted:
        if there.get(name) != wanted[name]:
            (study / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, study / name)
    dropped = shared.keys() - wanted.keys()
    for name, digest in sorted(digests(study, dropped).items()):
        if digest == shared[name]:
            (study / name).unlink()
        else:
            print(f"{name}: no longer shared, but changed in the study, so it is left there")
    write_json(study / SHARED, wanted)
