"""Claims about the package as a whole: it is laid out as the method."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "analysis/casebook"
# A stage may import earlier ones, and of its own line only itself.
STAGES = [
    {"errors", "readers", "schemas", "pandoc"},
    {"study"},
    {"tidy", "qca"},
    {"results"},
    {"exhibits"},
    {"claims"},
    {"publication"},
    {"manuscript", "explorer"},
]
GROUND, *_ = STAGES


def imported(path: Path) -> set[str]:
    """The stages that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name.split(".")[1] for name in names if name.startswith("casebook.")}
    return found


@pytest.mark.parametrize("number", range(len(STAGES)))
def test_a_stage_imports_only_earlier_ones(number):
    """Errors, study, tidy tables and QCA, results, exhibits, claims, publication, manuscript."""
    earlier = set().union(*STAGES[:number])
    for stage in STAGES[number]:
        own = GROUND if stage in GROUND else {stage}
        modules = [PACKAGE / f"{stage}.py", *(PACKAGE / stage).rglob("*.py")]
        for path in filter(Path.is_file, modules):
            assert imported(path) <= earlier | own, path


def test_each_module_belongs_to_a_stage():
    """None lies beside them."""
    modules = [path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py")]
    assert {"__init__"}.union(*STAGES) == {module.parts[0] for module in modules}
