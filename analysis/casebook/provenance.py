"""The record of a build: which renderer, which versions, which files with which contents."""

import hashlib
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def build_record(
    renderer: Mapping[str, str],
    packages: Iterable[str],
    inputs: Iterable[Path],
    outputs: Iterable[Path],
) -> dict:
    """Say what was built from what, and by what; no clock, no user, no machine.

    Args:
        renderer: `name`, `version` and `reason`.
        packages: distributions whose versions matter to the results.
        inputs: files that the study consists of.
        outputs: files that were made.

    Returns:
        `renderer`, `python`, `packages` (name → version), `inputs` and `outputs` (path →
        SHA-256), each in sorted order.
    """
    return {
        "renderer": dict(renderer),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in sorted(packages)},
        "inputs": {Path(path).as_posix(): checksum(path) for path in sorted(map(str, inputs))},
        "outputs": {Path(path).as_posix(): checksum(path) for path in sorted(map(str, outputs))},
    }
