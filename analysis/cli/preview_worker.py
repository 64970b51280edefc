"""A Snakemake that has done its imports, for the preview: it runs in the environment.

Each line of its input holds the rules that are likely to run and the arguments of Snakemake, as
JSON. The run is a fork of this process, and when it has ended its exit code is printed. What the
run itself says goes to standard error.
"""

import gc
import json
import os
import signal
import sys
from importlib import import_module

from cli.fork_server import end, imports_of_rules, scripts, start, without_needless

# What Snakemake imports in the course of a run, plugins aside.
LATER = ["nbformat", "smart_open"]


def serve():
    """Import, then run what is asked for until the input ends."""
    without_needless()
    from snakemake.cli import get_argument_parser, main

    get_argument_parser()  # imports the plugins
    for name in [*LATER, *imports_of_rules()]:
        import_module(name)
    gc.freeze()  # so that no fork looks through all this for garbage
    gc.set_threshold(50_000)
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            signal.signal(signal.SIGINT, usual)
            os.dup2(2, 1)
            rules, arguments = json.loads(line)
            start(scripts(rules))
            end(main, arguments)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
