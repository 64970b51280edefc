"""The command line: `python3 analysis/make.py COMMAND`, which is what the Makefile calls.

It needs nothing but Python itself. Each command first makes sure that the environment in
`.venv` holds exactly what `requirements.lock` names, and then works inside it.
"""

import argparse
import os
import sys
from importlib import import_module

from cli.environment import QUARTO_STAMP, fail

# The module of each command; only that one is imported, because `status` answers at once.
COMMANDS = {
    "setup": "environment",
    "paper": "build",
    "status": "status",
    "preview": "preview",
    "cite": "build",
    "verify": "verify",
    "accept": "verify",
    "reproduce": "reproduce",
    "report": "build",
    "quick": "checking",
    "test": "checking",
    "browser": "browser",
    "test-slurm": "checking",
    "faults": "checking",
    "mutants": "mutants",
    "lint": "checking",
    "audit": "audit",
    "lock": "environment",
    "new": "study",
    "clean": "build",
}


def main():
    """Read the command line; what follows the command goes to Snakemake or pytest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--retry-quarto", action="store_true", help="try again to install Quarto")
    parser.add_argument("--debug", action="store_true", help="let breakpoint() in a step work")
    parser.add_argument("--study", metavar="FOLDER", help="work in another study")
    options, options.arguments = parser.parse_known_args()
    if options.debug:
        os.environ["CASEBOOK_DEBUG"] = "1"
    if options.retry_quarto:
        QUARTO_STAMP.unlink(missing_ok=True)
    try:
        if options.study and options.command != "new":
            from cli.study import at_study

            sys.exit(at_study(options.command, options.study, options.arguments))
        module = import_module(f"cli.{COMMANDS[options.command]}")
        getattr(module, options.command.replace("-", "_"))(options)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:  # a full disk, a file that may not be read or written
        fail(f"{error.strerror or error}: {error.filename or 'no file'}")


if __name__ == "__main__":
    main()
