"""Each damage to a file is named once, with its file and place, and nothing is written.

Each step runs in this process, its real script with the files of the built toy study, as the
workflow runs it. What can be wrong in the cells of raw tables is in tests/data.
"""

import runpy
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake.iocontainers import Namedlist

from casebook.errors import CasebookError, InputError
from casebook.readers import read_json, read_yaml
from casebook.study.codebook import load_codebook
from casebook.study.configuration import check_settings
from cli.state import read_notes

SCRIPTS = Path(__file__).resolve().parents[2] / "analysis/scripts"
RAW = "data/raw/"
# The step that reads a file first, with the name under which it gets it.
FIRST = {
    "analysis/config.yaml": ("config", ""),
    "data/raw/codebook.yaml": ("check", ""),
    "data/raw/datapackage.json": ("check", "dictionary"),
    "data/raw/evidence.csv": ("check", ""),
    "data/raw/codings.csv": ("check", ""),
    "data/raw/sources.json": ("check", ""),
    "paper/metadata.yml": ("citation", "metadata"),
    "paper/variables.yml": ("variables", "declared"),
    "paper/captions.yml": ("checklist", "captions"),
    "paper/checklist.yml": ("checklist", "checklist"),
    "paper/literals.yml": ("prose", "literals"),
    "paper/methods.json": ("references", "methods"),
    "paper/manuscript.qmd": ("manuscript", ""),
}


@dataclass(frozen=True)
class Damage:
    """What is done to a file, and what the message says besides the file's name.

    Either `old` becomes `new`, or with no `old` the whole file becomes `new`.
    """

    name: str
    file: str
    old: str
    new: str
    messages: tuple[str, ...]


def whole(name, change, *messages):
    """A damage that any file may suffer."""
    return [Damage(f"{name}: {file}", file, "", change, messages) for file in FIRST]


