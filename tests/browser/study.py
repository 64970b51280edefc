"""The study as the explorer gets it: as built, or many times over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from casebook.explorer import evidence_page
from casebook.explorer.content import TEXT
from casebook.publication.article import Article, read_article
from casebook.publication.record import read_record
from casebook.readers import read_yaml
from casebook.study.codebook import Codebook, load_codebook
from casebook.study.tables import RawTables, load_raw, read_table, text_frame
from casebook.tidy.cleaning import apply_corrections

TABLES = ["cases", "statements", "sources", "scores"]
TABLES += ["calibration", "calibrated", "truth_table", "case_types"]
RESULTS = """
overview audit source_types strata prevalence prevalence_by cooccurrence association agreement
models calibration necessity truth_table solutions formulas remainders counterfactuals case_types
robustness robustness_ranges robustness_tests robustness_cases multiverse_subset_terms
""".split()  # noqa: SIM905 a list of words reads as words
# Columns that name a case, statement or source, or several in a row; copies get names of their own.
NAMES = {*TEXT, "with", "population_source_key"} - {"code"}


@dataclass(frozen=True)
class Study:
    """What `evidence_page` is made of."""

    raw: RawTables
    tables: Mapping[str, pd.DataFrame]
    codebook: Codebook
    article: Article
    facets: tuple[str, ...]
    results: Mapping[str, pd.DataFrame]
    style: str

    def page(self) -> str:
        """The explorer of this study."""
        return evidence_page(
            self.raw,
            self.tables,
            self.codebook,
            self.article,
            facets=self.facets,
            results=self.results,
            style=self.style,
        )

    def change(self, table: str, row: int, **cells: object) -> "Study":
        """The same study with other cells in one row of a tidy table."""
        changed = self.tables[table].copy()
        for column, value in cells.items():
            changed.loc[row, column] = value
        return replace(self, tables={**self.tables, table: changed})

    def times(self, n: int) -> "Study":
        """The study `n` times over: copies have their own cases, statements and sources."""
        text = {name: copies(frame, n) for name, frame in self.raw.text.items()}
        tables = {name: copies(frame, n) for name, frame in self.tables.items()}
        for name in ("calibration", "truth_table"):
            tables[name] = self.tables[name]
        rows = self.tables["truth_table"]
        cases = [copied(rows["cases"], i) for i in range(n)]
        tables["truth_table"] = rows.assign(
            n=rows["n"] * n, cases=[" ".join(parts) for parts in zip(*cases, strict=True)]
        )
        return replace(self, raw=replace(self.raw, text=text), tables=tables)


def copies(frame: pd.DataFrame, n: int) -> pd.DataFrame:
    """A table `n` times over, with names of its own in each copy."""
    parts = []
    for i in range(n):
        part = frame.copy()
        for column in NAMES & set(frame.columns):
            part[column] = copied(frame[column], i)
        if i and "city" in part:
            part["city"] = part["city"] + f" {i}"
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def copied(names: pd.Series, i: int) -> pd.Series:
    """The names that copy number `i` has instead; the first copy keeps them."""
    return names.str.replace(r"(\S+)", rf"\g<1>{'-' if i else ''}{i or ''}", regex=True)


def load_study(root: Path) -> Study:
    """Read the study that has been built in a folder."""
    settings = read_yaml(root / "analysis/config.yaml", "config.yaml")
    return Study(
        raw=apply_corrections(load_raw(root / "data/raw")),
        tables={name: read_table(root / f"data/processed/{name}.csv", TEXT) for name in TABLES},
        codebook=load_codebook(root / "data/raw/codebook.yaml"),
        article=read_article(read_record(root / "paper/metadata.yml")),
        facets=tuple(settings["describe"]["strata"]),
        results={
            name: text_frame((root / f"data/processed/{name}.csv").read_text("utf-8"))
            for name in RESULTS
        },
        style=(root / "paper/_extensions/ijmcp/style.css").read_text("utf-8"),
    )
