"""Claims about `make verify`: what is equal, what is within the tolerance, and what is not."""

import json
import re
import zipfile
from html import escape
from pathlib import Path

import html5lib
import pytest
import yaml

from cli.contents import EQUAL, compare
from cli.manifest import NAME_RENDERER, canonical, digests
from cli.reproduction import Artefact, outcome, write_report
from cli.verify import EXPECTED, judge, read_expected, set_aside, summary, write_expected

ROOT = Path(__file__).resolve().parents[2]


def differ(folder, name, old, new):
    """What is said of two files of one name."""
    paths = [folder / "old" / name, folder / "new" / name]
    for path, text in zip(paths, (old, new), strict=True):
        path.parent.mkdir(exist_ok=True)
        if name.endswith(".docx"):
            with zipfile.ZipFile(path, "w") as parts:
                parts.writestr("word/document.xml", f"<w>{text}</w>")
        else:
            path.write_text(text, encoding="utf-8")
    return compare(*paths)


TABLE = "name,share\na,{}\nb,0.500000\n"
CRATE = '{{"sha256": "{}", "n": 1.0}}'
SAME = [
    ("t.csv", TABLE.format("0.123456"), TABLE.format("0.123457")),
    ("t.csv", "a\n1e-05\n", "a\n1.1e-05\n"),
    ("f.svg", '<path d="M 1.001 2"/>', '<path d="M 1.002 2"/>'),
    ("m.html", "<p id='a' b=''>One <b>two</b></p>", "<p b='' id='a'>One\n<b>two</b></p>"),
    ("m.html", "<img src='data:image/png;base64,aa'>", "<img src='data:image/png;base64,bb'>"),
    ("m.xml", "<a b='1' c='2'>One</a>", "<a c='2' b='1'> One</a>"),
    ("m.docx", "<p>One</p>", "<p> One</p>"),
    ("c.json", CRATE.format("a" * 64), CRATE.format("b" * 64)),
    ("c.json", '{"a": 1.0000001, "b": 2}', '{"b": 2, "a": 1.0000002}'),
]
OTHER = [
    ("t.csv", TABLE.format("0.123456"), TABLE.format("0.124"), "row 2, column share: 0.123456"),
    ("t.csv", "n\n1\n", "n\n2\n", "row 2, column n: 1 → 2"),
    ("t.csv", "n\n1\n", "m\n1\n", "2 rows of n → 2 rows of m"),
    ("t.csv", "n\na\n", "n\na\nb\n", "2 rows of n → 3 rows of n"),
    ("f.svg", '<path d="M 1 2.5"/>', '<path d="M 1 2.6"/>', "line 1"),
    ("m.html", "<p>71 cases</p>", "<p>72 cases</p>", "[-71] [+72] cases"),
    ("m.html", '<a href="#x">a</a>', '<a href="#y">a</a>', 'href="#y"'),
    ("m.html", '<script>{"score": 0.33}</script>', '<script>{"score": 1}</script>', "[+1}]"),
    ("m.xml", "<a>One</a>", "<a>Two</a>", "[-One] [+Two]"),
    ("m.xml", "<a b='1'>One</a>", "<a b='2'>One</a>", 'b="2"'),
    ("m.xml", "<a>One</a>", "<a>One", "cannot be read"),
    ("t.csv", "a,b\n1,2\n", "a,b\n1,2,3\n", "row 2: 2 cells → 3 cells"),
    ("t.csv", "", "a\n", "0 rows of nothing → 1 rows of a"),
    ("c.json", '{"doi": "10.1234567"}', '{"doi": "10.1234568"}', "doi: 10.1234567"),
    ("c.json", '{"a": 1}', '{"a": ', "cannot be read"),
    ("m.docx", "<p>One</p>", "<p>Two</p>", "[-One] [+Two]"),
    ("c.json", '{"a": {"b": [1]}}', '{"a": {"b": [2]}}', "a.b[0]: 1 → 2"),
    ("c.json", '{"a": 1}', "{}", "a: gone"),
    ("c.bib", "year = 2024", "year = 2025", "[-2024] [+2025]"),
]


