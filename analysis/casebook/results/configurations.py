"""The comparative analyses of the study: every model, its outcome and the absence of it.

A *model* names an outcome, conditions and directional expectations. The method itself is
`casebook.qca`; here its results become tidy tables that start with `model` and `outcome`, where
the outcome is written `Y` or `~Y`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from casebook import qca
from casebook.results.scores import PRESENT_ABOVE
from casebook.results.sets import from_measure, n_levels, sets_of

SOLUTIONS = ("conservative", "intermediate", "parsimonious")


@dataclass(frozen=True)
class Analysis:
    """One outcome (or its absence) of one model, ready to be analysed.

    Attributes:
        model: name of the model.
        outcome: `Y` or `~Y`.
        conditions: names of the condition sets, in the order of the truth table.
        expectations: condition → expected level, already turned round for the absence of the
            outcome.
        memberships: cases × (conditions and outcome set), complete; cases are the index.
    """

    model: str
    outcome: str
    conditions: list[str]
    expectations: Mapping[str, int]
    memberships: pd.DataFrame


def analyses(memberships: pd.DataFrame, models: Mapping[str, Mapping]) -> Iterator[Analysis]:
    """Yield the outcome and the absence of the outcome of each model, in order."""
    for name, model in models.items():
        mine = memberships[memberships["model"] == name]
        table = mine.pivot(index="case_id", columns="set", values="membership")
        table = table.loc[mine["case_id"].unique(), sets_of(model)]
        for outcome in (model["outcome"], f"~{model['outcome']}"):
            turned = outcome.startswith("~")
            expectations = {
                code: n_levels(table[code]) - 1 - value if turned else value
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


def design(analysis: Analysis, cutoffs: qca.Cutoffs, kind: str = "conservative") -> qca.Analysis:
    """Return the choices of an analysis as the engine takes them; `kind` is the solution type."""
    return qca.Analysis(
        outcome=analysis.outcome,
        conditions=tuple(analysis.conditions),
        cutoffs=cutoffs,
        solution=kind,
        expectations={**dict.fromkeys(analysis.conditions), **analysis.expectations},
        deadline=None,  # what is found in a given time would depend on the machine
    )


def table_of(analysis: Analysis, cutoffs: qca.Cutoffs) -> qca.TruthTable:
    """Return the truth table of one analysis."""
    return design(analysis, cutoffs).table(analysis.memberships)


def truth_tables(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return every observed row of every truth table.

    Returns:
        `model`, `outcome`, `row`, `configuration`, `n`, `cases` (space separated),
        `consistency`, `pri`, `code`, `mixed` (with cases on both sides of the outcome); best rows
        first.
    """
    parts = []
    for analysis in analyses(memberships, models):
        table = table_of(analysis, cutoffs)
        frame = table.to_frame()
        frame["mixed"] = frame["row"].isin(table.contradictions["row"])
        frame["cases"] = frame["cases"].map(" ".join)
        order = frame.sort_values(
            ["code", "consistency", "row"], ascending=[False, False, True], kind="stable"
        )
        columns = ["row", "configuration", "n", "cases", "consistency", "pri", "code", "mixed"]
        parts.append(_tidy(analysis, order[columns]))
    return pd.concat(parts, ignore_index=True)


def solved(analysis: Analysis, cutoffs: qca.Cutoffs, kind: str) -> qca.Solution | None:
    """Minimise one analysis; None when no row of the truth table is sufficient."""
    table = table_of(analysis, cutoffs)
    if not (table.code == "1").any():
        return None
    return design(analysis, cutoffs, kind).minimise(table)


