"""RO-Crate of the build, by the Workflow Run Crate profile, written by the rocrate library."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from casebook.citation.work import Work, known

SOURCE = "source"  # folder of the crate that holds copies of what the outputs were built from
PROFILES = [
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
]
# Types that the machine's own list may not know, so that every machine says the same.
MEDIA_TYPES = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".py": "text/x-python",
    ".qmd": "text/markdown",
    ".ris": "application/x-research-info-systems",
    ".smk": "text/plain",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
ADDRESSES = {
    "MIT": "https://spdx.org/licenses/MIT",
    "Apache-2.0": "https://spdx.org/licenses/Apache-2.0",
    "CC-BY-4.0": "https://spdx.org/licenses/CC-BY-4.0",
    "CC0-1.0": "https://spdx.org/licenses/CC0-1.0",
}


def copy_sources(paths: Iterable[Path], folder: Path) -> None:
    """Copy files into a folder of the crate, under their own relative paths."""
    for path in paths:
        target = folder / path
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
        name: _add(result, "CreativeWork", ADDRESSES[name], {"name": name, "identifier": name})
        for name in sorted(set(work.compendium.licenses.values()))
    }
    kinds = {kind: licenses[name] for kind, name in work.compendium.licenses.items()}
    _describe_root(result, work, kinds["data"])
    main = result.add_workflow(
        dest_path=f"{SOURCE}/{workflow}", main=True, lang="snakemake", properties={"license": None}
    )
    _describe_file(main, root, f"The workflow of: {work.compendium.title}", kinds["code"])
    language = build["packages"].get("snakemake")
    if language:
        main["programmingLanguage"]["version"] = language
    main["hasPart"] = [
        _file(result, root, f"{SOURCE}/{name}", kinds["code"], type="SoftwareSourceCode")
        for name in parts
    ]
    read = [_file(result, root, f"{SOURCE}/{name}", kinds["data"]) for name in inputs]
    made = [_file(result, root, name, kinds["text"]) for name in outputs]
    software = [
        _add(
            result,
            "SoftwareApplication",
            f"#{name}",
            {"name": name, "softwareVersion": version, "url": f"https://pypi.org/project/{name}/"},
        )
        for name, version in sorted(build["packages"].items())
    ]
    renderer = build["renderer"]
    software.append(
        _add(
            result,
            "SoftwareApplication",
            "#renderer",
            {"name": f"{renderer['name']} renderer", "softwareVersion": renderer["version"]},
        )
    )
    main["softwareRequirements"] = software
    action = _add(
        result,
        "CreateAction",
        "#build",
        {
            "name": f"Build of: {work.title}",
            "description": "Raw tables to the article in four formats, by the workflow.",
            "actionStatus": "http://schema.org/CompletedActionStatus",
        },
    )
    action["instrument"] = main
    action["object"] = read
    action["result"] = made
    result.root_dataset["mentions"] = [action]
    return json.dumps(_sorted(result.metadata.generate()), ensure_ascii=False, indent=1) + "\n"


def _describe_root(crate: object, work: Work, license: object) -> None:
    compendium = work.compendium
    root = crate.root_dataset
    root["name"] = compendium.title
    root["description"] = compendium.abstract
    # Until the compendium has a date of its own, that of the article stands for it.
    root["datePublished"] = compendium.released or work.published
    root["version"] = compendium.version
    root["keywords"] = list(work.keywords)
    root["license"] = license
    root["conformsTo"] = [
        _add(crate, "CreativeWork", address, {"name": _profile(address), "version": _last(address)})
        for address in PROFILES
    ]
    root["author"] = [
        _add(crate, "Organization", f"#contributor-{number}", {"name": name})
        for number, name in enumerate(compendium.contributors, start=1)
    ]
    root["citation"] = _article(crate, work)


def _profile(address: str) -> str:
    return {
        "process": "Process Run Crate",
        "workflow": "Workflow Run Crate",
        "workflow-ro-crate": "Workflow RO-Crate",
    }[address.split("/")[-2]]


def _last(address: str) -> str:
    return address.rpartition("/")[2]


def _article(crate: object, work: Work) -> object:
    authors = [
        _add(
            crate,
            "Person",
            person.orcid_address or f"#author-{number}",
            known(
                {
                    "name": person.full,
                    "givenName": person.forenames,
                    "familyName": person.surname,
                    "email": person.email,
                    "affiliation": "; ".join(person.affiliations),
                }
            ),
        )
        for number, person in enumerate(work.authors, start=1)
    ]
    facts = {
        "name": work.title,
        "datePublished": work.published,
        "inLanguage": work.lang,
        "keywords": list(work.keywords),
        "pagination": work.pages,
        "license": work.license.get("url", ""),
        "identifier": work.doi_address,
    }
    article = _add(crate, "ScholarlyArticle", work.doi_address or "#article", known(facts))
    article["author"] = authors
    article["isPartOf"] = _containers(crate, work)
    if work.conference:
        event = {"name": work.conference.name, "startDate": work.conference.start}
        article["recordedAt"] = _add(crate, "Event", "#conference", known(event))
    return article


def _containers(crate: object, work: Work) -> list:
    part = _add(crate, "Periodical", "#journal", known({"name": work.journal["title"], "issn": work.issn}))
    if work.volume:
        volume = _add(crate, "PublicationVolume", "#volume", {"volumeNumber": work.volume})
        volume["isPartOf"], part = part, volume
    if work.issue:
        issue = _add(crate, "PublicationIssue", "#issue", {"issueNumber": work.issue})
        issue["isPartOf"], part = part, issue
    if not work.proceedings:
        return [part]
    facts = known({"name": work.proceedings, "isbn": work.isbn})
    return [part, _add(crate, "Book", "#proceedings", facts)]


def _add(crate: object, kind: str, address: str, facts: Mapping) -> object:
    from rocrate.model.contextentity import ContextEntity

    return crate.add(ContextEntity(crate, address, properties={"@type": kind, **facts}))


def _file(crate: object, root: Path, name: str, license: object, type: str = "") -> object:
    kinds = {"@type": ["File", type]} if type else {}
    entity = crate.add_file(dest_path=name, properties=kinds)
    _describe_file(entity, root, Path(name).name, license)
    return entity


def _describe_file(entity: object, root: Path, name: str, license: object) -> None:
    content = (root / entity.id).read_bytes()
    entity["name"] = name
    entity["encodingFormat"] = MEDIA_TYPES.get(Path(entity.id).suffix, "text/plain")
    entity["contentSize"] = str(len(content))
    entity["sha256"] = hashlib.sha256(content).hexdigest()
    entity["license"] = license


def _sorted(metadata: dict) -> dict:
    """The descriptor and the root first, the rest by address."""
    first = ["ro-crate-metadata.json", "./"]
    graph = sorted(
        metadata["@graph"],
        key=lambda entity: (first.index(entity["@id"]) if entity["@id"] in first else 2, entity["@id"]),
    )
    return {**metadata, "@graph": graph}