ANYWHERE = [
    *whole("empty", "", "this file is empty"),
    *whole("missing", None, "missing"),
    *whole("byte order mark", lambda data: b"\xef\xbb\xbf" + data, "byte 1", "byte order mark"),
    *whole("UTF-16", lambda data: data.decode().encode("utf-16"), "byte 1", "UTF-16"),
    *whole("Latin-1", lambda data: data + b"\n# caf\xe9\n", "row", "0xE9", "UTF-8 text"),
    *whole("NUL", lambda data: data + b"\n\0\n", "row", "U+0000", "control characters"),
]
DEEP = "[" * 5000
LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
BROKEN = [
    # configuration
    Damage(
        "call",
        "analysis/config.yaml",
        "seed: 1",
        "seed: !!python/object/apply:os.getcwd []",
        ("line 2, column 7", "could not determine a constructor"),
    ),
    Damage(
        "key twice",
        "analysis/config.yaml",
        "seed: 1",
        "seed: 1\nseed: 2",
        ("line 3, column 1", "'seed' stands here twice"),
    ),
    Damage(
        "unknown key",
        "analysis/config.yaml",
        "seed: 1",
        "seed: 1\nsed: 2",
        ("'sed'", "only the keys"),
    ),
    Damage(
        "wrong type",
        "analysis/config.yaml",
        "seed: 1",
        "seed: one",
        ("seed: 'one'", "a value of type integer"),
    ),
    Damage("no mapping", "analysis/config.yaml", "", "- 1\n", ("a mapping of keys to values",)),
    Damage(
        "aliases",
        "analysis/config.yaml",
        "seed: 1",
        LAUGHS,
        ("line 3, column 8", "aliases are not read"),
    ),
    Damage("depth", "analysis/config.yaml", "", DEEP, ("less deeply nested",)),
    Damage(
        "open bracket",
        "analysis/config.yaml",
        "study_design],",
        "study_design,",
        ("line 5", "valid YAML"),
    ),
    Damage("tab", "analysis/config.yaml", "qca:\n", "qca:\n\tx: 1\n", ("line", "valid YAML")),
    Damage(
        "list as key",
        "analysis/config.yaml",
        "seed: 1",
        "seed: 1\n? [a]\n: 1",
        ("line 3", "unhashable key"),
    ),
    # codebook
    Damage("unknown key", "data/raw/codebook.yaml", "title: ", "titel: ", ("'titel'", "only the")),
    Damage("no mapping", "data/raw/codebook.yaml", "", "text\n", ("a mapping of keys to values",)),
    Damage(
        "call",
        "data/raw/codebook.yaml",
        "title: ",
        "title: !!python/name:os.system ",
        ("line", "could not determine a constructor"),
    ),
    # dictionary and sources
    Damage(
        "key twice",
        "data/raw/datapackage.json",
        '"resources": [',
        '"resources": [],\n "resources": [',
        ("line", "'resources'", "only once"),
    ),
    Damage("no mapping", "data/raw/datapackage.json", "", "[]", ("a mapping",)),
    Damage("depth", "data/raw/sources.json", "", DEEP, ("less deeply nested",)),
    Damage("no list", "data/raw/sources.json", "", "{}", ("a list",)),
    Damage(
        "key twice",
        "data/raw/sources.json",
        '"type": "report",',
        '"type": "report", "type": "book",',
        ("line", "'type'", "only once"),
    ),
    # tables
    Damage(
        "formula",
        "data/raw/evidence.csv",
        "Invented",
        "=HYPERLINK(A1)",
        ("row 2, column statement", "take for a formula"),
    ),
    Damage(
        "formula with at",
        "data/raw/evidence.csv",
        "Invented",
        "@SUM(A1)",
        ("row 2, column statement", "take for a formula"),
    ),
    Damage(
        "script",
        "data/raw/evidence.csv",
        "Invented",
        "A <script>alert(1)</script>",
        ("row 2, column statement", "text without markup"),
    ),
    Damage(
        "huge field",
        "data/raw/evidence.csv",
        "Invented",
        "a" * 200_000,
        ("row 2, column statement", "…"),
    ),
    Damage(
        "huge number",
        "data/raw/codings.csv",
        ",a,0.25,",
        ",a," + "9" * 400 + ",",
        ("row 2, column score", "one of"),
    ),
    Damage(
        "header twice",
        "data/raw/codings.csv",
        "construct,coder",
        "construct,construct",
        ("row 1, column construct", "only once"),
    ),
    Damage(
        "bell",
        "data/raw/evidence.csv",
        "Invented",
        "In\avented",
        ("row 2", "U+0007", "control characters"),
    ),
    # record
    Damage(
        "unknown field",
        "paper/metadata.yml",
        "lang: en-GB",
        "lang: en-GB\ndio: x",
        ("dio", "unknown field"),
    ),
    Damage("no date", "paper/metadata.yml", '"2020-01-01"', "2020-13-45", ("valid YAML",)),
    Damage(
        "date without quotes",
        "paper/metadata.yml",
        '"2020-01-01"',
        "2020-01-01",
        ("publication.history.submitted",),
    ),
    Damage("no mapping", "paper/metadata.yml", "", "- 1\n", ("a mapping of keys to values",)),
    Damage(
        "call",
        "paper/metadata.yml",
        "title: ",
        "title: !!python/object/new:os.system [x] #",
        ("line 1", "could not determine a constructor"),
    ),
    # variables
    Damage("no mapping", "paper/variables.yml", "", "[]\n", ("a mapping of keys to values",)),
    Damage(
        "no entry",
        "paper/variables.yml",
        "{table: overview, where: {measure: cases}, column: value, format: words}",
        "3",
        ("overview.cases: '3'", "a mapping with the keys"),
    ),
    Damage(
        "wrong type",
        "paper/variables.yml",
        "column: share",
        "column: [share]",
        ("prevalence.soil", "texts for column, format, table"),
    ),
    Damage(
        "no condition",
        "paper/variables.yml",
        "where: {construct: SOI}",
        "where: SOI",
        ("prevalence.soil", "a mapping of columns to values"),
    ),
    Damage(
        "blank in a name",
        "paper/variables.yml",
        "overview.cases:",
        "overview cases:",
        ("overview cases", "a name of letters"),
    ),
    Damage(
        "path as name",
        "paper/variables.yml",
        "overview.cases:",
        "../../x:",
        ("../../x", "a name of letters"),
    ),
    Damage(
        "unknown table",
        "paper/variables.yml",
        "table: prevalence",
        "table: ../../etc/passwd",
        ("prevalence.soil: '../../etc/passwd'", "a result table"),
    ),
    Damage(
        "code as format",
        "paper/variables.yml",
        "format: percent",
        "format: __import__('os')",
        ("prevalence.soil", "a format: text, integer"),
    ),
    # captions and checklist
    Damage("no mapping", "paper/captions.yml", "", "- 1\n", ("a mapping of keys to values",)),
    Damage(
        "no caption",
        "paper/captions.yml",
        "  checklist:",
        "  check_list:",
        ("tables.checklist", "a caption, as text"),
    ),
    Damage(
        "number as caption",
        "paper/captions.yml",
        "  checklist: Invented caption of checklist.",
        "  checklist: 3",
        ("tables.checklist", "a caption, as text"),
    ),
    Damage("no list", "paper/checklist.yml", "", "a: 1\n", ("a list",)),
    Damage("no answer", "paper/checklist.yml", "answer:", "anser:", ("entry 1", "an answer")),
    Damage(
        "blank item",
        "paper/checklist.yml",
        "item: Case selection",
        'item: " "',
        ("entry 1", "not blank"),
    ),
    # literals
    Damage("unknown key", "paper/literals.yml", "reason:", "raeson:", ("literals[0]", "reason")),
    Damage("no list", "paper/literals.yml", "", "literals: 3\n", ("literals", "type array")),
    Damage("unused", "paper/literals.yml", '"2020"', '"2021"', ("2021",)),
    # literature
    Damage("no list", "paper/methods.json", "", "{}", ("a list",)),
    Damage("no item", "paper/methods.json", "", "[3]", ("an item with an id and a title",)),
    Damage("no title", "paper/methods.json", "", '[{"id": "a"}]', ("an id and a title",)),
    Damage(
        "key twice",
        "paper/methods.json",
        "",
        '[{"id": "a", "id": "b", "title": "c"}]',
        ("line 1", "'id'", "only once"),
    ),
    Damage(
        "script",
        "paper/methods.json",
        "",
        '[{"id": "a", "title": "<script>x</script>"}]',
        ("a", "<script", "without markup"),
    ),
    Damage(
        "source twice",
        "paper/methods.json",
        "",
        '[{"id": "north2005garden", "title": "c"}]',
        ("north2005garden", "only once"),
    ),
    # manuscript
    Damage(
        "include from above",
        "paper/manuscript.qmd",
        "_generated/figures/prevalence.md",
        "../data/raw/README.md",
        ("line 12", "relative paths inside the paper"),
    ),
    Damage(
        "include from the root",
        "paper/manuscript.qmd",
        "_generated/figures/prevalence.md",
        "/etc/passwd",
        ("line 12", "relative paths inside the paper"),
    ),
    Damage(
        "include of itself",
        "paper/manuscript.qmd",
        "_generated/figures/prevalence.md",
        "manuscript.qmd",
        ("line 12", "includes itself"),
    ),
    Damage(
        "include of nothing",
        "paper/manuscript.qmd",
        "_generated/figures/prevalence.md",
        "none.md",
        ("line 12", "there is no such file"),
    ),
    Damage(
        "unknown variable",
        "paper/manuscript.qmd",
        "var prevalence.soil",
        "var prevalence.sol",
        ("line 10", "prevalence.sol"),
    ),
    Damage(
        "unknown source",
        "paper/manuscript.qmd",
        "@north2005garden",
        "@north2006garden",
        ("line 8", "not in the bibliography"),
    ),
    Damage(
        "code cell",
        "paper/manuscript.qmd",
        "The solution is",
        "```{python}\n1\n```\n\nIt is",
        ("line 16", "code cell"),
    ),
    Damage(
        "inline code",
        "paper/manuscript.qmd",
        "The solution is",
        "Two is `{python} 1 + 1` and",
        ("line 16", "inline code cell"),
    ),
    Damage(
        "script",
        "paper/manuscript.qmd",
        "The solution is",
        "<script>alert(1)</script> It is",
        ("line 16", "accepted is Markdown"),
    ),
    Damage(
        "header key",
        "paper/manuscript.qmd",
        "abstract: |",
        "execute: true\nabstract: |",
        ("line 2", "header key 'execute'"),
    ),
    Damage(
        "open header",
        "paper/manuscript.qmd",
        "gardens.\n---",
        "gardens.\n",
        ("line 1", "not closed"),
    ),
    Damage(
        "open block",
        "paper/manuscript.qmd",
        "The solution is",
        "```\nThe solution is",
        ("code block is not closed",),
    ),
    Damage(
        "local link",
        "paper/manuscript.qmd",
        "The solution is",
        "See [this](file:///etc/passwd)",
        ("line 16", "accepted are http, https"),
    ),
]


