"""The numbers of the prose: each variable is the address of one cell of a result table.

Authors declare a variable by the table, the row and the column that it comes from, and the way
it is written. Nothing is computed here, so that each number in the text has one origin.
"""

import re
from collections.abc import Mapping

import pandas as pd

from casebook.errors import InputError, Problem
from casebook.exhibits.markdown import claim_label, escape

WORDS = "zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve".split(",")  # noqa: SIM905 a list of words reads as words

FORMATS = {
    "text": str,
    "integer": lambda value: f"{round(float(value)):,}",
    "words": lambda value: (
        WORDS[round(float(value))] if float(value) < len(WORDS) else f"{round(float(value)):,}"
    ),
    "Words": lambda value: FORMATS["words"](value).capitalize(),
    "percent": lambda value: f"{100 * float(value):.0f}%",
    "percent1": lambda value: f"{100 * float(value):.1f}%",
    "decimal1": lambda value: f"{float(value):.1f}".replace("-", "−"),
    "decimal2": lambda value: f"{float(value):.2f}".replace("-", "−"),
    "decimal3": lambda value: f"{float(value):.3f}".replace("-", "−"),
    "year": lambda value: f"{round(float(value))}",
    "p": lambda value: "< 0.001" if float(value) < 0.001 else f"= {float(value):.3f}",
}
KEYS = {"table", "where", "column", "format"}


def resolve(
    declared: Mapping[str, Mapping], tables: Mapping[str, pd.DataFrame], file: str
) -> pd.DataFrame:
    """Look up every declared variable.

    Args:
        declared: name (dotted) → `table`, `where` (column → value), `column`, `format`.
        tables: result tables by name.
        file: name of the file of declarations, for messages.

    Returns:
        One row per variable, in the order of declaration: `name`, `text` (as printed), `value`
        (as stored), `table`, `row` (`column=value`, comma separated), `column`, `format`.

    Raises:
        InputError: with every declaration that names a table, column, row or format that is not
            there, selects more than one row, or an empty cell.
    """
    rows, problems = (
        [],
        [
            Problem(
                file, str(name), "", "a name of letters, digits and underscores, joined by dots"
            )
            for name in declared
            if not re.fullmatch(r"\w+(\.\w+)*", str(name), re.A)
        ],
    )
    declared = {str(name): entry for name, entry in declared.items()}
    for name, entry in declared.items():
        if wrong := _wrong(entry, tables):
            problems.append(Problem(file, name, *wrong))
            continue
        row = select(tables[entry["table"]], entry.get("where", {})).iloc[0]
        value = row[entry["column"]]
        rows.append(
            {
                "name": name,
                "text": FORMATS[entry["format"]](value),
                "value": value,
                "table": entry["table"],
                "row": ", ".join(f"{key}={val}" for key, val in entry.get("where", {}).items()),
                "column": entry["column"],
                "format": entry["format"],
            }
        )
    problems += [
        Problem(file, name, "", "a name may not be the beginning of another one")
        for name in declared
        if any(other.startswith(f"{name}.") for other in declared)
    ]
    if problems:
        raise InputError(problems)
    return pd.DataFrame(rows, columns=["name", "text", "value", "table", "row", "column", "format"])


def select(table: pd.DataFrame, where: Mapping) -> pd.DataFrame:
    """Return the rows whose columns have the declared values, compared as text."""
    for column, value in where.items():
        table = table[table[column].map(_key) == _key(value)]
    return table


def _key(value) -> str:
    """Compare cells and declarations as text, numbers without a trailing zero."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if str(value) in ("True", "False") else str(value)


def _wrong(entry: Mapping, tables: Mapping[str, pd.DataFrame]) -> tuple[str, str] | None:
    """Return value and accepted form of what is wrong with a declaration, or None."""
    texts = {"table", "column", "format"}
    if not isinstance(entry, Mapping) or not texts <= set(entry) <= KEYS:
        return str(entry), f"a mapping with the keys {', '.join(sorted(KEYS))}"
    if not all(isinstance(entry[key], str) for key in texts):
        return str(entry), f"texts for {', '.join(sorted(texts))}"
    if not isinstance(entry.get("where", {}), Mapping):
        return str(entry["where"]), "a mapping of columns to values for where"
    if entry["table"] not in tables:
        return entry["table"], f"a result table: {', '.join(sorted(tables))}"
    if entry["format"] not in FORMATS:
        return entry["format"], f"a format: {', '.join(FORMATS)}"
    table = tables[entry["table"]]
    for column in [entry["column"], *entry.get("where", {})]:
        if column not in table.columns:
            return column, f"a column of {entry['table']}: {', '.join(table.columns)}"
    found = select(table, entry.get("where", {}))
    if len(found) != 1:
        return str(dict(entry.get("where", {}))), f"exactly one row, not {len(found)}"
    if pd.isna(found.iloc[0][entry["column"]]):
        return entry["column"], "a cell that is not blank"
    return None


def nested(ledger: pd.DataFrame) -> dict:
    """Return what Quarto's `_variables.yml` holds: each text as a link to its row of the ledger.

    Only the web page keeps these links; the journal format prints the text elsewhere.
    """
    tree: dict = {}
    for name, text in zip(ledger["name"], ledger["text"], strict=True):
        *path, last = name.split(".")
        branch = tree
        for part in path:
            branch = branch.setdefault(part, {})
        branch[last] = f"[{escape(text)}](#{claim_label(name)}){{.claim}}"
    return tree
