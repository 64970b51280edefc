"""The front door: `python3 analysis/make.py COMMAND`, which is what the Makefile calls.

It needs nothing but Python itself. Each command first makes sure that the environment in
`.venv` holds exactly what `requirements.lock` names, and then works inside it.
"""

import argparse
import sys

from door.build import cite, clean, paper, report
from door.checking import faults, lint, test, test_slurm
from door.environment import QUARTO_STAMP, fail, lock, setup
from door.preview import preview
from door.reproduce import reproduce
from door.status import status
from door.study import at_study, new
from door.verify import accept, verify

COMMANDS = {
    command.__name__.replace("_", "-"): command
    for command in [
        *(setup, paper, status, preview, cite, verify, accept, reproduce, report),
        *(test, test_slurm, faults, lint, lock, new, clean),
    ]
}


def main():
    """Read the command line; what follows the command goes to Snakemake or pytest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--retry-quarto", action="store_true", help="try again to install Quarto")
    parser.add_argument("--study", metavar="FOLDER", help="work in another study")
    options, options.arguments = parser.parse_known_args()
    if options.retry_quarto:
        QUARTO_STAMP.unlink(missing_ok=True)
    try:
        if options.study and options.command != "new":
            sys.exit(at_study(options.command, options.study, options.arguments))
        COMMANDS[options.command](options)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:  # a full disk, a file that may not be read or written
        fail(f"{error.strerror or error}: {error.filename or 'no file'}")


if __name__ == "__main__":
    main()
