"""The comparative analyses of the study: every model, its outcome and the absence of it.

A *model* names an outcome, conditions and directional expectations. The method itself is
`casebook.qca`; here its results become tidy tables that start with `model` and `outcome`, where
the outcome is written `Y` or `~Y`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from casebook import qca
from casebook.descriptives import PRESENT_ABOVE, wide
from casebook.errors import AnalysisError

SOLUTIONS = ("conservative", "intermediate", "parsimonious")
CODED = "coded as set membership"


@dataclass(frozen=True)
class Analysis:
    """One outcome (or its absence) of one model, ready to be analysed.

    Attributes:
        model: name of the model.
        outcome: `Y` or `~Y`.
        conditions: names of the condition sets, in the order of the truth table.
        expectations: condition → 1 or 0, already turned round for the absence of the outcome.
        memberships: cases × (conditions and outcome set), complete; cases are the index.
    """

    model: str
    outcome: str
    conditions: list[str]
    expectations: Mapping[str, int]
    memberships: pd.DataFrame


def sets_of(model: Mapping) -> list[str]:
    """Return the names of the sets of a model: conditions, then the outcome."""
    return [*model["conditions"], model["outcome"]]


def calibrated(scores: pd.DataFrame, models: Mapping[str, Mapping]) -> pd.DataFrame:
    """Turn scores into set memberships, per model and for its complete cases.

    The levels of the codebook are memberships already, so that a score is taken over as it
    stands, unless the model gives other memberships to the levels of a set. A case with a blank
    on any set of the model is left out.

    Args:
        scores: final scores: `case_id`, `construct`, `score`.
        models: name → `outcome`, `conditions`, `expectations`, and where needed `recode`
            (set → `levels`, pairs of score and membership).

    Returns:
        `model`, `case_id`, `set`, `membership`; cases in the order of `scores`.

    Raises:
        AnalysisError: a set is not a construct of the scores, a score has no membership, a
            membership is exactly one half, or no case is complete.
    """
    table = wide(scores)
    parts = []
    for name, model in models.items():
        if unknown := [code for code in sets_of(model) if code not in table.columns]:
            raise AnalysisError(
                f"model {name}: no construct {', '.join(unknown)}; "
                f"the codebook has {', '.join(table.columns)}"
            )
        complete = table[sets_of(model)].dropna()
        if complete.empty:
            raise AnalysisError(f"model {name}: no case has a score on every set; use fewer sets")
        part = pd.DataFrame(
            {
                code: qca.calibrate_levels(complete[code], levels_of(model, complete[code]))
                for code in complete
            }
        )
        part = part.rename_axis(columns="set").stack().rename("membership").reset_index()
        part.insert(0, "model", name)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def levels_of(model: Mapping, scores: pd.Series) -> dict[float, float]:
    """Return the membership of each score of a set: as the model says, or the score itself."""
    recoded = model.get("recode", {}).get(scores.name)
    if recoded:
        return dict(recoded["levels"])
    return {score: score for score in scores.unique()}


def calibration(
    memberships: pd.DataFrame,
    scores: pd.DataFrame,
    models: Mapping[str, Mapping],
    labels: Mapping[str, str],
    levels: Mapping[float, str],
) -> pd.DataFrame:
    """Describe each set of each model: where it comes from and how skewed it is.

    Args:
        memberships: the table of `calibrated`.
        scores: final scores; a set's blanks are counted over all of its cases.
        models: as for `calibrated`.
        labels: label of each construct.
        levels: name of each membership of the codebook, in order.

    Returns:
        `model`, `set`, `role` (condition or outcome), `label`, `type`, `anchors` (each level, its
        name, and its membership where the model recodes it), `reason`, `n_blank` (cases without
        a score), `n` (cases of the model), `n_in` (above one half) and `share_in`, the skewness
        as the share of cases in the set.
    """
    table = wide(scores)
    rows = []
    for name, model in models.items():
        for code in sets_of(model):
            mine = memberships[memberships["model"].eq(name) & memberships["set"].eq(code)]
            inside = int((mine["membership"] > PRESENT_ABOVE).sum())
            recoded = model.get("recode", {}).get(code)
            rows.append(
                {
                    "model": name,
                    "set": code,
                    "role": "outcome" if code == model["outcome"] else "condition",
                    "label": recoded["label"] if recoded else labels[code],
                    "type": f"{len(levels)}-value fuzzy set",
                    "anchors": _anchors(levels, dict(recoded["levels"]) if recoded else None),
                    "reason": recoded["reason"] if recoded else CODED,
                    "n_blank": int(table[code].isna().sum()),
                    "n": len(mine),
                    "n_in": inside,
                    "share_in": inside / len(mine),
                }
            )
    return pd.DataFrame(rows)


def _anchors(levels: Mapping[float, str], recoded: Mapping[float, float] | None) -> str:
    if recoded is None:
        return "; ".join(f"{level:g} = {name}" for level, name in levels.items())
    return "; ".join(f"{name} ({level:g}) = {recoded[level]:g}" for level, name in levels.items())


def overview(memberships: pd.DataFrame, models: Mapping[str, Mapping]) -> pd.DataFrame:
    """Set the number of cases against the number of conditions.

    Returns:
        One row per model: `model`, `outcome`, `n_conditions`, `n_rows` (of the truth table, 2 to
        the power of the number of conditions), `n_cases` (complete), `cases_per_condition`.
    """
    rows = []
    for name, model in models.items():
        cases = memberships.loc[memberships["model"].eq(name), "case_id"].nunique()
        count = len(model["conditions"])
        rows.append(
            {
                "model": name,
                "outcome": model["outcome"],
                "n_conditions": count,
                "n_rows": 2**count,
                "n_cases": cases,
                "cases_per_condition": cases / count,
            }
        )
    return pd.DataFrame(rows)


def analyses(memberships: pd.DataFrame, models: Mapping[str, Mapping]) -> Iterator[Analysis]:
    """Yield the outcome and the absence of the outcome of each model, in order."""
    for name, model in models.items():
        mine = memberships[memberships["model"] == name]
        table = mine.pivot(index="case_id", columns="set", values="membership")
        table = table.loc[mine["case_id"].unique(), sets_of(model)]
        for outcome in (model["outcome"], f"~{model['outcome']}"):
            turned = outcome.startswith("~")
            expectations = {
                code: 1 - value if turned else value
                for code, value in model["expectations"].items()
            }
            yield Analysis(name, outcome, model["conditions"], expectations, table)


def _tidy(analysis: Analysis, frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.copy()
    frame.insert(0, "model", analysis.model)
    frame.insert(1, "outcome", analysis.outcome)
    return frame


def necessity(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], thresholds: Mapping
) -> pd.DataFrame:
    """Analyse necessity, before and apart from sufficiency.

    Args:
        memberships, models: as for `analyses`.
        thresholds: `consistency`, `coverage`, `ron` and `depth` of `qca.necessity_analysis`.

    Returns:
        `model`, `outcome`, `kind` (condition or union), `expression`, `consistency`,
        `coverage`, `ron`, `necessary`.
    """
    return pd.concat(
        [
            _tidy(
                analysis,
                qca.necessity_analysis(
                    analysis.memberships, analysis.outcome, analysis.conditions, **thresholds
                ).to_frame(),
            )
            for analysis in analyses(memberships, models)
        ],
        ignore_index=True,
    )


def table_of(analysis: Analysis, cutoffs: qca.Cutoffs) -> qca.TruthTable:
    """Return the truth table of one analysis."""
    return qca.truth_table(
        analysis.memberships,
        analysis.outcome,
        analysis.conditions,
        consistency=cutoffs.consistency,
        pri=cutoffs.pri,
        frequency=cutoffs.frequency,
    )


def truth_tables(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return every observed row of every truth table.

    Returns:
        `model`, `outcome`, `row`, `configuration`, `n`, `cases` (space separated),
        `consistency`, `pri`, `code`; best rows first.
    """
    parts = []
    for analysis in analyses(memberships, models):
        frame = table_of(analysis, cutoffs).to_frame()
        frame["cases"] = frame["cases"].map(" ".join)
        order = frame.sort_values(
            ["code", "consistency", "row"], ascending=[False, False, True], kind="stable"
        )
        columns = ["row", "configuration", "n", "cases", "consistency", "pri", "code"]
        parts.append(_tidy(analysis, order[columns]))
    return pd.concat(parts, ignore_index=True)


