"""An executor for Snakemake: each script runs in a fork of one process that has the imports.

Snakemake starts a new Python for every step, and most steps then import for longer than they
compute. Here the fork server of Python's own `multiprocessing` imports once what the scripts of
the pending jobs import; a step is a fork of it, a process of its own as before. Rules and scripts
do not notice: `snakemake --executor local` gives the same files, only later. Whatever does not fit
(a platform where forks are unsafe, a shell command, a script in another language, an environment
or a benchmark of its own) runs in the ordinary way.
"""

import gc
import os
import runpy
import signal
import sys
import threading
from concurrent import futures
from multiprocessing.connection import wait
from types import SimpleNamespace

from snakemake.exceptions import WorkflowError
from snakemake.executors.local import Executor as LocalExecutor
from snakemake.executors.local import common_settings, run_wrapper
from snakemake.sourcecache import infer_source_file

from cli.fork_server import CONTEXT, start

__all__ = ["Executor", "common_settings"]


class Executor(LocalExecutor):
    """Runs Python scripts of one thread in forks, all else as the local executor does."""

    def __post_init__(self):
        """Start the server, which imports while the first jobs are prepared, if none runs yet."""
        super().__post_init__()
        start({script_of(job) for job in self.dag.needrun_jobs() if forks(job)})
        self.lock = threading.Lock()
        self.submitted = []

    def run_single_job(self, job):
        """Submit a job to the pool of threads, which wait for their processes."""
        if CONTEXT is None or not forks(job):
            submitted = super().run_single_job(job)
        else:
            ordinary = self.job_args_and_prepare(job)
            submitted = self.pool.submit(self.cached_or_run, job, self.run_script, job, ordinary)
        self.submitted.append(submitted)
        return submitted

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
        process = CONTEXT.Process(target=run, args=(script, given), name=job.rule.name)
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
            message = f"{os.path.relpath(script)} ended with exit code {process.exitcode}"
            raise WorkflowError(message, rule=job.rule)
        return None

    def cancel(self):
        """Wait for the jobs after an interrupt, and not for what Snakemake does at their ends.

        It may have found it with a lock in its hands, for which that would wait for ever.
        """
        self.pool.shutdown(wait=False)
        futures.wait(self.submitted)

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


def run(script, given):
    """Run a script as Snakemake would, in this process; the last thing that it does."""
    sys.path.append(os.path.dirname(script))
    sys.breakpointhook = debug
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.freeze()  # what was imported is no garbage, and a step ends before much of its own is
    gc.set_threshold(50_000)
    gc.enable()
    try:
        runpy.run_path(script, init_globals={"snakemake": given}, run_name="__main__")
    except Exception:
        sys.excepthook(*sys.exc_info())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def debug(*arguments, **options):
    """What `breakpoint()` does in a step: a debugger at the terminal, for a fork has no input.

    It needs a build that shows no progress; `PYTHONBREAKPOINT` names another debugger, as ever.
    """
    if os.environ.get("PYTHONBREAKPOINT"):
        return sys.__breakpointhook__(*arguments, **options)
    if "CASEBOOK_DEBUG" not in os.environ:
        raise RuntimeError("breakpoint(): at a terminal `make paper ARGS=--debug` opens a debugger")
    import pdb  # which other builds do without

    terminal = os.ctermid()
    debugger = pdb.Pdb(stdin=open(terminal), stdout=open(terminal, "w"))  # noqa: SIM115 till the end
    return debugger.set_trace(sys._getframe(1))
