"""Claims about the research object of a build."""

import hashlib
import json
from importlib.resources import files

import pytest
from rdflib.plugins.shared.jsonld import context
from rocrate.rocrate import ROCrate
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings

from casebook.citation.crate import copy_sources, crate

from .conftest import only
from .readers import ro_crate

# Both fetch the context from its address; here it comes from the rocrate library instead.
ONLINE = ["ro-crate-1.1_3.1", "ro-crate-1.1_3.2"]
BUILD = {
    "renderer": {"name": "embedded", "version": "1", "reason": "a test"},
    "packages": {"numpy": "2.0"},
}


@pytest.fixture(scope="session")
def root(work, tmp_path_factory):
    """A small crate of an invented build."""
    project = tmp_path_factory.mktemp("project")
    root = project / "output"
    root.mkdir()
    for name in ("Snakefile", "rules.smk", "data.csv", "output/manuscript.html"):
        (project / name).write_text(f"{name}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        copy_sources(["Snakefile", "rules.smk", "data.csv"], root / "source")
    text = describe(work, root)
    assert text == describe(work, root)
    (root / "ro-crate-metadata.json").write_text(text, encoding="utf-8")
    return root


def describe(work, root):
    """The crate's metadata."""
    names = {"workflow": "Snakefile", "parts": ["rules.smk"], "inputs": ["data.csv"]}
    return crate(work, root, BUILD, **names, outputs=["manuscript.html"])


@pytest.fixture
def offline(monkeypatch):
    """JSON-LD without a network: the context that the rocrate library ships, as of 1.1."""
    text = (files("rocrate") / "data/ro-crate.jsonld").read_text(encoding="utf-8")
    document = json.loads(text.replace("https://bioschemas.org/terms/", "https://bioschemas.org/"))
    monkeypatch.setattr(context.Context, "_fetch_context", lambda *_given: document)


def faults(root, severity):
    """What the validator finds against the Workflow Run Crate profile, network checks apart."""
    settings = ValidationSettings(
        rocrate_uri=str(root),
        profile_identifier="workflow-run-crate",
        requirement_severity=severity,
        skip_checks=ONLINE,
    )
    return {issue.check.identifier for issue in services.validate(settings).get_issues()}


@pytest.mark.usefixtures("offline")
def test_the_validator_accepts_the_crate(root):
    """Nothing that the profile requires is missing."""
    assert set() == faults(root, Severity.REQUIRED)


def test_the_crate_has_what_a_run_needs(root, work):
    """Read by the rocrate library: root, workflow, and an action with instrument and files."""
    read = ROCrate(root)
    top = read.root_dataset
    assert work.compendium.title == top["name"]
    assert work.compendium.abstract == top["description"]
    assert (work.compendium.released or work.published) == str(top["datePublished"])[:10]
    assert work.compendium.licenses["data"] == top["license"]["name"]
    assert "source/Snakefile" == read.mainEntity.id
    action = read.get("#build")
    assert read.mainEntity == action["instrument"]
    assert ["source/data.csv"] == [each.id for each in action["object"]]
    assert ["manuscript.html"] == [each.id for each in action["result"]]


def test_the_crate_cites_the_article(root, facts):
    """What the record says of the article, in order, and nothing else."""
    said = ro_crate(root / "ro-crate-metadata.json")
    assert {key: facts[key] for key in said if key in facts} == only(said)


def test_every_file_has_its_checksum(root):
    """SHA-256 and size of each file are those of the file."""
    graph = json.loads((root / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    entities = [entity for entity in graph if "File" in entity["@type"]]
    assert 4 == len(entities)
    for entity in entities:
        content = (root / entity["@id"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entity["sha256"]
        assert str(len(content)) == entity["contentSize"]
