import json
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pypandoc
import pytest

from casebook.errors import InputError
from casebook.exhibits.labels import analysis_titles, case_labels, sort_key
from casebook.exhibits.markdown import (
    PrintedTable,
    caption_of,
    decimal,
    escape,
    interval,
    p_value,
    percent,
    table_include,
    write_figures,
)
from casebook.exhibits.tables import appendix, comparative, descriptive, multiverse

READER = "markdown+autolink_bare_uris+tex_math_single_backslash"
PRINTED = {
    "strata": lambda s: descriptive.strata(s.strata),
    "prevalence": lambda s: descriptive.prevalence(s.prevalence, s.book),
    "prevalence_by": lambda s: descriptive.prevalence_by(s.prevalence_by, s.book),
    "cooccurrence": lambda s: descriptive.cooccurrence(s.cooccurrence, s.book),
    "association": lambda s: descriptive.association(s.association, s.book),
    "agreement": lambda s: descriptive.agreement(s.agreement, s.book),
    "disagreements": lambda s: descriptive.disagreements(s.disagreements, s.names, s.book),
    "matrix": lambda s: comparative.matrix(s.matrix, s.names),
    "calibrated": lambda s: comparative.calibrated(s.sets, s.names),
    "calibration": lambda s: comparative.calibration(s.calibration),
    "necessity": lambda s: comparative.necessity(s.necessity),
    "truth_table": lambda s: comparative.truth_table(s.truth_table, s.names),
    "solutions": lambda s: comparative.solutions(
        s.solutions[s.solutions["solution"] == "intermediate"], s.formulas, s.titles, s.names
    ),
    "solutions_all": lambda s: comparative.solutions_all(s.solutions, s.all_formulas, s.titles),
    "prime_implicants": lambda s: comparative.prime_implicants(s.prime_implicants, s.titles),
    "counterfactuals": lambda s: comparative.counterfactuals(s.counterfactuals, s.titles),
    "case_types": lambda s: comparative.case_types(s.case_types, s.titles, s.names),
    "robustness": lambda s: [
        *comparative.robustness(s.robustness, s.titles, s.names),
        *comparative.robustness_ranges(s.ranges, s.titles),
        *comparative.robustness_tests(s.tests, s.types, s.titles, s.names),
    ],
    "multiverse": lambda s: multiverse.multiverse(s.shares, s.titles),
    "codebook": lambda s: appendix.codebook(s.book),
}


def blocks(markdown: str) -> list[dict]:
    """What the manuscript's reader makes of Markdown."""
    return json.loads(pypandoc.convert_text(markdown, "json", format=READER))["blocks"]


def text(tree: object) -> str:
    """All text of a part of the document."""
    if isinstance(tree, list):
        return "".join(map(text, tree))
    if not isinstance(tree, dict):
        return ""
    if tree.get("t") == "Str":
        return tree["c"]
    return " " if tree.get("t") in ("Space", "SoftBreak") else text(tree.get("c"))


@pytest.mark.parametrize(
    "words",
    [
        "a|b",
        "A*~B*C + ~D",
        "$5 and $6",
        "_under_ __score__",
        "[link](target) [@key] [x]{.y}",
        "<b>bold</b> <!-- no -->",
        "x^2^ H~2~O `code`",
        r"back\slash \[x\] \(y\)",
        "mail@example.org #1 {{< var x >}}",
        "R&D &amp; &lt;",
        "1. no list",
    ],
)
def test_text_from_data_is_shown_as_it_is(words):
    """Marks of Markdown in data are text, in a table cell and alone."""
    table = PrintedTable(["head"], [[escape(words)]], "l", [100])
    include = table_include("t", [table], {"tables": {"t": "Caption."}}, "captions.yml")
    (found,) = blocks(include)
    assert found["t"] == "Table"
    bodies = found["c"][4]
    assert text(bodies) == words
    assert "Math" not in json.dumps(bodies)


