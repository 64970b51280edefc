"""RO-Crate of the build, by the Workflow Run Crate profile, written by the rocrate library."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from casebook.citation.work import Person, Work, known

SOURCE = "source"  # folder of the crate that holds copies of what the outputs were built from
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
# Written out, because the lists of machines differ.
MEDIA_TYPES = {
    ".bib": "application/x-bibtex",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".qmd": "text/markdown",
    ".ris": "application/x-research-info-systems",
    ".svg": "image/svg+xml",
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


def crate(
    work: Work,
    root: Path,
    build: Mapping,
    *,
    workflow: str,
    parts: Sequence[str],
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> str:
    """Describe a build as an RO-Crate; nothing in it depends on time or place.

    Args:
        work: the article and its compendium.
        root: folder of the crate, with copies of workflow, parts and inputs in `source/`.
        build: record of the build, from `casebook.provenance.build_record`.
        workflow: the main workflow file, relative to the project.
        parts: what else the workflow consists of, relative to the project.
        inputs: what the run read, relative to the project.
        outputs: what it made, relative to the crate.

    Returns:
        The content of `ro-crate-metadata.json`.
    """
    from rocrate.rocrate import ROCrate

    result = ROCrate(version="1.1")
    licenses = {
        kind: _add(result, "CreativeWork", f"https://spdx.org/licenses/{name}", name=name)
        for kind, name in sorted(work.compendium.licenses.items())
    }
    _describe_root(result, work, licenses["data"])
    main = result.add_workflow(dest_path=f"{SOURCE}/{workflow}", main=True, lang="snakemake")
    _describe_file(main, root, licenses["code"])
    for name, value in (("version", work.compendium.version), ("url", work.compendium.repository)):
        if value:
            main[name] = value
    files = [(f"{SOURCE}/{name}", licenses["code"]) for name in parts]
    main["hasPart"] = [_file(result, root, *facts) for facts in files]
    main["softwareRequirements"] = _software(result, build)
    action = _add(
        result,
        "CreateAction",
        "#build",
        name=f"Build of: {work.title}",
        actionStatus="http://schema.org/CompletedActionStatus",
    )
    action["instrument"] = main
    files = [(f"{SOURCE}/{name}", licenses["data"]) for name in inputs]
    action["object"] = [_file(result, root, *facts) for facts in files]
    action["result"] = [_file(result, root, name, licenses["text"]) for name in outputs]
    result.root_dataset["mentions"] = action
    return json.dumps(_sorted(result.metadata.generate()), ensure_ascii=False, indent=1) + "\n"


def _describe_root(crate: object, work: Work, license: object) -> None:
    compendium = work.compendium
    facts = {
        "name": compendium.title,
        "description": compendium.abstract,
        # Until the compendium has a date of its own, that of the article stands for it.
        "datePublished": compendium.released or work.published,
        "version": compendium.version,
        "keywords": list(work.keywords),
        "url": compendium.site,
        "license": license,
        "conformsTo": [
            _add(crate, "CreativeWork", address, name=name, version=address.rpartition("/")[2])
            for address, name in PROFILES.items()
        ],
        "author": _single(
            _add(crate, "Organization", f"#contributor-{number}", name=name)
            for number, name in enumerate(compendium.contributors, start=1)
        ),
        "citation": _article(crate, work),
    }
    for name, value in known(facts).items():
        crate.root_dataset[name] = value


def _article(crate: object, work: Work) -> object:
    article = _add(
        crate,
        "ScholarlyArticle",
        work.doi_address or "#article",
        name=work.title,
        datePublished=work.published,
        inLanguage=work.lang,
        keywords=list(work.keywords),
        pagination=work.pages,
        license=work.license.get("url"),
    )
    people = enumerate(work.authors, start=1)
    article["author"] = _single(_person(crate, person, number) for number, person in people)
    article["isPartOf"] = _single(_containers(crate, work))
    if work.conference:
        event = {"name": work.conference.name, "startDate": work.conference.start}
        article["recordedAt"] = _add(crate, "Event", "#conference", **event)
    return article


def _person(crate: object, person: Person, number: int) -> object:
    return _add(
        crate,
        "Person",
        person.orcid_address or f"#author-{number}",
        name=person.full,
        givenName=person.forenames,
        familyName=person.surname,
        email=person.email,
        affiliation="; ".join(person.affiliations),
    )


def _containers(crate: object, work: Work) -> list:
    part = _add(crate, "Periodical", "#journal", name=work.journal["title"], issn=work.issn)
    if work.volume:
        volume = _add(crate, "PublicationVolume", "#volume", volumeNumber=work.volume)
        volume["isPartOf"], part = part, volume
    if work.issue:
        issue = _add(crate, "PublicationIssue", "#issue", issueNumber=work.issue)
        issue["isPartOf"], part = part, issue
    if not work.proceedings:
        return [part]
    return [part, _add(crate, "Book", "#proceedings", name=work.proceedings, isbn=work.isbn)]


def _software(crate: object, build: Mapping) -> list:
    """The packages that matter to the results, and the renderer."""
    renderer = build["renderer"]
    versions = {**build["packages"], f"{renderer['name']} renderer": renderer["version"]}
    return [
        _add(
            crate,
            "SoftwareApplication",
            f"#{name.replace(' ', '-')}",
            name=name,
            softwareVersion=version,
            identifier=f"pkg:pypi/{name}@{version}" if name in build["packages"] else "",
        )
        for name, version in sorted(versions.items())
    ]


def _add(crate: object, kind: str, address: str, **facts: object) -> object:
    from rocrate.model.contextentity import ContextEntity

    return crate.add(ContextEntity(crate, address, properties={"@type": kind, **known(facts)}))


def _file(crate: object, root: Path, name: str, license: object) -> object:
    entity = crate.add_file(dest_path=name)
    _describe_file(entity, root, license)
    return entity


def _describe_file(entity: object, root: Path, license: object) -> None:
    path = Path(root, entity.id)
    content = path.read_bytes()
    entity["name"] = path.name
    entity["encodingFormat"] = MEDIA_TYPES.get(path.suffix, "text/plain")
    entity["contentSize"] = str(len(content))
    entity["sha256"] = hashlib.sha256(content).hexdigest()
    entity["license"] = license


def _single(values: Iterable) -> object:
    """A list of one is the one, as RO-Crate recommends."""
    values = list(values)
    return values[0] if len(values) == 1 else values


def _sorted(metadata: dict) -> dict:
    """The descriptor and the root first, the rest by address."""
    first = {"ro-crate-metadata.json": 0, "./": 1}
    entities = metadata["@graph"]
    order = sorted(entities, key=lambda entity: (first.get(entity["@id"], 2), entity["@id"]))
    return {**metadata, "@graph": order}
