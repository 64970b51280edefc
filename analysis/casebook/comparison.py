"""The comparative analyses of the study: every model, its outcome and the absence of it.

A *model* names an outcome, conditions and directional expectations. The method itself is
`casebook.qca`; here its results become tidy tables that start with `model` and `outcome`, where
the outcome is written `Y` or `~Y`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    return qca.minimise(table, solution=kind, expectations=analysis.expectations)


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
        `model`, `outcome`, `solution`, `implicant`, `essential`, `rows` (numbers of the positive
        rows that it covers, space separated), `n_rows`.
    """
    parts = []
    for analysis, kind, solution in _solved(memberships, models, cutoffs):
        parts.append(_with_kind(analysis, kind, solution.chart_frame()))
    return pd.concat(parts, ignore_index=True)
