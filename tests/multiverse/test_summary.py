"""Claims about the summary: nothing is lost, chunks do not matter, shares add up."""

import numpy as np
import pandas as pd
import pytest

from casebook.errors import AnalysisError
from casebook.results.multiverse import summary
from casebook.results.multiverse.solving import COLUMNS, Interpreted, model_of
from casebook.study.tables import write_table


def written(folder, solver, numbers, size):
    """Solve numbers in chunks of a size; the files."""
    folder.mkdir()
    paths = []
    for i in range(0, len(numbers) + size, size):  # the last chunk is empty
        paths.append(folder / f"{i}.csv")
        write_table(solver.table(numbers[i : i + size]), paths[-1])
    return paths


def summarised(folder, solver, published, numbers, size):
    """Everything that comes of chunks of a size."""
    paths = written(folder, solver, numbers, size)
    options = summary.options_of(solver.multiverse)
    tables = summary.gathered(paths, folder / "all.csv", numbers)
    following = pd.concat([summary.followed(each, published, options) for each in tables])
    shares = summary.shares(following, summary.sizes(solver.multiverse), 0.95)
    return (folder / "all.csv").read_bytes(), shares, summary.curve(following)


def test_chunks_do_not_matter(tmp_path, solver, published):
    """One chunk, chunks of seven and chunks of one give the same bytes and the same shares."""
    numbers = solver.multiverse.sample(20, 5)
    whole = summarised(tmp_path / "a", solver, published, numbers, 20)
    for name, size in (("b", 7), ("c", 1)):
        other = summarised(tmp_path / name, solver, published, numbers, size)
        assert whole[0] == other[0]
        pd.testing.assert_frame_equal(whole[1], other[1])
        pd.testing.assert_frame_equal(whole[2], other[2])


def test_every_specification_is_in_the_table_and_in_each_count(tmp_path, solver, published):
    """Rows in the table are specifications asked for; each choice splits them all."""
    numbers = solver.multiverse.sample(200, 5)
    text, shares, curve = summarised(tmp_path / "a", solver, published, numbers, 64)
    assert 1 + len(numbers) == len(text.splitlines())
    for _, part in shares.groupby(["model", "outcome", "term"]):
        assert 1 == part.groupby("choice")["n"].sum().nunique()
    wholes = shares[(shares["choice"] == "all") & (shares["term"] == "solution")]
    assert len(numbers) == wholes["n"].sum()
    assert (shares["n"] == shares.filter(like="n_").drop(columns="n_all").sum(axis=1)).all()
    assert len(numbers) == curve.loc[curve["term"] == "solution", "n"].sum()


def test_a_missing_or_foreign_chunk_is_an_error(tmp_path, solver):
    """A table is never written with fewer or other rows than were asked for."""
    numbers = solver.multiverse.sample(30, 5)
    paths = written(tmp_path / "a", solver, numbers, 10)
    with pytest.raises(AnalysisError, match="20 specifications of 30"):
        list(summary.gathered(paths[:2], tmp_path / "all.csv", numbers))
    with pytest.raises(AnalysisError, match="not the specifications from 1 on"):
        list(summary.gathered(paths[1:], tmp_path / "all.csv", numbers))
    assert not (tmp_path / "all.csv").exists()


@pytest.fixture
def rows():
    """Five specifications with the four fates of the term A*B of the solution A*B + C."""
    blank = dict.fromkeys(COLUMNS, "as coded")
    fates = [
        {"kept": "A*B + C", "contained": "A*B + C", "same": True, "coverage": 0.5},
        {"kept": "A*B", "contained": "A*B", "same": False, "coverage": 0.4},
        {"kept": None, "contained": "A*B + C", "same": False, "coverage": 0.7},
        {"kept": None, "contained": None, "same": False, "coverage": 0.3},
        {"kept": None, "contained": None, "same": False, "coverage": None},
    ]
    table = pd.DataFrame([{**blank, "model": "m", "outcome": "Y", **fate} for fate in fates])
    fit = [0.9] * 4 + [None]
    return table.assign(status=["solved"] * 4 + ["no sufficient row"], consistency=fit)


PAPER = {("m", "Y"): Interpreted(("A*B", "C"), frozenset([model_of("A*B + C")]))}
OPTIONS = {choice: ["as coded"] for choice in summary.CHOICES}


def states(table, paper, term):
    """What becomes of a term, specification by specification."""
    for cut in summary.CUTOFFS:
        table = table.assign(**{f"{cut}_cutoff": "as coded"})
    found = summary.followed(table, paper, OPTIONS)
    return list(found.loc[found["term"] == term, "state"])


def test_a_term_is_kept_or_wider_or_lost_or_there_is_no_solution(rows):
    """The four states exclude each other."""
    assert ["kept", "kept", "wider", "lost", "none"] == states(rows, PAPER, "A*B")
    assert ["kept", "lost", "wider", "lost", "none"] == states(rows, PAPER, "C")


def test_a_whole_solution_needs_all_of_its_terms(rows):
    """Kept if its models are the published ones, wider if no term is lost."""
    assert ["kept", "lost", "wider", "lost", "none"] == states(rows, PAPER, "solution")


def test_no_solution_is_kept_where_the_paper_has_none(rows):
    """The absence of a solution is a result as well."""
    nothing = {("m", "Y"): Interpreted((), frozenset())}
    table = rows.assign(same=rows["status"] != "solved")
    assert ["lost", "lost", "lost", "lost", "kept"] == states(table, nothing, "solution")


def test_the_curve_rises_and_counts_no_solution_as_no_coverage(rows):
    """Coverage by rank: 0 without a solution, then 0.3, 0.4, 0.5, 0.7."""
    for cut in summary.CUTOFFS:
        rows = rows.assign(**{f"{cut}_cutoff": "as coded"})
    curve = summary.curve(summary.followed(rows, PAPER, OPTIONS))
    mine = curve[curve["term"] == "A*B"]
    assert [0, 0.3, 0.4, 0.5, 0.7] == list(mine["coverage"])
    assert np.isnan(mine["consistency"].iloc[0])
    assert [0, 0, 1, 1, 0] == list(mine["n_kept"])
    assert [0, 0, 0, 0, 1] == list(mine["n_wider"])
