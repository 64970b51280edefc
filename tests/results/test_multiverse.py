"""Claims about the multiverse of the real study, as the build left it in data/processed."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from casebook.results.multiverse.recoding import counts, probabilities
from casebook.results.multiverse.solving import COLUMNS, Evidence, Solver, interpreted
from casebook.results.multiverse.specification import multiverse
from casebook.study.codebook import load_codebook
from casebook.study.tables import write_table

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("multiverse.csv")
CONFIG = yaml.safe_load((ROOT / "analysis/config.yaml").read_text(encoding="utf-8"))
CHOICES, QCA = CONFIG["multiverse"], CONFIG["qca"]


@pytest.fixture(scope="module")
def everything(results):
    """The multiverse as configured."""
    return multiverse(CHOICES, QCA["models"], QCA["cutoffs"], results["cases"])


@pytest.fixture(scope="module")
def evidence(results):
    """The scores as arrays."""
    levels = [level.membership for level in load_codebook(ROOT / "data/raw/codebook.yaml").levels]
    return Evidence.of(results["scores"], results["cases"], levels)


@pytest.fixture(scope="module")
def solver(results, everything, evidence):
    """A solver for the study."""
    published = interpreted(results["formulas"], QCA["interpreted"])
    models, kind = QCA["models"], QCA["interpreted"]
    return Solver(everything, evidence, CHOICES, models, kind, published, CONFIG["seed"])


def overall(results, outcome, term):
    """The line of a term over all specifications."""
    table = results["multiverse_subset_terms"].query("choice == 'all'")
    (row,) = table[table["outcome"].eq(outcome) & table["term"].eq(term)].itertuples()
    return row


def test_the_paper_is_one_of_the_specifications(results, solver, everything):
    """The first specification of each analysis has the published models and their fit."""
    for universe in everything.universes:
        key = (universe.model, universe.outcome)
        (row,) = solver.table([everything.first(*key)]).itertuples()
        table = results["formulas"].query("solution == @QCA['interpreted']")
        paper = table[table["model"].eq(key[0]) & table["outcome"].eq(key[1])].iloc[0]
        assert row.same
        assert paper["n_models"] == row.n_models
        if row.n_models:
            assert paper["expression"] == f"{row.expression} => {universe.outcome}"
            wanted = paper[["consistency", "pri", "coverage"]].astype(float)
            assert np.allclose(wanted, [row.consistency, row.pri, row.coverage], atol=1e-6)


def test_the_table_has_the_specifications_that_were_asked_for(results, everything):
    """None is lost, none is there twice, and they stand in the order of the sample."""
    size = CHOICES["samples"]["multiverse_subset"]["size"]
    table = results["multiverse_subset"]
    assert everything.sample(size, CONFIG["seed"]).tolist() == table["specification"].tolist()
    assert size == table["specification"].nunique()


def test_cells_are_expected_to_change_as_often_as_the_passes_differ(results, evidence):
    """Over both passes and all constructs: the observed share of differing cells."""
    a, b = evidence.codings["a"], evidence.codings["b"]
    chances = probabilities(counts(a, b, len(evidence.levels)))
    construct = np.arange(a.shape[1])
    changed = [1 - chances[construct, given, given] for given in (a, b)]
    overview = results["overview"].set_index("measure")["value"]
    assert np.isclose(overview["cells_differ"] / overview["cells"], np.mean(changed))


def test_the_summary_of_the_subset_is_the_published_one(results, request, tmp_path):
    """Counts over all specifications change only on purpose."""
    made = tmp_path / "multiverse.csv"
    table = results["multiverse_subset_terms"].query("choice == 'all'")
    write_table(table.drop(columns=["choice", "option"]), made)
    if request.config.getoption("--update-golden"):
        GOLDEN.write_bytes(made.read_bytes())
    assert GOLDEN.read_text(encoding="utf-8") == made.read_text(encoding="utf-8")


def test_fewer_than_half_keep_what_the_paper_would_defend(results):
    """So section Robustness says of scarcity, resistance, mistrust without accountability."""
    assert overall(results, "~TRU", "RES*INS*MIS*~ACC").high < 1 / 2


def test_hardly_any_specification_gives_a_whole_solution_back(results):
    """Fewer than one in a hundred, for improved trust and for its absence."""
    assert overall(results, "TRU", "solution").kept < 1 / 100
    assert overall(results, "~TRU", "solution").kept < 1 / 100


def test_the_absence_of_durability_is_the_steadiest_result(results):
    """No term is kept, itself or wider, as often as there is no solution there."""
    steady = overall(results, "~SUS", "solution").kept
    table = results["multiverse_subset_terms"].query("choice == 'all' and outcome != '~SUS'")
    assert (table["contained"] < steady).all()


def by_option(results, term, choice):
    """Share of the specifications that keep a term or a wider one, by the option of a choice."""
    table = results["multiverse_subset_terms"]
    mine = table[table["term"].eq(term) & table["choice"].eq(choice)]
    return mine.set_index("option")["contained"]


def test_crisp_sets_keep_the_term_with_accountability_least_often(results):
    """Of the four shapes of sets."""
    assert "crisp" == by_option(results, "RES*INS*MIS*~ACC", "shape").idxmin()


def test_the_two_analyses_of_trust_have_as_many_specifications(results):
    """And so have those of durability, as the supplement says."""
    for one, other in (("TRU", "~TRU"), ("SUS", "~SUS")):
        sizes = [overall(results, each, "solution").n_all for each in (one, other)]
        assert sizes[0] == sizes[1]


def test_every_column_of_the_tables_is_documented(results):
    """docs/cluster.md is the dictionary of the three tables."""
    text = (ROOT / "docs/cluster.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`(\w+)`", text))
    assert COLUMNS == list(results["multiverse_subset"].columns)
    for name in ("multiverse_subset", "multiverse_subset_terms", "multiverse_subset_curve"):
        assert set() == set(results[name].columns) - described


@pytest.mark.slow
def test_the_benchmark_runs(tmp_path):
    """Small, it prints its three tables and draws them."""
    command = [sys.executable, ROOT / "benchmarks/scale.py", "--specifications", "40", "80"]
    command += ["--copies", "1", "2", "--chunks", "20", "40", "--sample", "40"]
    done = subprocess.run(
        [*map(str, command), "--plot", str(tmp_path / "scale.svg")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert 6 == len(re.findall(r"^ +[\d,]+ ", done.stdout, re.M))
    assert (tmp_path / "scale.svg").read_text(encoding="utf-8").startswith("<?xml")
