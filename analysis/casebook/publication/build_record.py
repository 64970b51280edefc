"""What was made from what, by which step, with which packages: the record of a build."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One run of a rule.

    Attributes:
        name: the rule, followed by the values of its wildcards.
        rule: the rule.
        description: what it does, in one sentence.
        script: the script that it runs.
        inputs: files that it reads, its script and modules apart.
        code: modules that it imports.
        outputs: files and folders that it makes.
        parameters: name to value.
    """

    name: str
    rule: str
    description: str
    script: str
    inputs: tuple[str, ...]
    code: tuple[str, ...]
    outputs: tuple[str, ...]
    parameters: Mapping[str, object]


def steps(rules: Iterable[object], without: Iterable[str], published: str) -> list[dict]:
    """Turn the rules of a workflow into the steps of its run, as plain dictionaries.

    The wildcards of a rule take the values that later rules ask for. A rule whose outputs nothing
    that is published needs is no step.

    Args:
        rules: Snakemake's rules, each after those that it depends on.
        without: names of rules that are left out, although what they ask for counts.
        published: folder of what is published.
    """
    rules = list(rules)
    literal = {str(path) for rule in rules for path in rule.output if "{" not in path}
    wanted = {str(path) for rule in rules for path in rule.input if "{" not in str(path)}
    found = []
    for rule in reversed(rules):
        patterns = [_pattern(path) for path in rule.output if "{" in path]
        matches = [pattern.fullmatch(name) for pattern in patterns for name in wanted - literal]
        values = [match.groupdict() for match in matches if match] if patterns else [{}]
        for value in sorted(values, key=str):
            step = _step(rule, value)
            wanted |= {*step.inputs}
            found += [vars(step)] if rule.name not in without else []
    return _needed(found[::-1], published)


def _needed(found: list[dict], published: str) -> list[dict]:
    """Return the steps that make what is published, or what one of those steps reads."""
    names = {name for step in found for name in step["outputs"]}
    wanted = {name for name in names if name.startswith(f"{published}/")}
    while True:
        kept = [step for step in found if wanted & {*step["outputs"]}]
        more = wanted.union(*(step["inputs"] for step in kept))
        if more == wanted:
            return kept
        wanted = more


def _pattern(path: str) -> re.Pattern:
    """What a path with wildcards stands for; Snakemake writes `{name,what it may be}`."""
    text, *pieces = re.split(r"\{(\w+)(?:,([^}]*))?\}", path)
    text = re.escape(text)
    for name, limits, after in zip(*[iter(pieces)] * 3, strict=True):
        text += f"(?P<{name}>{limits or '[^/]+'}){re.escape(after)}"
    return re.compile(text)


def _step(rule: object, value: Mapping[str, str]) -> Step:
    def filled(paths: Iterable[object]) -> tuple[str, ...]:
        found = [name for path in paths for name in _names(path, value)]
        texts = {re.sub(r"\{(\w+)[^}]*\}", lambda m: value[m[1]], name) for name in found}
        return tuple(sorted(texts))

    code = {str(path) for path in getattr(rule.input, "code", ())}
    return Step(
        name="-".join([rule.name, *value.values()]),
        rule=rule.name,
        description=(rule.docstring or "").strip(),
        script=f"analysis/scripts/{rule.name}.py",
        inputs=filled(path for path in rule.input if str(path) not in code),
        code=filled(code),
        outputs=filled(rule.output),
        parameters=dict(sorted(rule.params.items())),
    )


def _names(path: object, value: Mapping[str, str]) -> list[str]:
    """A path of a rule, or the paths that it looks up for the values of its wildcards."""
    if not callable(path):
        return [str(path)]
    found = path(_Wildcards(value))
    return [found] if isinstance(found, str) else [str(each) for each in found]


class _Wildcards(dict):
    """Values of wildcards as input functions read them: by key and as attributes."""

    __getattr__ = dict.__getitem__


def locked_packages(project: str, lock: str) -> dict[str, str]:
    """The packages that the project names itself, with the versions of the lock.

    Args:
        project: text of `pyproject.toml`.
        lock: text of `requirements.lock`.
    """
    wanted = tomllib.loads(project)["project"]["dependencies"]
    names = {re.match(r"[\w.-]+", each)[0] for each in wanted}
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.M))
    return {name: locked[name] for name in sorted(names)}


def replacements(renders: Mapping[str, Mapping[str, str]]) -> dict[str, dict]:
    """Say which formats another renderer made than the one that was chosen, and why.

    Args:
        renders: format to the record of its render, from `render_or_replace`.

    Returns:
        `replaced`: format to record, or nothing where the chosen one made all of them.
    """
    replaced = {name: dict(each) for name, each in sorted(renders.items()) if "instead_of" in each}
    return {"replaced": replaced} if replaced else {}


def build_record(
    renderer: Mapping[str, object],
    packages: Mapping[str, str],
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
) -> dict:
    """Say what was built from what, and by what; no clock, no user, no machine.

    Args:
        renderer: `name` and `version`, and `replaced` from `replacements`.
        packages: name to version.
        inputs: what the workflow read, name to SHA-256.
        outputs: what it made, name to SHA-256.
    """
    facts = {"renderer": renderer, "packages": packages, "inputs": inputs, "outputs": outputs}
    return {name: dict(sorted(fact.items())) for name, fact in facts.items()}
