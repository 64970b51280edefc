"""The prose of the paper: where it uses each variable, and that it types no number of its own."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from casebook.claims.prose import Passage, standing_alone
from casebook.errors import InputError, Problem
from casebook.readers import read_yaml
from casebook.schemas import load_schema, schema_problems

SCHEMA = Path(__file__).with_name("literals.schema.yaml")
VARIABLE = re.compile(r"\{\{<\s*var\s+(\S+?)\s*>\}\}")
KEY = r"[A-Za-z_]\w*(?:[:./-]\w+)*"
CITATION = re.compile(rf"(?<![\w.])@({KEY})")
REFERENCE = re.compile(r"(?i)(fig|tbl|sec|eq)-")
NUMERAL = re.compile(r"\d(?:[\d.,:]*\d)?")
NOT_PROSE = re.compile(
    r"\{\{<.*?>\}\}"  # shortcode
    r"|<!--.*?-->"
    r"|`[^`]*`"
    r"|\$\$.*?\$\$|\$(?=\S)[^$]*?(?<=\S)\$(?!\d)"  # formula
    r"|https?:[^\s>]*|\]\([^)]*\)"  # address
    r"|&#?\w+;"  # character written as an entity
    rf"|(?<![\w.])-?@{KEY}"  # citation or cross-reference
    r"|\[\^[^\]]*\]:?"  # mark of a footnote
    r"|\{[#.\w][^}]*\}"  # attributes
    r"|^\s*\d+[.)]\s",  # mark of a numbered list
    re.S,
)


def read_literals(path: Path) -> dict:
    """Read the texts with numerals that the prose may hold, see `literals.schema.yaml`.

    Raises:
        InputError: with everything that the closed schema does not accept.
    """
    literals = read_yaml(Path(path), str(path), dict)
    if problems := schema_problems(load_schema(SCHEMA), literals, str(path)):
        raise InputError(problems)
    return {"rules": [], **literals}


def check_prose(
    passages: Sequence[Passage],
    declared: Collection[str],
    literals: Mapping,
    statements: pd.DataFrame,
    files: Mapping[str, str],
) -> pd.DataFrame:
    """Say where the prose uses each variable, once it is sure that it types no number itself.

    Args:
        passages: from `casebook.claims.prose.read_prose`.
        declared: names of the variables.
        literals: from `read_literals`.
        statements: `source_key` and `statement`; a cited source's own figures may be typed.
        files: what messages call the files of `variables` and `literals`.

    Returns:
        One row per use, in the order of the text: `name`, `place` (label of the section, figure
        or table, `abstract` or `opening`), `file`, `line`.

    Raises:
        InputError: with every numeral that is neither a variable nor allowed, every name that is
            not declared, every variable that is not used and every literal that no text holds.
    """
    stated = statements.groupby("source_key")["statement"].agg(" ".join)
    if "cited-source" not in {each["rule"] for each in literals["rules"]}:
        stated = stated[:0]
    uses = [(name, each) for each in passages for name in VARIABLE.findall(each.text)]
    problems = [
        *_undeclared(uses, declared, files["variables"]),
        *_typed(passages, literals["literals"], stated, files),
        *_unused(uses, declared, passages, literals["literals"], files),
    ]
    if problems:
        raise InputError(problems)
    rows = [(name, each.place, each.file, each.line_of(name)) for name, each in uses]
    return pd.DataFrame(rows, columns=["name", "place", "file", "line"])


def _undeclared(
    uses: Sequence[tuple[str, Passage]], declared: Collection[str], file: str
) -> Iterator[Problem]:
    for name, passage in uses:
        if name not in declared:
            near = ", ".join(get_close_matches(name, declared))
            accepted = f"a variable of {file}" + (f", such as {near}" if near else "")
            yield Problem(passage.file, f"line {passage.line_of(name)}", name, accepted)


def _typed(
    passages: Sequence[Passage], allowed: Sequence[Mapping], stated: pd.Series, files: Mapping
) -> Iterator[Problem]:
    accepted = (
        f"a variable of {files['variables']}, a figure that a source cited in the same sentence "
        f"states, or a text that {files['literals']} lists with its reason"
    )
    for passage in passages:
        text = _prose(passage)
        for entry in allowed:
            if _holds(passage, entry):
                text = standing_alone(entry["literal"]).sub(" ", text)
        cited = " ".join(stated.get(key, "") for key in CITATION.findall(passage.text))
        for numeral in dict.fromkeys(NUMERAL.findall(text)):
            if not standing_alone(numeral).search(cited):
                yield Problem(passage.file, f"line {passage.line_of(numeral)}", numeral, accepted)


def _unused(
    uses: Sequence[tuple[str, Passage]],
    declared: Collection[str],
    passages: Sequence[Passage],
    allowed: Sequence[Mapping],
    files: Mapping,
) -> Iterator[Problem]:
    used = {name for name, _ in uses}
    for name in declared:
        if name not in used:
            yield Problem(files["variables"], name, "", "a variable that the text uses; remove it")
    for at, entry in enumerate(allowed):
        literal = standing_alone(entry["literal"])
        if not any(_holds(each, entry) and literal.search(_prose(each)) for each in passages):
            accepted = "a text that the paper holds; remove it"
            yield Problem(files["literals"], f"literals[{at}]", entry["literal"], accepted)


def _holds(passage: Passage, entry: Mapping) -> bool:
    return entry.get("within", "") in passage.text


def _prose(passage: Passage) -> str:
    """The words of a passage, without what is not printed as it is typed."""
    return NOT_PROSE.sub(" ", passage.text)


def cited(text: str) -> set[str]:
    """The keys of the sources that a text cites, without cross-references."""
    return {key for key in CITATION.findall(text) if not REFERENCE.match(key)}
