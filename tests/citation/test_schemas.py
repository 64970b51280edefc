"""Claims against the large schemas, which one library ships but needs too much to be locked.

They run where `pip install --no-deps commonmeta-py xmlschema elementpath` was run.
"""

import json
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from casebook.citation.crossref import crossref, missing
from casebook.citation.csl import csl_json
from casebook.citation.jats_front import jats_front

from .conftest import ABSTRACT, OUTPUT

COMMONMETA = find_spec("commonmeta")
XMLSCHEMA = find_spec("xmlschema")
JATS = "http://www.ncbi.nlm.nih.gov/JATS1"
# The Publishing tag set wants what nobody knows here, and its draft knows no later version;
# archives, whose tag set ours is, do not want it.
TOLERATED = ("dtd-version", "'journal-meta': Missing child", "}self-uri'", "'conf-name'")

pytestmark = pytest.mark.skipif(COMMONMETA is None, reason="commonmeta-py is not installed")


@pytest.fixture(scope="module")
def resources():
    """The folder of the schemas; the library itself is not imported."""
    return Path(COMMONMETA.origin).parent / "resources"


@pytest.fixture(scope="module")
def publishing(resources):
    """JATS Publishing 1.3d2 as an XML schema."""
    return etree.XMLSchema(
        etree.parse(resources / "crossref/JATS-journalpublishing1-3d2-mathml3.xsd")
    )


def faults(schema, article):
    """What the schema has against an article, but for what is tolerated."""
    for node in article.iter(etree.Element):
        if not node.tag.startswith("{"):
            node.tag = f"{{{JATS}}}{node.tag}"
    schema.validate(etree.fromstring(etree.tostring(article)))
    messages = [error.message.replace(f"{{{JATS}}}", "") for error in schema.error_log]
    tolerated = [part.replace("}", "'") for part in TOLERATED]
    return [text for text in messages if not any(part in text for part in tolerated)]


def test_csl_json_keeps_its_schema(work, resources):
    """The schema of CSL-JSON accepts `citation.json`."""
    schema = json.loads((resources / "csl-data.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(csl_json(work)), schema)


def test_jats_front_keeps_the_schema(work, publishing):
    """The schema of JATS accepts the front matter of every record."""
    article = etree.Element("article", nsmap={"xlink": "http://www.w3.org/1999/xlink"})
    article.append(jats_front(work))
    etree.SubElement(etree.SubElement(article, "body"), "p").text = "b"
    assert [] == faults(publishing, article)


def test_jats_article_keeps_the_schema(publishing):
    """The schema of JATS accepts the whole article of the build."""
    assert [] == faults(publishing, etree.parse(OUTPUT / "manuscript.xml").getroot())


@pytest.mark.skipif(XMLSCHEMA is None, reason="xmlschema is not installed")
@pytest.mark.filterwarnings("ignore")
def test_crossref_keeps_its_schema(work, resources):
    """The schema of Crossref 5.5.0 accepts a deposit, and of a draft misses what the draft says."""
    import xmlschema

    path = resources / "crossref/crossref5.5.0.xsd"
    schema = xmlschema.XMLSchema11(path, validation="lax")
    text = crossref(work, ABSTRACT).decode().split("\n", 1)[1]
    reasons = [error.reason for error in schema.iter_errors(text)]
    wanted = ("depositor' expected", "issn' expected", "publisher' expected", "doi_data' expected")
    assert bool(missing(work)) == bool(reasons)
    assert all(any(part in reason for part in wanted) for reason in reasons)
