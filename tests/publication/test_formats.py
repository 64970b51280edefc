"""Claims about the files that tell how to cite and where to deposit."""

import json
import re

import pytest
import yaml
from lxml import etree

from casebook.publication.article import read_article
from casebook.publication.bibtex import bibtex
from casebook.publication.cff import cff
from casebook.publication.crossref import crossref
from casebook.publication.csl import csl_json, formatted
from casebook.publication.record import read_record
from casebook.publication.ris import ris
from casebook.publication.zenodo import zenodo

from .conftest import ABSTRACT, OUTPUT, RECORDS
from .readers import meta_tags

# What Zenodo takes of a deposit of a data set, with the words that it takes where they are few.
ZENODO = {
    "upload_type": {"dataset", "software", "publication"},
    "access_right": {"open", "embargoed", "restricted", "closed"},
    **dict.fromkeys(("title", "description", "creators", "version", "license", "keywords")),
    **dict.fromkeys(("notes", "references", "publication_date", "related_identifiers", "language")),
}


@pytest.fixture(scope="module")
def paper():
    """The paper's own article."""
    return read_article(read_record(RECORDS["paper"]))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "paper",
            "Khan, N. U. (2024). Challenges of implementing community policing in urban areas. "
            "Proceedings of the 1st International Conference on Innovation and Sustainability in "
            "Management and Social Sciences, International Journal of Multidisciplinary "
            "Conference Proceedings, 1(1).",
        ),
        (
            "journal article",
            "Grün, J. (1999). What hedges do. Zeitschrift für Hecken, 7(1-2), S12–S15. "
            "https://doi.org/10.5555/hecken.7",
        ),
    ],
)
def test_apa(name, expected, style):
    """The reference in APA style is the one that the editor recommends."""
    assert expected == formatted(read_article(read_record(RECORDS[name])), style)


def test_apa_keeps_particles_and_signs(style):
    """Particles, suffix, other scripts and signs survive the way through pandoc."""
    text = formatted(read_article(read_record(RECORDS["several authors"])), style)
    assert text.startswith("van der Meer, Z. A., Berg, L. von, Jr., & بن علي")
    for part in ("<order>", "100% of cost_s #1 ~", "שלום", "12(3), 101–119", "10.5555/12345678"):
        assert part in text


def test_a_doi_stands_as_it_is():
    """BibTeX has the underscore of a DOI without a backslash, as its readers take it."""
    text = bibtex(read_article(read_record(RECORDS["bare conference"])))
    assert 'doi = "10.5555/muros_1"' in text


def test_zenodo_gets_keys_that_it_knows(folder):
    """Each key is one of its deposit form, and each word one that it takes there."""
    item = json.loads((folder / ".zenodo.json").read_text(encoding="utf-8"))
    assert set(ZENODO) >= set(item)
    assert all(item[key] in words for key, words in ZENODO.items() if words)
    assert {"title", "description", "creators"} <= set(item)
    for each in item.get("related_identifiers", []):
        assert {"identifier", "relation", "scheme"} == set(each)


@pytest.mark.parametrize("name", RECORDS)
def test_a_deposit_at_crossref_is_whole_or_a_draft(name):
    """Without prefix and depositor the file says DRAFT first and holds no DOI; else it does not."""
    root = etree.fromstring(crossref(read_article(read_record(RECORDS[name])), ABSTRACT))
    draft = name == "paper"
    first = root[0]
    assert draft == (first.tag is etree.Comment)
    assert draft != (root.find(".//{*}doi_data") is not None)
    if draft:
        assert first.text.startswith(" DRAFT, not for deposit. Lacks deposit (depositor, email, ")
        assert "publication.doi" in first.text
    leaves = [node for node in root.iter("{*}*") if len(node) == 0 and not node.text]
    assert {"noisbn"} >= {etree.QName(node).localname for node in leaves}


@pytest.mark.built
def test_nothing_is_invented(paper):
    """The paper's record has no DOI, ISSN, ISBN, ORCID or page 9; nor has what is made of it."""
    item = yaml.safe_load(cff(paper))["preferred-citation"]
    texts = [csl_json(paper), bibtex(paper), ris(paper), yaml.safe_dump(item)]
    texts += [(OUTPUT / name).read_text("utf-8") for name in ("codemeta.json", ".zenodo.json")]
    texts += [(OUTPUT / "datacite.json").read_text("utf-8").replace("datacite.org", "")]
    tags = meta_tags(OUTPUT / "manuscript.html")
    texts += [name for name, _ in tags] + [v for n, v in tags if n != "citation_reference"]
    for path in ("manuscript.xml", "crossref.xml"):
        root = etree.parse(OUTPUT / path).getroot()
        head = root.find("front") if path == "manuscript.xml" else root.find("{*}body")
        texts.append(etree.tostring(head, encoding="unicode"))
    for text in texts:
        assert not re.search(
            r"doi\b|doi\.org|issn|isbn(?! reason)|orcid|lpage|last_?page", text, re.I
        )
    assert "related_identifiers" not in json.loads(zenodo(paper, "cited"))


def test_the_same_record_gives_the_same_bytes(article):
    """Nothing depends on time, order of hashing or place."""
    writers = [cff, bibtex, ris, csl_json]
    assert [write(article) for write in writers] == [write(article) for write in writers]
    assert crossref(article, ABSTRACT) == crossref(article, ABSTRACT)
