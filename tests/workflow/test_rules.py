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


def constants() -> dict[str, list[str]]:
    """The lists of modules that rules share, by name."""
    texts = [ROOT / "Snakefile", *(ANALYSIS / "rules").glob("*.smk")]
    found = {}
    for path in texts:
        for name, body in re.findall(
            r"^([A-Z_]+) = \[\n(.*?)^\]", path.read_text("utf-8"), re.M | re.S
        ):
            found[name] = re.findall(r'^ +"(analysis/casebook/[^"]+)"', body, re.M)
            for folder, pattern in re.findall(r'Path\("(analysis/[^"]+)"\)\.glob\("([^"]+)"', body):
                paths = sorted((ROOT / folder).glob(pattern))
                found[name] += [path.relative_to(ROOT).as_posix() for path in paths]
    return found


def declared(body: str) -> set[str]:
    """The files that a rule declares as `code`."""
    value = re.search(r"^ {8}code=(.*?),\n(?= {0,8}\S|\Z)", body, re.M | re.S)
    text = value[1] if value else ""
    shared = [
        file
        for name, files in constants().items()
        if re.search(rf"\b{name}\b", text)
        for file in files
    ]
    return {*shared, *re.findall(r'"(analysis/casebook/[^"]+)"', text)}


def imported(path: Path) -> set[Path]:
    """The modules of the package that a file imports, directly or through others."""
    seen: set[Path] = set()
    queue = [path]
    while queue:
        tree = ast.parse(queue.pop().read_text("utf-8"))
        names = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("casebook"):
                names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names if alias.name.startswith("casebook")}
        for name in names:
            base = ANALYSIS / Path(*name.split("."))
            for file in (base.with_suffix(".py"), base / "__init__.py"):
                if file.exists() and file not in seen and file != ANALYSIS / "casebook/__init__.py":
                    seen.add(file)
                    queue.append(file)
    return seen


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
    """A rule has a script of the same name, and no shell command or inline code."""
    path, body = RULES[name]
    script = re.search(r'script:\n {8}"(.*)"', body)
    assert script, "a rule runs a script"
    assert (path.parent / script[1]).resolve().is_file()
    assert Path(script[1]).stem == name
    assert not re.search(r"^ {4}(run|shell):", body, re.M)
    assert "lambda" not in body


@pytest.mark.parametrize("name", RULES)
def test_every_rule_declares_the_modules_that_its_script_imports(name):
    """A changed module reruns each rule whose script imports it, however indirectly."""
    path, body = RULES[name]
    script = (path.parent / re.search(r'script:\n {8}"(.*)"', body)[1]).resolve()
    wanted = {file.relative_to(ROOT).as_posix() for file in imported(script)}
    assert wanted <= declared(body), f"not declared: {sorted(wanted - declared(body))}"


@pytest.mark.parametrize("name", RULES)
def test_declared_modules_exist(name):
    """No rule declares a module that is not there."""
    assert all((ROOT / file).is_file() for file in declared(RULES[name][1]))


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
