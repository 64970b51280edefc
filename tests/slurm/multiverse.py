"""Run the multiverse on a real cluster, break things on the way, and compare with a local run.

`make test-slurm` runs this. It starts a cluster of one node (single_node.py), sends the workflow
through `sbatch` with `profiles/slurm`, cancels a job, kills the node with what runs on it, kills
Snakemake itself, starts it again, and compares every table and figure byte by byte with those of
a plain run on this machine.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from single_node import Cluster

ROOT = Path(__file__).resolve().parents[2]
SIZE, CHUNK = 1600, 200  # specifications in all, and in a chunk
PATIENCE = 600  # seconds that any one step may take
RUNS: list[subprocess.Popen] = []  # every Snakemake that was started here
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".snakemake", "__pycache__", "_output", "_build", "_generated", "processed")
)


def say(text: str) -> None:
    """Print a line at once."""
    print(f"test-slurm: {text}", flush=True)


def lay_out(folder: Path) -> Path:
    """Copy the project and make its multiverse small."""
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    path = folder / "analysis/config.yaml"
    text = path.read_text(encoding="utf-8")
    small = f"multiverse: {{size: {SIZE}, chunk: {CHUNK}}}"
    text, found = re.subn(r"multiverse: \{size: \d+, chunk: \d+\}", small, text)
    assert found == 1, "analysis/config.yaml does not give the size of the multiverse as it did"
    path.write_text(text, encoding="utf-8")
    return folder


def documented() -> tuple[list[str], list[str], list[str]]:
    """What docs/cluster.md gives to Snakemake: here, on a cluster, and on one without accounting.

    The second cannot be run here, where there is no accounting; it is the third but for its end.
    """
    text = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    here, there, bare = re.findall(r"^\.venv/bin/snakemake (multiverse.*)$", text, re.M)
    assert bare == f"{there} --slurm-status-command squeue", "docs/cluster.md has other commands"
    return here.split(), there.split(), bare.split()


def snakemake(folder: Path, environment: dict, *arguments: str) -> subprocess.Popen:
    """Start the workflow in a folder with the package of the folder."""
    environment = {**environment, "PYTHONPATH": str(folder / "analysis")}
    command = [sys.executable, "-m", "snakemake", *arguments]
    with (folder / "snakemake.log").open("ab") as log:
        run = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    RUNS.append(run)
    return run


def finished(run: subprocess.Popen, folder: Path) -> None:
    """Wait for a run that has to succeed."""
    if run.wait(PATIENCE):
        said = (folder / "snakemake.log").read_text(encoding="utf-8", errors="replace")
        sys.exit(f"{said[-6000:]}\ntest-slurm: the workflow failed in {folder.name} (see above)")


def on_cluster(folder: Path, cluster: Cluster) -> subprocess.Popen:
    """Start the workflow as jobs of the cluster, two chunks a job, asking for news often."""
    return snakemake(
        folder,
        cluster.environment,
        *documented()[2],
        *("--group-components", "chunks=2", "--slurm-init-seconds-before-status-checks", "3"),
    )


def running_chunks(cluster: Cluster, run: subprocess.Popen, seen: set[str]) -> str:
    """Wait until a job with chunks runs that was not seen before; return its id."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and run.poll() is None:
        lines = cluster.says("squeue", "-h", "-t", "RUNNING", "-o", "%i %M %k").splitlines()
        found = [line.split()[0] for line in lines if "specifications" in line]
        if new := [each for each in found if each not in seen]:
            return new[0]
        time.sleep(0.5)
    sys.exit("test-slurm: no job with chunks came to run")


def noticed(folder: Path, run: subprocess.Popen, job: str) -> None:
    """Wait until Snakemake, which knows that a job failed, sends its work again."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and run.poll() is None:
        text = (folder / "snakemake.log").read_text(encoding="utf-8", errors="replace")
        before, restarted, _ = text.partition("Trying to restart job")
        if restarted and f"SLURM jobid {job} " in before:
            return
        time.sleep(0.5)
    sys.exit(f"test-slurm: Snakemake did not send the work of job {job} again")


def broken(folder: Path, cluster: Cluster) -> None:
    """Run the workflow and break a job, the node, and the run itself."""
    run = on_cluster(folder, cluster)
    job = running_chunks(cluster, run, set())
    cluster.says("scancel", "--signal=KILL", "--full", job)
    say(f"killed job {job}")
    other = running_chunks(cluster, run, {job})
    time.sleep(2)
    cluster.kill_node()
    say(f"killed the node while job {other} ran")
    time.sleep(5)
    cluster.start_node()
    say("started the node again")
    noticed(folder, run, job)
    say(f"Snakemake sent the work of job {job} again")
    running_chunks(cluster, run, {job})
    run.send_signal(signal.SIGINT)
    run.wait(PATIENCE)
    say("stopped Snakemake")
    cluster.says("scancel", f"--user={cluster.user}")


def results(folder: Path) -> dict[str, bytes]:
    """What the multiverse made, by name."""
    made = (folder / "data/processed").glob("multiverse*")
    return {path.name: path.read_bytes() for path in sorted(made)}


def main() -> None:
    """Run the test, say how it went, and leave nothing running."""
    try:
        check()
    finally:
        for run in RUNS:
            run.kill()


def check() -> None:
    """Run the test and say how it went."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="slurm-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # for munge
        local, remote = lay_out(folder / "local"), lay_out(folder / "cluster")
        say(f"solving {SIZE} specifications in {SIZE // CHUNK} chunks on this machine")
        finished(snakemake(local, dict(os.environ), *documented()[0]), local)
        (folder / "node").mkdir()
        with Cluster(folder / "node") as cluster:
            finished(snakemake(remote, cluster.environment, *documented()[1], "--dry-run"), remote)
            say("the same as jobs of a cluster")
            broken(remote, cluster)
            say("starting again")
            finished(on_cluster(remote, cluster), remote)
            states = cluster.says("squeue", "-h", "--states=all", "-o", "%T").split()
        say(
            f"{len(states)} jobs: " + ", ".join(f"{states.count(x)} {x}" for x in sorted({*states}))
        )
        left = cluster.steps()
        one, other = results(local), results(remote)
        for each in sorted({*one, *other}):
            print(f"  {each:<28}{'identical' if one.get(each) == other.get(each) else 'different'}")
    if left or not one or one != other:
        sys.exit("test-slurm: failed (see above)" + (f"; left running: {left}" if left else ""))
    say(f"passed in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
