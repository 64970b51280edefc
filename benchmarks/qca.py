"""Time the QCA engine on random truth tables, beside the R package QCA where it is installed.

Run `python benchmarks/qca.py`. For each size it prints the median time to find all tied models
(conservative and parsimonious), their number, and the ratio to R's `minimize` in the same run. R
gets a new process and a time limit per table, because it can run long or abort. Then come a
robustness run of 1,000 settings and the peak memory of this process. Last are tables that are too
large to be counted in any case: each in a process of its own, with its time as a share of the
deadline and its memory as a share of 1 GiB (`--hard` prints these only).
"""

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from casebook import qca
from casebook.qca.effort import DEADLINE

SIZES = [(5, 20), (8, 30), (8, 80), (10, 40), (10, 120), (12, 40), (12, 120), (15, 40), (15, 100)]
KINDS = {"conservative": "", "parsimonious": "?"}
HARD = [("random", 20, 200), ("random", 12, 400), ("layers", 2, 4), ("layers", 2, 5)]

R_SCRIPT = """
suppressMessages(library(QCA))
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
table <- truthTable(data, outcome = "Y", incl.cut = 1)
seconds <- system.time(
    solution <- minimize(table, include = arguments[2])
)[["elapsed"]]
cat(sprintf('{"seconds": %f, "models": %d}', seconds, length(solution$solution)))
"""


def random_data(conditions: int, rows: int, seed: int) -> pd.DataFrame:
    """One crisp case per observed row, with an outcome drawn evenly."""
    random = np.random.default_rng(seed)
    chosen = random.choice(2**conditions, size=min(rows, 2**conditions), replace=False)
    bits = (chosen[:, None] >> np.arange(conditions)) & 1
    names = [f"C{i}" for i in range(1, conditions + 1)]
    return pd.DataFrame(bits, columns=names).assign(Y=random.integers(0, 2, len(chosen)))


def layers_of_seven(least: int, most: int) -> pd.DataFrame:
    """All rows of seven conditions, positive if so many conditions are present."""
    bits = (np.arange(2**7)[:, None] >> np.arange(7)) & 1
    inside = (bits.sum(axis=1) >= least) & (bits.sum(axis=1) <= most)
    return pd.DataFrame(bits, columns=list("ABCDEFG")).assign(Y=inside.astype(int))


def measure_hard(kind: str, one: int, other: int, seed: int) -> str:
    """Solve a large table in this process; how long and how much memory that took, as shares."""
    data = random_data(one, other, seed) if kind == "random" else layers_of_seven(one, other)
    table = qca.truth_table(data, "Y", list(data.columns[:-1]), consistency=1)
    start = time.perf_counter()
    solution = qca.minimise(table, "parsimonious")
    share = (time.perf_counter() - start) / DEADLINE
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    head = repr(solution).splitlines()[0]
    return f"{kind} {one} {other} seed {seed}: {share:.2f} deadlines, {memory:.2f} GiB, {head}"


def report_hard(seeds: int) -> None:
    """Print a line for each large table."""
    tables = [(*each, seed) for each in HARD for seed in range(seeds if "random" in each else 1)]
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for each in tables:
            print(pool.apply(measure_hard, each), flush=True)


def time_here(data: pd.DataFrame, kind: str, effort: int) -> tuple[float, str]:
    """Seconds to find all tied models of a table, and how many there are."""
    table = qca.truth_table(data, "Y", list(data.columns[:-1]), consistency=1)
    start = time.perf_counter()
    solution = qca.minimise(table, kind, effort=effort)
    seconds = time.perf_counter() - start
    return seconds, f"{solution.n_models}" if solution.exact else "stopped"


