"""Claims about the workflow as it runs, on the toy study with other constructs."""

import json

import pytest

FINISH = {"finish_pdf", "finish_docx", "finish_xml", "finish_html"}


def test_another_study_builds_with_the_same_rules(built):
    """Nothing in package or rules names a construct: the toy study gets its four files."""
    outputs = built.folder / "paper/_output"
    assert {"manuscript.html", "manuscript.pdf", "manuscript.docx", "manuscript.xml"} <= {
        path.name for path in outputs.iterdir()
    }


def test_a_second_build_has_nothing_to_do(built):
    """Nothing changed, nothing runs."""
    assert built.jobs() == set()


def test_a_changed_sentence_rebuilds_only_the_renders(copy):
    """Prose does not touch data, results, figures or tables."""
    copy.edit("paper/manuscript.qmd", "Everything here is invented", "All of this is invented")
    renders = {"manuscript", "render", *FINISH}
    traced = {"prose", "claims", "write_claims_table"}
    assert renders <= copy.jobs() <= {*renders, *traced, "build", "deposit", "crate", "all"}


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("manuscript.qmd", "Everything here", "All 17 gardens", 8),
        ("captions.yml", "Invented caption of prevalence.", "Prevalence in 17 gardens.", 3),
        ("checklist.yml", "invented gardens", "of 17 gardens", 1),
    ],
)
def test_a_number_that_is_typed_in_the_prose_stops_the_build(copy, file, old, new, line):
    """Manuscript, captions and checklist: named with file, line, number and what is accepted."""
    before = copy.contents()
    copy.edit(f"paper/{file}", old, new)
    done = copy.snakemake("--", "paper/_output/manuscript.html")
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"paper/{file}: line {line}: '17': a variable of paper/variables.yml" in said
    assert "paper/literals.yml lists" in said
    after = copy.contents()
    outputs = [name for name in before if name.startswith("paper/_output/manuscript")]
    assert outputs
    assert [before[name] for name in outputs] == [after.get(name) for name in outputs]


def test_all_faults_of_the_prose_are_named_at_once(copy):
    """A typed number, an unknown variable, an unused one and a literal that no text holds."""
    copy.edit("paper/manuscript.qmd", "school year 2020", "school year 1999")
    copy.edit("paper/manuscript.qmd", "prevalence.soil", "prevalence.sol")
    done = copy.snakemake("--", "data/processed/prose.csv")
    said = done.stdout + done.stderr
    for message in (
        "paper/manuscript.qmd: line 9: '1999'",
        "paper/manuscript.qmd: line 10: 'prevalence.sol': a variable of paper/variables.yml, such",
        "paper/variables.yml: prevalence.soil: a variable that the text uses; remove it",
        "paper/literals.yml: literals[0]: '2020'",
    ):
        assert message in said


def test_claims_lead_to_the_cases_of_another_study(built):
    """The ledger of the toy study: its gardens, its constructs, its raw files."""
    ledger = json.loads((built.folder / "paper/_output/claims.json").read_text("utf-8"))
    claims = {claim["name"]: claim for claim in ledger["claims"]}
    assert ["abstract", "tbl-checklist"] == claims["overview.cases"]["used_in"]
    soil = claims["prevalence.soil"]
    assert ("prevalence", {"construct": "SOI"}) == (soil["rule"], soil["row"])
    assert round(soil["value"], 6) == round(
        len(soil["evidence"]["ids"]) / len(soil["evidence"]["among"]), 6
    )
    assert "data/raw/codings.csv" in ledger["rules"]["prevalence"]["raw"]


DESCRIBED = {"scores", "prevalence", "prevalence_by", "cooccurrence", "association", "matrix"}


def changed_results(study, before):
    """Names of the result tables that a build changed."""
    after = study.contents()
    folder = "data/processed/"
    names = {name for name in before | after if before.get(name) != after.get(name)}
    tables = {name for name in names if name.startswith(folder)}
    return {name.removeprefix(folder).removesuffix(".csv") for name in tables}


