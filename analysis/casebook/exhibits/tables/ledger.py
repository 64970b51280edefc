"""Printed ledger of claims: where each number of the text comes from."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from casebook.exhibits.markdown import NONE, PrintedTable, claim_label, count, escape


def claims(ledger: Mapping) -> list[PrintedTable]:
    """Print a row per number, labelled `claim-NAME`, so that the number can link to it.

    Args:
        ledger: see `casebook.claims.ledger.ledger`.
    """
    header = ["Number", "Used in", "Table (rule)", "Row", "Column", "Evidence"]
    rows = [_row(claim) for claim in ledger["claims"]]
    return [PrintedTable(header, rows, "llllll", [8, 16, 18, 29, 15, 14])]


def _row(claim: Mapping) -> list[str]:
    table = PurePosixPath(claim["file"]).stem
    made_by = "" if claim["rule"] == table else f" ({escape(claim['rule'])})"
    where = ", ".join(f"{key} = {value}" for key, value in claim["row"].items())
    return [
        f"[{escape(claim['text'])}]{{#{claim_label(claim['name'])}}}",
        ", ".join(_place(label) for label in claim["used_in"]),
        f"[{escape(table)}, row {claim['row_number']}]({claim['page']}){made_by}",
        escape(where),
        escape(claim["column"]),
        _evidence(claim["evidence"]),
    ]


def _place(label: str) -> str:
    """A cross-reference; `abstract` and `opening` are words."""
    return f"@{label}" if "-" in label else label.capitalize()


def _evidence(found: Mapping | None) -> str:
    if found is None:
        return NONE
    among = f"{count(len(found['among']))} {found['unit']}"
    if found["kind"] == "statistic":
        text = f"over {among}"
    elif found["ids"] == found["among"]:
        text = among
    else:
        text = f"{count(len(found['ids']))} of {among}"
    return f"[{text}]({found['page']})" if found["page"] else text
