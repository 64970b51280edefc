"""Claims about the workflow as written: it reads as the methods section and hides nothing."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ANALYSIS = ROOT / "analysis"
RULES = {
    match["name"]: (path, match["body"])
    for path in sorted((ANALYSIS / "rules").glob("*.smk"))
    for match in re.finditer(
        r"^rule (?P<name>\w+):\n(?P<body>(?:(?: {4}.*)?\n)+)", path.read_text("utf-8"), re.M
    )
}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_says_what_it_does(name):
    """A rule starts with a docstring of one sentence."""
    assert re.match(r' {4}"""[A-Z].*\."""\n', RULES[name][1])


@pytest.mark.parametrize("name", RULES)
def test_no_rule_writes_a_file_that_is_committed(name):
    """Before a job Snakemake deletes what the job will write, and a failed one leaves nothing."""
    block = re.search(r"^ {4}output:\n((?: {8}.*\n)+)", RULES[name][1], re.M)
    paths = re.findall(r'"(\w+/[^"]*)"', block[1])
    assert paths
    assert [] == [path for path in paths if not path.startswith(("data/processed/", "paper/_"))]


@pytest.mark.parametrize("name", RULES)
def test_every_rule_runs_the_script_of_its_name(name):
    """A rule has a script of the same name, with what that imports, and no other code."""
    path, body = RULES[name]
    script = re.search(r'script:\n {8}"(.*)"', body)
    assert script, "a rule runs a script"
    assert (path.parent / script[1]).resolve().is_file()
    assert Path(script[1]).stem == name
    assert f'        code=CODE["{name}"],\n' in body
    assert not re.search(r"^ {4}(run|shell):", body, re.M)
    assert "lambda" not in body


def test_rules_and_rule_files_are_short():
    """The Snakefile and the rule files can be read at a glance."""
    assert len((ROOT / "Snakefile").read_text("utf-8").splitlines()) <= 60
    for path in (ANALYSIS / "rules").glob("*.smk"):
        assert len(path.read_text("utf-8").splitlines()) <= 110, path.name


@pytest.mark.parametrize(
    "script", sorted((ANALYSIS / "scripts").glob("*.py")), ids=lambda p: p.stem
)
def test_scripts_are_flat(script):
    """A script reads, calls and writes: no functions, no classes, no command line."""
    tree = ast.parse(script.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Try, ast.While)
    assert not [node for node in ast.walk(tree) if isinstance(node, kinds)]
    assert script.stem in RULES, "a script belongs to the rule of its name"
