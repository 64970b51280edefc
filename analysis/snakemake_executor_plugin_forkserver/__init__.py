"""An executor for Snakemake: each script runs in a fork of one process that has the imports.

Snakemake starts a new Python for every step, and most steps then import for longer than they
compute. Here the fork server of Python's own `multiprocessing` imports once what the scripts of
the pending jobs import; a step is a fork of it, a process of its own as before. Rules and scripts
do not notice: `snakemake --executor local` gives the same files, only later. Whatever does not fit
(a platform where forks are unsafe, a shell command, a script in another language, an environment
or a benchmark of its own) runs in the ordinary way.
"""

import ast
import gc
import multiprocessing
import os
import runpy
import sys
import threading
from multiprocessing.connection import wait
from pathlib import Path
from types import SimpleNamespace

from snakemake.exceptions import WorkflowError
from snakemake.executors.local import Executor as LocalExecutor
from snakemake.executors.local import common_settings, run_wrapper
from snakemake.sourcecache import infer_source_file

__all__ = ["Executor", "common_settings"]

# What Snakemake sets to the number of threads of a job before it starts a script.
THREADS = ("OMP", "GOTO", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")


class Executor(LocalExecutor):
    """Runs Python scripts of one thread in forks, all else as the local executor does."""

    def __post_init__(self):
        """Start the server, which imports while the first jobs are prepared."""
        super().__post_init__()
        self.context = None
        if sys.platform != "linux":
            return
        scripts = {script_of(job) for job in self.dag.needrun_jobs() if forks(job)}
        os.environ.update({f"{name}_NUM_THREADS": "1" for name in THREADS})
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["snakemake.iocontainers", *imports(scripts)])
        self.lock = threading.Lock()

    def run_single_job(self, job):
        """Submit a job to the pool of threads, which wait for their processes."""
        if self.context is None or not forks(job):
            return super().run_single_job(job)
        ordinary = self.job_args_and_prepare(job)
        return self.pool.submit(self.cached_or_run, job, self.run_script, job, ordinary)

    def run_script(self, job, ordinary):
        """Run the script of a job in a fork and wait for its end; without a server, as usual."""
        script = script_of(job)
        given = SimpleNamespace(
            input=job.input._plainstrings(),
            output=job.output._plainstrings(),
            params=job.params,
            wildcards=job.wildcards,
            threads=job.threads,
            resources=job.resources,
            log=job.log._plainstrings(),
            config=self.workflow.config,
            rule=job.rule.name,
        )
        process = self.context.Process(target=run, args=(script, given), name=job.rule.name)
        # Starting and joining look after all processes, so they take turns; waiting does not.
        try:
            with self.lock:
                process.start()
        except (OSError, EOFError):  # an import ended the server; its script will say what is wrong
            return run_wrapper(*ordinary)
        wait([process.sentinel])
        with self.lock:
            process.join()
        if process.exitcode:
            told = f"{os.path.relpath(script)} ended with exit code {process.exitcode}"
            raise WorkflowError(told, rule=job.rule)
        return None

    def shutdown(self):
        """End at once: a timer would look for more jobs after a second, and be waited for."""
        super().shutdown()
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.cancel()


def forks(job):
    """Whether a job is a Python script of one thread without an environment of its own."""
    rule = job.rule
    special = (rule.conda_env, rule.container_img, rule.env_modules, rule.benchmark, job.is_shadow)
    return (
        str(rule.script or "").endswith(".py")
        and job.threads == 1
        and not job.is_group()
        and not any(special)
    )


def script_of(job):
    """Path of the script of a job."""
    return infer_source_file(job.rule.script, job.rule.basedir).get_path_or_uri(secret_free=True)


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


def run(script, given):
    """Run a script as Snakemake would, in this process; the last thing that it does."""
    sys.path.append(os.path.dirname(script))
    gc.freeze()  # what was imported is no garbage, and a step ends before much of its own is
    gc.set_threshold(50_000)
    try:
        runpy.run_path(script, init_globals={"snakemake": given}, run_name="__main__")
    except Exception:
        sys.excepthook(*sys.exc_info())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
