"""The sets of the models: memberships from scores or from measures, and where each comes from.

A set takes its memberships from the scores of its construct, whose levels are memberships
already; a model may give other memberships to the levels (`recode`). Or it takes them from a
measure, a column of numbers in the table of cases, by a method and its anchors (`calibrate`).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from casebook import qca
from casebook.errors import AnalysisError
from casebook.results.scores import PRESENT_ABOVE, wide

CODED = "coded as set membership"
DEGREE = 0.95  # membership at the anchor of full inclusion, unless a model says otherwise


def sets_of(model: Mapping) -> list[str]:
    """Return the names of the sets of a model: conditions, then the outcome."""
    return [*model["conditions"], model["outcome"]]


def set_memberships(
    scores: pd.DataFrame, models: Mapping[str, Mapping], cases: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Turn scores and measures into set memberships, per model and for its complete cases.

    A case with a blank on any set of the model is left out.

    Args:
        scores: final scores: `case_id`, `construct`, `score`.
        models: name → `outcome`, `conditions`, `expectations`, and where needed `recode`
            (set → `levels`, pairs of score and membership) and `calibrate` (set → `measure`,
            `method`, `anchors`, and what `from_measure` reads).
        cases: `case_id` and the measures; not needed where no model calibrates one.

    Returns:
        `model`, `case_id`, `set`, `membership`; cases in the order of `scores`. The memberships of
        a multi-value set are its levels, 0, 1, 2 and so on.

    Raises:
        AnalysisError: a set is not a construct of the scores, a measure is not a column of
            numbers, a score has no membership, a membership is exactly one half, or no case is
            complete.
    """
    table = wide(scores)
    parts = []
    for name, model in models.items():
        if unknown := [code for code in sets_of(model) if code not in table.columns]:
            raise AnalysisError(
                f"model {name}: no construct {', '.join(unknown)}; "
                f"the codebook has {', '.join(table.columns)}"
            )
        complete = values_of(name, model, table, cases).dropna()
        if complete.empty:
            raise AnalysisError(f"model {name}: no case has a score on every set; use fewer sets")
        part = complete.apply(lambda values, model=model: _memberships(model, values))
        part = part.rename_axis(columns="set").stack().rename("membership").reset_index()
        part.insert(0, "model", name)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def values_of(
    name: str, model: Mapping, table: pd.DataFrame, cases: pd.DataFrame | None
) -> pd.DataFrame:
    """Return what each set of a model is calibrated from: cases × sets, scores or measures."""
    values = table[sets_of(model)].copy()
    for code, rule in model.get("calibrate", {}).items():
        column = None if cases is None else cases.set_index("case_id").get(rule["measure"])
        if column is None or not pd.api.types.is_numeric_dtype(column):
            raise AnalysisError(
                f"model {name}, set {code}: the table of cases has no column of numbers "
                f"{rule['measure']!r}"
            )
        values[code] = column.reindex(values.index).astype(float)
    return values


def _memberships(model: Mapping, values: pd.Series) -> pd.Series:
    rule = model.get("calibrate", {}).get(values.name)
    if rule:
        return from_measure(values, rule)
    return qca.calibrate_levels(values, levels_of(model, values))


def from_measure(values: pd.Series, rule: Mapping, half: str = "error") -> pd.Series:
    """Calibrate a measure.

    Args:
        values: the measure, one value a case.
        rule: `method` and `anchors`: `direct` (3, or 6 for two crossovers; `degree` is the
            membership at full inclusion, 0.95 if not given), `indirect` (boundaries of groups),
            `crisp` (the threshold; several make a multi-value set), or `graded` (boundaries of
            the groups whose memberships `grades` lists, one more than there are boundaries; a
            value on a boundary is in the higher group).
        half: what the engine does with memberships of exactly one half: `error` or `keep`.
    """
    method, anchors = rule["method"], rule["anchors"]
    if method == "direct":
        return qca.calibrate_direct(values, anchors, idm=rule.get("degree", DEGREE), half=half)
    if method == "indirect":
        return qca.calibrate_indirect(values, anchors, half=half)
    groups = qca.calibrate_crisp(values, anchors)
    if method == "crisp":
        return groups.astype(float)
    return qca.calibrate_levels(groups, dict(enumerate(rule["grades"])))


def levels_of(model: Mapping, scores: pd.Series) -> dict[float, float]:
    """Return the membership of each score of a set: as the model says, or the score itself."""
    recoded = model.get("recode", {}).get(scores.name)
    if recoded:
        return dict(recoded["levels"])
    return {score: score for score in scores.unique()}


