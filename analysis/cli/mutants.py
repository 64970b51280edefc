"""Small changes to a module, one at a time, and whether the tests notice: mutmut, in a copy."""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from cli.checking import QUICK
from cli.environment import BIN, ROOT, environment, fail, setup

SPARED = Path("tests", "spared_mutants.toml")
PACKAGE = Path("analysis", "casebook")
NOTICED = ("killed", "timeout")  # a test that never ends has noticed as well
MADE = (".*", "__pycache__", "_build", "_generated", "_output", "processed", "reproduction")
# What mutmut is told. The words of messages are left as they are: tests ask for the parts of them
# that count. The package is taken for what stands in the folder itself, so it is moved there.
SETTINGS = """
[tool.mutmut]
source_paths = ["casebook"]
only_mutate = {modules}
also_copy = {others}
do_not_mutate_patterns = ["raise \\\\w*Error"]
use_git_change_detection = false
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "{marks}"]
pytest_add_cli_args_test_selection = {tests}
"""


def mutants(options):
    """Change modules in small ways (`ARGS=qca/fit.py`) and say which changes no test notices."""
    setup()
    modules = options.arguments
    absent = [name for name in modules if not (ROOT / PACKAGE / name).is_file()]
    if absent or not modules:
        fail(
            f"{', '.join(absent) or 'no module'}: name modules by their places in "
            f"{PACKAGE.as_posix()}: `make mutants ARGS=qca/fit.py`"
        )
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder, "copy")
        lay_out(copy, modules)
        watched = sys.stdout.isatty()  # somebody sees the count go up
        run = mutmut(copy, "run", stdout=None if watched else subprocess.PIPE)
        if run.returncode:
            print("" if watched else run.stdout[-2000:])
            fail("the tests fail without a change, or could not be run (see above)")
        states = re.findall(r"(\S+): (.+)", mutmut(copy, "results", "--all", "true").stdout)
        alive = [change(copy, name) for name, state in states if state.strip() not in NOTICED]
    report(modules, len(states), alive)


def lay_out(copy, modules):
    """Copy the project as mutmut wants it: the package on top, the settings in pyproject.toml."""
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*MADE))
    (copy / PACKAGE).rename(copy / PACKAGE.name)
    aside = {PACKAGE.name, "pyproject.toml", "tests"}
    folders = [f"tests/{Path(name).parts[0]}" for name in modules]
    settings = SETTINGS.format(
        modules=[f"{PACKAGE.name}/{name}" for name in modules],
        others=sorted({path.name for path in copy.iterdir()} - aside),
        tests=[name if (copy / name).is_dir() else "tests" for name in folders],
        marks=QUICK,
    )
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(settings)


def mutmut(copy, *arguments, stdout=subprocess.PIPE):
    """Run mutmut in the copy."""
    return subprocess.run(
        [BIN / "mutmut", *arguments], cwd=copy, env=environment(copy), stdout=stdout, text=True
    )


def change(copy, name):
    """The function that a mutant is of, what stands there, and what stands there instead."""
    lines = mutmut(copy, "show", name).stdout.splitlines()[3:]
    function = re.sub(r"\.x_?(?:ǁ(\w+)ǁ)?(\w+)__mutmut_\d+$", r".\1.\2", name).replace("..", ".")
    old, new = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return function, old, new


def report(modules, count, alive):
    """Say which mutants live, those aside that are spared for a reason; fail if there are any."""
    spared = tomllib.loads((ROOT / SPARED).read_text(encoding="utf-8"))["spared"]
    reasons = {(each["function"], new) for each in spared for new in each["becomes"]}
    names = [f"{PACKAGE.name}.{name.removesuffix('.py').replace('/', '.')}." for name in modules]
    found = {(function, new) for function, _, new in alive}
    for function, new in sorted(reasons - found):
        if function.startswith(tuple(names)):
            print(f"{SPARED.as_posix()}: {function}: no longer alive: {new}")
    left = [each for each in alive if (each[0], each[2]) not in reasons]
    for function, old, new in left:
        print(f"{function}\n  - {old}\n  + {new}")
    killed = count - len(alive)
    print(f"{count} mutants: {killed} killed, {len(alive) - len(left)} spared, {len(left)} alive")
    if left:
        fail(
            f"no test notices these; kill them, or spare them with a reason in {SPARED.as_posix()}"
        )