def solved(analysis: Analysis, cutoffs: qca.Cutoffs, kind: str) -> qca.Solution | None:
    """Minimise one analysis; None when no row of the truth table is sufficient."""
    table = table_of(analysis, cutoffs)
    if not (table.code == "1").any():
        return None
    expectations = analysis.expectations if kind == "intermediate" else None
    return qca.minimise(table, solution=kind, expectations=expectations)


def _solved(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> Iterator[tuple[Analysis, str, qca.Solution]]:
    for analysis in analyses(memberships, models):
        for kind in SOLUTIONS:
            solution = solved(analysis, cutoffs, kind)
            if solution is not None:
                yield analysis, kind, solution


def _with_kind(analysis: Analysis, kind: str, frame: pd.DataFrame) -> pd.DataFrame:
    frame = _tidy(analysis, frame)
    frame.insert(2, "solution", kind)
    return frame


def solutions(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return every term of every tied model of every solution, with its fit and its cases.

    Returns:
        `model`, `outcome`, `solution`, `number` of the tied model, `n_models`, `term` (the last
        of each model is "solution"), `consistency`, `pri`, `raw_coverage`, `unique_coverage`,
        `cases` (space separated). An outcome without a sufficient row has no rows here.
    """
    parts = []
    for analysis, kind, solution in _solved(memberships, models, cutoffs):
        frame = solution.to_frame()
        frame["cases"] = frame["cases"].map(" ".join)
        parts.append(_with_kind(analysis, kind, frame))
    return pd.concat(parts, ignore_index=True)


def formulas(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return each tied model of every solution as one line, and a blank one where there is none.

    Returns:
        `model`, `outcome`, `solution`, `number` (from 1; 0 without any sufficient row),
        `n_models`, `expression`, `consistency`, `pri`, `coverage`.
    """
    rows = []
    for analysis in analyses(memberships, models):
        for kind in SOLUTIONS:
            solution = solved(analysis, cutoffs, kind)
            found = solution.models if solution else ()
            head = [analysis.model, analysis.outcome, kind]
            rows += [
                [*head, number, solution.n_models, model.expression, *fit_of(model)]
                for number, model in enumerate(found, 1)
            ] or [[*head, 0, 0, None, None, None, None]]
    columns = ["model", "outcome", "solution", "number", "n_models", "expression"]
    return pd.DataFrame(rows, columns=[*columns, "consistency", "pri", "coverage"])


def fit_of(model: qca.Model) -> tuple[float, float, float]:
    """Return consistency, PRI and coverage of a whole model."""
    return model.fit.consistency, model.fit.pri, model.fit.coverage


def prime_implicants(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return the chart of every solution: which prime implicant covers which positive row.

    Returns:
        `model`, `outcome`, `solution`, `implicant`, `essential` (in every tied model), `rows`
        (numbers of the positive rows that it covers, space separated), `n_rows`.
    """
    parts = []
    for analysis, kind, solution in _solved(memberships, models, cutoffs):
        chart = solution.prime_implicants
        covered = [np.array(chart.rows)[marks] for marks in chart.chart]
        frame = pd.DataFrame(
            {
                "implicant": chart.labels,
                "essential": chart.essential,
                "rows": [" ".join(map(str, rows)) for rows in covered],
                "n_rows": [len(rows) for rows in covered],
            }
        )
        parts.append(_with_kind(analysis, kind, frame))
    return pd.concat(parts, ignore_index=True)


def counterfactuals(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return the remainders that the solutions assume to show the outcome.

    Returns:
        `model`, `outcome`, `kind`, `row`, `configuration`, `contradictory` (assumed for the
        outcome and for its absence, in the same kind). The kinds are `simplifying` (covered by a
        parsimonious model), `easy` (in line with the expectations, used by the intermediate
        solution) and `difficult` (the other simplifying ones).
    """
    rows = []
    for analysis in analyses(memberships, models):
        parsimonious = solved(analysis, cutoffs, "parsimonious")
        intermediate = solved(analysis, cutoffs, "intermediate")
        if parsimonious is None or intermediate is None:
            continue
        kinds = {
            "simplifying": parsimonious.simplifying_assumptions,
            "easy": intermediate.easy_counterfactuals,
            "difficult": intermediate.difficult_counterfactuals,
        }
        label = parsimonious.table.label
        head = [analysis.model, analysis.outcome]
        rows += [[*head, kind, row, label(row)] for kind, found in kinds.items() for row in found]
    columns = ["model", "outcome", "kind", "row", "configuration"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(contradictory=frame.duplicated(["model", "kind", "row"], keep=False))


def remainders(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Count the rows of each truth table and the remainders that the solutions use.

    Returns:
        `model`, `outcome`, `n_rows` (possible), `n_observed` (with enough cases), `n_sufficient`,
        `n_mixed` (with cases on both sides of the outcome), `n_remainders`, `n_simplifying`,
        `n_easy`, `n_difficult`, `n_contradictory` (easy for the outcome and for its absence).
    """
    used = counterfactuals(memberships, models, cutoffs)
    rows = []
    for analysis in analyses(memberships, models):
        table = table_of(analysis, cutoffs)
        mine = used[used["model"].eq(analysis.model) & used["outcome"].eq(analysis.outcome)]
        kinds = mine["kind"].value_counts()
        rows.append(
            {
                "model": analysis.model,
                "outcome": analysis.outcome,
                "n_rows": table.n_configurations,
                "n_observed": table.n_configurations - table.remainders,
                "n_sufficient": int((table.code == "1").sum()),
                "n_mixed": len(table.contradictions),
                "n_remainders": table.remainders,
                "n_simplifying": int(kinds.get("simplifying", 0)),
                "n_easy": int(kinds.get("easy", 0)),
                "n_difficult": int(kinds.get("difficult", 0)),
                "n_contradictory": int((mine["kind"].eq("easy") & mine["contradictory"]).sum()),
            }
        )
    return pd.DataFrame(rows)


def case_types(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs, kind: str
) -> pd.DataFrame:
    """Place each case in the interpreted solution.

    Where models tie, the first is taken; all of them stand in `formulas`.

    Returns:
        `model`, `outcome`, `case_id`, `membership` (in the solution), `outcome_membership`,
        `type` (typical, deviant consistency, deviant coverage, irrelevant), `terms` (those that
        the case is a member of, separated by " + ").
    """
    parts = []
    for analysis in analyses(memberships, models):
        solution = solved(analysis, cutoffs, kind)
        if solution is None:
            continue
        frame = qca.case_types(None, solution.models[0]).rename_axis("case_id").reset_index()
        frame["terms"] = frame["terms"].map(" + ".join)
        parts.append(_tidy(analysis, frame))
    return pd.concat(parts, ignore_index=True)


def robustness(
    memberships: pd.DataFrame,
    passes: Mapping[str, pd.DataFrame],
    models: Mapping[str, Mapping],
    cutoffs: qca.Cutoffs,
    kind: str,
    varied: Mapping[str, Sequence[float]],
) -> pd.DataFrame:
    """Follow the interpreted solutions through other choices, one at a time.

    Args:
        memberships, models, cutoffs: as for `solutions`.
        passes: the table of `calibrated` for the scores of each single pass, by its name.
        kind: type of solution that is interpreted.
        varied: values of each cut-off that are tried.

    Returns:
        `model`, `outcome`, `setting` (final, consistency, pri, frequency, pass, dropped case),
        `value`, `n_cases`, `n_models`, `expression`
        (of the first tied model; blank without a sufficient row), `same` (the same models as with
        the final choices), `consistency` and `coverage` of that model, and `core_consistency` and
        `core_coverage`: how well the *final* expression fits under the changed choice.
    """
    rows = []
    for analysis in analyses(memberships, models):
        final = solved(analysis, cutoffs, kind)
        for setting, value, changed, at in _settings(analysis, passes, models, cutoffs, varied):
            solution = solved(changed, at, kind)
            rows.append(
                [
                    *[analysis.model, analysis.outcome, setting, value],
                    len(changed.memberships),
                    *_compared(final, solution, changed),
                ]
            )
    columns = ["model", "outcome", "setting", "value", "n_cases", "n_models", "expression", "same"]
    columns += ["consistency", "coverage", "core_consistency", "core_coverage"]
    return pd.DataFrame(rows, columns=columns)


def _settings(
    analysis: Analysis,
    passes: Mapping[str, pd.DataFrame],
    models: Mapping[str, Mapping],
    cutoffs: qca.Cutoffs,
    varied: Mapping[str, Sequence[float]],
) -> Iterator[tuple[str, str, Analysis, qca.Cutoffs]]:
    """Yield setting, value, data and cut-offs of each changed choice."""
    yield "final", "", analysis, cutoffs
    for name, values in varied.items():
        for value in values:
            yield name, f"{value:g}", analysis, replace(cutoffs, **{name: value})
    for name, table in passes.items():
        for other in analyses(table, {analysis.model: models[analysis.model]}):
            if other.outcome == analysis.outcome:
                yield "pass", name, other, cutoffs
    for case in analysis.memberships.index:
        fewer = replace(analysis, memberships=analysis.memberships.drop(index=case))
        yield "dropped case", str(case), fewer, cutoffs


def _compared(final: qca.Solution | None, solution: qca.Solution | None, changed: Analysis) -> list:
    """Return number of models, expression, same, its fit, and the fit of the final expression."""
    expressions = {model.expression for model in final.models} if final else set()
    found = {model.expression for model in solution.models} if solution else set()
    shown = [len(found), None, found == expressions, None, None]
    if solution:
        consistency, _, coverage = fit_of(solution.models[0])
        shown = [solution.n_models, solution.models[0].expression, found == expressions]
        shown += [consistency, coverage]
    if final is None:
        return [*shown, None, None]
    data = changed.memberships
    core = qca.membership(data, final.models[0].formula)
    fit = qca.sufficiency(core, qca.membership(data, changed.outcome))
    return [*shown, fit.consistency, fit.coverage]
