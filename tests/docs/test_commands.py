"""Claims about the documentation: what it tells people to type works, and its pictures are true."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CI = {line.strip() for line in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()}
TARGETS = set(re.findall(r"^([\w-]+): +##", (ROOT / "Makefile").read_text("utf-8"), re.M))
DICTIONARY = json.loads((ROOT / "data/raw/datapackage.json").read_text(encoding="utf-8"))


def commands(page: Path) -> list[str]:
    """The commands of the blocks of a page, in order, each as `make` takes it."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    return [line.replace("python3 analysis/make.py", "make") for line in lines]


def by_hand(page: Path) -> list[str]:
    """The commands that CI does not run as they stand; those of the cluster run on one."""
    lines = [line for line in dict.fromkeys(commands(page)) if line not in CI]
    return [] if page.name == "cluster.md" else lines


@pytest.fixture
def project(tmp_path):
    """A copy of the project that shares this environment."""
    folder = tmp_path / "project"
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, done.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if by_hand(page)], ids=lambda p: p.name)
def test_each_documented_command_works(page, project):
    """In the order of the page, in a copy, every command ends well; CI runs the others."""
    environ = {**os.environ, "CASEBOOK_ENVIRONMENT": sys.prefix}
    for line in by_hand(page):
        done = subprocess.run(
            line, shell=True, cwd=project, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def test_the_commands_of_the_cluster_run_on_one():
    """`make test-slurm`, which CI runs, takes what it runs from the page itself."""
    assert "make test-slurm" in CI
    page = set(commands(ROOT / "docs/cluster.md"))
    script = (ROOT / "tests/slurm/multiverse.py").read_text(encoding="utf-8")
    assert "docs/cluster.md" in script
    known = {"make test-slurm"} | {line for line in page if ".venv/bin/snakemake" in line}
    assert {".venv/bin/python benchmarks/scale.py"} >= page - known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_command_that_is_mentioned_exists(page):
    """Every `make` in the running text names a command of `analysis/make.py`."""
    found = re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))
    assert set(found) - TARGETS == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_link_of_a_page_leads_to_a_file(page):
    """Relative links name files of the project; code shows links without being any."""
    text = re.sub(r"``.*?``", "", page.read_text(encoding="utf-8"))
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    local = [link for link in links if not re.match(r"\w+:", link)]
    assert [] == [link for link in local if not (page.parent / link).exists()]


def test_the_data_model_has_every_table_and_its_key():
    """The page lists what the dictionary describes, and the picture draws it."""
    page = (ROOT / "docs/data-model.md").read_text(encoding="utf-8")
    text = page.partition("\n## From raw tables")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]*) \|$", text, re.M))
    keys = {name: re.findall(r"`(\w+)`", key) for name, key in rows.items()}
    resources = DICTIONARY["resources"]
    described = {each["name"]: each.get("schema", {}).get("primaryKey") for each in resources}
    assert set(described) == set(keys)
    assert {name: key for name, key in described.items() if key} == {
        name: keys[name] for name, key in described.items() if key
    }
    drawn = set(re.findall(r"^  (\w+) \S+ (?:\w+) :", text, re.M))
    drawn |= set(re.findall(r"^  \w+ \S+ (\w+) :", text, re.M))
    assert set(described) == drawn


def test_the_containers_call_the_same_set_up():
    """Container, dev container and Binder run `make setup`, and the container ends in the paper."""
    container = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert ["setup"] == re.findall(r"^RUN make (\w+)$", container, re.M)
    assert container.rstrip().endswith('CMD ["make", "paper"]')
    dev = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert "make setup" == dev["postCreateCommand"]
    assert "make setup" in (ROOT / ".binder/postBuild").read_text(encoding="utf-8").splitlines()
    assert os.access(ROOT / ".binder/postBuild", os.X_OK)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_the_container_builds_the_paper(engine, project):
    """Where there is an engine at work, the container is built and makes the paper."""
    probe = [engine, "info"]
    if not shutil.which(engine) or subprocess.run(probe, capture_output=True).returncode:
        pytest.skip(f"no {engine} is at work here")
    build = [engine, "build", "--file", "Containerfile", "--tag", "casebook-test", "."]
    subprocess.run(build, cwd=project, check=True)
    subprocess.run([engine, "run", "--rm", "casebook-test"], check=True)


def test_the_services_of_ci_run_commands_that_exist():
    """The workflow file can be read, and every `make` in it is a command of `analysis/make.py`."""
    text = (ROOT / ".github/workflows/build.yml").read_text(encoding="utf-8")
    steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
    named = re.findall(r"\bmake ([\w-]+)", "\n".join(step.get("run", "") for step in steps))
    assert {"lint", "paper", "test"} <= set(named) <= TARGETS


def test_the_hooks_of_commits_run_commands_that_exist():
    """Every hook is one of the commands; no hook is fetched from elsewhere."""
    told = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert ["local"] == [each["repo"] for each in told["repos"]]
    entries = [hook["entry"].split() for each in told["repos"] for hook in each["hooks"]]
    assert ["make lint", "make quick"] == [" ".join(entry) for entry in entries]
    assert {entry[1] for entry in entries} <= TARGETS
