"""Tables survive writing and reading, and the same frame always gives the same bytes."""

import numpy as np
import pandas as pd
import pytest

from casebook.study.tables import read_table, write_table

FRAME = pd.DataFrame(
    {
        "name": ["Bogotá", 'a "b", c', "NA"],
        "n": [1, 2, 3],
        "year": pd.array([1998, None, 2001], dtype="Int64"),
        "share": [0.5, np.nan, 1.0],
        "same": [True, False, True],
        "note": pd.Series([None, "none", None], dtype="str"),
    }
)


def test_table_comes_back_as_it_was(tmp_path):
    """Text, integers with and without blanks, floats and booleans keep value and type."""
    write_table(FRAME, tmp_path / "t.csv")
    pd.testing.assert_frame_equal(FRAME, read_table(tmp_path / "t.csv"))


def test_bytes_are_declared(tmp_path):
    """UTF-8, LF, decimal point, six decimals, blank for missing, no index."""
    frame = pd.DataFrame({"é": [1 / 3, 1.0, -0.0, np.nan], "b": [True, False, True, True]})
    write_table(frame, tmp_path / "t.csv")
    expected = "é,b\n0.333333,true\n1.0,false\n0.0,true\n,true\n"
    assert expected.encode() == (tmp_path / "t.csv").read_bytes()


def test_codes_may_be_kept_as_text(tmp_path):
    """A column of codes that look like numbers is text on demand."""
    frame = pd.DataFrame({"code": ["1", "0", "1"], "empty": [None, None, None]})
    write_table(frame, tmp_path / "t.csv")
    table = read_table(tmp_path / "t.csv", dtype={"code": str, "empty": str})
    assert table["code"].tolist() == ["1", "0", "1"]
    assert table["empty"].isna().all()
    assert read_table(tmp_path / "t.csv")["code"].dtype == "int64"


def test_leading_zeros_stay(tmp_path):
    """Text such as 007 is not turned into a number."""
    write_table(pd.DataFrame({"key": ["007", "010"]}), tmp_path / "t.csv")
    assert read_table(tmp_path / "t.csv")["key"].tolist() == ["007", "010"]


def test_infinite_odds_stay(tmp_path):
    """An infinite odds ratio is a number."""
    write_table(pd.DataFrame({"odds": [np.inf, 1.5]}), tmp_path / "t.csv")
    assert read_table(tmp_path / "t.csv")["odds"].tolist() == [np.inf, 1.5]


def test_empty_table_keeps_its_columns(tmp_path):
    """A table without rows is a header."""
    write_table(pd.DataFrame(columns=["a", "b"]), tmp_path / "t.csv")
    table = read_table(tmp_path / "t.csv")
    assert list(table.columns) == ["a", "b"]
    assert table.empty


def test_failed_writing_leaves_the_old_table(tmp_path, monkeypatch):
    """The file is replaced whole or not at all, and nothing else stays behind."""
    path = tmp_path / "t.csv"
    write_table(FRAME, path)
    before = path.read_bytes()

    def fail(*_):
        raise OSError("full disk")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="full disk"):
        write_table(FRAME[:1], path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_repeated_column_is_refused(tmp_path):
    """Two columns of one name would be one on reading."""
    with pytest.raises(ValueError, match="column names repeat"):
        write_table(pd.DataFrame([[1, 2]], columns=["a", "a"]), tmp_path / "t.csv")


def test_toy_tables_are_typed(toy):
    """Years are nullable integers, scores floats, blank text is missing."""
    assert toy["cases"]["start_year"].dtype == "Int64"
    assert toy["codings"]["score"].dtype == "float64"
    assert toy["codings"]["reason"].isna().sum() == toy["codings"]["score"].isna().sum()
