"""The results that figures and tables show, of the toy study and of the paper's own data."""

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from casebook import qca
from casebook.exhibits.labels import analysis_titles, case_labels
from casebook.results import agreement, configurations, descriptives, matrix
from casebook.results import sets as model_sets
from casebook.results.multiverse import solving, specification, summary
from casebook.study.codebook import load_codebook
from casebook.study.tables import load_raw
from casebook.tidy import cleaning

ROOT = Path(__file__).resolve().parents[2]
STUDIES = {"toy": ROOT / "tests/fixtures/toy", "paper": ROOT}
MULTIVERSE = ROOT / "tests/fixtures/multiverse.yaml"  # for the toy study
FEW = 20  # bootstrap samples: the look of an interval does not need more


def results(folder: Path) -> SimpleNamespace:
    """Compute what is shown, with few bootstrap samples."""
    raw = cleaning.apply_corrections(load_raw(folder / "data/raw"))
    config = yaml.safe_load((folder / "analysis/config.yaml").read_text("utf-8"))
    book = load_codebook(folder / "data/raw/codebook.yaml")
    scores = cleaning.final_scores(raw["codings"], raw["adjudications"], raw["withdrawn"], book)
    cases = cleaning.clean_cases(raw["cases"], raw["evidence"], raw["handling"])
    groups, levels = book.group_of, sorted(book.memberships)
    models, kind = config["qca"]["models"], config["qca"]["interpreted"]
    sets = model_sets.set_memberships(scores, models)
    cutoffs = qca.Cutoffs(**config["qca"]["cutoffs"])
    names = {level.membership: level.name for level in book.levels}
    calibration = model_sets.set_summary(sets, scores, models, book.labels, names)
    formulas = configurations.formulas(sets, models, cutoffs)
    strata = cleaning.strata(cases, config["describe"]["strata"])
    varied = config["robustness"]
    passes = {
        name.removeprefix("score_"): model_sets.set_memberships(
            scores.assign(score=scores[name]), models
        )
        for name in agreement.passes(scores)
    }
    tests, types = configurations.robustness_tests(sets, passes, models, cutoffs, kind, varied)
    return SimpleNamespace(
        book=book,
        cases=cases,
        scores=scores,
        names=case_labels(cases),
        titles=analysis_titles(calibration),
        prevalence=descriptives.prevalence(scores, groups, 0.95),
        prevalence_by=descriptives.prevalence_by(scores, cases, groups, strata, 0.95),
        cooccurrence=descriptives.cooccurrence(scores),
        association=descriptives.association(
            scores, groups, config["describe"]["outcome_group"], FEW, 0.95, 1
        ),
        agreement=agreement.agreement(scores, groups, levels, FEW, 0.95, 1),
        disagreements=agreement.disagreements(scores),
        matrix=matrix.cross_case_matrix(scores, cases, groups),
        strata=strata,
        sets=sets,
        calibration=calibration,
        truth_table=configurations.truth_tables(sets, models, cutoffs),
        necessity=configurations.necessity(sets, models, config["qca"]["necessity"]),
        solutions=configurations.solutions(sets, models, cutoffs),
        all_formulas=formulas,
        formulas=formulas[formulas["solution"] == kind],
        case_types=configurations.case_types(sets, models, cutoffs, kind),
        prime_implicants=configurations.prime_implicants(sets, models, cutoffs),
        counterfactuals=configurations.counterfactuals(sets, models, cutoffs),
        robustness=configurations.robustness(sets, passes, models, cutoffs, kind, varied),
        ranges=configurations.robustness_ranges(sets, models, cutoffs, kind),
        tests=tests,
        types=types,
        **multiverse_of(config, scores, cases, book, formulas),
    )


def multiverse_of(config, scores, cases, book, formulas) -> dict:
    """Shares and curve of a small sample of the multiverse."""
    extra = yaml.safe_load(MULTIVERSE.read_text("utf-8"))
    choices, plan = {**extra, **config}["multiverse"], config["qca"]
    models, kind = plan["models"], plan["interpreted"]
    everything = specification.multiverse(choices, models, plan["cutoffs"], cases)
    published = solving.interpreted(formulas, kind)
    evidence = solving.Evidence.of(scores, cases, [level.membership for level in book.levels])
    solver = solving.Solver(everything, evidence, choices, models, kind, published, 1)
    table = solver.table(everything.sample(200, 1))
    following = summary.followed(table, published, summary.options_of(everything))
    shares = summary.shares(following, summary.sizes(everything), 0.95)
    return {"shares": shares, "curve": summary.curve(following)}


@pytest.fixture(scope="session", params=STUDIES)
def compute(request):
    """A function that computes all results of a study."""
    return partial(results, STUDIES[request.param])


@pytest.fixture(scope="session")
def study(compute):
    """All results of a study."""
    return compute()
