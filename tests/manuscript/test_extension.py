"""Claims about the journal's format alone, without this project's record and checks."""

import json
import os
import subprocess

import pytest

from casebook.errors import RenderError
from casebook.manuscript import embedded
from casebook.manuscript.finish_xml import finish_xml
from casebook.manuscript.formats import render
from casebook.manuscript.manuscript import read_manuscript
from casebook.manuscript.project import read_project
from casebook.pandoc import run_with_warnings
from casebook.publication.record import read_record

from .conftest import ROOT, make_paper

pytestmark = pytest.mark.slow

PLAIN = "title: A plain paper\nlang: en-GB\n"
ROE = "date: 2024-05-01\nauthor:\n  - name: Jane Roe\n"
# What an author writes in the header, and what the page says of it.
HEADERS = {
    "a name": ("author: Jane Roe", ['<span class="author">Jane Roe</span>']),
    "names": ('author: [Jane Roe, "van Dyk, John"]', ["Jane Roe</span>", "John van Dyk</span>"]),
    "a name of one word": ("author: Plato", ['<span class="author">Plato</span>']),
    "a name in parts": ("author:\n  - name: {given: J., family: Roe}", ["J. Roe</span>"]),
    "parts without a name": ("author:\n  - {given: J., family: Roe}", ["J. Roe</span>"]),
    "an affiliation": (
        f"{ROE}    affiliations:\n      - name: A school\n        city: A town",
        ["<sup>1</sup> A school"],
    ),
    "an affiliation in words": (f"{ROE}    affiliation: A school", ["<sup>1</sup> A school"]),
    "an affiliation of the list": (
        f"{ROE}    affiliations:\n      - ref: x\naffiliations:\n  - id: x\n    name: A school",
        ["<sup>1</sup> A school"],
    ),
    "an affiliation that is none": (f"{ROE}    affiliations:\n      - ref: y", ["Jane Roe</span>"]),
    "a date": (ROE, ['datetime="2024-05-01">1 May 2024</time>', "Roe, J. (2024). A plain paper.<"]),
    "a date in words": ("author: Jane Roe\ndate: May 2024", [">May 2024<", "Roe, J. (2024)."]),
    "a journal without a date": (
        "author: Jane Roe\npublication: {journal: {title: A Journal}}",
        ['<p class="journal">A Journal</p>'],
    ),
    "nobody": ("", ['<h1 class="title">A plain paper</h1>']),
}


def printed(folder, header, text="Words.", base="html"):
    """What pandoc alone writes of a text, by the journal's filters and templates."""
    paper = make_paper(folder)
    (paper / "metadata.yml").write_text(f"{PLAIN}{header}\n", encoding="utf-8")
    reader = read_project(paper).reader
    _, tree = run_with_warnings(["--from", reader, "--to", "json"], text, paper)
    target = paper / f"manuscript.{base}"
    embedded.write(tree, paper, base, target, os.environ)
    return target


@pytest.mark.parametrize("name", HEADERS)
def test_quartos_ordinary_headers_are_read(tmp_path, name):
    """Authors, affiliations and dates in every form, and journal and date where there are any."""
    header, expected = HEADERS[name]
    page = printed(tmp_path, header).read_text(encoding="utf-8")
    assert [] == [words for words in expected if words not in page]
    assert [] == [mark for mark in ("nil", "()", "..<", 'datetime=""') if mark in body(page)]


def body(page):
    """The front page, without its script and its styles."""
    return page.partition("<body>")[2].partition("<script")[0]


@pytest.mark.parametrize("base", ["typst", "docx", "jats"])
@pytest.mark.parametrize("name", ["a name", "nobody", "a journal without a date"])
def test_each_format_does_without_a_record(tmp_path, name, base):
    """No filter looks for what is not there."""
    assert printed(tmp_path, HEADERS[name][0], base=base).stat().st_size > 500


