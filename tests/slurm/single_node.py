"""A SLURM cluster of one node on loopback, in a folder of its own.

Nothing outside the folder is touched: the key, the socket, the ports and the state are its own.
There is no accounting, no systemd and no control group, so that it runs in a container, and as any
user.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

UP = ("idle", "mixed", "allocated", "completing")
CONFIGURATION = """
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmctldPort={controller}
SlurmdPort={daemon}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SlurmdTimeout=30
MinJobAge=3600
KillWait=2
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def program(name: str) -> str:
    """Where a program is; Debian keeps daemons off the PATH of users."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")
    if found is None:
        raise FileNotFoundError(
            f"{name} is not installed; on Debian it comes with slurm-wlm or munge"
        )
    return found


def no_cgroup() -> str:
    """The plugin that leaves control groups alone; before SLURM 23 that was the idle old one."""
    version = subprocess.run(
        [program("slurmd"), "-V"], capture_output=True, text=True, check=True
    ).stdout
    return "disabled" if int(version.split()[-1].split(".")[0]) >= 23 else "cgroup/v1"


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Cluster:
    """One node, its controller and its authentication, as a context."""

    def __init__(self, folder: Path):
        """Lay out the folder; `with` starts the daemons."""
        self.folder = folder.resolve()
        self.host = socket.gethostname().split(".")[0]
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.processes: dict[str, subprocess.Popen] = {}
        self.environment = {
            **os.environ,
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            "PATH": os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"]]),
        }

    def __enter__(self) -> "Cluster":
        """Start munged, slurmctld and slurmd, and wait until the node takes jobs."""
        for name in ("state", "spool", "bin"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        controller, daemon = free_ports(2)
        text = CONFIGURATION.format(
            folder=self.folder,
            host=self.host,
            user=self.user,
            controller=controller,
            daemon=daemon,
        )
        (self.folder / "slurm.conf").write_text(text, encoding="utf-8")
        (self.folder / "cgroup.conf").write_text(f"CgroupPlugin={no_cgroup()}\n", encoding="utf-8")
        self._srun()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        try:
            self.start("munged", "--foreground", "--force", *self._munge())
            self._wait_for(lambda: (self.folder / "munge.socket").exists(), "munged")
            self.start("slurmctld", "-D", "-i")
            self.start_node()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error) -> None:
        """Stop every process that was started here, jobs included."""
        self.stop()

    def _srun(self) -> None:
        """A srun that finds this cluster: inside a job, Snakemake forgets where it is."""
        wrapper = self.folder / "bin/srun"
        line = f'SLURM_CONF={self.folder}/slurm.conf exec {program("srun")} "$@"'
        wrapper.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        wrapper.chmod(0o755)

    def _munge(self) -> list[str]:
        names = {"socket": "munge.socket", "key-file": "munge.key", "pid-file": "munged.pid"}
        names |= {"log-file": "munged.log", "seed-file": "munged.seed"}
        return [f"--{option}={self.folder / name}" for option, name in names.items()]

    def start(self, name: str, *arguments: str) -> None:
        """Start a daemon in the foreground of a process group of its own."""
        with (self.folder / f"{name}.out").open("ab") as out:
            self.processes[name] = subprocess.Popen(
                [program(name), *arguments],
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def start_node(self) -> None:
        """Start the daemon of the node and wait until the node takes jobs."""
        self.start("slurmd", "-D", "-N", self.host)
        self._wait_for(lambda: self.says("sinfo", "-h", "-o", "%T") in UP, "the node")

    def kill_node(self) -> None:
        """Kill the daemon of the node and everything that it runs, as a power cut would."""
        daemon = self.processes.pop("slurmd")
        steps = self.steps()
        daemon.kill()
        daemon.wait()
        for process in steps:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def steps(self) -> list[int]:
        """Processes of jobs: those that have this cluster's configuration in their environment."""
        wanted = f"SLURM_CONF={self.folder}/slurm.conf".encode()
        mine = {os.getpid(), *(each.pid for each in self.processes.values())}
        found = []
        for folder in Path("/proc").iterdir():
            with suppress(OSError, ValueError):
                environ = (folder / "environ").read_bytes().split(b"\0")
                if wanted in environ and int(folder.name) not in mine:
                    in_job = any(entry.startswith(b"SLURM_JOB_ID=") for entry in environ)
                    if in_job or b"slurmstepd" in (folder / "cmdline").read_bytes():
                        found.append(int(folder.name))
        return found

    def says(self, *command: str) -> str:
        """What a client of SLURM prints; nothing where it fails."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def jobs(self, state: str) -> list[str]:
        """Ids of the jobs in a state, such as RUNNING."""
        return self.says("squeue", "-h", "-t", state, "-o", "%i").split()

    def stop(self) -> None:
        """End jobs and daemons, the last started first."""
        if "slurmctld" in self.processes:
            self.says("scancel", f"--user={self.user}")
        for process in self.steps():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for daemon in reversed(list(self.processes.values())):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        self.processes.clear()

    def _wait_for(self, ready, name: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end or any(p.poll() is not None for p in self.processes.values()):
                logs = sorted([*self.folder.glob("*.log"), *self.folder.glob("*.out")])
                tails = [
                    f"{log.name}:\n{log.read_text('utf-8', 'replace')[-1500:]}" for log in logs
                ]
                raise RuntimeError("\n".join([f"{name} does not come up", *tails]))
            time.sleep(0.2)