@pytest.fixture(scope="module")
def study(built, tmp_path_factory):
    """A copy of the built toy study, whose files are damaged and repaired one after the other."""
    folder = tmp_path_factory.mktemp("damaged") / "study"
    shutil.copytree(built.folder, folder)
    return folder


def run(study, step, outputs):
    """Run a step with its real inputs, its outputs in a folder; only what it reads counts."""
    if step == "config":
        settings = read_yaml(Path("analysis/config.yaml"), "analysis/config.yaml", dict)
        codebook = load_codebook(Path("data/raw/codebook.yaml"))
        schema = Path("analysis/config.schema.yaml")
        return check_settings(settings, schema, codebook, "analysis/config.yaml")
    notes = {name: note for name, note in read_notes(study).items() if note.rule == step}
    files = [name for note in notes.values() for name in note.inputs]
    names = {key: name for name, (rule, key) in FIRST.items() if rule == step and key}
    tables = [name for name in dict.fromkeys(files) if name.startswith("data/processed/")]
    named = {**INPUTS.get(step, {}), **names, "tables": tables}
    given = SimpleNamespace(
        input=Namedlist(fromdict=named),
        output=Namedlist(fromdict={key: str(outputs / key) for key in OUTPUTS[step]}),
        params=SimpleNamespace(renderer="embedded"),
    )
    return runpy.run_path(str(SCRIPTS / f"{step}.py"), init_globals={"snakemake": given})


