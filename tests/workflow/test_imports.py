"""Claims about what a step depends on: all that its script imports, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.imports import CACHE, code_of_scripts

ROOT = Path(__file__).resolve().parents[2]
CODE = code_of_scripts(ROOT)
# All packages of others are imported first; then each script imports the project's own in a fork.
IMPORT = """
import ast, os, sys

def load(script):
    tree = ast.parse(open(script).read())
    tree.body = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    exec(compile(tree, script, "exec"), {})

def own():
    top = os.path.abspath("analysis")
    found = {name: getattr(module, "__file__", 0) or "" for name, module in sys.modules.items()}
    return {name: file for name, file in found.items() if file.startswith(top)}

for script in sys.argv[1:]:
    load(script)
for name in own():
    del sys.modules[name]
for script in sys.argv[1:]:
    if not os.fork():
        load(script)
        print(script, *own().values(), sep="|", flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def imported():
    """The modules of the project that Python loads for each script."""
    scripts = sorted(Path("analysis/scripts", f"{name}.py").as_posix() for name in CODE)
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, *scripts],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "analysis"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split("|") for line in done.stdout.splitlines()]
    return {
        Path(script).stem: {Path(file).relative_to(ROOT).as_posix() for file in files}
        for script, *files in lines
    }


def test_a_step_depends_on_the_modules_that_its_script_imports(imported):
    """As Python loads them; no module of the package imports another one only when it is called."""
    modules = {
        script: {file for file in files if file.endswith(".py")} for script, files in CODE.items()
    }
    assert imported == modules


@pytest.mark.parametrize("name", ["pdf", "docx", "xml", "html"])
def test_a_change_of_a_finisher_concerns_its_format_alone(name):
    """The Word writer is a matter of the Word file, and so on."""
    module = f"analysis/casebook/manuscript/finish_{name}.py"
    assert [f"finish_{name}"] == [script for script, files in CODE.items() if module in files]


def test_files_that_modules_read_belong_to_them():
    """Schemas, styles and pages; the schema of the ledger is for its readers, no step reads it."""
    package = ROOT / "analysis/casebook"
    files = {path for path in package.rglob("*.*") if path.suffix not in (".py", ".pyc")}
    names = {path.relative_to(ROOT).as_posix() for path in files if path.is_file()}
    covered = {file for files in CODE.values() for file in files}
    assert {"analysis/casebook/claims/claims.schema.yaml"} == names - covered


@pytest.fixture
def project(tmp_path):
    """A project of one script."""
    texts = {
        "analysis/scripts/run.py": "from box.first import work\n",
        "analysis/box/__init__.py": "",
        "analysis/box/first.py": "def work():\n    import box.second\n",
        "analysis/box/second.py": "NAME = 'look.css'\nPLACE = 'box.third'\n",
        "analysis/box/third.py": "import nowhere, os.path\n'no.css'\n",
        "analysis/box/look.css": "",
        "analysis/box/unused.py": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def of_box(*names):
    """Files of the folder."""
    return [f"analysis/box/{name}" for name in names]


def test_imports_inside_functions_and_names_of_files_count(project):
    """At first and second hand, with the packages that they stand in."""
    found = ["__init__.py", "first.py", "look.css", "second.py", "third.py"]
    assert {"run": of_box(*found)} == code_of_scripts(project)


def test_what_a_module_names_is_read_again_when_it_changes(project):
    """A text is remembered by its content; a damaged memory is none."""
    code_of_scripts(project)
    (project / "analysis/box/first.py").write_text("import box.unused\n", encoding="utf-8")
    expected = {"run": of_box("__init__.py", "first.py", "unused.py")}
    assert expected == code_of_scripts(project)
    (project / CACHE).write_text("[", encoding="utf-8")
    assert expected == code_of_scripts(project)


def test_a_module_that_is_no_python_still_counts(project):
    """Its step will say what is wrong; reading the workflow does not stop at it."""
    (project / "analysis/box/first.py").write_text("def work(:\n", encoding="utf-8")
    assert {"run": of_box("__init__.py", "first.py")} == code_of_scripts(project)