def r_has_qca() -> bool:
    """Whether Rscript and its package QCA can be started."""
    if shutil.which("Rscript") is None:
        return False
    command = ["Rscript", "-e", "suppressMessages(library(QCA))"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def time_in_r(data: pd.DataFrame, kind: str, limit: float) -> tuple[float | None, str]:
    """Seconds of R's minimize and its number of models; None where it stops or aborts."""
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder, "table.csv"), Path(folder, "minimise.R")
        data.to_csv(table, index=False)
        script.write_text(R_SCRIPT, encoding="utf-8")
        command = ["Rscript", str(script), str(table), KINDS[kind]]
        try:
            done = subprocess.run(command, capture_output=True, timeout=limit, check=True)
        except subprocess.TimeoutExpired:
            return None, f"over {limit:g} s"
        except subprocess.CalledProcessError:
            return None, "aborts"
    result = json.loads(done.stdout.decode().splitlines()[-1])
    return result["seconds"], str(result["models"])


def time_robustness(settings: int) -> tuple[float, int]:
    """Processor seconds of a robustness run over cut-offs and memberships; runs that agree."""
    random = np.random.default_rng(1)
    names = ["A", "B", "C", "D", "E", "F"]
    data = pd.DataFrame(random.random((30, 6)).round(2), columns=names)
    data = data.replace(0.5, 0.51).assign(
        Y=lambda d: (np.maximum(d["A"], d["B"]) * 0.8 + 0.2 * random.random(30)).round(2)
    )
    analysis = qca.Analysis(
        "Y", tuple(names), qca.Cutoffs(0.85), "intermediate", dict.fromkeys(names, 1)
    )
    changes = [
        qca.Setting("consistency", i, cutoffs=qca.Cutoffs(float(random.uniform(0.7, 0.95))))
        if i % 2
        else qca.Setting("noise", i, data=(data + random.normal(0, 0.02, data.shape)).clip(0, 1))
        for i in range(settings)
    ]
    start = time.process_time()  # one core, whatever else the machine does
    runs = qca.solution_over_settings(data, analysis, changes)
    runs.to_frame()
    return time.process_time() - start, sum(run.same for run in runs.runs)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="tables per size")
    parser.add_argument("--r-limit", type=float, default=30, help="seconds allowed to R")
    parser.add_argument("--effort", type=int, default=200_000, help="effort of `minimise`")
    parser.add_argument("--most-conditions", type=int, default=15, help="leave out larger tables")
    parser.add_argument("--hard", action="store_true", help="only the tables that are too large")
    options = parser.parse_args()
    if options.hard:
        report_hard(options.seeds)
        return
    with_r = r_has_qca()
    print(f"R with QCA: {'found' if with_r else 'absent'}; {os.cpu_count()} processors")
    print(f"{'conditions':>10} {'rows':>5} {'solution':>13} {'median s':>9}  models / R")
    for conditions, rows in SIZES:
        if conditions > options.most_conditions:
            continue
        for kind in KINDS:
            report(conditions, rows, kind, with_r, options)
    seconds, same = time_robustness(1000)
    print(
        f"robustness run of 1000 settings: {seconds:.2f} s of one core ({same} keep the solution)"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: {peak:.0f} MiB")
    report_hard(options.seeds)


def report(conditions: int, rows: int, kind: str, with_r: bool, options) -> None:
    """Print one line of the table."""
    tables = [random_data(conditions, rows, seed) for seed in range(options.seeds)]
    ours = [time_here(data, kind, options.effort) for data in tables]
    median = statistics.median(seconds for seconds, _ in ours)
    line = f"{conditions:>10} {rows:>5} {kind:>13} {median:>9.4f}  " + ", ".join(
        models for _, models in ours
    )
    if with_r:
        theirs = [time_in_r(data, kind, options.r_limit) for data in tables]
        cells = []
        for (here, models), (there, other) in zip(ours, theirs, strict=True):
            agree = "" if there is None or models == other else f" but {other} models"
            cells.append(other if there is None else f"{there / here:.0f}x ({there:.2f} s){agree}")
        line += " / " + ", ".join(cells)
    print(line, flush=True)


if __name__ == "__main__":
    main()