# What stops a plain render, and the words of the journal's own message.
STOPS = {
    "label twice": ("# A {#sec-a}\n\n# B {#sec-a}", "the label #sec-a is used twice"),
    "no target": ("See @fig-none.", "the reference @fig-none has no target"),
    "no alternative text": ("![A.](x.png){#fig-a}", "figure #fig-a has no fig-alt"),
    "no label": ('![A.](x.png){fig-alt="a"}', "figure x.png has no label"),
    "table without a label": ("| a |\n|---|\n| 1 |\n\n: T", "table 'T' has no label"),
    "listing without a caption": ("```{#lst-a .r}\n1\n```", "listing #lst-a has no lst-cap"),
    "figure of words": ("::: {#fig-a}\nx\n\nC\n:::", "#fig-a holds something else than images"),
    "table of words": ("::: {#tbl-a}\nx\n\nC\n:::", "#tbl-a holds something else than a table"),
    "listing of words": ("::: {#lst-a}\nx\n\nC\n:::", "#lst-a holds something else than code"),
    "figure without a caption": (
        '::: {#fig-a}\n![](x.png){fig-alt="a"}\n:::',
        "#fig-a ends without a caption",
    ),
    "tabs without a heading": ("::: {.panel-tabset}\nx\n:::", "begins without a heading"),
    "image without words": ("So ![](x.png) on.", "image x.png in a text has no words"),
}


@pytest.mark.parametrize("name", STOPS)
def test_what_is_wrong_stops_pandoc_with_the_journals_message(tmp_path, name):
    """Although a plain render knows nothing of this project's checks."""
    text, message = STOPS[name]
    with pytest.raises(RenderError) as error:
        printed(tmp_path, HEADERS["a name"][0], text)
    assert message in str(error.value)


def quarto_said(quarto, paper, text, *options):
    """Exit code and output of a plain `quarto render` of a text."""
    (paper / "manuscript.qmd").write_text(text, encoding="utf-8")
    command = [quarto.path, "render", "manuscript.qmd", *options]
    done = subprocess.run(command, cwd=paper, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", STOPS)
def test_what_is_wrong_stops_quarto_with_the_journals_message(paper, quarto, name):
    """Exit code not 0, and no page."""
    text, message = STOPS[name]
    code, said = quarto_said(quarto, paper, text, "--to", "ijmcp-html")
    assert code != 0
    assert message in said
    assert not (paper / "_quarto/manuscript.html").exists()


def test_a_format_that_is_not_the_journals_says_which_to_name(paper, quarto):
    """`--to html` would print neither numbers nor references."""
    code, said = quarto_said(quarto, paper, "Words.\n", "--to", "html")
    assert code != 0
    assert "accepted are --to ijmcp-html" in said


def test_a_plain_quarto_leaves_the_project_as_it_was(paper, quarto):
    """Its files lie in folders of their own, which a build does not read."""
    for name in (".gitignore", "_quarto.yml"):
        (paper / name).write_bytes((ROOT / "paper" / name).read_bytes())
    text = (paper / "manuscript.qmd").read_text(encoding="utf-8")
    before = {path: path.read_bytes() for path in paper.rglob("*") if path.is_file()}
    code, said = quarto_said(quarto, paper, text)
    assert 0 == code, said
    made = {path.name for path in (paper / "_quarto").glob("manuscript.*")}
    assert {f"manuscript.{ending}" for ending in ("html", "pdf", "docx", "xml")} == made
    after = {path.relative_to(paper) for path in paper.rglob("*") if path.is_file()}
    new = after - {path.relative_to(paper) for path in before}
    assert {"_quarto", ".quarto"} == {path.parts[0] for path in new}
    assert [] == [path for path, content in before.items() if path.read_bytes() != content]


CELLS = """
```{python}
#| label: fig-made
#| fig-cap: A made figure.
#| fig-alt: A line.
#| echo: false
import matplotlib.pyplot as plt
plt.plot([1, 2]); plt.show()
```

See @fig-made: the sum is `{python} 1 + 2`.
"""


@pytest.mark.skipif("QUARTO_PYTHON" not in os.environ, reason="no Jupyter: cells are not run")
def test_quarto_runs_the_cells_of_a_text(paper, quarto, tmp_path):
    """What they draw and give is in all four formats."""
    with (paper / "manuscript.qmd").open("a") as text:
        text.write(f"\n# Computed {{.appendix}}\n{CELLS}")
    tree = json.dumps(read_manuscript(paper, runs_cells=True))
    made = {name: tmp_path / f"manuscript.{name}" for name in ("html", "pdf", "docx", "xml")}
    for name, target in made.items():
        render(paper, tree, name, target, quarto)
    page = made["html"].read_text(encoding="utf-8")
    assert "the sum is 3." in page
    assert '<figure id="fig-made" class="figure">' in page
    finish_xml(made["xml"], read_record(paper / "metadata.yml"), paper=paper, figures=tmp_path)
    assert (tmp_path / "fig-made-output-1.svg").exists() or (
        tmp_path / "fig-made-output-1.png"
    ).exists()
