"""Readable names of cases, models and set expressions."""

import unicodedata

import pandas as pd

SETTINGS = {
    "final": "As in the main analysis",
    "consistency": "Consistency cut-off",
    "pri": "PRI cut-off",
    "frequency": "Frequency cut-off",
    "pass": "Coding pass",
}
CHOICES = {
    "crossover": "Crossover",
    "shape": "Shape of sets",
    "consistency": "Consistency",
    "pri": "PRI",
    "frequency": "Cases per row",
    "omitted": "Left out",
    "blanks": "Blanks",
    "coding": "Coding pass",
    "dropped": "Dropped",
    "draw": "Scores",
}


def case_labels(cases: pd.DataFrame) -> dict[str, str]:
    """Name each case by its place, and distinguish cases of one place.

    Args:
        cases: one row per case: `case_id`, and where there are `city` or `country`, `start_year`
            and `programme`.

    Returns:
        `case_id` → city, or country where cases are no cities; where a place has several cases,
        place and start year in brackets; where these are alike too or unknown, place and
        programme; in the end the id itself.
    """
    ids = cases["case_id"].astype(str)
    names = cases.get("city", cases.get("country", ids))
    candidates = [names.astype(object).where(names.notna(), ids)]
    for column in ("start_year", "programme"):
        if column in cases:
            extra = cases[column].astype("string")
            candidates.append((names.astype("string") + " (" + extra + ")").astype(object))
    candidates.append(ids)
    chosen = candidates[0].copy()
    for candidate in candidates[1:]:
        again = chosen.duplicated(keep=False) | chosen.isna()
        chosen = chosen.where(~again, candidate)
    return dict(zip(ids, chosen, strict=True))


def analysis_titles(calibration: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Name the analyses of each model: (model, outcome expression) → title.

    Args:
        calibration: the table `calibration`: `model`, `set`, `role`, `label`.

    Returns:
        `("m", "Y")` → "Label: presence (Y)" and `("m", "~Y")` → "Label: absence (~Y)"; where
        models explain the same outcome, "Label, m: presence (Y)".
    """
    titles = {}
    outcomes = calibration[calibration["role"] == "outcome"]
    shared = outcomes["label"].duplicated(keep=False)
    for row, is_shared in zip(outcomes.itertuples(), shared, strict=True):
        label = f"{row.label[:1].upper()}{row.label[1:]}"
        label += f", {row.model}" if is_shared else ""
        titles[row.model, row.set] = f"{label}: presence ({row.set})"
        titles[row.model, f"~{row.set}"] = f"{label}: absence (~{row.set})"
    return titles


def setting_label(setting: str) -> str:
    """Name a setting of the table `robustness`; unknown ones in sentence case."""
    return SETTINGS.get(setting, f"{setting[:1].upper()}{setting[1:]}")


def choice_label(choice: str) -> str:
    """Name a choice of the multiverse."""
    return CHOICES.get(choice, f"{choice[:1].upper()}{choice[1:]}")


def option_label(choice: str, option: str) -> str:
    """Name an option of a choice of the multiverse."""
    if choice == "draw":
        return "as coded" if option == "0" else "drawn anew"
    if choice == "dropped" and option != "none":
        return f"one {option}".replace("_", " ")
    return option


def left_side(formula: str) -> str:
    """Return the solution of a formula: `A*B => Y` → `A*B`."""
    return formula.split(" => ")[0]


def sort_key(name: str) -> str:
    """Key of the alphabetical order in which accents and case do not count."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
