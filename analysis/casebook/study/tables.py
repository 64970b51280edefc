"""Tables as files: raw tables typed by their dictionary, result tables read and written."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from casebook.readers import new_file, read_json, read_text
from casebook.study.data_package import DICTIONARY, folder_name, primary_key

DECIMALS = 6

# What the package computes with. A study may have more columns, and may do without every table
# but the first two: an absent one is an empty frame with these columns.
NEEDED = {
    "cases": ("case_id",),
    "codings": ("case_id", "construct", "coder", "score", "evidence_ids", "reason"),
    "evidence": ("evidence_id", "case_id", "construct", "statement", "source_key"),
    "adjudications": (
        *("case_id", "construct", "score_a", "score_b"),
        *("score", "cause", "evidence_ids", "reason"),
    ),
    "withdrawn": ("evidence_id", "case_id", "reason"),
    "audit": ("evidence_id", "verdict"),
    "corrections": ("table", "key", "column", "from", "to", "reason"),
    "handling": ("table", "key", "rule", "with", "reason"),
}
OBLIGATORY = ("cases", "codings")

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]+)?([eE][-+]?[0-9]+)?|-?inf")


@dataclass(frozen=True)
class RawTables:
    """The raw tables of a study, as text and typed.

    `raw["cases"]` is the typed frame of a table (see `typed`); a table that the study does
    without is an empty frame with the columns that the package computes with.

    Attributes:
        name: how messages call the folder, such as `data/raw`.
        text: table name to frame of text cells; blank cells are "".
        fields: table name to its fields as the dictionary describes them.
        keys: table name to the columns of its primary key.
        sources: CSL-JSON items; empty where the study has none.
        n_corrections: corrections applied so far.
    """

    name: str
    text: Mapping[str, pd.DataFrame]
    fields: Mapping[str, tuple[dict, ...]]
    keys: Mapping[str, tuple[str, ...]]
    sources: tuple[dict, ...] = field(default=(), repr=False)
    n_corrections: int = 0

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return the typed frame of a table."""
        if table not in self.text:
            return typed(pd.DataFrame(columns=list(NEEDED[table]), dtype=str), ())
        return typed(self.text[table], self.fields[table])

    def accepted(self, table: str, column: str) -> tuple[str, ...]:
        """Values that the dictionary lists for a column, in its order; empty if it lists none."""
        found = (each for each in self.fields.get(table, ()) if each["name"] == column)
        return tuple(next(found, {}).get("constraints", {}).get("enum", ()))


def load_raw(folder: Path, *, name: str | None = None) -> RawTables:
    """Read the raw tables that the dictionary in the folder describes, without checking them.

    Use `casebook.tidy.checks.read_raw` where it has not been done before: this trusts its input.

    Args:
        folder: has `datapackage.json`, the tables, and `sources.json` if the study has sources.
        name: how messages call the folder; its last two parts if not given.

    Raises:
        InputError: a file is missing, not UTF-8, or not JSON.
    """
    folder = Path(folder)
    name = name or folder_name(folder)
    dictionary = read_json(folder / DICTIONARY, f"{name}/{DICTIONARY}")
    described = {each["name"]: each for each in dictionary["resources"]}
    tables = {key: each for key, each in described.items() if "fields" in each.get("schema", {})}
    sources = described.get("sources", {}).get("path")
    return RawTables(
        name=name,
        text={
            key: text_frame(read_text(folder / each["path"], f"{name}/{each['path']}"))
            for key, each in tables.items()
        },
        fields={key: tuple(each["schema"]["fields"]) for key, each in tables.items()},
        keys={key: primary_key(each["schema"]) for key, each in tables.items()},
        sources=tuple(read_json(folder / sources, f"{name}/{sources}")) if sources else (),
    )


