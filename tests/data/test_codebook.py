"""The codebooks say what is coded, in order, with colours that can be distinguished."""

import pytest


def test_constructs_keep_their_order(real_codebook):
    """Ten constructs: challenges, strategies, outcomes."""
    assert real_codebook.members("challenge") == real_codebook.codes[:4]
    assert real_codebook.members("strategy") == real_codebook.codes[4:7]
    assert real_codebook.members("outcome") == real_codebook.codes[7:]


def test_levels_fall(real_codebook):
    """Four values, from fully in to fully out."""
    assert real_codebook.memberships == (1, 0.67, 0.33, 0)


@pytest.mark.parametrize("name", ["real_codebook", "toy_codebook"])
def test_colours_are_distinct(request, name):
    """No two constructs, groups or levels share a colour."""
    codebook = request.getfixturevalue(name)
    for part in (codebook.constructs, codebook.groups, codebook.levels):
        assert len({each.colour.lower() for each in part}) == len(part)


def test_studies_share_no_construct(real_codebook, toy_codebook):
    """What runs on both studies knows the constructs of neither."""
    assert not set(real_codebook.codes) & set(toy_codebook.codes)
    assert real_codebook.memberships != toy_codebook.memberships


def test_codebook_knows_its_constructs(toy_codebook):
    """Construct, group and label are found by code."""
    assert toy_codebook.construct("WTR").label == "Water near by"
    assert toy_codebook.group(toy_codebook.group_of["WTR"]).singular == "condition"
    assert toy_codebook.labels["WTR"] == "Water near by"
    with pytest.raises(KeyError):
        toy_codebook.construct("XYZ")


@pytest.mark.parametrize("name", ["real", "toy"])
def test_examples_show_what_they_say(request, name):
    """An example of presence supports its construct, one of absence contradicts it."""
    raw = request.getfixturevalue(name)
    codebook = request.getfixturevalue(f"{name}_codebook")
    direction = raw["evidence"].set_index("evidence_id")["direction"]
    said = {"present": "supports", "absent": "contradicts"}
    for construct in codebook.constructs:
        for example in construct.examples:
            assert said[example.shows] == direction[example.evidence]
