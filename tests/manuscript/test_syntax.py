"""Claims about what the manuscript may hold: everything else is an error with its line."""

import json
import re

import pytest

from casebook.errors import RenderError
from casebook.manuscript import manuscript
from casebook.manuscript.manuscript import check_manuscript, parse_tables, read_manuscript

pytestmark = pytest.mark.slow

# What is added to the manuscript, and what the error says.
FORBIDDEN = {
    "code cell": ("```{python}\n1 + 1\n```", "code cell or raw block '{python}'"),
    "raw block": ("```{=html}\n<b>x</b>\n```", "code cell or raw block '{=html}'"),
    "inline code cell": ("Text `{python} x` text.", "inline code cell"),
    "inline R": ("Text `r x` text.", "inline code cell"),
    "open code block": ("```\ncode", "a code block is not closed"),
    "raw HTML": ("<div>text</div>", "block <div>"),
    "raw table": ("<table><tr><td>1</td></tr></table>", "raw html"),
    "raw inline": ("Text <b>bold</b>.", "raw html"),
    "unknown shortcode": ("{{< video a.mp4 >}}", "shortcode '{{< video a.mp4 >}}'"),
    "escaped shortcode": ("{{{< var study.cases >}}}", "shortcode"),
    "shortcode over two lines": ("{{< var\nstudy.cases >}}", "does not end on its line"),
    "undefined variable": ("A {{< var study.none >}}.", "var 'study.none' is not a value in _var"),
    "variable that is a list": ("A {{< var study >}}.", "var 'study' is not a value"),
    "undefined metadata": ("A {{< meta none >}}.", "meta 'none' is not a value in metadata.yml"),
    "shortcode in code": ("A `{{< var study.cases >}}`.", "shortcode in a code span"),
    "shortcode in a formula": ("$x = {{< var study.cases >}}$", "shortcode in a formula"),
    "shortcode in a link": ("[a](https://e.org/{{< var study.cases >}})", "in an attribute"),
    "include in a sentence": ("See {{< include a.md >}}.", "an include stands alone"),
    "missing include": ("{{< include none.md >}}", "'none.md': there is no such file"),
    "include outside": ("{{< include ../a.md >}}", "relative paths inside the paper"),
    "absolute include": ("{{< include /etc/hostname >}}", "relative paths inside the paper"),
    "include without blank line": ("Text\n{{< include none.md >}}", "between blank lines"),
    "second include": ("{{< include _generated/tables/small.md >}}", "is included twice"),
    "unknown figure": ("See @fig-none.", "@fig-none has no target"),
    "unknown section": ("See @sec-none.", "@sec-none has no target"),
    "unknown listing": ("See @lst-a.", "@lst-a has no target"),
    "unknown theorem": ("See @thm-a.", "@thm-a has no target"),
    "listing without a caption": ("```{#lst-more .r}\n1\n```", "#lst-… together with lst-cap"),
    "code of two classes": ("```{.r .numberLines}\n1\n```", "with .numberLines: accepted are one"),
    "unknown source": ("See [@nobody1900].", "the source @nobody1900 is not in the bibliography"),
    "mixed bracket": ("See [@fig-growth; @alpha2001].", "sources and cross-references"),
    "source in a citation": ("See [@gamma1999, in @beta2010].", "source in the citation of @gamma"),
    "shortcode in a citation": (
        "See [@beta2010, p. {{< var study.cases >}}].",
        "shortcode in the citation of @beta2010",
    ),
    "missing image": (
        '![A.](_generated/figures/none){#fig-none fig-alt="a"}',
        "no image '_generated/figures/none.svg'",
    ),
    "image from the network": (
        '![A.](https://e.org/a.png){#fig-none fig-alt="a"}',
        "no image 'https://e.org/a.png'",
    ),
    "figure without label": ("![A.](_generated/figures/growth)", "without a label"),
    "figure without alt": ("![A.](_generated/figures/growth){#fig-more}", "without fig-alt"),
    "figure option": (
        '![A.](_generated/figures/growth){#fig-more fig-alt="a" lightbox=true}',
        "with 'lightbox'",
    ),
    "inline image without words": (
        "Text ![](_generated/figures/growth) text.",
        "without words in its brackets",
    ),
    "inline image that is not there": ("Text ![a](none.jpg) text.", "no image 'none.jpg'"),
    "inline image with a label": (
        "Text ![a](_generated/figures/growth){#fig-in} text.",
        "image '_generated/figures/growth' in a text with '#fig-in'",
    ),
    "drawing without pixels for Word": (
        '![A.](_generated/figures/lone.svg){#fig-lone fig-alt="a"}',
        "no image '_generated/figures/lone.png'",
    ),
    "table without label": ("| a |\n|---|\n| 1 |", "without a label"),
    "wrong widths": (
        '| a | b |\n|---|---|\n| 1 | 2 |\n\n: T {#tbl-more tbl-colwidths="[1,2,3]"}',
        "3 values for 2 columns",
    ),
    "table class": (
        "| a |\n|---|\n| 1 |\n\n: T {#tbl-more .striped}",
        "with .striped",
    ),
    "label used twice": ("## Again {#sec-methods}", "#sec-methods is used twice"),
    "unknown callout": ("::: {.callout-danger}\nx\n:::", "block .callout-danger"),
    "callout option": ('::: {.callout-note collapse="true"}\nx\n:::', "collapse"),
    "callout with another's label": ("::: {#tip-x .callout-note}\nx\n:::", "block #tip-x"),
    "tabs without a heading": ("::: {.panel-tabset}\nx\n:::", "block .panel-tabset"),
    "tabs of two levels": (
        "::: {.panel-tabset}\n# A\n\nx\n\n## B\n\ny\n:::",
        "headings of one level",
    ),
    "figure block": ("::: {#fig-more}\nx\n\nCaption\n:::", "block #fig-more"),
    "figure block without a caption": (
        '::: {#fig-more}\n![](_generated/figures/growth){fig-alt="a"}\n:::',
        "block #fig-more: accepted are images and a caption",
    ),
    "figure block without alt": (
        "::: {#fig-more}\n![](_generated/figures/growth)\n\nCaption\n:::",
        "of #fig-more without fig-alt",
    ),
    "columns of a figure block": (
        '::: {#fig-more layout-ncol=x}\n![](_generated/figures/growth){fig-alt="a"}\n\nC\n:::',
        "layout-ncol: accepted is a number",
    ),
    "table block of two tables": (
        "::: {#tbl-more}\n| a |\n|---|\n| 1 |\n\n| a |\n|---|\n| 1 |\n\nC\n:::",
        "accepted are one table and a caption",
    ),
    "widths of a table block": (
        '::: {#tbl-more tbl-colwidths="[1,2]"}\n| a |\n|---|\n| 1 |\n\nC\n:::',
        "2 values for 1 columns",
    ),
    "listing block without code": ("::: {#lst-more}\nx\n\nC\n:::", "one code block and a caption"),
    "text between columns": ("::: {.columns}\nx\n:::", "block .columns: accepted"),
    "column in points": (
        '::: {.columns}\n::: {.column width="9pt"}\nx\n:::\n:::',
        "block .columns: accepted",
    ),
    "margin": ("::: {.column-margin}\nx\n:::", "block .column-margin"),
    "heading in a block": ("::: {.mine}\n## Own\n\nx\n:::", "heading 'Own' inside a block"),
    "heading in a callout": (
        "::: {.callout-note}\nx\n\n## Own\n:::",
        "heading 'Own' inside a block",
    ),
    "reference to a title": (
        "::: {.callout-note}\n## Own {#sec-own}\n\nx\n:::\n\nSee @sec-own.",
        "@sec-own has no target",
    ),
    "name that Quarto takes": ("A [word]{.aside}.", "span with aside"),
    "name that the journal takes": ("A [word]{.claim}.", "span with claim"),
    "label of a word": ("A [word]{#fig-x}.", "span with #fig-x"),
    "language that is none": ("A [word]{lang=1}.", "span with lang"),
    "condition of a word": (
        'A [word]{.content-visible when-format="epub"}.',
        "accepted are when-format",
    ),
    "name used twice": ("A [word]{#mine} and [word]{#mine}.", "#mine is used twice"),
    "page break in a text": ("So {{< pagebreak >}} on.", "pagebreak on a line of its own"),
    "row label used twice": (
        "| a |\n|---|\n| [1]{#row-north} |\n\n: T {#tbl-more}",
        "#row-north is used twice",
    ),
    "number in a link": ("[{{< var study.share >}}](#sec-methods)", "in the text of a link"),
    "condition": ('::: {.content-visible when-format="epub"}\nx\n:::', "accepted are when-format"),
    "heading class": ("## More {.tabset}", "with .tabset"),
    "link to nowhere": ("See [there](#nowhere).", "link to #nowhere"),
    "link to a text": ("See [there](other.qmd).", "accepted are http, https, mailto"),
    "link to a file that is not there": ("See [there](none.csv).", "link to 'none.csv'"),
    "link out of the paper": ("See [there](../conftest.py).", "link to '../conftest.py'"),
    "link to what is made": ("See [there](_variables.yml).", "link to '_variables.yml'"),
    "code that begins an item": ("- ```\n  1\n  ```", "code block that begins an item"),
    "marked words after a key": ("See @fig-growth [so]{.mine}.", "accepted is [@key]"),
    "heading that skips a level": ("#### Deep", "level 4 below one of level 1: accepted is 2"),
    "metadata in the text": ("---\ntitle: Another\n---", "'title' in a block of metadata"),
    "attribute as text": ("A sentence. {#sec-wrong}", "stayed text"),
    "open block": ("::: {.callout-note}\nx", "unclosed"),
    "printed failure": ("The value is ?var:study.none.", "stayed text"),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden_syntax_is_an_error_with_its_line(paper, name):
    """Each syntax that the format does not know stops the build, and the line is named."""
    added, message = FORBIDDEN[name]
    (paper / "_generated/figures/lone.svg").write_text("<svg/>")
    path = paper / "manuscript.qmd"
    text = path.read_text().rstrip("\n") + "\n\n"
    first = text.count("\n") + 1
    path.write_text(f"{text}{added}\n")
    with pytest.raises(RenderError) as error:
        check_manuscript(paper)
    found = [line for line in str(error.value).splitlines() if message in line]
    assert found, str(error.value)
    lines = range(first, first + added.count("\n") + 1)
    assert any(found[0].startswith(f"manuscript.qmd: line {number}:") for number in lines), found


def test_problems_of_one_kind_come_in_the_order_of_the_text(paper):
    """Not in that of a set, which is another in each run."""
    labels = ["sec-results", "sec-data", "sec-key", "sec-list", "sec-methods", "sec-counting"]
    with (paper / "manuscript.qmd").open("a") as text:
        text.writelines(f"\n## Again {{#{label}}}\n" for label in labels)
    with pytest.raises(RenderError) as error:
        check_manuscript(paper)
    found = re.findall(r"the label #(\S+) is used twice", str(error.value))
    order = ["sec-methods", "sec-counting", "sec-results", "sec-data", "sec-key", "sec-list"]
    assert order == found


@pytest.mark.parametrize(
    "cell", ["```{python}\n#| label: fig-made\n1\n```\n\nSee @fig-made.", "So `{python} 1`."]
)
def test_cells_are_accepted_where_quarto_runs_them(paper, cell):
    """With the label that a cell gives its figure."""
    with (paper / "manuscript.qmd").open("a") as text:
        text.write(f"\n{cell}\n")
    read_manuscript(paper, runs_cells=True)
    with pytest.raises(RenderError, match="alone runs cells"):
        read_manuscript(paper)


def test_a_source_that_is_named_like_a_label_is_an_error(paper):
    """It would be looked for among the labels."""
    path = paper / "_generated/references.json"
    references = json.loads(path.read_text())
    path.write_text(json.dumps([*references, {**references[0], "id": "def-2020"}]))
    with (paper / "manuscript.qmd").open("a") as text:
        text.write("\nSee @def-2020.\n")
    with pytest.raises(RenderError, match="the source @def-2020 begins as labels do"):
        check_manuscript(paper)


def test_the_sample_is_accepted(sample):
    """All syntax of the toy paper is known."""
    check_manuscript(sample)


def test_line_of_an_include_is_named(paper):
    """A problem in an included file is placed there."""
    path = paper / "_generated" / "tables" / "small.md"
    path.write_text(path.read_text().replace("South", "@nobody1900"))
    with pytest.raises(
        RenderError, match=r"_generated/tables/small.md: line 4: the source @nobody"
    ):
        check_manuscript(paper)


def tables_of(paper):
    """The files of the paper's tables, relative to it."""
    paths = sorted((paper / "_generated" / "tables").glob("*.md"))
    return [path.relative_to(paper).as_posix() for path in paths]


@pytest.mark.parametrize("large", [0, 10**9])
def test_a_table_is_read_the_same_apart_before_and_in_the_text(sample, monkeypatch, large):
    """Nothing differs but the place of a citation, which only a style with notes asks for."""

    def tree(*tables):
        return re.sub(r'"citationNoteNum": \d+', "", json.dumps(read_manuscript(sample, *tables)))

    expected = tree()
    monkeypatch.setattr(manuscript, "LARGE", large)
    assert expected == tree()
    assert expected == tree(parse_tables(sample, tables_of(sample)))


@pytest.mark.parametrize("words", ["{{< var n >}}", "[@green2020]", "x[^one]", "[x][y]"])
def test_a_table_that_refers_to_more_is_read_with_the_text(paper, words):
    """What stands elsewhere is looked up in the whole text, a reference to a table by number."""
    names = [f"_generated/tables/{noun}.md" for noun in ("key", "truth_table")]
    assert names == list(parse_tables(paper, names))
    one, other = (paper / name for name in names)
    one.write_text(f"{one.read_text()}\n{words}\n")
    other.write_text(f"{other.read_text()}\nSee @tbl-small.\n")
    assert names[1:] == list(parse_tables(paper, names))


def test_line_of_a_table_that_is_read_apart_is_named(paper, monkeypatch):
    """What pandoc warns of in such a table is named with the table's own line."""
    monkeypatch.setattr(manuscript, "LARGE", 0)
    path = paper / "_generated" / "tables" / "small.md"
    first = path.read_text().count("\n") + 2
    path.write_text(path.read_text() + "\n::: {.callout-note}\nopen\n")
    with pytest.raises(RenderError, match=rf"_generated/tables/small.md: line {first}: .*unclosed"):
        check_manuscript(paper)


def test_a_value_that_links_to_nowhere_is_an_error_where_it_is_used(paper):
    """A number whose row is not in the manuscript is named with the line of the shortcode."""
    table = paper / "_generated" / "tables" / "small.md"
    table.write_text(table.read_text().replace("[North]{#row-north}", "North"))
    with pytest.raises(RenderError) as error:
        check_manuscript(paper)
    lines = str(error.value).splitlines()
    assert lines[0].startswith("manuscript.qmd: line 3: the value links to #row-north")
    assert 3 == len(lines)  # in the abstract, in a sentence and in a caption


@pytest.mark.parametrize("address", ["evidence.html", "evidence.html#find?a=b&cases=c,d"])
def test_a_page_beside_the_article_may_be_linked(paper, address):
    """With or without a place in it."""
    path = paper / "manuscript.qmd"
    path.write_text(path.read_text() + f"\nSee [there]({address}).\n")
    check_manuscript(paper)


def test_includes_do_not_go_in_circles(paper):
    """A file that includes itself is an error."""
    (paper / "a.md").write_text("{{< include b.md >}}\n")
    (paper / "b.md").write_text("{{< include a.md >}}\n")
    path = paper / "manuscript.qmd"
    path.write_text(path.read_text() + "\n{{< include a.md >}}\n")
    with pytest.raises(RenderError, match=r"b.md: line 1: 'a.md' includes itself"):
        check_manuscript(paper)


def test_include_does_not_leave_by_a_link(paper, tmp_path):
    """A symbolic link does not lead out of the paper."""
    (tmp_path / "secret.md").write_text("secret")
    (paper / "a.md").symlink_to(tmp_path / "secret.md")
    path = paper / "manuscript.qmd"
    path.write_text(path.read_text() + "\n{{< include a.md >}}\n")
    with pytest.raises(RenderError, match="relative paths inside the paper"):
        check_manuscript(paper)


def test_shortcodes_in_code_blocks_are_text_elsewhere(paper):
    """A code block shows syntax without being read, but a shortcode in it is refused."""
    path = paper / "manuscript.qmd"
    path.write_text(path.read_text() + "\n```\n@nobody1900 ::: {#x}\n```\n")
    check_manuscript(paper)
    path.write_text(path.read_text() + "\n```\n{{< var study.cases >}}\n```\n")
    with pytest.raises(RenderError, match="shortcode in a code block"):
        check_manuscript(paper)


@pytest.mark.parametrize("margin", ["> ", "    ", "  > "])
def test_a_code_block_may_stand_in_an_item_or_a_quotation(paper, margin):
    """What follows it is read as text again: a value that is not there is found."""
    path = paper / "manuscript.qmd"
    code = "".join(f"{margin}{line}\n" for line in ("So", "", "```", "@nobody1900", "```"))
    path.write_text(f"{path.read_text()}\n-   item\n\n{code}")
    check_manuscript(paper)
    path.write_text(f"{path.read_text()}\nSee {{{{< var none >}}}}.\n")
    with pytest.raises(RenderError, match="var 'none'"):
        check_manuscript(paper)


def test_header_holds_no_copy_of_the_record(paper):
    """The manuscript's header has the abstract, and works that are listed without being cited."""
    path = paper / "manuscript.qmd"
    path.write_text(path.read_text().replace("---\nabstract", "---\ntitle: Copy\nabstract", 1))
    with pytest.raises(RenderError, match="line 2: header key 'title'"):
        check_manuscript(paper)


def test_all_problems_are_listed(paper):
    """One look shows everything that is wrong."""
    path = paper / "manuscript.qmd"
    path.write_text(path.read_text() + "\nSee @fig-none and [@nobody1900].\n")
    with pytest.raises(RenderError) as error:
        check_manuscript(paper)
    assert str(error.value).count("manuscript.qmd: line") == 2
