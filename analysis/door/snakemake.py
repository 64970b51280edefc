"""The server whose forks are the steps of the workflow: Python's own, with the imports done.

`python -m door.snakemake` is Snakemake, beside whose start the server imports what the scripts
import. The server ends when Snakemake does.
"""

import ast
import gc
import multiprocessing
import os
import sys
from multiprocessing import forkserver
from pathlib import Path

# What Snakemake sets to the number of threads of a job before it starts a script.
THREADS = ("OMP", "GOTO", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
CONTEXT = multiprocessing.get_context("forkserver") if sys.platform == "linux" else None


def start(scripts):
    """Start the server, unless it runs, and let it import what scripts import.

    Forks are unsafe with some libraries of other systems: there is no server then (no `CONTEXT`).
    """
    if CONTEXT:
        os.environ.update({f"{name}_NUM_THREADS": "1" for name in THREADS})
        first = ["door.quiet", "snakemake.iocontainers"]
        CONTEXT.set_forkserver_preload([*first, *imports(scripts)])
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


def end(main, arguments):
    """Run Snakemake's `main` and end this process at once, without taking its memory apart."""
    code = 1
    try:
        main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    start(Path("analysis/scripts").glob("*.py"))
    gc.set_threshold(50_000)  # a run is short, and little of what it makes is garbage
    from snakemake.cli import main

    end(main, sys.argv[1:])