def _solved(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> Iterator[tuple[Analysis, str, qca.Solution]]:
    for analysis in analyses(memberships, models):
        for kind in SOLUTIONS:
            solution = solved(analysis, cutoffs, kind)
            if solution is not None:
                yield analysis, kind, solution


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the column `exact` only where it marks something: a count that is not exact."""
    return frame.drop(columns="exact") if frame["exact"].all() else frame


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
        `cases` (space separated); after `n_models` also `exact` if any is False, where there are at
        least so many. An outcome without a sufficient row has no rows here.
    """
    parts = []
    for analysis, kind, solution in _solved(memberships, models, cutoffs):
        frame = solution.to_frame()
        frame["cases"] = frame["cases"].map(" ".join)
        parts.append(_with_kind(analysis, kind, frame))
    columns = ["number", "n_models", "exact", "term", "consistency", "pri", "raw_coverage"]
    return _marked(_joined(parts, ["solution", *columns, "unique_coverage", "cases"]))


def _joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Join tables of analyses; without any, return an empty one with the same columns."""
    if not parts:
        return pd.DataFrame(columns=["model", "outcome", *columns])
    return pd.concat(parts, ignore_index=True)


def formulas(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return each tied model of every solution as one line, and a blank one where there is none.

    Returns:
        `model`, `outcome`, `solution`, `number` (from 1; 0 without any sufficient row),
        `n_models`, `exact` (as in `solutions`), `expression`, `consistency`, `pri`, `coverage`.
    """
    rows = []
    for analysis in analyses(memberships, models):
        for kind in SOLUTIONS:
            solution = solved(analysis, cutoffs, kind)
            found = solution.models if solution else ()
            head = [analysis.model, analysis.outcome, kind]
            rows += [
                [*head, i, solution.n_models, solution.exact, model.expression, *fit_of(model)]
                for i, model in enumerate(found, 1)
            ] or [[*head, 0, 0, True, None, None, None, None]]
    columns = ["model", "outcome", "solution", "number", "n_models", "exact", "expression"]
    return _marked(pd.DataFrame(rows, columns=[*columns, "consistency", "pri", "coverage"]))


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
    return _joined(parts, ["solution", "implicant", "essential", "rows", "n_rows"])


def counterfactuals(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Return the remainders that the solutions assume to show the outcome.

    Returns:
        `model`, `outcome`, `kind`, `row`, `configuration`, `contradictory` (assumed for the
        outcome and for its absence, in the same kind), and `exact` if any is False, where rows of
        the kind may be missing. The kinds are `simplifying` (covered by a parsimonious model),
        `easy` (in line with the expectations, used by the intermediate solution) and `difficult`
        (the other simplifying ones).
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
        for kind, found in kinds.items():
            exact = (parsimonious if kind == "simplifying" else intermediate).all_assumed
            rows += [[*head, kind, row, label(row), exact] for row in found]
    columns = ["model", "outcome", "kind", "row", "configuration", "exact"]
    frame = _marked(pd.DataFrame(rows, columns=columns))
    return frame.assign(contradictory=frame.duplicated(["model", "kind", "row"], keep=False))


def remainders(
    memberships: pd.DataFrame, models: Mapping[str, Mapping], cutoffs: qca.Cutoffs
) -> pd.DataFrame:
    """Count the rows of each truth table and the remainders that the solutions use.

    Returns:
        `model`, `outcome`, `n_rows` (possible), `n_observed` (with enough cases), `n_sufficient`,
        `n_mixed` (with cases on both sides of the outcome), `n_remainders`, `n_simplifying`,
        `n_easy`, `n_difficult`, `n_contradictory` (easy for the outcome and for its absence), and
        `exact` if any is False, where these four are at least so many.
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
                "exact": bool(mine["exact"].all()) if "exact" in mine else True,
            }
        )
    return _marked(pd.DataFrame(rows))


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
    columns = ["case_id", "membership", "outcome_membership", "type", "terms"]
    return _joined(parts, columns)


def settings(
    analysis: Analysis,
    passes: Mapping[str, pd.DataFrame],
    models: Mapping[str, Mapping],
    cutoffs: qca.Cutoffs,
    varied: Mapping[str, Sequence[float]],
) -> list[qca.Setting]:
    """List the choices that are changed, one at a time.

    Args:
        analysis, cutoffs: the final choices.
        passes: the table of `casebook.results.sets.calibrated` for each single pass, by its name.
        models: as for `casebook.results.sets.calibrated`.
        varied: values of each cut-off that are tried.
    """
    listed = [
        qca.Setting(name, f"{value:g}", cutoffs=replace(cutoffs, **{name: value}))
        for name, values in varied.items()
        for value in values
    ]
    listed += [
        qca.Setting("pass", name, data=other.memberships)
        for name, table in passes.items()
        for other in analyses(table, {analysis.model: models[analysis.model]})
        if other.outcome == analysis.outcome
    ]
    data = analysis.memberships
    return listed + [
        qca.Setting("dropped case", str(case), data=data.drop(index=case)) for case in data.index
    ]


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
        passes, varied: as for `settings`.
        kind: type of solution that is interpreted.

    Returns:
        `model`, `outcome`, `setting` (final, consistency, pri, frequency, pass, dropped case),
        `value`, `n_models`, `exact` (as in `solutions`), `expression` (tied models joined by "or";
        blank without a sufficient row), `same` (the same models as with the final choices),
        `consistency`, `pri` and `coverage` of the first model, and `rf_cons`, `rf_cov`, `rf_sc`,
        the fit-oriented measures of Oana & Schneider (2024) against this setting alone.
    """
    parts = []
    for analysis in analyses(memberships, models):
        plan = design(analysis, cutoffs, kind)
        changed = settings(analysis, passes, models, cutoffs, varied)
        tried = [qca.Setting("final", "", cutoffs=cutoffs), *changed]
        if solved(analysis, cutoffs, kind):
            runs = qca.solution_over_settings(analysis.memberships, plan, tried)
            frame = runs.to_frame().drop(columns="problem")
        else:
            frame = _without_solution(analysis, plan, tried)
        frame["expression"] = frame["expression"].replace("", None)
        parts.append(_tidy(analysis, frame))
    return _marked(pd.concat(parts, ignore_index=True))


def _without_solution(
    analysis: Analysis, plan: qca.Analysis, tried: Sequence[qca.Setting]
) -> pd.DataFrame:
    """Say under which settings an outcome that has no solution gets one."""
    rows = []
    for setting in tried:
        data = analysis.memberships if setting.data is None else setting.data
        changed = replace(plan, cutoffs=setting.cutoffs or plan.cutoffs)
        found = (changed.table(data).code == "1").any()
        solution = changed.solve(data) if found else None
        fit = fit_of(solution.models[0]) if solution else (None, None, None)
        rows.append(
            {
                "setting": setting.name,
                "value": setting.value,
                "expression": solution.models[0].expression if solution else "",
                "n_models": solution.n_models if solution else 0,
                "exact": solution.exact if solution else True,
                "same": solution is None,
                **dict(zip(("consistency", "pri", "coverage"), fit, strict=True)),
            }
        )
    return pd.DataFrame(rows)


def robustness_ranges(
    memberships: pd.DataFrame,
    models: Mapping[str, Mapping],
    cutoffs: qca.Cutoffs,
    kind: str,
    cases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say how far each choice can move before an interpreted solution changes.

    Each anchor of a measured set moves on the scale of its measure. Sets of coded levels have no
    anchors. What stands for them is the membership of each level strictly between out and in: it
    moves, for all coded sets of the model at once, between one half and the end of the scale on
    its side.

    Args:
        memberships, models, cutoffs: as for `solutions`.
        kind: type of solution that is interpreted.
        cases: as for `casebook.results.sets.calibrated`.

    Returns:
        `model`, `outcome`, `setting` (consistency, pri, frequency, level, or `SET, anchor 1` and
        so on), `value`, `lower`, `upper`; nothing for an outcome without a solution.
    """
    parts = []
    for analysis in analyses(memberships, models):
        if not solved(analysis, cutoffs, kind):
            continue
        data, plan = analysis.memberships, design(analysis, cutoffs, kind)
        rules = models[analysis.model].get("calibrate", {})
        coded = [code for code in data if code not in rules]
        ranges = [
            qca.cutoff_range(data, plan, "consistency"),
            qca.cutoff_range(data, plan, "pri"),
            qca.frequency_range(data, plan),
            *(_level_range(data, coded, plan, level) for level in _inner_levels(data[coded])),
        ]
        for code, rule in rules.items():
            raw = cases.set_index("case_id")[rule["measure"]].reindex(data.index).astype(float)
            ranges += _anchor_ranges(data, plan, raw.rename(code), rule)
        parts.append(_tidy(analysis, pd.concat([each.to_frame() for each in ranges])))
    return _joined(parts, ["setting", "value", "lower", "upper"])


def _anchor_ranges(
    data: pd.DataFrame, plan: qca.Analysis, raw: pd.Series, rule: Mapping
) -> Sequence[qca.Range]:
    def moved(values: pd.Series, anchors: Sequence[float]) -> pd.Series:
        return from_measure(values, {**rule, "anchors": anchors}, half="keep")

    return qca.anchor_ranges(data, plan, raw.name, raw, rule["anchors"], moved)


def _inner_levels(data: pd.DataFrame) -> list[float]:
    values = np.unique(data.to_numpy())
    return [float(value) for value in values if 0 < value < 1]


def _level_range(
    data: pd.DataFrame, coded: list[str], plan: qca.Analysis, level: float
) -> qca.Range:
    """Move the membership of one level of the coded sets on its side of the crossover."""
    low, high = (0.51, 0.99) if level > PRESENT_ABOVE else (0.01, 0.49)

    def moved(value: float) -> pd.DataFrame:
        changed = data[coded].where(~np.isclose(data[coded], level), value)
        return data.assign(**changed)

    return qca.parameter_range(moved, plan, level, low, high, name="level", steps=24)


def robustness_tests(
    memberships: pd.DataFrame,
    passes: Mapping[str, pd.DataFrame],
    models: Mapping[str, Mapping],
    cutoffs: qca.Cutoffs,
    kind: str,
    varied: Mapping[str, Sequence[float]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold each interpreted solution against its test set, by fit and by cases.

    The test set is every tied model under every other cut-off and under each single pass; dropped
    cases are not in it, because they ask another question.

    Returns:
        The measures: `model`, `outcome`, `n_tests` (models of the test set), the fields of
        `qca.RobustnessFit`, `rcr_typ`, `rcr_dev`, `rank`, and the numbers of robust, shaky and
        possible cases (`n_robust`, `n_shaky`, `n_possible`). And the cases: `model`, `outcome`,
        `case_id`, `initial`, `smallest`, `largest` (memberships), `type`.
    """
    fits, cases = [], []
    for analysis in analyses(memberships, models):
        final = solved(analysis, cutoffs, kind)
        if not final:
            continue
        tried = [
            setting
            for setting in settings(analysis, passes, models, cutoffs, varied)
            if setting.name != "dropped case"
        ]
        plan = design(analysis, cutoffs, kind)
        tests = qca.solution_over_settings(analysis.memberships, plan, tried).models
        fit = qca.robustness_fit(final.models[0], tests).to_frame()
        case = qca.robustness_cases(final.models[0], tests)
        kinds = case.types["type"].str.split().str[0].value_counts()
        fit.insert(0, "n_tests", len(tests))
        fit = fit.assign(rcr_typ=case.rcr_typ, rcr_dev=case.rcr_dev, rank=case.rank)
        counts = {f"n_{name}": int(kinds.get(name, 0)) for name in ("robust", "shaky", "possible")}
        fits.append(_tidy(analysis, fit.assign(**counts)))
        cases.append(_tidy(analysis, case.to_frame().drop(columns="outcome")))
    measures = ["n_tests", *(each.name for each in fields(qca.RobustnessFit))]
    measures += ["rcr_typ", "rcr_dev", "rank", "n_robust", "n_shaky", "n_possible"]
    types = ["case_id", "initial", "smallest", "largest", "type"]
    return _joined(fits, measures), _joined(cases, types)