@pytest.mark.parametrize(("name", "old", "new"), SAME)
def test_the_last_digit_is_within_the_tolerance(tmp_path, name, old, new):
    """Tables by cells, figures by numbers, documents by words, records by values."""
    assert EQUAL == differ(tmp_path, name, old, new)


@pytest.mark.parametrize(("name", "old", "new", "difference"), OTHER)
def test_a_change_is_named_with_its_place(tmp_path, name, old, new, difference):
    """Row and column, line, words or key."""
    said = differ(tmp_path, name, old, new)
    assert said.startswith("changed: ")
    assert difference in said


def test_a_change_of_the_pdf_is_named_by_its_words(tmp_path, built):
    """The text of the pages is compared, whatever the file looks like inside."""
    pdf = built.folder / "paper/_output/manuscript.pdf"
    other = tmp_path / "other.pdf"
    other.write_bytes(pdf.read_bytes() + b"\n% end\n")
    assert EQUAL == compare(pdf, other)


@pytest.fixture
def builds(tmp_path):
    """Two builds of three files, and the checksums of the first one."""
    for top, share in (("first", "0.1"), ("second", "0.2")):
        folder = tmp_path / top / "data/processed"
        folder.mkdir(parents=True)
        (folder / "same.csv").write_text("n\n1\n", encoding="utf-8")
        (folder / "shares.csv").write_text(f"n\n{share}\n", encoding="utf-8")
        (folder / f"{top}.csv").write_text("n\n", encoding="utf-8")
    first, second = tmp_path / "first", tmp_path / "second"
    names = [path.relative_to(first).as_posix() for path in first.rglob("*.csv")]
    return digests(first, names), first, second


def test_each_artefact_gets_its_verdict(builds):
    """Identical, changed where, missing, not recorded."""
    verdicts = {each.name.rpartition("/")[2]: each.verdict for each in judge(*builds)}
    assert verdicts == {
        "first.csv": "missing",
        "same.csv": "identical",
        "second.csv": "new: not recorded",
        "shares.csv": "changed: row 2, column n: 0.1 → 0.2",
    }
    assert "1 missing, 1 identical, 1 new, 1 changed" == summary(judge(*builds))


def test_without_the_recorded_file_a_change_is_a_change(builds):
    """Only bytes can be compared then, and the verdict says so."""
    expected, first, second = builds
    (first / "data/processed/shares.csv").unlink()
    (found,) = [each for each in judge(expected, first, second) if "shares" in each.name]
    assert found.verdict.startswith("changed: other bytes; the recorded file is not here")


def test_two_outputs_name_the_renderer(built):
    """They alone differ between renderers, so that one set of checksums serves all of them."""
    record = json.loads((built.folder / NAME_RENDERER[0]).read_text(encoding="utf-8"))
    version = record["renderer"]["version"].encode()
    names = canonical(built.folder)
    assert NAME_RENDERER == [x for x in names if version in (built.folder / x).read_bytes()]


def test_with_another_renderer_what_names_it_is_set_aside():
    """Only that, and only where it is there; the reason is in the verdict, which is a good one."""
    record, crate = NAME_RENDERER
    artefacts = [
        Artefact(record, "1" * 64, "2" * 64, "changed: renderer.name"),
        Artefact(crate, "1" * 64, "", "missing"),
        Artefact("a.csv", "1" * 64, "2" * 64, "changed: row 2"),
    ]
    found = set_aside(artefacts, "recorded with a, rebuilt with b")
    reason = "set aside: names the renderer; recorded with a, rebuilt with b"
    assert [reason, "missing", "changed: row 2"] == [each.verdict for each in found]
    assert [True, False, False] == [each.good for each in found]


