"""Claims about the configuration: closed, and in step with the codebook."""

from pathlib import Path

import pytest
import yaml

from casebook.errors import InputError
from casebook.study.codebook import load_codebook
from casebook.study.configuration import check_settings

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "tests/fixtures/toy"
SCHEMA = ROOT / "analysis/config.schema.yaml"


@pytest.fixture
def settings():
    """The settings of the toy study."""
    return yaml.safe_load((TOY / "analysis/config.yaml").read_text(encoding="utf-8"))


def check(settings):
    """Check settings against the toy study's codebook."""
    codebook = load_codebook(TOY / "data/raw/codebook.yaml")
    check_settings(settings, SCHEMA, codebook, "analysis/config.yaml")


def test_the_toy_study_is_configured_right(settings):
    """No problem in settings that are right."""
    check(settings)


def change(settings, path, value):
    """Set the value at a dotted path."""
    *folders, last = path.split(".")
    for name in folders:
        settings = settings[name]
    settings[last] = value


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("sed", 1, "'sed': only the keys seed"),
        ("confidence", 95, "confidence: '95'"),
        ("renderer", "word", "one of auto, quarto, embedded"),
        ("qca.models.harvest.outcome", "XXX", "qca.models.harvest.outcome: 'XXX': a construct"),
        ("qca.models.harvest.conditions", ["SOI", "YYY"], "conditions: 'YYY': a construct"),
        ("qca.models.harvest.conditions", ["SOI", "YLD"], "not the outcome itself"),
        ("qca.models.harvest.expectations", {"KEP": 1}, "a condition of the model: SOI, WTR, VOL"),
        ("describe.outcome_group", "harvests", "a group of the codebook: condition, result"),
        ("qca.cutoffs.frequency", 0, "qca.cutoffs.frequency: '0'"),
        ("robustness", {}, "the key consistency is missing"),
    ],
)
def test_wrong_settings_are_named_with_their_place(settings, path, value, message):
    """File, place, value and what is accepted, in one line each."""
    change(settings, path, value)
    with pytest.raises(InputError) as error:
        check(settings)
    assert message in str(error.value)
    assert "analysis/config.yaml" in str(error.value)
