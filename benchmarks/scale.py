"""Measure the multiverse: against specifications, against cases, and against the size of chunks.

Run `python benchmarks/scale.py` after `make paper`, whose tables it reads. Every measurement is a
process of its own; it prints seconds of processor time and the largest memory, and draws
them (`--plot FILE`). Processor time is what the work needs whatever else the machine does.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from casebook.results.multiverse import summary
from casebook.results.multiverse.solving import Evidence, Solver, interpreted
from casebook.results.multiverse.specification import multiverse
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

ROOT = Path(__file__).resolve().parents[1]
CONFIG = yaml.safe_load((ROOT / "analysis/config.yaml").read_text(encoding="utf-8"))
CHOICES, QCA, SEED = CONFIG["multiverse"], CONFIG["qca"], CONFIG["seed"]
SPECIFICATIONS = (1_000, 3_000, 10_000, 30_000, 100_000)
COPIES = (1, 3, 10, 30, 100)  # of the cases
CHUNKS = (100, 250, 500, 1_000, 2_500, 5_000)


def table(name: str) -> pd.DataFrame:
    """A result table of the build."""
    return read_table(ROOT / f"data/processed/{name}.csv")


def copied(frame: pd.DataFrame, copies: int) -> pd.DataFrame:
    """The same cases several times, under other ids."""
    parts = [frame.assign(case_id=frame["case_id"] + f"-{i}") for i in range(copies)]
    return frame if copies == 1 else pd.concat(parts, ignore_index=True)


def universe(copies: int = 1):
    """The multiverse of the study with its cases so many times, and the published solutions."""
    cases = copied(table("cases"), copies)
    published = interpreted(table("formulas"), QCA["interpreted"])
    return multiverse(CHOICES, QCA["models"], QCA["cutoffs"], cases), cases, published


def solver(copies: int = 1):
    """A solver for the study, its multiverse and the published solutions."""
    everything, cases, published = universe(copies)
    levels = [level.membership for level in load_codebook(ROOT / "data/raw/codebook.yaml").levels]
    evidence = Evidence.of(copied(table("scores"), copies), cases, levels)
    kind, models = QCA["interpreted"], QCA["models"]
    return Solver(everything, evidence, CHOICES, models, kind, published, SEED), everything


def solve(folder: Path, size: int, chunk: int, copies: int = 1) -> None:
    """Solve a sample chunk by chunk, as one job with many chunks does."""
    work, everything = solver(copies)
    numbers = everything.sample(size, SEED)
    for place in range(0, size, chunk):
        write_table(work.table(numbers[place : place + chunk]), folder / f"{place // chunk}.csv")


def gather(folder: Path, size: int, chunk: int) -> None:
    """Join the chunks and count, as the rule `gather` does."""
    everything, _, published = universe()
    paths = [folder / f"{i}.csv" for i in range(-(-size // chunk))]
    asked, options = everything.sample(size, SEED), summary.options_of(everything)
    tables = summary.gathered(paths, folder / "all.csv", asked)
    following = pd.concat([summary.followed(each, published, options) for each in tables])
    write_table(summary.shares(following, summary.sizes(everything), 0.95), folder / "terms.csv")
    write_table(summary.curve(following), folder / "curve.csv")


def _timed(queue, work, arguments) -> None:
    start = time.process_time()
    work(*arguments)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    queue.put((time.process_time() - start, time.process_time(), memory))


def measured(work, *arguments) -> tuple[float, float, float]:
    """Seconds of the work, seconds of the whole process, and MiB at its largest."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_timed, args=(queue, work, arguments))
    process.start()
    result = queue.get()
    process.join()
    return result


def against_specifications(sizes) -> list[tuple]:
    """Specifications → seconds and MiB of solving and of gathering."""
    heads = ("specifications", 14), ("solve s", 8), ("ms each", 8), ("MiB", 5), ("gather s", 9)
    print(" ".join(f"{text:>{width}}" for text, width in (*heads, ("MiB", 5))))
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            chunk = CHOICES["samples"]["multiverse"]["chunk"]
            solving, _, large = measured(solve, Path(name), size, chunk)
            joining, _, most = measured(gather, Path(name), size, chunk)
        print(
            f"{size:>14,} {solving:>8.1f} {1000 * solving / size:>8.2f} {large:>5.0f} "
            f"{joining:>9.1f} {most:>5.0f}",
            flush=True,
        )
        rows.append((size, solving, large, joining, most))
    return rows