def test_expected_checksums_are_one_set(tmp_path):
    """What is written is read again, in lines that `sha256sum --check` reads, too."""
    expected = {NAME_RENDERER[0]: "3" * 64, "b.pdf": "2" * 64, "a.csv": "1" * 64}
    (tmp_path / "paper").mkdir()
    write_expected(tmp_path, "embedded x, y 1", expected)
    assert ("embedded x, y 1", expected) == read_expected(tmp_path)
    lines = (tmp_path / EXPECTED).read_text(encoding="utf-8").splitlines()
    assert ["a.csv", "b.pdf", NAME_RENDERER[0]] == [line[66:] for line in lines[-3:]]
    assert ("", {}) == read_expected(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# x\n\na.csv\n", "line 3: 'a.csv': a SHA-256"),
        (f"{'1' * 63}  a.csv\n", "line 1: "),
        (f"{'1' * 64}  a.csv\n" * 2, "line 2: 'a.csv': each file only once"),
    ],
)
def test_a_damaged_line_of_the_checksums_is_named(tmp_path, text, message):
    """By file, line, value and what is accepted."""
    (tmp_path / "paper").mkdir()
    (tmp_path / EXPECTED).write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=re.escape(f"{EXPECTED}: {message}")):
        read_expected(tmp_path)


def test_checksums_may_stand_before_the_renderer(tmp_path):
    """Where the renderer is named is no matter."""
    (tmp_path / "paper").mkdir()
    lines = f"{'1' * 64}  a.csv\n# renderer: quarto 1\n{'2' * 64}  b.csv\n"
    (tmp_path / EXPECTED).write_text(lines, encoding="utf-8")
    assert ("quarto 1", {"a.csv": "1" * 64, "b.csv": "2" * 64}) == read_expected(tmp_path)


def test_the_outcome_says_what_was_not_compared():
    """In one sentence, for the page and for the codecheck file."""
    record, crate = (Artefact(name, "1" * 64, "2" * 64, "changed") for name in NAME_RENDERER)
    assert "not all outputs were reproduced" == outcome([record, crate])
    found = set_aside([record, crate], "why")
    but = "2 name the renderer, which is another one, and were not compared"
    assert f"all outputs were reproduced; {but}" == outcome(found)
    assert "all outputs were reproduced" == outcome([Artefact("a", "1", "1", "identical")])


@pytest.fixture(scope="module")
def report(built, tmp_path_factory):
    """The folder of the report on the toy study."""
    root = tmp_path_factory.mktemp("project")
    (root / "requirements.lock").write_text("numpy==2.0 \\\n", encoding="utf-8")
    artefacts = [
        Artefact("paper/_output/manuscript.pdf", "1" * 64, "1" * 64, "identical"),
        Artefact("data/processed/<b>.csv", "1" * 64, "2" * 64, "changed: row 2"),
    ]
    write_report(root, built.folder, artefacts, "embedded 1", 3.2)
    return root / "reproduction"


def test_the_report_is_a_page_for_people(report):
    """Valid HTML that says the verdict, and has each claim with its rebuilt value."""
    text = (report / "reproduction.html").read_text(encoding="utf-8")
    parser = html5lib.HTMLParser()
    parser.parse(text)
    assert parser.errors == []
    assert "Not all outputs were reproduced." in text
    assert "&lt;b&gt;" in text
    claims = json.loads((report / "reproduction.json").read_text(encoding="utf-8"))["claims"]
    assert claims
    assert all(f"<td>{escape(each['value'])}</td>" in text for each in claims)
    assert "http" not in re.sub(r"https?://(?:doi|codecheck)\.org\S*", "", text)


def test_the_record_has_environment_and_times(report):
    """Versions, lock, seconds by rule, and the verdict."""
    facts = json.loads((report / "reproduction.json").read_text(encoding="utf-8"))
    assert facts["reproduced"] is False
    assert {"numpy": "2.0"} == facts["environment"]["packages"]
    assert "embedded 1" == facts["environment"]["renderer"]
    assert 3.2 == facts["seconds"]["total"]
    assert facts["seconds"]["render"] > 0


def test_the_codecheck_file_has_what_is_known_and_nothing_else(report):
    """Specification 1.0: what only a codechecker knows is left to fill in."""
    text = (report / "codecheck.yml").read_text(encoding="utf-8")
    facts = yaml.safe_load(text)
    assert text.startswith("---\n")
    assert "https://codecheck.org.uk/spec/config/1.0/" == facts["version"]
    assert facts["paper"]["title"]
    assert all(each["name"] for each in facts["paper"]["authors"])
    assert {"file", "comment"} == facts["manifest"][0].keys()
    assert [] == facts["codechecker"]
    assert {"certificate", "report"}.isdisjoint(facts)
    assert "not all outputs" in facts["summary"]
