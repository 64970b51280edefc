"""Claims about the research object of a build."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import pytest
from rdflib.plugins.shared.jsonld import context
from rocrate.rocrate import ROCrate
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings

from casebook.publication.crate import copy_sources, crate

from .conftest import only
from .readers import ro_crate

pytestmark = pytest.mark.slow

# Both fetch the context from its address; here it comes from the rocrate library instead.
ONLINE = ["ro-crate-1.1_3.1", "ro-crate-1.1_3.2"]
NAMES = {
    "inputs": [
        "Snakefile",
        "analysis/scripts/draw.py",
        "analysis/casebook/map.py",
        "data/raw/a.csv",
    ],
    "outputs": ["data/processed/b.csv", "paper/_generated/map.svg", "out/manuscript.html"],
}
STEPS = [
    {
        "name": "draw",
        "rule": "draw",
        "description": "Draw it.",
        "script": "analysis/scripts/draw.py",
        "inputs": ("data/raw/a.csv",),
        "code": ("analysis/casebook/map.py",),
        "outputs": ("paper/_generated/map.svg", "out"),
        "parameters": {"width": 3},
    }
]


@pytest.fixture(scope="session")
def root(article, tmp_path_factory):
    """A small crate of an invented build."""
    project = tmp_path_factory.mktemp("project")
    for name in [each for names in NAMES.values() for each in names] + ["out/build.json"]:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(f"{name}\n", encoding="utf-8")
    digests = {
        kind: {name: hashlib.sha256(f"{name}\n".encode()).hexdigest() for name in names}
        for kind, names in NAMES.items()
    }
    build = {
        "renderer": {"name": "embedded", "version": "1"},
        "packages": {"snakemake": "9"},
        **digests,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        copy_sources([*NAMES["inputs"], "data/processed/b.csv"], Path("out/source"))
        text = crate(article, Path("out"), build, STEPS)
        assert text == crate(article, Path("out"), build, STEPS)
    (project / "out/ro-crate-metadata.json").write_text(text, encoding="utf-8")
    return project / "out"


@pytest.fixture
def offline(monkeypatch):
    """JSON-LD without a network: the context that the rocrate library ships, as of 1.1."""
    text = (files("rocrate") / "data/ro-crate.jsonld").read_text(encoding="utf-8")
    document = json.loads(text.replace("https://bioschemas.org/terms/", "https://bioschemas.org/"))
    monkeypatch.setattr(context.Context, "_fetch_context", lambda *_given: document)


def faults(root, severity):
    """What the validator finds against the Provenance Run Crate profile, network checks apart."""
    settings = ValidationSettings(
        rocrate_uri=str(root),
        profile_identifier="provenance-run-crate",
        requirement_severity=severity,
        skip_checks=ONLINE,
    )
    return {issue.check.identifier for issue in services.validate(settings).get_issues()}


@pytest.mark.usefixtures("offline")
def test_the_validator_accepts_the_crate(root):
    """Nothing that the profile requires is missing."""
    assert set() == faults(root, Severity.REQUIRED)


def test_the_crate_has_what_a_run_needs(root, article):
    """Read by the rocrate library: root, workflow, and an action with instrument and files."""
    read = ROCrate(root)
    top = read.root_dataset
    assert article.compendium.title == top["name"]
    assert article.compendium.abstract == top["description"]
    assert (article.compendium.released or article.published) == str(top["datePublished"])[:10]
    assert article.compendium.licenses["data"] == top["license"]["name"]
    assert "source/Snakefile" == read.mainEntity.id
    action = read.get("#build")
    assert read.mainEntity == action["instrument"]
    assert "source/data/raw/a.csv" in {each.id for each in action["object"]}
    assert ["manuscript.html"] == [each.id for each in action["result"]]
    assert compendium_people(read) == action["agent"]


def compendium_people(read):
    """Who stands behind the compendium."""
    return read.root_dataset["author"]


def test_the_crate_says_who_made_what_from_what(root):
    """Each step is a run of its script, on these files with these parameters, by Snakemake."""
    read = ROCrate(root)
    run = read.get("#run-draw")
    assert "source/analysis/scripts/draw.py" == run["instrument"].id
    assert ["source/data/raw/a.csv", "#parameter-draw-width"] == [x.id for x in run["object"]]
    assert ["#paper/_generated/map.svg", "manuscript.html", "build.json"] == [
        each.id for each in run["result"]
    ]
    assert "3" == read.get("#parameter-draw-width")["value"]
    assert "source/analysis/casebook/map.py" == run["instrument"]["hasPart"].id
    assert run == read.get("#control-draw")["object"]
    assert ["#control-draw"] == [each.id for each in read.get("#run")["object"]]
    assert ["#build", "#run-draw"] == [each.id for each in read.root_dataset["mentions"]]
    assert read.get("#build") == read.get("#run")["result"]
    assert "source/data/processed/b.csv" in {each.id for each in read.root_dataset["hasPart"]}


def test_the_crate_cites_the_article(root, facts):
    """What the record says of the article, in order, and nothing else."""
    said = ro_crate(root / "ro-crate-metadata.json")
    assert {key: facts[key] for key in said if key in facts} == only(said)


def test_every_file_has_its_checksum(root):
    """SHA-256 and size of each file are those of the file."""
    graph = json.loads((root / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    entities = [entity for entity in graph if "File" in entity["@type"]]
    assert 7 == len(entities)
    for entity in entities:
        content = (root / entity["@id"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entity["sha256"]
        assert str(len(content)) == entity["contentSize"]