@pytest.mark.parametrize("noun", PRINTED)
def test_every_table_is_read_as_tables_without_blank_words(noun, study):
    """Each part is one table of the reader, and no cell shows a missing value by name."""
    tables = PRINTED[noun](study)
    parts = {each.part: "Caption." for each in tables}
    captions = {"tables": {noun: parts if any(parts) else "Caption."}}
    include = table_include(noun, tables, captions, "captions.yml")
    assert [block["t"] for block in blocks(include)] == ["Table"] * len(tables)
    assert not re.search(r"\b(nan|None|NA|NaT)\b", include)
    assert f"{{#tbl-{noun.replace('_', '-')}" in include
    for table in tables:
        assert table.rows
    for widths in re.findall(r'tbl-colwidths="\[([\d,]+)\]"', include):
        assert 96 <= sum(map(int, widths.split(","))) <= 104


@pytest.mark.parametrize(
    ("noun", "words"),
    [
        ("solutions", "of at least"),
        ("solutions_all", "of at least"),
        ("counterfactuals", "at least "),
        ("robustness", "of at least"),
    ],
)
def test_what_is_not_counted_is_printed_as_such(noun, words, study):
    """Only where a table says that counts are not exact: at least so many."""
    names = ("solutions", "formulas", "all_formulas", "counterfactuals", "robustness")
    part = {name: getattr(study, name).assign(exact=False) for name in names}
    for expected, given in ((False, study), (True, SimpleNamespace(**{**vars(study), **part}))):
        assert expected == (words in str([table.rows for table in PRINTED[noun](given)]))


def test_numbers_are_set_with_declared_decimals_and_typographic_signs():
    """Minus signs, ranges, small p values, and no minus zero."""
    assert [decimal(-0.126), decimal(-0.001), decimal(None)] == ["−0.13", "0.00", "–"]
    assert [interval(0.1, 0.25), interval(-0.1, 0.2)] == ["0.10–0.25", "−0.10 to 0.20"]
    assert [p_value(0.0004), p_value(0.04), p_value(np.nan)] == [r"\<0.001", "0.040", "–"]
    assert percent(0.066) == "7%"


def test_a_missing_caption_is_named_with_file_and_key():
    """The key says noun and part; a mapping where a text belongs is no caption."""
    with pytest.raises(InputError, match=r"captions\.yml: tables\.necessity\.m: a caption"):
        caption_of(
            {"tables": {"necessity": "One text."}}, "tables", "necessity", "m", "captions.yml"
        )
    with pytest.raises(InputError, match=r"captions\.yml: tables\.strata: a caption"):
        caption_of({"tables": {"strata": {"m": "Text."}}}, "tables", "strata", "", "captions.yml")


def includes(folder, captions):
    """The includes of two figures with the captions given as YAML."""
    (folder / "captions.yml").write_text(captions, encoding="utf-8")
    (folder / "figures").mkdir()
    alts, found = [], []
    for noun in ("map", "my_map"):
        alts.append(folder / f"{noun}.txt")
        alts[-1].write_text(f'A "{noun}".', encoding="utf-8")
        found.append(folder / f"figures/{noun}.md")
    write_figures(alts, folder / "captions.yml", found)
    return [path.read_text("utf-8") for path in found]


def test_the_include_of_a_figure_names_image_label_and_alternative_text(tmp_path):
    """The path is the manuscript's, without an extension; the label is the file's name."""
    assert [
        '![All.](figures/map){#fig-map fig-alt="A ’map’."}\n',
        '![Mine.](figures/my_map){#fig-my-map fig-alt="A ’my_map’."}\n',
    ] == includes(tmp_path, "figures: {map: All., my_map: Mine.}\n")


def test_a_missing_caption_of_a_figure_is_named_with_file_and_key(tmp_path):
    """Nothing is written for it, and the message says what to write where."""
    with pytest.raises(InputError, match=r"captions\.yml: figures\.my_map: a caption"):
        includes(tmp_path, "figures: {map: All.}\n")
    assert not (tmp_path / "figures/my_map.md").exists()


