"""Claims about the multiverse in the workflow, on the toy study, which does without by itself."""

from pathlib import Path

import pytest

SECTION = Path(__file__).parents[1] / "fixtures/multiverse.yaml"


def with_multiverse(study):
    """Give the toy study a multiverse."""
    path = study.folder / "analysis/config.yaml"
    texts = [each.read_text(encoding="utf-8") for each in (path, SECTION)]
    path.write_text("".join(texts), encoding="utf-8")
    return study


def multiverse(study, cores):
    """What `snakemake multiverse` makes, by name."""
    done = study.snakemake("--cores", cores, "multiverse")
    assert done.returncode == 0, done.stdout + done.stderr
    made = (study.folder / "data/processed").glob("multiverse*")
    return {path.name: path.read_bytes() for path in made}


def test_neither_chunks_nor_cores_change_a_byte(study):
    """Five chunks on two cores and one chunk on one core give the same tables and figure."""
    first = multiverse(with_multiverse(study), "2")
    assert {"multiverse.csv", "multiverse_terms.csv", "multiverse_curve.csv"} <= set(first)
    assert 301 == len(first["multiverse.csv"].splitlines())
    assert 5 == len(list((study.folder / "data/processed/specifications/multiverse").iterdir()))
    study.edit("analysis/config.yaml", "chunk: 70", "chunk: 1000")
    assert first == multiverse(study, "1")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("score: 0,", "score: 0.5,", "multiverse.blanks.absent.score: '0.5': a level of the code"),
        ("sets: [WTR]", "sets: [XXX]", "multiverse.crossovers.strict.sets: 'XXX': a construct"),
        ("[0.75, 0.25]", "[0.75, 0.5]", "multiverse.crossovers.strict.levels"),
        ("draws: 1", "drwas: 1", "drwas"),
        (
            "      expectations:",
            "      calibrate: {WTR: {measure: latitude, method: crisp, anchors: [0], reason: r}}\n"
            "      expectations:",
            "qca.models.harvest.calibrate: 'WTR': a coded set, where there is a section multiverse",
        ),
    ],
)
def test_wrong_choices_are_named_with_their_place(study, old, new, message):
    """File, place, value and what is accepted; nothing is run."""
    with_multiverse(study).edit("analysis/config.yaml", old, new)
    done = study.snakemake("--dry-run", "multiverse")
    assert done.returncode != 0
    assert message in done.stdout + done.stderr
