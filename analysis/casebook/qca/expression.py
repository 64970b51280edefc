"""Boolean notation of the field: terms as patterns, and expressions such as `A*~B + C{2}`.

A *pattern* is a tuple with one integer per condition: -1 where the condition is absent from the
term, otherwise the level that it requires (0 absent, 1 present, or the level of a multi-value
condition).
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from casebook.errors import AnalysisError

TOLERANCE = 1.5e-8  # of comparisons with a cut-off, as in the R package QCA
FREE = -1
EVERYTHING = "1"  # the term without literals, of which every case is a full member

LITERAL = re.compile(r"(?P<negated>~?)\s*(?P<name>[^~*+{}\[\]]+?)\s*(?:[{\[](?P<level>\d+)[}\]])?")


def literals(expression: str) -> list[list[tuple[str, int | None, bool]]]:
    """Read a sum of products.

    Args:
        expression: products joined by `+`, literals joined by `*`, `~` for negation and
            `A{2}` (or `A[2]`) for a level of a multi-value condition.

    Returns:
        One list per product of (name, level or None, negated).

    Raises:
        AnalysisError: a literal cannot be read.
    """
    return [
        [_literal(part, expression) for part in product.split("*")]
        for product in expression.split("+")
    ]


def _literal(text: str, expression: str) -> tuple[str, int | None, bool]:
    match = LITERAL.fullmatch(text.strip())
    if match is None:
        raise AnalysisError(
            f"expression {expression!r}: cannot read {text.strip()!r}; write literals as A, ~A or "
            "A{2}, joined by * within a term and by + between terms"
        )
    level = match["level"]
    return match["name"], None if level is None else int(level), bool(match["negated"])


def check_name(name: str) -> None:
    """Refuse a condition that an expression could not name."""
    if not isinstance(name, str):
        raise AnalysisError(f"condition {name!r}: names must be text; rename the column")
    found = LITERAL.fullmatch(name)
    if found is None or found["name"] != name:
        raise AnalysisError(
            f"condition {name!r}: in expressions * + ~ {{ }} [ ] and blanks around a name have a "
            "meaning of their own; rename the column without them"
        )


def pattern_label(pattern: Sequence[int], conditions: Sequence[str], levels: Sequence[int]) -> str:
    """Write a pattern as a product: `A*~B`, `A{2}` for multi-value conditions, `1` if empty."""
    words = []
    for value, name, size in zip(pattern, conditions, levels, strict=True):
        if value == FREE:
            continue
        words.append(f"{name}{{{value}}}" if size > 2 else name if value else f"~{name}")
    return "*".join(words) or EVERYTHING


def patterns_of(
    expression: str, conditions: Sequence[str], levels: Sequence[int]
) -> list[tuple[int, ...]]:
    """Read an expression as patterns over these conditions; terms that contradict are dropped.

    Raises:
        AnalysisError: the expression names something that is not a condition, or a level that a
            condition does not have.
    """
    patterns: list[tuple[int, ...]] = []
    for product in literals(expression):
        partial: list[list[int]] = [[FREE] * len(conditions)]
        for name, level, negated in product:
            if name == EVERYTHING and name not in conditions:
                partial = [] if negated else partial
                continue
            if name not in conditions:
                raise AnalysisError(
                    f"expression {expression!r}: {name!r} is not a condition of the truth table; "
                    f"the conditions are {', '.join(conditions)}"
                )
            position = list(conditions).index(name)
            allowed = _levels_of(name, level, negated, levels[position])
            partial = [
                [*term[:position], value, *term[position + 1 :]]
                for term in partial
                for value in allowed
                if term[position] in (FREE, value)
            ]
        patterns.extend(tuple(term) for term in partial)
    return list(dict.fromkeys(patterns))


def _levels_of(name: str, level: int | None, negated: bool, size: int) -> list[int]:
    if level is None and size > 2:
        raise AnalysisError(f"condition {name!r} has {size} levels; write one as {name}{{level}}")
    wanted = 1 if level is None else level
    if wanted >= size:
        raise AnalysisError(f"condition {name!r} has no level {wanted}, only 0 to {size - 1}")
    return [value for value in range(size) if (value == wanted) != negated]


def membership(data: pd.DataFrame, expression: str) -> pd.Series:
    """Membership of each case in an expression: minimum within a product, maximum over products.

    Args:
        data: memberships in [0, 1], or levels of multi-value sets, one row per case.
        expression: for example `"A*~B + C"`; multi-value levels as `A{2}`.

    Returns:
        Memberships in [0, 1], indexed as `data`, named after the expression.

    Raises:
        AnalysisError: the expression cannot be read, names no column of `data`, or a column holds
            missing values or values outside [0, 1].
    """
    products = [
        np.minimum.reduce([_literal_membership(data, *literal) for literal in product])
        for product in literals(expression)
    ]
    return pd.Series(np.maximum.reduce(products), index=data.index, name=expression)


def _literal_membership(
    data: pd.DataFrame, name: str, level: int | None, negated: bool
) -> np.ndarray:
    if name == EVERYTHING and name not in data.columns:
        return np.full(len(data), 0.0 if negated else 1.0)
    values = memberships_of(data, [name])[:, 0]
    if level is None:
        if values.max() > 1:
            raise AnalysisError(f"set {name!r} has several levels; write one as {name}{{level}}")
        return 1 - values if negated else values
    if values.max() <= 1 and not np.isin(values, (0, 1)).all():
        raise AnalysisError(f"set {name!r} is fuzzy and has no levels; write {name} or ~{name}")
    inside = (values == level).astype(float)
    return 1 - inside if negated else inside


def memberships_of(data: pd.DataFrame, names: Iterable[str]) -> np.ndarray:
    """Read columns as checked numbers (cases x sets, float).

    Raises:
        AnalysisError: a column is absent, not numeric, has missing values, or has values that are
            neither memberships in [0, 1] nor whole levels 0, 1, 2, ...
    """
    names = list(names)
    absent = [name for name in names if name not in data.columns]
    if absent:
        raise AnalysisError(
            f"no set named {', '.join(map(repr, absent))} in the data; "
            f"the columns are {', '.join(map(str, data.columns))}"
        )
    if data.empty:
        raise AnalysisError("the data have no cases; give one row per case")
    columns = [_numbers(data, name) for name in names]
    result = np.column_stack(columns)
    if not ((result >= 0) & (result <= 1)).all():
        for name, values in zip(names, columns, strict=True):
            _check_values(data, name, values)
    return result


def _numbers(data: pd.DataFrame, name: str) -> np.ndarray:
    column = data[name]
    if isinstance(column, pd.DataFrame):
        raise AnalysisError(f"the data have several columns named {name!r}; keep one")
    try:
        return column.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise AnalysisError(
            f"set {name!r} holds {column.dtype} values; calibrate it to numbers in [0, 1] first"
        ) from None


def _check_values(data: pd.DataFrame, name: str, values: np.ndarray) -> None:
    missing = np.isnan(values)
    if missing.any():
        raise AnalysisError(
            f"set {name!r} has no membership for {_cases(data, missing)}; "
            "score these cases or leave them out of the data"
        )
    whole = values == np.floor(values)
    wrong = (values < 0) | ~np.isfinite(values) | ((values > 1) & ~whole)
    if values.max() > 1 and not whole.all():
        wrong |= values > 1  # a fuzzy set with a number above 1 is an error, not a level
    if wrong.any():
        raise AnalysisError(
            f"set {name!r} has values outside [0, 1] for {_cases(data, wrong)} "
            f"(first: {values[wrong][0]:g}); calibrate it, or use whole levels 0, 1, 2, ..."
        )


def _cases(data: pd.DataFrame, chosen: np.ndarray, limit: int = 10) -> str:
    names = [str(case) for case in data.index[chosen]]
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    noun = "case" if len(names) == 1 else "cases"
    return f"{noun} {', '.join(names[:limit])}{more}"