def text_frame(text: str) -> pd.DataFrame:
    """Parse CSV text to a frame of text cells; blank cells are ""."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return pd.DataFrame(rows, columns=header, dtype=str)


def typed(text: pd.DataFrame, fields: Sequence[Mapping]) -> pd.DataFrame:
    """Give text cells the types of their fields; blank cells become missing.

    Integers and years become `Int64`, numbers `float64`, booleans `boolean`; all else stays text.
    A `score` column is a number even where no field says so.
    """
    kinds = {each["name"]: each.get("type", "string") for each in fields}
    columns = {name: _typed(text[name], kinds.get(name, "")) for name in text.columns}
    return pd.DataFrame(columns, index=text.index)


def _typed(cells: pd.Series, kind: str) -> pd.Series:
    blank = cells.eq("")
    if kind in ("integer", "year"):
        return pd.to_numeric(cells.mask(blank)).astype("Int64")
    if kind == "number" or (not kind and cells.name.startswith("score")):
        return pd.to_numeric(cells.mask(blank)).astype("float64")
    if kind == "boolean":
        return cells.str.lower().map({"true": True, "false": False}).astype("boolean")
    return cells.mask(blank)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV: UTF-8, LF, comma; the same frame always gives the same bytes.

    Floats are rounded to six decimals and always show a decimal point (or exponent), so that
    they differ from integers; booleans are `true` and `false`; missing cells are blank. Rows
    and columns keep their order; the index is not written. The file appears whole or not at all.

    Raises:
        ValueError: column names repeat.
    """
    if not frame.columns.is_unique:
        raise ValueError(f"column names repeat: {', '.join(map(str, frame.columns))}")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    ready = pd.DataFrame({name: _writable(frame[name]) for name in frame.columns})
    text = ready.to_csv(index=False, lineterminator="\n")
    with new_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="")


def _writable(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(cells):
        return cells.map({True: "true", False: "false"}).astype(object)
    if pd.api.types.is_float_dtype(cells):
        # adding zero turns -0.0 into 0.0
        return cells.astype("float64").round(DECIMALS) + 0.0
    if cells.dtype == object:
        return cells.map(_writable_cell)
    return cells


def _writable_cell(cell: object) -> object:
    if isinstance(cell, bool):
        return str(cell).lower()
    return round(cell, DECIMALS) + 0.0 if isinstance(cell, float) else cell


def read_table(path: Path, dtype: Mapping[str, object] | None = None) -> pd.DataFrame:
    """Read a table that `write_table` wrote, with the same types.

    A column is `int64` if all its cells are whole numbers (`Int64` if some are blank), `float64`
    if all are numbers, `bool` (`boolean`) if all are true or false, else text. Only blank cells
    are missing: "NA" is text. A column without any value is `float64`, as in pandas.

    Args:
        path: the CSV file.
        dtype: types of columns for which the above is not right: codes that look like numbers
            (`{"code": str}`), or text that may be blank throughout.
    """
    wanted = dtype or {}
    text = text_frame(Path(path).read_text("utf-8"))
    columns = {name: _inferred(text[name], wanted.get(name)) for name in text.columns}
    return pd.DataFrame(columns, index=text.index)


def _inferred(cells: pd.Series, dtype: object) -> pd.Series:
    present = cells.mask(cells.eq(""))
    if dtype is not None:
        return present if dtype in (str, "str", object) else _typed_as(present, dtype)
    values = present.dropna()
    some_blank = len(values) < len(cells)
    if values.empty:
        return present.astype("float64")
    if values.str.fullmatch(_WHOLE).all():
        return pd.to_numeric(present).astype("Int64" if some_blank else "int64")
    if values.str.fullmatch(_DECIMAL).all():
        return present.astype("float64")
    if values.isin(["true", "false"]).all():
        return _typed_as(present, "boolean" if some_blank else bool)
    return present


def _typed_as(present: pd.Series, dtype: object) -> pd.Series:
    if dtype in (bool, "bool", "boolean"):
        return present.map({"true": True, "false": False}).astype(dtype)
    return pd.to_numeric(present).astype(dtype)
