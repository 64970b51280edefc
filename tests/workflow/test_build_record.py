"""Claims about the record of what was made from what."""

import json
from types import SimpleNamespace

import pytest

from casebook.publication.build_record import build_record, locked_packages, steps
from cli.state import read_notes


class Named(list):
    """A list of files, some with a name, and parameters by their names."""

    def __init__(self, *files, **named):
        """Keep both."""
        super().__init__([*files, *(each for value in named.values() for each in value)])
        vars(self).update(named)

    def items(self):
        """The named ones."""
        return vars(self).items()


def rule(name, inputs, outputs):
    """A rule as Snakemake has it."""
    facts = {"name": name, "input": inputs, "output": outputs}
    return SimpleNamespace(**facts, docstring="Do it.", params=Named())


RULES = [
    rule("draw", Named("a.csv", code=["map.py"]), Named("map.svg")),
    rule("render", Named("text", "map.svg"), Named("built/{format}")),
    rule("finish", Named("built/{format}"), Named("out/{format,pdf|docx}")),
    rule("close", Named("built/html", "out/pdf"), Named("out/html")),
    rule("all", Named("out/html", "out/docx"), Named()),
]


def test_wildcards_take_the_values_that_are_asked_for():
    """A rule with wildcards is one step for each file that others, or `all`, ask of it."""
    found = steps(RULES, without=["all"], published="out")
    assert [each["name"] for each in found] == [
        "draw",
        *("render-pdf", "render-html", "render-docx"),
        *("finish-pdf", "finish-docx"),
        "close",
    ]
    assert ("a.csv",) == found[0]["inputs"]
    assert ("map.py",) == found[0]["code"]
    assert ("built/pdf",) == found[4]["inputs"]


@pytest.fixture(scope="module")
def crate(built):
    """The steps as the crate of the toy study has them: run to inputs and outputs."""
    path = built.folder / "paper/_output/ro-crate-metadata.json"
    graph = json.loads(path.read_text(encoding="utf-8"))["@graph"]
    return {each["@id"]: each for each in graph}


def test_the_crate_tells_the_steps_as_snakemake_ran_them(built, crate):
    """Each note of Snakemake has its step in the crate, with all that it was made from."""
    rules = {}
    for name, note in read_notes(built.folder).items():
        rules.setdefault(note.rule, set()).add(name)
    runs = [each for key, each in crate.items() if key.startswith("#run-")]
    tools = [each["instrument"]["@id"].rpartition("/")[2] for each in runs]
    expected = {f"{rule}.py" for rule in rules} - {"build.py", "crate.py"}
    assert expected == set(tools)


def test_versions_are_those_of_the_lock():
    """A package that the project names has the version that is locked."""
    project = '[project]\ndependencies = ["numpy>=2,<3", "typst"]\n'
    lock = "numpy==2.1 \\\n    --hash=x\ntypst==0.14 ; python_version < '4'\nother==1\n"
    assert {"numpy": "2.1", "typst": "0.14"} == locked_packages(project, lock)


def test_the_record_has_no_order_of_its_own():
    """The same facts give the same record."""
    first = build_record({"name": "a"}, {}, {"b": "1", "a": "2"}, {})
    assert ["a", "b"] == list(first["inputs"])