def test_rows_must_fit_the_header():
    """A table with a row too short is a fault of the program, not a ragged table."""
    with pytest.raises(ValueError, match="differ in length"):
        PrintedTable(["a", "b"], [["1"]], "ll", [50, 50])


def test_cases_of_one_city_are_distinguished_by_year_then_by_name():
    """City alone where that is enough; year, else programme, where it is not."""
    cases = pd.DataFrame(
        {
            "case_id": ["a", "b", "c", "d", "e"],
            "city": ["X", "Y", "Y", "Z", "Z"],
            "start_year": [1990, 1991, 1992, 2000, 2000],
            "programme": ["p", "q", "r", "s", "t"],
        }
    )
    assert list(case_labels(cases).values()) == ["X", "Y (1991)", "Y (1992)", "Z (s)", "Z (t)"]
    assert case_labels(cases[["case_id"]]) == {case: case for case in "abcde"}


def test_titles_name_outcome_and_absence():
    """Each model gets two titles, from the label of its outcome."""
    sets = pd.DataFrame({"model": ["m"], "set": ["Y"], "role": ["outcome"], "label": ["yield"]})
    wanted = {("m", "Y"): "Yield: presence (Y)", ("m", "~Y"): "Yield: absence (~Y)"}
    assert analysis_titles(sets) == wanted


def test_accents_do_not_change_the_alphabetical_order():
    """São Paulo stands before Seattle."""
    assert sorted(["Seattle", "São Paulo"], key=sort_key) == ["São Paulo", "Seattle"]


def test_sources_are_set_in_the_language_of_the_paper_without_letters_after_the_year(tmp_path):
    """Two undated works of one author read alike, their dates and quotation marks in British."""
    source = {
        "type": "webpage",
        "author": [{"family": "Bee", "given": "A."}],
        "accessed": {"date-parts": [[2026, 11, 2]]},
        "URL": "https://example.org",
    }
    titles = {"a": 'The "one"', "b": "The other (2001b)"}
    sources = [source | {"id": key, "title": title} for key, title in titles.items()]
    path = tmp_path / "sources.json"
    path.write_text(json.dumps(sources), encoding="utf-8")
    tail = "Retrieved 2 November 2026, from <https://example.org>"
    assert appendix.formatted_sources(path, lang="en-GB") == {
        "a": f"Bee, A. (n.d.). *The \u2018one’*. {tail}",
        "b": f"Bee, A. (n.d.). *The other (2001b)*. {tail}",
    }


def test_each_case_is_listed_with_all_of_its_sources(tmp_path):
    """Sources are set in APA, addresses stay as they are, unknown facts are left out."""
    sources = [
        {
            "id": "b2001x",
            "type": "report",
            "title": "On [some] gardens",
            "author": [{"family": "Bee", "given": "A."}],
            "issued": {"date-parts": [[2001]]},
            "URL": "https://example.org/a--b_c",
        },
        {"id": "unused", "type": "book", "title": "Nothing"},
    ]
    path = tmp_path / "sources.json"
    path.write_text(json.dumps(sources), encoding="utf-8")
    entries = appendix.formatted_sources(path)
    cases = pd.DataFrame(
        {"case_id": ["c1"], "city": ["Ålborg"], "start_year": [1999], "n_statements": [2]}
    )
    statements = pd.DataFrame({"case_id": ["c1", "c1"], "source_key": ["b2001x", "b2001x"]})
    found = appendix.case_sources(cases, statements, entries, case_labels(cases))
    assert found == (
        "::: {.fine-print}\n\n"
        "**[Ålborg](evidence.html#case-c1).** from 1999; 2 statements.\n\n"
        "- Bee, A. (2001). *On &#91;some&#93; gardens*. <https://example.org/a--b_c>\n\n"
        ":::\n"
    )
