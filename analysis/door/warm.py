"""A Snakemake that has done its imports, for the preview: it runs in the environment.

Each line of its input holds the arguments of a run, as JSON. The run is a fork of this process,
and when it has ended its exit code is printed. What the run itself says goes to standard error.
"""

import json
import os
import re
import signal
import sys
from importlib import import_module
from pathlib import Path

# What Snakemake imports in the course of a run, plugins aside.
LATER = ["nbformat", "pandas", "smart_open", "snakemake.report.html_reporter"]


def serve():
    """Import, then run what is asked for until the input ends."""
    from snakemake.cli import get_argument_parser, main

    get_argument_parser()  # imports the plugins
    snakefile = Path("Snakefile").read_text(encoding="utf-8")
    for name in [*LATER, *re.findall(r"^(?:from|import) (\S+)", snakefile, re.M)]:
        import_module(name)
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            signal.signal(signal.SIGINT, usual)
            os.dup2(2, 1)
            end(main, json.loads(line))
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def end(main, arguments):
    """Run and end this process, whatever happens, without returning to the loop of its parent."""
    code = 1
    try:
        main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
