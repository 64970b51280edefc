"""Claims about what of Quarto works, by a list of features that is also a page of the docs."""

import json
import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import page as page_validation
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from lxml import etree
from openxml_audit import OpenXmlValidator

from casebook.errors import RenderError
from casebook.manuscript import formats
from casebook.manuscript.manuscript import check_manuscript, read_manuscript

from .conftest import FINISH, ROOT, build, make_paper
from .manuscripts import MANUSCRIPTS

pytestmark = pytest.mark.slow

LISTED = Path(__file__).parent / "features.yml"
RECORDED = Path(__file__).parent / "trees"  # what Quarto handed on, by format
PAGE = ROOT / "docs" / "quarto.md"
GROUPS = yaml.safe_load(LISTED.read_text(encoding="utf-8"))
FEATURES = {each["name"]: each for group in GROUPS for each in group["features"]}
ACCEPTED = [each for each in FEATURES.values() if "refused" not in each]
REFUSED = [name for name, each in FEATURES.items() if "refused" in each]
# The same ones in each run, and none made shorter: each takes seconds.
SOME = {
    "deadline": None,
    "derandomize": True,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
BASES = [form.base for form in formats.FORMATS.values()]


def with_text(folder, text):
    """Make a toy paper with a section of a given text."""
    paper = make_paper(folder)
    (paper / "_generated/tables/extra.md").write_text("From another file.\n")
    (paper / "list.csv").write_text("a\n1\n")
    path = paper / "manuscript.qmd"
    place = "# Data availability"
    path.write_text(path.read_text().replace(place, f"# Features\n\n{text}\n\n{place}", 1))
    return paper


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """A paper that has every feature that is accepted."""
    text = "\n\n".join(each["write"] for each in ACCEPTED)
    return with_text(tmp_path_factory.mktemp("corpus"), text)


def test_what_is_listed_as_accepted_is(corpus):
    """All of it in one paper."""
    check_manuscript(corpus)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_listed_as_refused_is_with_its_message(tmp_path, name):
    """The build stops, and says what the page of the docs says."""
    with pytest.raises(RenderError) as error:
        check_manuscript(with_text(tmp_path, FEATURES[name]["write"]))
    assert FEATURES[name]["refused"] in str(error.value)


@pytest.fixture(scope="session")
def made(corpus, embedded, tmp_path_factory):
    """The four files of that paper."""
    return build(corpus, tmp_path_factory.mktemp("made"), embedded)


def test_all_that_is_accepted_is_valid_for_word(made):
    """By the schema that Word reads with; a heading without a number is in list 0."""
    found = OpenXmlValidator(max_errors=0).validate(made["docx"]).errors
    assert {"Numbering definition '0' referenced but not found"} >= {
        error.description for error in found
    }


def test_all_that_is_accepted_can_be_heard_in_the_pdf(made):
    """No rule of PDF/UA-1 is broken."""
    report = page_validation.validate_pdf(
        made["pdf"], profile=page_validation.ValidationProfile.PDF_UA_1
    )
    assert [] == report.failures


def test_all_that_is_accepted_keeps_the_dtd_of_jats(made):
    """Statements, boxes, groups of figures and their like stand where they may."""
    folder = Path(find_spec("pubarchiver").origin).parent / "data/JATS-Archiving-1-2-MathML3-DTD"
    dtd = etree.DTD(folder / "JATS-archivearticle1-mathml3.dtd")
    dtd.validate(etree.parse(made["xml"]).getroot())
    assert [] == [error.message for error in dtd.error_log]


def cell(text):
    """Markdown as a cell of a table shows it."""
    lines = text.replace("|", "\\|").split("\n")
    return "<br>".join(f"`` {line} ``" if line.strip() else "" for line in lines)


def page():
    """The page of the docs."""
    parts = [
        "# What of Quarto works here",
        "",
        "Both renderers print the same of what is accepted, with Quarto 1.7 to 1.10; anything else",
        "stops the build with its file and line. This page is made from the list `features.yml` by",
        "`tests/render/test_features.py`, which tests each line of it.",
    ]
    for group in GROUPS:
        parts += ["", f"## {group['group']}", "", "| to get | write | |", "| --- | --- | --- |"]
        for each in group["features"]:
            verdict = "refused" if "refused" in each else "accepted"
            note = f": {each['note']}" if "note" in each else ""
            parts.append(f"| {each['name']} | {cell(each['write'])} | {verdict}{note} |")
    return "\n".join(parts) + "\n"


def test_the_page_of_the_docs_is_made_of_the_list(request):
    """After `--update-golden` it is written anew."""
    if request.config.getoption("--update-golden"):
        PAGE.write_text(page(), encoding="utf-8")
    assert page() == PAGE.read_text(encoding="utf-8")


# Both renderers ------------------------------------------------------------------------------


def normal(tree):
    """A tree without what prints the same in several forms.

    Text is one string, with its quotation marks, markup beside markup is one, a citation is its
    keys, and the list of references, whose place some formats decide, is left out.
    """
    if isinstance(tree, dict):
        if tree.get("t") == "Cite":
            return [citation["citationId"] for citation in tree["c"][0]]
        return {key: normal(value) for key, value in tree.items()}
    if not isinstance(tree, list):
        return tree
    result = []
    for value in unquoted(tree):
        kind = value.get("t") if isinstance(value, dict) else None
        if kind in ("Str", "Space", "SoftBreak"):
            text = value["c"] if kind == "Str" else " "
            if result and isinstance(result[-1], str) and len(result[-1]) > 1:
                result[-1] += text
            else:
                result.append(f" {text}")
        elif kind == "RawInline" and result and _is_raw(result[-1]):
            result[-1]["c"][1] += value["c"][1]
        elif not (kind == "Div" and value["c"][0][0] == "refs"):
            result.append(normal(value))
    return result


QUOTES = {"SingleQuote": "\u2018\u2019", "DoubleQuote": "\u201c\u201d"}


def unquoted(values):
    """Quotations as marks and words: readers differ in which they take for an element."""
    for value in values:
        if isinstance(value, dict) and value.get("t") == "Quoted":
            opening, closing = QUOTES[value["c"][0]["t"]]
            yield {"t": "Str", "c": opening}
            yield from unquoted(value["c"][1])
            yield {"t": "Str", "c": closing}
        else:
            yield value


def _is_raw(value):
    return isinstance(value, dict) and value.get("t") == "RawInline"


def handed_on(paper, base, folder, renderer):
    """The blocks that the filters of a renderer leave to the writer."""
    work = folder / "work"
    shutil.copytree(paper, work)
    if renderer.name == "quarto":
        text = formats.quarto.read(work, base, renderer.path, os.environ, 300)
    else:
        environ = {**os.environ, "CASEBOOK_TREE": str(work / formats.quarto.TREE)}
        tree = json.dumps(read_manuscript(paper))
        formats.embedded.write(tree, work, base, work / f"manuscript.{base}", environ)
        text = (work / formats.quarto.TREE).read_text(encoding="utf-8")
    return normal(json.loads(text)["blocks"])


@pytest.mark.parametrize("base", BASES)
def test_the_embedded_gives_what_quarto_gave(corpus, base, tmp_path, embedded):
    """All features, against trees that were recorded of a real Quarto."""
    recorded = json.loads((RECORDED / f"{base}.json").read_text(encoding="utf-8"))
    assert recorded == handed_on(corpus, base, tmp_path, embedded)


@pytest.mark.parametrize("base", BASES)
def test_quarto_gives_what_it_gave(corpus, base, tmp_path, quarto, request):
    """Whatever its version; after `--update-golden` what it gives is recorded."""
    given = handed_on(corpus, base, tmp_path, quarto)
    path = RECORDED / f"{base}.json"
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(exist_ok=True)
        lines = (json.dumps(block, ensure_ascii=False) for block in given)
        path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == given


def different(paper, folder, *renderers):
    """The formats of which two renderers make different files."""
    one, other = (build(paper, folder / each.name, each) for each in renderers)
    return [name for name in FINISH if one[name].read_bytes() != other[name].read_bytes()]


def test_both_renderers_make_the_same_files_of_all_features(corpus, tmp_path, embedded, quarto):
    """Byte for byte, in four formats."""
    assert [] == different(corpus, tmp_path, embedded, quarto)


def test_both_renderers_make_the_same_files_of_any_text(tmp_path_factory, embedded, quarto):
    """Of random manuscripts in the syntax that is accepted."""

    @settings(max_examples=4, **SOME)
    @given(MANUSCRIPTS)
    def same(text):
        folder = tmp_path_factory.mktemp("random")
        paper = with_text(folder, text)
        assert [] == different(paper, folder, embedded, quarto)

    same()


@settings(max_examples=5, **SOME)
@given(MANUSCRIPTS)
def test_any_text_that_is_accepted_is_printed(tmp_path_factory, embedded, text):
    """Random manuscripts in four formats: well-formed, valid for readers of a screen, whole."""
    folder = tmp_path_factory.mktemp("random")
    assert {*FINISH} == {*build(with_text(folder, text), folder, embedded)}
