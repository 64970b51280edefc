"""Claims that each published file, read back, says what the record says."""

import json
import re
import subprocess

import pytest

from casebook.pandoc import PROGRAM

from . import readers
from .conftest import OUTPUT, ROOT, only

pytestmark = pytest.mark.slow

# What every format must say, but for what it has no field for.
ALL = "title authors published submitted accepted conference proceedings journal volume issue first"
ALL += " last keywords licence"
LICENCE = {"license", "license_name", "terms"}
WHERE = {"proceedings", "journal", "volume", "issue", "first", "last"}  # in one line of text
# By file: its reader, and what it has no field for.
FORMATS = {
    "citation.json": (readers.csl, "accepted"),
    "citation.bib": (readers.bib, "submitted accepted"),
    "citation.ris": (readers.ris, "submitted accepted"),
    "CITATION.cff": (readers.cff, "submitted accepted"),
    "datacite.json": (readers.datacite, ""),
    "codemeta.json": (readers.codemeta, "submitted accepted"),
    "crossref.xml": (readers.crossref, "submitted issue keywords"),
    "manuscript.html: Highwire": (readers.highwire, "submitted accepted licence"),
    "manuscript.html: Dublin Core": (readers.dublin_core, "conference volume issue first last"),
    "manuscript.html: JSON-LD": (readers.json_ld, "submitted accepted"),
    "manuscript.xml": (readers.jats, ""),
    "manuscript.pdf: information": (
        readers.pdf_information,
        "conference submitted accepted licence",
    ),
    "manuscript.pdf: XMP": (readers.xmp, "submitted accepted"),
    "manuscript.docx": (readers.word, "submitted accepted"),
    "ro-crate-metadata.json": (readers.ro_crate, "submitted accepted"),
}


def said(name, folder):
    """What a published file says."""
    return FORMATS[name][0](folder / name.split(":")[0])


# The crate of an invented record is read in test_crate.py.
@pytest.mark.parametrize("name", [name for name in FORMATS if not name.startswith("ro-crate")])
def test_a_format_says_what_the_record_says(name, folder, facts):
    """Each fact that the format has a field for is in it, and no other; order counts."""
    found = said(name, folder)
    assert {key: facts[key] for key in found if key in facts} == only(found)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_a_place_for_what_counts(name):
    """No reader passes over title, authors, dates, places, pages, keywords or licence."""
    fields = set(said(name, ROOT if name == "CITATION.cff" else OUTPUT))
    fields |= WHERE if "where" in fields else set()
    fields |= {"licence"} if fields & LICENCE else set()
    assert set(ALL.split()) - fields == set(FORMATS[name][1].split())


@pytest.mark.parametrize("record", ["paper"], indirect=True)
@pytest.mark.parametrize("name", FORMATS)
def test_the_files_of_the_build_say_what_the_record_says(name, facts):
    """The same of what stands in `paper/_output`, where the abstract is the paper's."""
    found = said(name, ROOT if name == "CITATION.cff" else OUTPUT)
    found.pop("abstract", None)
    assert {key: facts[key] for key in found if key in facts} == only(found)


@pytest.mark.parametrize("ending", ["bib", "ris", "json"])
def test_pandoc_reads_what_reference_managers_take(ending, folder, facts):
    """An independent reader of BibTeX, RIS and CSL-JSON finds title, authors and year."""
    formats = {"bib": "biblatex", "ris": "ris", "json": "csljson"}
    command = [PROGRAM, "--from", formats[ending], "--to", "csljson"]
    file = folder / f"citation.{ending}"
    done = subprocess.run([*command, file], capture_output=True, encoding="utf-8", check=True)
    (item,) = json.loads(done.stdout)
    # Pandoc turns quotes and hard spaces.
    plain = re.sub("</?span.*?>", "", item["title"]).translate(str.maketrans("“”\xa0", '"" '))
    assert facts["title"].translate(str.maketrans("“”", '""')) == plain
    # What stands before the last word of a family name it may take for a particle.
    last = [family.split()[-1] for family in facts["families"]]
    assert last == [name["family"].split()[-1] for name in item["author"]]
    assert facts["published"][:4] == str(item["issued"]["date-parts"][0][0])


def test_zenodo_describes_the_compendium_and_cites_the_article(folder, record, facts):
    """`.zenodo.json` says title, people, licence and keywords; the article is a reference."""
    item = readers.json_of(folder / ".zenodo.json")
    compendium = record["compendium"]
    assert compendium["title"] == item["title"]
    assert compendium["contributors"] == [each["name"] for each in item["creators"]]
    assert compendium["licenses"]["data"].lower() == item["license"]
    assert facts["keywords"] == item["keywords"]
    for name in ("journal", "families"):
        values = facts[name] if isinstance(facts[name], list) else [facts[name]]
        assert all(value in item["references"][0] for value in values)


def test_cff_says_what_the_compendium_is(folder, record):
    """The root of CITATION.cff is the compendium, with the licences of its parts."""
    root = readers.yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    compendium = record["compendium"]
    assert "dataset" == root["type"]
    assert compendium["title"] == root["title"]
    assert compendium["version"] == root["version"]
    assert compendium["contributors"] == [each["name"] for each in root["authors"]]
    assert sorted(set(compendium["licenses"].values())) == root["license"]


def test_codemeta_says_what_the_compendium_is(folder, record):
    """The root of `codemeta.json` is the compendium."""
    root = readers.json_of(folder / "codemeta.json")
    compendium = record["compendium"]
    assert [compendium[key] for key in ("title", "version")] == [root["name"], root["version"]]
    assert compendium["contributors"] == [each["name"] for each in root["author"]]
