"""Claims that each format keeps the rules of those who read it: schemas, and structure."""

import json
import re
from importlib.resources import files

import jsonschema
import pytest
import yaml
from datacite import schema45
from lxml import etree
from pyld import jsonld

from casebook.citation.bibtex import bibtex
from casebook.citation.cff import cff
from casebook.citation.crossref import crossref, missing
from casebook.citation.csl import csl_item, csl_json, formatted
from casebook.citation.deposit import datacite, zenodo
from casebook.citation.ris import ris
from casebook.citation.schema_org import codemeta
from casebook.citation.work import read_work

from .conftest import ABSTRACT, RECORDS, ROOT, read_record

STYLE = ROOT / "paper/_generated/apa.csl"
INVENTED = re.compile(r"doi|issn|isbn|orcid|licen[cs]e", re.I)


def test_cff_keeps_its_schema(work):
    """The schema of the Citation File Format, as check-jsonschema ships it, accepts the file."""
    folder = files("check_jsonschema") / "builtin_schemas/vendor"
    schema = json.loads((folder / "citation-file-format.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(cff(work)), schema)


def test_datacite_keeps_its_schema(work):
    """The schema of DataCite 4.5, as the datacite library ships it, accepts the file."""
    errors = schema45.validator.iter_errors(json.loads(datacite(work, ABSTRACT)))
    assert [] == [error.message for error in errors]


def test_codemeta_is_linked_data(work):
    """Every key of CodeMeta becomes a statement; the words of schema.org stand for the context."""

    def loader(address, _options):
        assert address == "https://w3id.org/codemeta/3.0"
        context = {"@context": {"@vocab": "http://schema.org/"}}
        return {"document": context, "documentUrl": address, "contextUrl": None}

    document = json.loads(codemeta(work, ABSTRACT))
    (root,) = jsonld.expand(document, {"documentLoader": loader})
    assert ["http://schema.org/SoftwareSourceCode"] == root["@type"]
    assert len(document) - 1 == len(root)


def test_crossref_names_what_a_draft_lacks():
    """Without prefix and depositor the file says DRAFT first and holds no DOI; else it does not."""
    drafts = {name: read_work(read_record(path)) for name, path in RECORDS.items()}
    for name, work in drafts.items():
        root = etree.fromstring(crossref(work, ABSTRACT))
        complete = name == "several authors"
        assert complete == (not missing(work))
        assert complete == (not isinstance(root[0].tag, type(etree.Comment)) and len(root) == 2)
        assert complete == (root.find(".//{*}doi_data") is not None)
    comment = etree.fromstring(crossref(drafts["paper"], ABSTRACT))[0]
    assert comment.text.startswith(" DRAFT")
    assert "publication.doi" in comment.text


def test_crossref_has_the_order_of_the_schema(work):
    """Elements of a paper follow each other as the schema has them, and none is empty."""
    root = etree.fromstring(crossref(work, ABSTRACT))
    order = ["abstract", "publication_date", "acceptance_date", "pages", "program", "doi_data"]
    paper = root.find(".//{*}conference_paper")
    if paper is None:
        paper = root.find(".//{*}journal_article")
    names = [etree.QName(child).localname for child in paper]
    start = ["contributors", "titles"] if work.presented else ["titles", "contributors"]
    assert start + [name for name in order if name in names] == names
    leaves = [node for node in root.iter("{*}*") if len(node) == 0]
    assert {"noisbn"} >= {etree.QName(node).localname for node in leaves if not node.text}


def test_nothing_is_invented():
    """The paper's record has no DOI, ISSN, ISBN, ORCID or licence; nor has what says it."""
    work = read_work(read_record(RECORDS["paper"]))
    item = yaml.safe_load(cff(work))["preferred-citation"]
    texts = [csl_json(work), bibtex(work), ris(work), yaml.safe_dump(item)]
    texts += [datacite(work, "").replace('"schemaVersion"', "")]
    for text in texts:
        assert not INVENTED.search(text.replace("datacite.org/schema", ""))
    assert "relation" not in json.loads(zenodo(work, "cited"))
    root = etree.fromstring(crossref(work, ""))
    assert not list(root.iter("{*}doi", "{*}issn", "{*}isbn", "{*}ORCID"))


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
            "Grün, J. (1999). What hedges do. Zeitschrift für Hecken, 7, S12–S15.",
        ),
    ],
)
def test_apa(name, expected):
    """The reference in APA style is the one that the editor recommends."""
    assert expected == formatted(read_work(read_record(RECORDS[name])), STYLE)


def test_apa_keeps_particles_and_signs():
    """Particles, suffix, other scripts and signs survive the way through pandoc."""
    text = formatted(read_work(read_record(RECORDS["several authors"])), STYLE)
    assert text.startswith("van der Meer, Z. A., Berg, L. von, Jr., & بن علي")
    for part in ("<order>", "100% of cost_s #1 ~", "שלום", "12(3), 101–119", "10.5555/12345678"):
        assert part in text


def test_the_same_record_gives_the_same_bytes(work):
    """Nothing depends on time, order of hashing or place."""
    writers = [cff, bibtex, ris, csl_json, csl_item]
    assert [write(work) for write in writers] == [write(work) for write in writers]
    assert crossref(work, ABSTRACT) == crossref(work, ABSTRACT)