def set_summary(
    memberships: pd.DataFrame,
    scores: pd.DataFrame,
    models: Mapping[str, Mapping],
    labels: Mapping[str, str],
    levels: Mapping[float, str],
    cases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Describe each set of each model: where it comes from and how skewed it is.

    Args:
        memberships: the table of `calibrated`.
        scores: final scores; a set's blanks are counted over all of its cases.
        models: as for `calibrated`.
        labels: label of each construct.
        levels: name of each membership of the codebook, in order.
        cases: as for `calibrated`.

    Returns:
        `model`, `set`, `role` (condition or outcome), `label`, `type`, `anchors` (each level, its
        name, and its membership where the model recodes it; or the measure with its method and
        anchors), `reason`, `expectation` (presence, absence or the level that is expected for the
        outcome; blank without one), `n_blank` (cases without a score or measure), `n` (cases of
        the model), `n_in` (above one half) and `share_in`, the skewness as the share of cases in
        the set.
    """
    table = wide(scores)
    rows = []
    for name, model in models.items():
        values = values_of(name, model, table, cases)
        for code in sets_of(model):
            mine = memberships[memberships["model"].eq(name) & memberships["set"].eq(code)]
            inside = int((mine["membership"] > PRESENT_ABOVE).sum())
            rows.append(
                {
                    "model": name,
                    "set": code,
                    "role": "outcome" if code == model["outcome"] else "condition",
                    **_origin(model, code, labels[code], levels),
                    "expectation": _expected(model, code, n_levels(mine["membership"])),
                    "n_blank": int(values[code].isna().sum()),
                    "n": len(mine),
                    "n_in": inside,
                    "share_in": inside / len(mine),
                }
            )
    return pd.DataFrame(rows)


def _origin(model: Mapping, code: str, label: str, levels: Mapping[float, str]) -> dict[str, str]:
    """Label, type, anchors and reason of a set."""
    rule = model.get("calibrate", {}).get(code)
    if rule:
        anchors = "; ".join(f"{anchor:g}" for anchor in rule["anchors"])
        kind = f"{rule['method']} from {rule['measure']}"
        if "grades" in rule:
            anchors += " (" + ", ".join(f"{grade:g}" for grade in rule["grades"]) + ")"
        return {
            "label": rule.get("label", label),
            "type": kind,
            "anchors": anchors,
            "reason": rule["reason"],
        }
    recoded = model.get("recode", {}).get(code)
    return {
        "label": recoded["label"] if recoded else label,
        "type": f"{len(levels)}-value fuzzy set" if len(levels) > 2 else "crisp set",
        "anchors": _anchors(levels, dict(recoded["levels"]) if recoded else None),
        "reason": recoded["reason"] if recoded else CODED,
    }


def _anchors(levels: Mapping[float, str], recoded: Mapping[float, float] | None) -> str:
    if recoded is None:
        return "; ".join(f"{level:g} = {name}" for level, name in levels.items())
    return "; ".join(f"{name} ({level:g}) = {recoded[level]:g}" for level, name in levels.items())


def _expected(model: Mapping, code: str, count: int) -> str | None:
    value = model["expectations"].get(code)
    if value is None or count > 2:
        return None if value is None else f"level {value}"
    return "presence" if value else "absence"


def n_levels(memberships: pd.Series) -> int:
    """Number of levels of a set: 2 for crisp and fuzzy ones, more for a multi-value set."""
    return max(2, int(np.ceil(memberships.max())) + 1)


def overview(memberships: pd.DataFrame, models: Mapping[str, Mapping]) -> pd.DataFrame:
    """Set the number of cases against the number of conditions.

    Returns:
        One row per model: `model`, `outcome`, `n_conditions`, `n_rows` (of the truth table: the
        product of the numbers of levels), `n_cases` (complete), `cases_per_condition`.
    """
    rows = []
    for name, model in models.items():
        mine = memberships[memberships["model"].eq(name)]
        levels = mine.groupby("set")["membership"].agg(n_levels)
        count = len(model["conditions"])
        cases = mine["case_id"].nunique()
        rows.append(
            {
                "model": name,
                "outcome": model["outcome"],
                "n_conditions": count,
                "n_rows": int(levels[model["conditions"]].prod()),
                "n_cases": cases,
                "cases_per_condition": cases / count,
            }
        )
    return pd.DataFrame(rows)
