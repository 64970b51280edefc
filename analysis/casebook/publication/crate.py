"""RO-Crate of the build, by the Provenance Run Crate profile, written by the rocrate library."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from casebook.publication.article import Article, Person, known
from casebook.publication.crate_run import add, describe_run, single

SOURCE = "source"  # folder of the crate with copies of sources and tables of results
BUILD = "build.json"  # the record of the build, which cannot name itself
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/ro/wfrun/provenance/0.5": "Provenance Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
# Written out, because the lists of machines differ.
MEDIA_TYPES = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".css": "text/css",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".json": "application/json",
    ".lock": "text/plain",
    ".lua": "text/x-lua",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".qmd": "text/markdown",
    ".ris": "application/x-research-info-systems",
    ".smk": "text/x-python",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}


def copy_sources(paths: Iterable[Path], folder: Path) -> None:
    """Copy files into a folder of the crate, under their own relative paths."""
    for path in paths:
        target = Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def crate(article: Article, root: Path, build: Mapping, steps: Sequence[Mapping]) -> str:
    """Describe a build as an RO-Crate; nothing in it depends on time or place.

    Args:
        article: the article and its compendium.
        root: folder of the crate, relative to the project. It holds the outputs; the sources and
            the tables of results are in `source/`, under their own names.
        build: record of the build, from `casebook.publication.build_record.build_record`.
        steps: what was made from what, from `casebook.publication.build_record.steps`.

    Returns:
        The content of `ro-crate-metadata.json`.
    """
    from rocrate.rocrate import ROCrate

    result = ROCrate(version="1.1")
    licenses = {
        kind: add(result, "CreativeWork", f"https://spdx.org/licenses/{name}", name=name)
        for kind, name in sorted(article.compendium.licenses.items())
    }
    _describe_root(result, article, licenses["data"])
    main = result.add_workflow(dest_path=f"{SOURCE}/Snakefile", main=True, lang="snakemake")
    entities = _files(result, root, build, licenses, main)
    for name, value in (
        ("version", article.compendium.version),
        ("url", article.compendium.repository),
    ):
        if value:
            main[name] = value
    main["softwareRequirements"] = _software(result, build)
    action = describe_run(result, main, steps, entities, build["packages"]["snakemake"])
    action["name"] = f"Build of: {article.title}"
    action["agent"] = result.root_dataset["author"]
    action["object"] = [entities[name] for name in build["inputs"] if name != "Snakefile"]
    inside = f"{Path(root).as_posix()}/"
    action["result"] = [entities[name] for name in build["outputs"] if name.startswith(inside)]
    return json.dumps(_sorted(result.metadata.generate()), ensure_ascii=False, indent=1) + "\n"


def _files(
    crate: object, root: Path, build: Mapping, licenses: Mapping, main: object
) -> dict[str, object]:
    """An entity for each file of the build, by its name in the project.

    What is neither an output nor copied into the crate is named with its checksum alone.
    """
    known = {**build["inputs"], **build["outputs"]}
    known[f"{Path(root).as_posix()}/{BUILD}"] = ""
    entities = {}
    for name, digest in known.items():
        path = Path(name)
        if path.is_relative_to(root):
            place = path.relative_to(root).as_posix()
        elif Path(root, SOURCE, path).exists():
            place = f"{SOURCE}/{name}"
        else:
            entities[name] = add(crate, "CreativeWork", f"#{name}", name=name, sha256=digest)
            continue
        entity = main if name == "Snakefile" else crate.add_file(dest_path=place)
        _describe_file(entity, root, licenses[_license(name)])
        entities[name] = entity
    return entities


def _license(name: str) -> str:
    """The kind of licence of a file of the project."""
    return {"data": "data", "paper": "text"}.get(Path(name).parts[0], "code")


def _describe_root(crate: object, article: Article, license: object) -> None:
    compendium = article.compendium
    facts = {
        "name": compendium.title,
        "description": compendium.abstract,
        # Until the compendium has a date of its own, that of the article stands for it.
        "datePublished": compendium.released or article.published,
        "version": compendium.version,
        "keywords": list(article.keywords),
        "url": compendium.site,
        "license": license,
        "conformsTo": [
            add(crate, "CreativeWork", address, name=name, version=address.rpartition("/")[2])
            for address, name in PROFILES.items()
        ],
        "author": single(
            add(crate, "Organization", f"#contributor-{number}", name=name)
            for number, name in enumerate(compendium.contributors, start=1)
        ),
        "citation": _article(crate, article),
    }
    for name, value in known(facts).items():
        crate.root_dataset[name] = value


def _article(crate: object, article: Article) -> object:
    entity = add(
        crate,
        "ScholarlyArticle",
        article.doi_address or "#article",
        name=article.title,
        datePublished=article.published,
        inLanguage=article.lang,
        keywords=list(article.keywords),
        pagination=article.pages,
        license=article.license.get("url"),
    )
    people = enumerate(article.authors, start=1)
    entity["author"] = single(_person(crate, person, number) for number, person in people)
    entity["isPartOf"] = single(_containers(crate, article))
    if article.conference:
        event = {"name": article.conference.name, "startDate": article.conference.start}
        entity["recordedAt"] = add(crate, "Event", "#conference", **event)
    return entity


def _person(crate: object, person: Person, number: int) -> object:
    return add(
        crate,
        "Person",
        person.orcid_address or f"#author-{number}",
        name=person.full,
        givenName=person.forenames,
        familyName=person.surname,
        email=person.email,
        affiliation="; ".join(person.affiliations),
    )


def _containers(crate: object, article: Article) -> list:
    part = add(crate, "Periodical", "#journal", name=article.journal["title"], issn=article.issn)
    if article.volume:
        volume = add(crate, "PublicationVolume", "#volume", volumeNumber=article.volume)
        volume["isPartOf"], part = part, volume
    if article.issue:
        issue = add(crate, "PublicationIssue", "#issue", issueNumber=article.issue)
        issue["isPartOf"], part = part, issue
    if not article.proceedings:
        return [part]
    return [part, add(crate, "Book", "#proceedings", name=article.proceedings, isbn=article.isbn)]


def _software(crate: object, build: Mapping) -> list:
    """The renderer, and the packages that the project names, in the versions of the lock."""
    renderer = build["renderer"]
    facts = {"name": f"{renderer['name']} renderer", "softwareVersion": renderer["version"]}
    software = [add(crate, "SoftwareApplication", "#renderer", **facts)]
    for name, version in build["packages"].items():
        facts = {"name": name, "softwareVersion": version}
        software.append(add(crate, "SoftwareApplication", f"pkg:pypi/{name}@{version}", **facts))
    return software


def _describe_file(entity: object, root: Path, license: object) -> None:
    path = Path(root, entity.id)
    content = path.read_bytes()
    entity["name"] = path.name
    entity["encodingFormat"] = MEDIA_TYPES.get(path.suffix, "text/plain")
    entity["contentSize"] = str(len(content))
    entity["sha256"] = hashlib.sha256(content).hexdigest()
    entity["license"] = license


def _sorted(metadata: dict) -> dict:
    """The descriptor and the root first, the rest by address."""
    first = {"ro-crate-metadata.json": 0, "./": 1}
    entities = metadata["@graph"]
    order = sorted(entities, key=lambda entity: (first.get(entity["@id"], 2), entity["@id"]))
    return {**metadata, "@graph": order}
