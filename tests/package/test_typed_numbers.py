"""Claims about the prose: where it uses variables, and that it types no number itself."""

import pandas as pd
import pytest

from casebook.claims.prose import read_prose
from casebook.claims.typed_numbers import check_prose, read_literals
from casebook.errors import InputError

FILES = {"variables": "variables.yml", "literals": "literals.yml"}
STATEMENTS = pd.DataFrame(
    {"source_key": ["bee2001x", "bee2001x"], "statement": ["It took 6 years.", "By 2005, 1,200."]}
)
MANUSCRIPT = """---
abstract: |
  We study {{< var n.cases >}} gardens.
---

Before the first section {{< var n.cases >}} are named.

# Results {#sec-results}

{{< include _generated/figures/map.md >}}

## Without a label

They are {{< var n.cases >}} of {{< var n.all >}}.

{{< include _generated/tables/truth_table.md >}}

{{< include _generated/tables/checklist.md >}}
"""
CAPTIONS = """# What stands under each figure.
figures:
  map: >-
    Where the gardens are,
    all {{< var n.all >}} of them.
  left_out: Not printed, 5 of {{< var n.none >}}.
tables:
  truth_table:
    yield_a: "Rows (n = {{< var n.cases >}})."
"""
CHECKLIST = """- item: Cases
  answer: "{{< var n.all >}} in @sec-results."
"""
CITED = [{"rule": "cited-source", "reason": "a figure of the source"}]


@pytest.fixture
def prose(tmp_path):
    """A function that reads a manuscript, captions and a checklist given as texts."""

    def read(manuscript, captions="figures: {}\n", checklist="[]\n"):
        texts = {"paper.qmd": manuscript, "captions.yml": captions, "checklist.yml": checklist}
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return read_prose(*(tmp_path / name for name in texts))

    return read


def check(passages, literals=(), rules=(), declared=()):
    """Check passages against literals and names of variables."""
    allowed = {"rules": list(rules), "literals": list(literals)}
    return check_prose(passages, declared, allowed, STATEMENTS, FILES)


def problems(passages, **given):
    """The problems that a check finds."""
    with pytest.raises(InputError) as error:
        check(passages, **given)
    return [(each.place, each.value) for each in error.value.problems]


def test_each_use_has_its_place_file_and_line(prose):
    """Section, figure, table, abstract and opening; a section without a label is its parent's."""
    uses = check(prose(MANUSCRIPT, CAPTIONS, CHECKLIST), declared=["n.cases", "n.all"])
    uses["file"] = uses["file"].str.rpartition("/")[2]
    assert uses.to_numpy().tolist() == [
        ["n.cases", "abstract", "paper.qmd", 3],
        ["n.cases", "opening", "paper.qmd", 6],
        ["n.cases", "sec-results", "paper.qmd", 14],
        ["n.all", "sec-results", "paper.qmd", 14],
        ["n.all", "fig-map", "captions.yml", 5],
        ["n.cases", "tbl-truth-table-yield-a", "captions.yml", 9],
        ["n.all", "tbl-checklist", "checklist.yml", 2],
    ]


def test_the_prose_of_a_chapter_counts_as_that_of_the_manuscript(prose, tmp_path):
    """Its variables, its sections and its figures; the manuscript goes on in the chapter's last."""
    (tmp_path / "parts").mkdir()
    chapter = "# Methods {#sec-methods}\n\nThere are {{< var n.all >}}.\n\n{{< include b.md >}}\n"
    (tmp_path / "parts/a.md").write_text(chapter, encoding="utf-8")
    (tmp_path / "b.md").write_text("{{< include _generated/figures/map.md >}}\n", encoding="utf-8")
    passages = prose("{{< include parts/a.md >}}\n\nAll {{< var n.all >}}.\n", CAPTIONS)
    found = check(passages, declared=["n.all"])
    assert [
        ("n.all", "sec-methods", str(tmp_path / "parts/a.md"), 3),
        ("n.all", "sec-methods", str(tmp_path / "paper.qmd"), 3),
        ("n.all", "fig-map", str(tmp_path / "captions.yml"), 5),
    ] == list(found.itertuples(index=False, name=None))


def test_a_number_that_is_typed_in_a_chapter_is_named_with_its_line(prose, tmp_path):
    """An include is no way around the ledger."""
    (tmp_path / "a.md").write_text("A line.\n\nThere are 17 gardens.\n", encoding="utf-8")
    with pytest.raises(InputError, match=rf"{tmp_path}/a.md: line 3: '17': a variable of"):
        check(prose("{{< include a.md >}}\n"))