def test_a_changed_coding_changes_exactly_the_results_that_rest_on_it(copy):
    """Both passes score a construct outside the models anew: descriptives change, no set does."""
    before = copy.contents()
    row = "west-garden,KEP,{},0,west-garden-kep-01"
    for coder in "ab":
        copy.edit(
            "data/raw/codings.csv", row.format(coder), row.format(coder).replace(",0,", ",1,")
        )
    copy.build()
    assert changed_results(copy, before) == {*DESCRIBED, "agreement"}


def test_a_changed_adjudication_changes_exactly_the_results_that_rest_on_it(copy):
    """A resolution changes the final score, not the agreement between the passes."""
    before = copy.contents()
    lines = (copy.folder / "data/raw/adjudications.csv").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if ",KEP," in line)
    case, construct, first, second, final, *rest = line.split(",", 5)
    other = next(score for score in ("0", "0.25", "0.75", "1") if score != final)
    new = ",".join([case, construct, first, second, other, *rest])
    copy.edit("data/raw/adjudications.csv", line, new)
    copy.build()
    assert changed_results(copy, before) <= {*DESCRIBED, "disagreements", "overview"}
    assert {"scores", "disagreements"} <= changed_results(copy, before)


def test_a_study_with_one_coding_pass_builds(study):
    """Agreement needs two passes; without the second one the paper is built all the same."""
    raw = study.folder / "data/raw"
    codings = (raw / "codings.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (raw / "codings.csv").write_text("".join(x for x in codings if ",b," not in x), "utf-8")
    for name in ("adjudications.csv", "corrections.csv"):
        header = (raw / name).read_text(encoding="utf-8").splitlines(keepends=True)[0]
        (raw / name).write_text(header, encoding="utf-8")
    study.build()
    assert (study.folder / "paper/_output/manuscript.pdf").is_file()


def test_a_wrong_score_loses_nothing_that_was_built(copy):
    """The check stands before everything: a fault leaves the results of the last build alone."""
    before = copy.contents()
    copy.edit("data/raw/codings.csv", "north-garden,SOI,a,1,", "north-garden,SOI,a,0.9,")
    assert copy.snakemake().returncode != 0
    after = copy.contents()
    assert before.keys() - after.keys() <= {"data/processed/checked.csv"}
    assert all(after[name] == before[name] for name in after)


def test_wrong_data_stop_the_build_with_their_place(study):
    """A score off the scale is named with file, row, column and value, and nothing is written."""
    study.edit("data/raw/codings.csv", "north-garden,SOI,a,1,", "north-garden,SOI,a,0.9,")
    done = study.snakemake()
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "data/raw/codings.csv" in said
    assert "column score" in said
    assert "0.9" in said
    assert not list((study.folder / "data/processed").glob("*.csv"))


def test_an_unknown_key_of_the_configuration_is_an_error(study):
    """The configuration is closed."""
    study.edit("analysis/config.yaml", "seed: 1", "seed: 1\nsed: 2")
    done = study.snakemake("--dry-run")
    assert done.returncode != 0
    assert "sed" in done.stdout + done.stderr


def test_a_word_in_a_caption_draws_nothing_again(copy):
    """The include of a figure has its caption; the picture is of the results alone."""
    copy.edit("paper/captions.yml", "Invented caption of", "Another caption of")
    jobs = copy.jobs()
    assert {"caption_figures", "manuscript", "render"} <= jobs
    assert [] == [rule for rule in jobs if rule.startswith("draw_")]


def test_another_renderer_renders_again(copy, monkeypatch):
    """A Quarto that appears is noticed: the renders are out of date, and nothing else is.

    But the manuscript, of which Quarto alone runs the cells.
    """
    program = copy.folder / "bin/quarto"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 1.9.38\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("QUARTO_PATH", str(program))
    copy.edit("analysis/config.yaml", "renderer: embedded", "renderer: auto")
    renders = {"render", *FINISH}
    others = {"manuscript", "build", "deposit", "crate", "all"}
    assert renders <= copy.jobs() <= {*renders, *others}


def test_quarto_without_quarto_is_an_error(study, monkeypatch):
    """`renderer: quarto` does not fall back in silence."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # Quarto stands elsewhere, Snakemake needs a shell
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    study.edit("analysis/config.yaml", "renderer: embedded", "renderer: quarto")
    done = study.snakemake("--dry-run")
    assert done.returncode != 0
    assert "no Quarto was found" in done.stdout + done.stderr
