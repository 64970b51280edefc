"""The steps of a build in an RO-Crate, by the Provenance Run Crate profile."""

import json
from collections.abc import Iterable, Mapping, Sequence

from casebook.publication.article import known

DONE = "http://schema.org/CompletedActionStatus"


def describe_run(
    crate: object,
    main: object,
    steps: Sequence[Mapping],
    entities: Mapping[str, object],
    version: str,
) -> object:
    """Describe who made what from what: each step as a part of the method, and as it was run.

    Args:
        crate: the crate.
        main: the workflow in it.
        steps: from `casebook.publication.build_record.steps`.
        entities: the files of the crate, by their names in the project.
        version: of Snakemake.

    Returns:
        The action that stands for the whole run.
    """
    action = add(crate, "CreateAction", "#build", instrument=main, actionStatus=DONE)
    tools, methods, runs, controls = {}, {}, [], []
    for step in steps:
        rule = step["rule"]
        if rule not in tools:
            tools[rule] = _tool(entities, step)
            methods[rule] = _method(crate, step, len(methods) + 1, tools[rule])
        run = _run(crate, step, tools[rule], entities)
        runs.append(run)
        facts = {"instrument": methods[rule], "object": run, "actionStatus": DONE}
        controls.append(add(crate, "ControlAction", f"#control-{step['name']}", **facts))
    main.properties()["@type"] = [*main.type, "HowTo"]
    main["hasPart"] = list(tools.values())
    main["step"] = list(methods.values())
    engine = main["programmingLanguage"]
    manager = add(
        crate,
        "SoftwareApplication",
        "#snakemake",
        name="Snakemake",
        url=engine["url"],
        softwareVersion=version,
    )
    facts = {"instrument": manager, "object": controls, "result": action, "actionStatus": DONE}
    add(crate, "OrganizeAction", "#run", name="Run of the workflow by Snakemake", **facts)
    crate.root_dataset["mentions"] = [action, *runs]
    return action


def _tool(entities: Mapping[str, object], step: Mapping) -> object:
    """The script of a step, with the modules that it imports as its parts."""
    tool = entities[step["script"]]
    tool.properties()["@type"] = ["File", "SoftwareSourceCode"]
    tool["hasPart"] = single(_named(entities, step["code"]))
    return tool


def _method(crate: object, step: Mapping, position: int, tool: object) -> object:
    facts = {"name": step["rule"], "description": step["description"], "position": str(position)}
    return add(crate, "HowToStep", f"#step-{step['rule']}", workExample=tool, **facts)


def _run(crate: object, step: Mapping, tool: object, entities: Mapping[str, object]) -> object:
    parameters = [
        add(
            crate,
            "PropertyValue",
            f"#parameter-{step['name']}-{name}",
            name=name,
            value=json.dumps(value, ensure_ascii=False),
        )
        for name, value in step["parameters"].items()
    ]
    return add(
        crate,
        "CreateAction",
        f"#run-{step['name']}",
        name=step["name"],
        description=step["description"],
        agent=crate.root_dataset["author"],
        instrument=tool,
        object=single([*_named(entities, step["inputs"]), *parameters]),
        result=single(_named(entities, step["outputs"])),
        actionStatus=DONE,
    )


def _named(entities: Mapping[str, object], names: Sequence[str]) -> list[object]:
    """The entities of files, and of all files in folders."""
    return [
        entity
        for name in names
        for file, entity in entities.items()
        if file == name or file.startswith(f"{name}/")
    ]


def single(values: Iterable) -> object:
    """A list of one is the one, as RO-Crate recommends."""
    values = list(values)
    return values[0] if len(values) == 1 else values


def add(crate: object, kind: str, address: str, **facts: object) -> object:
    """Add an entity that is no file; facts that are not known are left out."""
    from rocrate.model.contextentity import ContextEntity

    return crate.add(ContextEntity(crate, address, properties={"@type": kind, **_linked(facts)}))


def _linked(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts with entities by their addresses, as JSON-LD has them."""

    def link(value: object) -> object:
        if isinstance(value, list):
            return [link(each) for each in value]
        return {"@id": value.id} if hasattr(value, "id") else value

    return {key: link(value) for key, value in known(facts).items()}