@pytest.mark.parametrize("name", ["a.md", "none.md", "../out.md", "link.md"])
def test_an_include_that_cannot_be_followed_is_left_to_the_renderer(prose, tmp_path, name):
    """It includes itself, does not exist, or lies outside: no error here, and nothing is read."""
    (tmp_path / "a.md").write_text("{{< include a.md >}}\n", encoding="utf-8")
    outside = tmp_path.parent / "out.md"
    outside.write_text("There are 17 gardens.\n", encoding="utf-8")
    (tmp_path / "link.md").symlink_to(outside)
    assert check(prose(f"{{{{< include {name} >}}}}\n")).empty


def test_unknown_and_unused_variables_are_named_together(prose):
    """One name is misspelt, so that the right one is not used: two problems."""
    found = problems(prose("All {{< var n.al >}}.\n"), declared=["n.all"])
    assert found == [("line 1", "n.al"), ("n.all", "")]


@pytest.mark.parametrize(
    ("text", "numerals"),
    [
        ("There are 12.", ["12"]),
        ("From 1,200 to 0.5%, 3:1.", ["1,200", "0.5", "3:1"]),
        ("# Phase 2", ["2"]),
        ("*Of 5* and **6**, (7) [8].", ["5", "6", "7", "8"]),
        ("A note[^1] and its text.", []),
        ("[^1]: The note says 4.", ["4"]),
        ("1. The first of a list.", []),
        ("See @sec-part2, @tbl-a1 and [-@bee2001x, p. 3].", ["3"]),
        ("`x = 1` and $y = 2$, but R$10 and R$20.", ["10", "20"]),
        ("[Link](https://e.org/2001) and https://e.org/2002 and <https://e.org/3>.", []),
        ("![A figure of 9.](a1.svg){#fig-a1 width=60%}", ["9"]),
        ("An entity&#160;is no number, {{< meta volume2 >}} neither.", []),
        ("```\n1 + 1\n```", []),
        ("$$\nx = 1\n$$ {#eq-x1}", []),
    ],
)
def test_what_counts_as_a_number_of_the_prose(prose, text, numerals):
    """Labels, keys, addresses, code, formulas, attributes and marks are not prose."""
    passages = prose(f"{text}\n")
    assert numerals == ([value for _, value in problems(passages)] if numerals else [])
    if not numerals:
        check(passages)


def test_a_number_in_a_folded_caption_is_named_with_its_own_line(prose):
    """The caption starts on line 3, the number stands on line 5; a comment is not prose."""
    captions = "# 1\nfigures:\n  map: >-\n    Where\n    5 gardens are.\n"
    manuscript = "{{< include _generated/figures/map.md >}}\n"
    assert [("line 5", "5")] == problems(prose(manuscript, captions))


def test_figures_of_a_cited_source_may_be_typed_where_the_rule_is_declared(prose):
    """6 stands in a statement of the source, 7 in none, and 200 only as a part of 1,200."""
    text = "It took 6 years and 1,200 hours [@bee2001x], not 7 or 200.\n"
    assert [("line 1", "7"), ("line 1", "200")] == problems(prose(text), rules=CITED)
    assert "6" in [value for _, value in problems(prose(text))]
    assert "6" in [value for _, value in problems(prose("It took 6 years.\n"), rules=CITED)]


def test_a_literal_is_allowed_within_its_phrase_only(prose):
    """The scale may say 1, another sentence may not; 14 is no 1."""
    scale = {"literal": "1", "within": "the scale", "reason": "codebook"}
    text = "1 on the scale.\n1 garden.\n14 on the scale.\n"
    assert [("line 2", "1"), ("line 3", "14")] == problems(prose(text), literals=[scale])


def test_a_literal_that_no_text_holds_is_named(prose):
    """The allow-list does not outgrow the prose."""
    spare = {"literal": "95%", "reason": "level"}
    assert [("literals[0]", "95%")] == problems(prose("No number.\n"), literals=[spare])


def test_the_message_says_what_is_accepted(prose):
    """File, line, number, and the three ways to correct it."""
    with pytest.raises(InputError, match=r"paper\.qmd: line 1: '12': a variable of variables\.yml"):
        check(prose("There are 12.\n"))
    with pytest.raises(InputError, match=r"cited in the same sentence .* literals\.yml lists"):
        check(prose("There are 12.\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("literals:\n- {literal: '1'}", r"literals\[0\]: the key reason is missing"),
        ("literals:\n- {literal: 1, reason: x}", r"literals\[0\]\.literal: '1': .* type string"),
        ("literals:\n- {literal: one, reason: x}", r"literals\[0\]\.literal: 'one': text of the"),
        ("literals:\n- {literal: '1', reason: ''}", r"literals\[0\]\.reason: text that is not emp"),
        ("literals: []\nrules:\n- {rule: all, reason: x}", "'all': one of cited-source"),
        ("literal: []", "literal"),
        ("[]", "a mapping of keys to values"),
    ],
)
def test_the_allow_list_is_closed(tmp_path, text, message):
    """Each fault is named with its place and what is accepted."""
    path = tmp_path / "literals.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_literals(path)
