"""The server whose forks are the steps of the workflow: Python's own, with the imports done.

`run` is Snakemake (arguments: RULE,RULE… and its own), beside whose start the server imports what
the scripts of these rules import; other rules run as well, only later. The server ends when
Snakemake does.
"""

import ast
import gc
import multiprocessing
import os
import re
import signal
import sys
from multiprocessing import forkserver
from pathlib import Path
from pkgutil import ModuleInfo, iter_modules
from types import SimpleNamespace

# What Snakemake sets to the number of threads of a job before it starts a script.
THREADS = ("OMP", "GOTO", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
# What Snakemake imports if it is there, and a build does without.
NEEDLESS = ["numpy", "pandas", "requests", "snakemake.report.html_reporter"]
CONTEXT = multiprocessing.get_context("forkserver") if sys.platform == "linux" else None


def start(scripts):
    """Start the server, unless it runs, and let it import what scripts import.

    Forks are unsafe with some libraries of other systems: there is no server then (no `CONTEXT`).
    """
    if CONTEXT:
        os.environ.update({f"{name}_NUM_THREADS": "1" for name in THREADS})
        executor = "snakemake_executor_plugin_forkserver"  # whose `run` a step is
        CONTEXT.set_forkserver_preload(["cli.fork_server_setup", executor, *imports(scripts)])
        forkserver.ensure_running()


def imports(scripts):
    """Names of the modules that scripts import, in a fixed order; some may be no modules."""
    names = {}
    for script in sorted(scripts):
        for node in ast.parse(Path(script).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                names.update({alias.name: None for alias in node.names})
            elif isinstance(node, ast.ImportFrom):
                names[node.module] = None
                names.update({f"{node.module}.{alias.name}": None for alias in node.names})
    return list(names)


def imports_of_rules():
    """Names of the modules that the rule files import."""
    paths = [*Path().glob("Snakefile"), *sorted(Path("analysis/rules").glob("*.smk"))]
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    return re.findall(r"^(?:from|import) ([\w.]+)", text, re.M)


def end(main, arguments):
    """Run Snakemake's `main` and end this process at once, without taking its memory apart."""
    code = 1
    try:
        main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except KeyboardInterrupt:
        pass  # who pressed it needs no traceback
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def without_needless():
    """Spare Snakemake imports that take as long as all the others: it does not find these modules.

    Neither would the rule files: it does where one of them asks for one. Of the plugins for
    executors and logs it finds those that the profiles for this machine name.
    """
    from snakemake_interface_common import plugin_registry

    if not {name.partition(".")[0] for name in imports_of_rules()}.intersection(NEEDLESS):
        sys.modules.update(dict.fromkeys(NEEDLESS))
    named = ["snakemake_executor_plugin_forkserver"]
    named += ["snakemake_logger_plugin_rich"] if sys.stderr.isatty() else []
    others = ("snakemake_executor_plugin_", "snakemake_logger_plugin_")
    found = [module for module in iter_modules() if not module.name.startswith(others)]
    found += [ModuleInfo(None, name, ispkg=True) for name in named]
    plugin_registry.pkgutil = SimpleNamespace(iter_modules=lambda: found)


def scripts(rules):
    """Paths of the scripts of rules; not every rule has one."""
    paths = (Path("analysis/scripts", f"{rule}.py") for rule in rules)
    return [path for path in paths if path.is_file()]


def run():
    """Be Snakemake, with the server beside it."""
    rules, *arguments = sys.argv[1:]
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))  # nothing has begun that could be lost
    start(scripts(rules.split(",")))
    gc.disable()  # little is garbage yet, and looking for it takes a fifth of the time
    without_needless()
    from snakemake.cli import main

    gc.freeze()
    gc.set_threshold(50_000)  # a run is short, and little of what it makes is garbage
    gc.enable()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end(main, arguments)
