"""Each kind of file, damaged, stops `make paper` itself: one message, nothing lost, soon repaired.

What else can be wrong, file by file, is in test_damaged_files.py, where each step runs alone.
"""

import shutil

import pytest

from cli.manifest import digests, files, sources

INCLUDE = "_generated/figures/prevalence.md"


def swap(name, old, new):
    """Write other words in a file."""
    return lambda study: study.edit(name, old, new)


def written(**texts):
    """Write files of the paper, and include the first one in place of a figure."""

    def spoil(study):
        for stem, text in texts.items():
            (study.folder / f"paper/{stem}.md").write_text(text, encoding="utf-8")
        study.edit("paper/manuscript.qmd", INCLUDE, f"{next(iter(texts))}.md")

    return spoil


def linked(study):
    """Include a link that leads out of the paper."""
    (study.folder / "paper/out.md").symlink_to(study.folder / "data/raw/README.md")
    study.edit("paper/manuscript.qmd", INCLUDE, "out.md")


def lost(name):
    """Delete a file."""
    return lambda study: (study.folder / name).unlink()


DAMAGES = {
    "raw table": (
        swap("data/raw/evidence.csv", "Invented: The soil", "=HYPERLINK(A1): The soil"),
        "data/raw/evidence.csv: row 2, column statement: '=HYPERLINK(A1)",
    ),
    "lost raw table": (
        lost("data/raw/evidence.csv"),
        "data/raw/evidence.csv: this file is missing; datapackage.json describes it",
    ),
    "dictionary": (
        swap("data/raw/datapackage.json", '"resources"', '"resuorces"'),
        "data/raw/datapackage.json: resources: a list of tables",
    ),
    "corrections": (
        swap("data/raw/corrections.csv", ",2011,2010,", ",2012,2010,"),
        "data/raw/corrections.csv: row 2, column from: '2012': ",
    ),
    "codebook": (
        swap("data/raw/codebook.yaml", "title: ", "titel: x\ntitle: "),
        "data/raw/codebook.yaml: 'titel': only the keys title, ",
    ),
    "configuration": (
        swap("analysis/config.yaml", "seed: 1", "seed: !!python/object/apply:os.getcwd []"),
        "analysis/config.yaml: line 2, column 7: valid YAML (could not determine a constructor",
    ),
    "metadata": (
        swap("paper/metadata.yml", "lang: en-GB", "lang: en-GB\ndio: x"),
        "paper/metadata.yml: dio: ",
    ),
    "bibliography": (
        swap("paper/methods.json", "[]", '[{"id": "a", "id": "b", "title": "c"}]'),
        "paper/methods.json: line 1: 'id': each key only once",
    ),
    "captions": (
        swap("paper/captions.yml", "  checklist:", "  check_list:"),
        "paper/captions.yml: tables.checklist: ",
    ),
    "lost captions": (lost("paper/captions.yml"), "paper/captions.yml: missing"),
    "manuscript": (
        swap("paper/manuscript.qmd", "@north2005garden", "@north2006garden"),
        "manuscript.qmd: line 8: the source @north2006garden is not in the bibliography",
    ),
    "include of itself": (
        written(a="{{< include a.md >}}\n"),
        "a.md: line 1: 'a.md' includes itself",
    ),
    "cyclic include": (
        written(a="Text.\n\n{{< include b.md >}}\n", b="{{< include a.md >}}\n"),
        "b.md: line 1: 'a.md' includes itself",
    ),
    "link out of the paper": (
        linked,
        "manuscript.qmd: line 12: include of 'out.md': accepted are relative paths inside",
    ),
}


@pytest.fixture(scope="module")
def study(built, tmp_path_factory):
    """A copy of the built study that is damaged and repaired, again and again."""
    copy = type(built)(tmp_path_factory.mktemp("damaged") / "study")
    shutil.copytree(built.folder, copy.folder, copy_function=shutil.copy2)
    return copy


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_stops_the_build_with_one_message(built, study, name):
    """The last words name file, place and value; raw data and outputs are as they were.

    Repaired, the next build gives the same bytes.
    """
    spoil, message = DAMAGES[name]
    before = built.contents()
    try:
        spoil(study)
        raw = digests(study.folder, files(study.folder, ["data/raw"]))
        done = study.command("paper")
        assert done.returncode != 0
        _, _, last = done.stderr.rpartition("The build stopped: ")
        assert message in last
        assert len(last.splitlines()) <= 2, last
        assert raw == digests(study.folder, files(study.folder, ["data/raw"]))
        after = study.contents()
        assert after
        assert [] == [file for file in after if after[file] != before.get(file)]
    finally:
        repair(built, study)
    done = study.command("paper")
    assert done.returncode == 0, done.stdout + done.stderr
    assert before == study.contents()


def repair(built, study):
    """Bring all sources back as they were."""
    for name in {*sources(built.folder), *sources(study.folder)}:
        if name in sources(built.folder):
            shutil.copy2(built.folder / name, study.folder / name)
        else:
            (study.folder / name).unlink()
