"""Alternative texts of the figures: what a reader who cannot see one should know, from the data."""

from collections.abc import Mapping, Sequence

import pandas as pd

from casebook.exhibits.labels import left_side, setting_label
from casebook.study.codebook import Codebook

SIGNIFICANT = 0.05


def listed(words: Sequence[str]) -> str:
    """Join words: "a", "a and b", "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _decimal(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def map_alt(cases: pd.DataFrame, variable: str = "region") -> str:
    """Say where the cases are."""
    text = f"World map with {_plural(len(cases), 'case')}"
    if "city" in cases:
        text += f" in {cases['city'].nunique()} places"
    if variable in cases:
        counts = cases[variable].value_counts().sort_values(ascending=False, kind="stable")
        text += f": {listed([f'{n} in {name}' for name, n in counts.items()])}"
    return f"{text}."


def prevalence(shares: pd.DataFrame, codebook: Codebook) -> str:
    """Say how often each construct is present, and how often it is not mentioned."""
    parts = []
    for group in codebook.groups:
        mine = shares[shares["group"] == group.code]
        if len(mine):
            shares_of = [
                f"{codebook.labels[row.construct]} {_percent(row.share)} "
                f"({_percent(row.low)} to {_percent(row.high)}, "
                f"{_plural(row.n_missing, 'case')} without mention)"
                for row in mine.itertuples()
            ]
            parts.append(f"{group.label}: {listed(shares_of)}.")
    return " ".join(["Share of the scored cases in which each construct is present.", *parts])


def agreement(measures: pd.DataFrame, codebook: Codebook) -> str:
    """Say how far the passes agree."""
    if measures.empty:
        return "There is one coding pass only, so that agreement cannot be measured."
    single = measures["construct"].isin(codebook.codes)
    pooled = measures[~single].iloc[0]
    each = measures[single].dropna(subset=["alpha"])
    low, high = each.loc[each["alpha"].idxmin()], each.loc[each["alpha"].idxmax()]
    return (
        f"Krippendorff’s alpha by construct, from {_decimal(low['alpha'])} "
        f"({codebook.labels[low['construct']]}) to {_decimal(high['alpha'])} "
        f"({codebook.labels[high['construct']]}); over all constructs "
        f"{_decimal(pooled['alpha'])}, interval {_decimal(pooled['alpha_low'])} to "
        f"{_decimal(pooled['alpha_high'])}, with {_percent(pooled['percent_agreement'])} of the "
        f"cells scored alike."
    )


def matrix(table: pd.DataFrame, codebook: Codebook) -> str:
    """Say how large the matrix is and how its scores are spread."""
    codes = [code for code in table.columns if code in codebook.codes]
    values = table[codes]
    spread = [
        f"{int((values == level.membership).sum().sum())} {level.name}" for level in codebook.levels
    ]
    spread.append(f"{int(values.isna().sum().sum())} {codebook.blank.name}")
    return (
        f"Heat map of {_plural(len(table), 'case')} by {_plural(len(codes), 'construct')}. "
        f"Cells: {listed(spread)}. Cases with like scores stand together."
    )


def outcomes(pairs: pd.DataFrame, codebook: Codebook) -> str:
    """Say how strongly the conditions go with the outcomes."""
    parts = []
    for outcome, mine in pairs.dropna(subset=["tau"]).groupby("outcome", sort=False):
        low, high = mine.loc[mine["tau"].idxmin()], mine.loc[mine["tau"].idxmax()]
        parts.append(
            f"{codebook.labels[outcome]}: from {_decimal(low['tau'])} "
            f"({codebook.labels[low['condition']]}) to {_decimal(high['tau'])} "
            f"({codebook.labels[high['condition']]})."
        )
    clear = int(((pairs["tau_low"] > 0) | (pairs["tau_high"] < 0)).sum())
    sure = int((pairs["p_holm"] < SIGNIFICANT).sum())
    return " ".join(
        [
            "Kendall’s tau of each condition with each outcome.",
            *parts,
            f"{clear} of {len(pairs)} intervals leave out zero; {sure} of {len(pairs)} exact "
            f"tests are significant after adjustment.",
        ]
    )


def solutions(
    types: pd.DataFrame, formulas: pd.DataFrame, titles: Mapping[tuple[str, str], str]
) -> str:
    """Say for each analysis which solution it has and how many cases are typical or deviant."""
    parts = []
    for row in formulas[formulas["number"] <= 1].itertuples():
        title = titles[row.model, row.outcome]
        if pd.isna(row.expression):
            parts.append(f"{title}: no row of the truth table is sufficient.")
            continue
        mine = types[(types["model"] == row.model) & (types["outcome"] == row.outcome)]
        counts = mine["type"].value_counts(sort=False)
        cases = listed([f"{n} {kind}" for kind, n in counts.items()])
        fit = f"consistency {_decimal(row.consistency)}, coverage {_decimal(row.coverage)}"
        exact = getattr(row, "exact", True)
        tie = "" if exact else f" (one of at least {row.n_models} models, not counted)"
        parts.append(f"{title}: {left_side(row.expression)}{tie}, {fit}; cases: {cases}.")
    return " ".join(["Cases by membership in the solution and in the outcome.", *parts])


def robustness(table: pd.DataFrame, titles: Mapping[tuple[str, str], str]) -> str:
    """Say for each analysis and setting in how many of its values the solution stays the same."""
    parts = []
    changed = table[table["setting"] != "final"]
    for (model, outcome), mine in changed.groupby(["model", "outcome"], sort=False):
        kept = mine["same"].astype(bool) & mine["expression"].notna()
        settings = [
            f"{setting_label(setting)} {same.sum()} of {len(same)}"
            for setting, same in kept.groupby(mine["setting"], sort=False)
        ]
        parts.append(f"{titles[model, outcome]}: {listed(settings)}.")
    return " ".join(["Changed choices under which the solution stays the same.", *parts])


def multiverse(shares: pd.DataFrame, titles: Mapping[tuple[str, str], str]) -> str:
    """Say in how many specifications each term is kept, and which option keeps it least."""
    parts = []
    terms = shares[shares["term"] != "solution"]
    for (model, outcome, term), mine in terms.groupby(["model", "outcome", "term"], sort=False):
        over = mine[mine["choice"] == "all"].iloc[0]
        parts.append(
            f"{titles[model, outcome]}, {term}: itself {_percent(over['kept'])}, itself or inside "
            f"a wider term {_percent(over['contained'])}, no solution "
            f"{_percent(over['none'])} of {_plural(over['n'], 'specification')}."
        )
    return " ".join(
        [
            "Specification curve: coverage and consistency of the solutions by rising coverage, "
            "what becomes of each interpreted term, and the share that keeps it by the option of "
            "each choice.",
            *parts,
        ]
    )