OUTPUTS = {
    "check": ["checked.csv"],
    "citation": ["bib", "ris", "json", "txt", "cff"],
    "variables": ["ledger", "quarto"],
    "checklist": ["checklist.md"],
    "prose": ["prose.csv"],
    "references": ["bibliography", "style"],
    "manuscript": ["manuscript.json"],
}
INPUTS = {
    "citation": {"style": "paper/_generated/apa.csl"},
    "prose": {
        "manuscript": "paper/manuscript.qmd",
        "captions": "paper/captions.yml",
        "checklist": "paper/checklist.yml",
        "variables": "paper/variables.yml",
        "statements": "data/processed/statements.csv",
    },
    "references": {"sources": "data/raw/sources.json", "metadata": "paper/metadata.yml"},
    "manuscript": {"numbers": "paper/_variables.yml", "parsed": "paper/_build/tables.json"},
}


@pytest.mark.parametrize("step", dict.fromkeys(step for step, _ in FIRST.values()))
def test_the_steps_accept_sound_files(study, tmp_path, monkeypatch, step):
    """Without damage each step does its work here, so that it is the damage that is found below."""
    monkeypatch.chdir(study)
    run(study, step, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*OUTPUTS.get(step, ())}


@pytest.mark.parametrize(
    "damage", [*ANYWHERE, *BROKEN], ids=lambda damage: f"{damage.file} {damage.name}"
)
def test_damage_is_named_and_nothing_is_written(study, tmp_path, monkeypatch, damage):
    """One message of the errors that users can correct: file, place and what would be accepted."""
    monkeypatch.chdir(study)
    path = study / damage.file
    sound = path.read_bytes()
    try:
        spoil(path, damage)
        with pytest.raises(CasebookError) as error:
            run(study, FIRST[damage.file][0], tmp_path)
    finally:
        path.write_bytes(sound)
    said = str(error.value)
    assert Path(damage.file).name in said or "bibliography" in said
    assert all(words in said for words in damage.messages), said
    assert len(said) < 2000
    assert [] == list(tmp_path.iterdir())


def spoil(path, damage):
    """Do the damage."""
    data = path.read_bytes()
    if damage.new is None:
        path.unlink()
    elif callable(damage.new):
        path.write_bytes(damage.new(data))
    elif damage.old:
        assert damage.old in data.decode()
        path.write_text(data.decode().replace(damage.old, damage.new, 1), encoding="utf-8")
    else:
        path.write_text(damage.new, encoding="utf-8")


@pytest.mark.parametrize("file", FIRST)
def test_line_ends_of_other_systems_are_no_damage(study, tmp_path, monkeypatch, file):
    """CRLF is accepted, and gives the same results."""
    monkeypatch.chdir(study)
    path, step = study / file, FIRST[file][0]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    run(study, step, tmp_path / "a")
    sound = path.read_bytes()
    try:
        path.write_bytes(sound.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        run(study, step, tmp_path / "b")
    finally:
        path.write_bytes(sound)
    made = [{x.name: x.read_bytes() for x in (tmp_path / top).iterdir()} for top in "ab"]
    assert made[0] == made[1]


def test_a_link_out_of_the_paper_is_not_followed(study, monkeypatch):
    """An include cannot leave the paper by a symbolic link."""
    monkeypatch.chdir(study)
    link = study / "paper/secret.md"
    link.symlink_to(study / "data/raw/README.md")
    path = study / "paper/manuscript.qmd"
    sound = path.read_bytes()
    damage = Damage("", "", "_generated/figures/prevalence.md", "secret.md", ())
    try:
        spoil(path, damage)
        with pytest.raises(CasebookError, match="relative paths inside the paper"):
            run(study, "manuscript", study)
    finally:
        path.write_bytes(sound)
        link.unlink()


def test_a_repeated_key_of_json_is_named_with_its_line(tmp_path):
    """The line of the second one, also where the key stands elsewhere."""
    path = tmp_path / "a.json"
    path.write_text('[{"id": 1},\n {"id": 2,\n  "b": 1,\n  "id": 3},\n {"id": 4}]', "utf-8")
    with pytest.raises(InputError, match="line 4: 'id': each key only once"):
        read_json(path, "a.json")