def against_cases(copies, size: int) -> list[tuple]:
    """Cases → milliseconds a specification, and MiB."""
    print(f"\n{'cases':>14} {'ms each':>8} {'MiB':>5}")
    rows = []
    count = len(table("cases"))
    for times in copies:
        with tempfile.TemporaryDirectory() as name:
            seconds, _, memory = measured(solve, Path(name), size, size, times)
        print(f"{count * times:>14,} {1000 * seconds / size:>8.2f} {memory:>5.0f}", flush=True)
        rows.append((count * times, 1000 * seconds / size, memory))
    return rows


def against_chunks(chunks, size: int) -> list[tuple]:
    """Size of a chunk → seconds of all processes, one per chunk, with their start."""
    print(f"\n{'chunk':>14} {'jobs':>5} {'s in all':>9} {'of it start':>12}")
    rows = []
    for chunk in chunks:
        with tempfile.TemporaryDirectory() as name:
            jobs = -(-size // chunk)
            # the jobs are alike, so that three tell the time of all
            runs = [measured(solve, Path(name), chunk, chunk) for _ in range(min(3, jobs))]
        work, whole, _ = (float(np.mean(each)) for each in zip(*runs, strict=True))
        print(f"{chunk:>14,} {jobs:>5} {jobs * whole:>9.1f} {1 - work / whole:>11.0%}", flush=True)
        rows.append((chunk, jobs * whole, jobs * (whole - work)))
    return rows


def draw(specifications, cases, chunks, path: Path) -> None:
    """Draw the three measurements."""
    # imported here, so that the processes that are measured do without it
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3), layout="constrained")
    one, two, three = figure.subplots(1, 3)
    sizes, solving, large, joining, most = zip(*specifications, strict=True)
    one.loglog(sizes, solving, "o-", label="solve, s")
    one.loglog(sizes, joining, "s-", label="gather, s")
    one.loglog(sizes, large, "o--", color="C0", label="solve, MiB")
    one.loglog(sizes, most, "s--", color="C1", label="gather, MiB")
    one.set(xlabel="specifications")
    count, each, memory = zip(*cases, strict=True)
    two.loglog(count, each, "o-", label="ms a specification")
    two.loglog(count, memory, "o--", color="C0", label="MiB")
    two.set(xlabel="cases")
    chunk, whole, start = zip(*chunks, strict=True)
    three.loglog(chunk, whole, "o-", label="s in all")
    three.loglog(chunk, start, "o--", color="C0", label="s of it to start")
    three.set(xlabel="specifications in a chunk")
    for axes in (one, two, three):
        above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "ncols": 2}
        axes.legend(frameon=False, fontsize=8, **above)
        axes.grid(alpha=0.3)
    undated = {"metadata": {"Date": None}} if path.suffix == ".svg" else {}
    figure.savefig(path, **undated)


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, sizes in (("specifications", SPECIFICATIONS), ("copies", COPIES), ("chunks", CHUNKS)):
        parser.add_argument(f"--{name}", type=int, nargs="+", default=sizes)
    parser.add_argument("--sample", type=int, default=5_000, help="specifications in chunks")
    parser.add_argument("--plot", type=Path, default=ROOT / "docs/scale.svg", help="figure")
    options = parser.parse_args()
    if not (ROOT / "data/processed/formulas.csv").exists():
        sys.exit("benchmarks/scale.py reads the tables of a build: run `make paper` first")
    specifications = against_specifications(options.specifications)
    cases = against_cases(options.copies, size=options.sample // 10)
    chunks = against_chunks(options.chunks, size=options.sample)
    draw(specifications, cases, chunks, options.plot)
    print(f"\ndrawn in {options.plot}")


if __name__ == "__main__":
    main()
