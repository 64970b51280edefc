"""SLURM and MUNGE for the test of the cluster: found, or installed where that can be done."""

import shutil

from cli.debian import install
from cli.environment import fail

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "sinfo")
PACKAGES = ("slurm-wlm", "munge")


def slurm():
    """Make sure that a cluster can be started here, or say what is missing."""
    if absent() and install("test-slurm", "a cluster", *PACKAGES) and not absent():
        return
    if absent():
        fail(
            f"test-slurm needs {', '.join(absent())}, which cannot be installed here; "
            f"on Debian: apt-get install {' '.join(PACKAGES)}"
        )


def absent():
    """The programs that are not there; those of the daemons may be off the PATH of users."""
    return [name for name in PROGRAMS if not shutil.which(name) and not in_sbin(name)]


def in_sbin(name):
    """Whether a daemon is where Debian puts it."""
    return shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
