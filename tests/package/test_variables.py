"""Claims about the numbers of the prose: each is one cell of one table."""

import pandas as pd
import pytest

from casebook.claims.variables import FORMATS, nested, resolve
from casebook.errors import InputError

TABLES = {"t": pd.DataFrame({"key": ["a", "b"], "share": [0.524, float("nan")], "n": [3, 1158]})}


def entry(**changes):
    """A declaration that is right, with changes."""
    return {"table": "t", "where": {"key": "a"}, "column": "share", "format": "percent"} | changes


def test_a_variable_prints_its_cell():
    """Share 0.524 of row a is printed as 52%, and the ledger says where it stands."""
    row = resolve({"x.y": entry()}, TABLES, "variables.yml").iloc[0]
    assert tuple(row[["text", "value", "table", "row", "column"]]) == (
        "52%",
        0.524,
        "t",
        "key=a",
        "share",
    )


def test_dots_become_nested_keys():
    """Quarto looks names up key by key; each text links to its row of the ledger."""
    ledger = resolve({"x.y": entry(), "x.z": entry(column="n", format="words")}, TABLES, "f")
    assert nested(ledger) == {
        "x": {"y": "[52%](#claim-x.y){.claim}", "z": "[three](#claim-x.z){.claim}"}
    }


def test_what_markdown_would_read_as_a_mark_is_escaped():
    """A p value and an expression are printed as they are."""
    tables = {"t": pd.DataFrame({"p": [0.0004], "expression": ["A*~B*C"]})}
    declared = {
        "p": {"table": "t", "column": "p", "format": "p"},
        "e": {"table": "t", "column": "expression", "format": "text"},
    }
    assert nested(resolve(declared, tables, "f")) == {
        "p": r"[\< 0.001](#claim-p){.claim}",
        "e": r"[A\*\~B\*C](#claim-e){.claim}",
    }


@pytest.mark.parametrize(
    ("format", "value", "expected"),
    [
        ("integer", 1158, "1,158"),
        ("words", 7, "seven"),
        ("words", 13, "13"),
        ("Words", 3, "Three"),
        ("percent1", 0.9222, "92.2%"),
        ("decimal2", -0.088, "−0.09"),
        ("year", 1874, "1874"),
        ("p", 0.0004, "< 0.001"),
        ("p", 0.031411, "= 0.031"),
    ],
)
def test_formats(format, value, expected):
    """Each format writes numbers as the house style wants them."""
    assert expected == FORMATS[format](value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (entry(table="u"), "a result table: t"),
        (entry(column="m"), "a column of t"),
        (entry(where={"key": "c"}), "exactly one row, not 0"),
        (entry(where={}), "exactly one row, not 2"),
        (entry(where={"key": "b"}), "not blank"),
        (entry(format="roman"), "a format"),
        ({"table": "t"}, "a mapping with the keys"),
        (entry(rows="a"), "a mapping with the keys"),
    ],
)
def test_wrong_declarations_are_errors(wrong, message):
    """The message names the file, the variable and what would be accepted."""
    with pytest.raises(InputError, match=message) as error:
        resolve({"x": wrong}, TABLES, "paper/variables.yml")
    assert "paper/variables.yml: x" in str(error.value)


def test_all_wrong_declarations_are_named_at_once():
    """Two wrong declarations give two problems."""
    with pytest.raises(InputError) as error:
        resolve({"x": entry(table="u"), "y": entry(column="m")}, TABLES, "f")
    assert len(error.value.problems) == 2


def test_a_name_may_not_be_the_beginning_of_another():
    """`x` cannot be a number and a group of numbers."""
    with pytest.raises(InputError, match="beginning"):
        resolve({"x": entry(), "x.y": entry()}, TABLES, "f")
