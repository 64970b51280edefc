"""The configuration of a study, checked against its closed schema and against the codebook."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from casebook.errors import InputError, Problem
from casebook.schemas import load_schema, schema_problems
from casebook.study.codebook import Codebook


def check_settings(settings: Mapping, schema: Path, codebook: Codebook, file: str) -> None:
    """Check every analytic choice.

    Args:
        settings: the configuration as read.
        schema: YAML file with a JSON schema.
        codebook: the models may name its constructs only.
        file: what to call the configuration in messages.

    Raises:
        InputError: with every problem: unknown, missing or wrong keys (with their place and what
            is accepted), constructs or groups that the codebook does not have, expectations or
            recoded sets that are not in their model.
    """
    problems = schema_problems(load_schema(schema), settings, file)
    problems = problems or list(_unknown_names(settings, codebook, file))
    if problems:
        raise InputError(problems)


def _unknown_names(settings: Mapping, codebook: Codebook, file: str) -> Iterator[Problem]:
    constructs = f"a construct of the codebook: {', '.join(codebook.codes)}"
    for name, model in settings["qca"]["models"].items():
        place = f"qca.models.{name}"
        for key, codes in (("outcome", [model["outcome"]]), ("conditions", model["conditions"])):
            for code in codes:
                if code not in codebook.codes:
                    yield Problem(file, f"{place}.{key}", code, constructs)
        if model["outcome"] in model["conditions"]:
            yield Problem(file, f"{place}.conditions", model["outcome"], "not the outcome itself")
        for code in set(model["expectations"]) - set(model["conditions"]):
            accepted = f"a condition of the model: {', '.join(model['conditions'])}"
            yield Problem(file, f"{place}.expectations", code, accepted)
        for key in ("recode", "calibrate"):
            for code in set(model.get(key, {})) - {model["outcome"], *model["conditions"]}:
                yield Problem(file, f"{place}.{key}", code, "a set of the model")
        for code, rule in model.get("calibrate", {}).items():
            if code in model.get("recode", {}):
                yield Problem(file, f"{place}.recode", code, "a set that is not calibrated")
            if "grades" in rule and len(rule["grades"]) != len(rule["anchors"]) + 1:
                accepted = f"{len(rule['anchors']) + 1} memberships, one for each group"
                yield Problem(file, f"{place}.calibrate.{code}.grades", rule["grades"], accepted)
    if "multiverse" in settings:
        yield from _wrong_in_multiverse(settings, codebook, file)
    group = settings["describe"]["outcome_group"]
    groups = [each.code for each in codebook.groups]
    if group not in groups:
        accepted = f"a group of the codebook: {', '.join(groups)}"
        yield Problem(file, "describe.outcome_group", group, accepted)


def _wrong_in_multiverse(settings: Mapping, codebook: Codebook, file: str) -> Iterator[Problem]:
    """Constructs and scores that the codebook does not have, and sets that are not coded."""
    multiverse = settings["multiverse"]
    for name, model in settings["qca"]["models"].items():
        for code in model.get("calibrate", {}):
            accepted = "a coded set, where there is a section multiverse"
            yield Problem(file, f"qca.models.{name}.calibrate", code, accepted)
    constructs = f"a construct of the codebook: {', '.join(codebook.codes)}"
    for name, each in multiverse["crossovers"].items():
        for code in each["sets"]:
            if code not in codebook.codes:
                yield Problem(file, f"multiverse.crossovers.{name}.sets", code, constructs)
    levels = [level.membership for level in codebook.levels]
    for name, each in multiverse["blanks"].items():
        if each["score"] not in levels:
            accepted = f"a level of the codebook: {', '.join(f'{x:g}' for x in levels)}"
            place = f"multiverse.blanks.{name}.score"
            yield Problem(file, place, f"{each['score']:g}", accepted)
