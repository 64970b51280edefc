"""Claims that each format, read by a library that did not write it, says what the record says."""

import json
import subprocess

import bibtexparser
import pypandoc
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from lxml import etree

from casebook.citation.bibtex import bibtex
from casebook.citation.cff import cff
from casebook.citation.crossref import crossref
from casebook.citation.csl import csl_json, formatted
from casebook.citation.deposit import datacite, zenodo
from casebook.citation.ris import ris
from casebook.citation.schema_org import codemeta

from .conftest import ABSTRACT, ROOT, only

CROSSREF = {"c": "http://www.crossref.org/schema/5.5.0", "j": "http://www.ncbi.nlm.nih.gov/JATS1"}


def share(facts: dict, names: str) -> dict:
    """The facts that a format can say."""
    return {name: facts[name] for name in names.split() if name in facts}


def pandoc(text: str, reader: str) -> dict:
    """One reference, read by pandoc."""
    command = [pypandoc.get_pandoc_path(), "--from", reader, "--to", "csljson"]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True)
    return json.loads(done.stdout)[0]


def iso(date: dict) -> str:
    """A CSL date as YYYY-MM-DD."""
    return "{:04}-{:02}-{:02}".format(*map(int, date["date-parts"][0]))


def test_csl_json(work, facts):
    """`citation.json` says the facts again."""
    item = json.loads(csl_json(work))[0]
    conference = item["type"] == "paper-conference"
    assert conference == ("conference" in facts)
    names = item["author"]
    said = {
        "title": item["title"],
        "families": [name["family"] for name in names],
        "givens": [name["given"] for name in names],
        "particles": [
            name.get("non-dropping-particle", name.get("dropping-particle", "")) for name in names
        ],
        "suffixes": [name.get("suffix", "") for name in names],
        "journal": item["collection-title"] if conference else item["container-title"],
        "proceedings": item["container-title"] if conference else "",
        "conference": item.get("event-title"),
        "place": item.get("event-place"),
        "volume": item.get("volume"),
        "issue": item.get("issue"),
        "first": item["page"].split("-")[0],
        "last": "".join(item["page"].split("-")[1:]),
        "published": iso(item["issued"]),
        "keywords": item["keyword"].split("; " if ";" in item["keyword"] else ", "),
        "lang": item["language"],
        **{key: item.get(key.upper()) for key in ("doi", "issn", "isbn")},
        "license": item.get("custom", {}).get("license"),
    }
    assert share(facts, " ".join(said)) == only(said)


def test_bibtex(work, facts):
    """`citation.bib`, written by pybtex and read by bibtexparser, says the facts again."""
    layers = [SeparateCoAuthors(), LatexDecodingMiddleware(), SplitNameParts()]
    library = bibtexparser.parse_string(bibtex(work), append_middleware=layers)
    assert library.failed_blocks == []
    (entry,) = library.entries
    field = {name: item.value for name, item in entry.fields_dict.items()}
    bare = {
        name: value.replace("{", "").replace("}", "")
        for name, value in field.items()
        if isinstance(value, str)
    }
    conference = entry.entry_type == "inproceedings"
    keywords = bare["keywords"]
    said = {
        "title": bare["title"],
        "families": [" ".join(name.last).strip("{}") for name in field["author"]],
        "givens": [" ".join(name.first) for name in field["author"]],
        "particles": [" ".join(name.von) for name in field["author"]],
        "suffixes": [" ".join(name.jr) for name in field["author"]],
        "journal": bare["series"] if conference else bare["journal"],
        "proceedings": bare.get("booktitle"),
        "conference": bare.get("eventtitle"),
        "place": bare.get("venue"),
        "organisers": bare["organization"].split(" and ") if conference else [],
        "volume": bare.get("volume"),
        "issue": bare.get("number"),
        "first": bare["pages"].split("–")[0],
        "last": "".join(bare["pages"].split("–")[1:]),
        "published": bare["date"],
        "keywords": keywords.split("; " if ";" in keywords else ", "),
        "lang": bare["language"],
        **{key: bare.get(key) for key in ("doi", "issn", "isbn")},
    }
    assert share(facts, " ".join(said)) == only(said)
    assert bare["year"] == facts["published"][:4]


def test_ris(work, facts):
    """`citation.ris`, written by rispy, holds the facts line by line, and pandoc reads it."""
    lines = [line.split("  - ", 1) for line in ris(work).splitlines() if line != "ER  -"]
    tags = {}
    for tag, value in lines:
        tags.setdefault(tag, []).append(value.strip())
    one = {tag: values[0] for tag, values in tags.items()}
    conference = one["TY"] == "CPAPER"
    said = {
        "title": one["TI"],
        "journal": one["T3"] if conference else one["T2"],
        "conference": one["T2"] if conference else "",
        "proceedings": one.get("C3"),
        "place": one.get("CY"),
        "volume": one.get("VL"),
        "issue": one.get("IS"),
        "first": one["SP"],
        "last": one.get("EP"),
        "published": one["DA"].replace("/", "-"),
        "keywords": tags["KW"],
        "lang": one["LA"],
        "doi": one.get("DO"),
    }
    assert share(facts, " ".join(said)) == only(said)
    assert lines[0][0] == "TY"
    item = pandoc(ris(work), "ris")
    assert facts["title"] == item["title"]
    assert facts["givens"][0] == item["author"][0]["given"]
    assert len(facts["families"]) == len(item["author"])


def test_cff(work, facts, record):
    """CITATION.cff says the facts again, and the licences of the compendium."""
    root = yaml.safe_load(cff(work))
    item = root["preferred-citation"]
    authors = item["authors"]
    said = {
        "title": item["title"],
        "families": [name["family-names"] for name in authors],
        "givens": [name["given-names"] for name in authors],
        "particles": [name.get("name-particle", "") for name in authors],
        "suffixes": [name.get("name-suffix", "") for name in authors],
        "emails": [name["email"] for name in authors if "email" in name],
        "orcids": [name["orcid"].rpartition("/")[2] for name in authors if "orcid" in name],
        "journal": item["journal"],
        "proceedings": item.get("collection-title"),
        "conference": item.get("conference", {}).get("name"),
        "place": item.get("conference", {}).get("location"),
        "volume": str(item["volume"]),
        "issue": item.get("issue"),
        "first": str(item["start"]),
        "last": str(item.get("end", "")),
        "published": item["date-published"],
        "keywords": item["keywords"],
        **{key: item.get(key) for key in ("doi", "issn", "isbn")},
        "license": item.get("license-url"),
    }
    assert share(facts, " ".join(said)) == only(said)
    assert set(record["compendium"]["licenses"].values()) == set(root["license"])
    assert record["compendium"]["title"] == root["title"]


def test_datacite(work, facts):
    """`datacite.json` says the facts again."""
    item = json.loads(datacite(work, ABSTRACT))
    kinds = {each["relatedItemType"]: each for each in item["relatedItems"]}
    titles = {kind: each["titles"][0]["title"] for kind, each in kinds.items()}
    dates = {each["dateType"]: each["date"] for each in item["dates"]}
    journal = kinds["Journal"]
    creators = item["creators"]
    said = {
        "title": item["titles"][0]["title"],
        "affiliations": [
            [each["name"] for each in creator.get("affiliation", [])] for creator in creators
        ],
        "orcids": [
            each["nameIdentifier"].rpartition("/")[2]
            for creator in creators
            for each in creator.get("nameIdentifiers", [])
        ],
        "keywords": [each["subject"] for each in item["subjects"]],
        "lang": item["language"],
        "journal": titles["Journal"],
        "proceedings": titles.get("ConferenceProceeding"),
        "conference": titles.get("Event"),
        "volume": journal.get("volume"),
        "issue": journal.get("issue"),
        "first": journal["firstPage"],
        "last": journal.get("lastPage"),
        "submitted": dates.get("Submitted"),
        "accepted": dates.get("Accepted"),
        "published": dates["Issued"],
        "doi": item.get("doi"),
        "license": "".join(each["rightsUri"] for each in item.get("rightsList", [])),
    }
    assert share(facts, " ".join(said)) == only(said)
    assert [creator["name"] for creator in creators] == [name.inverted for name in work.authors]
    assert ABSTRACT in [each["description"] for each in item["descriptions"]]


def test_zenodo(work, record, facts):
    """`.zenodo.json` describes the compendium and cites the article."""
    style = ROOT / "paper/_generated/apa.csl"
    item = json.loads(zenodo(work, formatted(work, style)))
    compendium = record["compendium"]
    assert compendium["title"] == item["title"]
    assert compendium["contributors"] == [each["name"] for each in item["creators"]]
    assert compendium["licenses"]["data"].lower() == item["license"]
    assert facts["keywords"] == item["keywords"]
    for name in ("journal", "volume"):
        assert facts[name] in item["references"][0]


def test_codemeta(work, record, facts):
    """`codemeta.json` describes the compendium, and the article as its publication."""
    root = json.loads(codemeta(work, ABSTRACT))
    assert record["compendium"]["title"] == root["name"]
    assert record["compendium"]["version"] == root["version"]
    item = root["referencePublication"]
    places = {}
    queue = list(item["isPartOf"])
    while queue:
        part = queue.pop()
        places[part["@type"]] = part
        queue += [part["isPartOf"]] if "isPartOf" in part else []
    said = {
        "title": item["headline"],
        "givens": [name["givenName"] for name in item["author"]],
        "keywords": item["keywords"],
        "lang": item["inLanguage"],
        "published": item["datePublished"],
        "journal": places["Periodical"]["name"],
        "issn": places["Periodical"].get("issn"),
        "volume": places["PublicationVolume"]["volumeNumber"],
        "issue": places.get("PublicationIssue", {}).get("issueNumber"),
        "proceedings": places.get("Book", {}).get("name"),
        "conference": item.get("recordedAt", {}).get("name"),
        "first": item["pageStart"],
        "last": item.get("pageEnd"),
        "doi": item.get("identifier", "").removeprefix("https://doi.org/"),
        "license": item.get("license"),
    }
    assert share(facts, " ".join(said)) == only(said)
    assert ABSTRACT == item["abstract"]


def test_crossref(work, facts):
    """`crossref.xml` says the facts again, but for the issue, which proceedings do not have."""
    root = etree.fromstring(crossref(work, ABSTRACT))

    def all_of(path: str) -> list[str]:
        return [node.text for node in root.iterfind(path, CROSSREF)]

    def one(path: str) -> str:
        return next(iter(all_of(path)), "")

    paper = ".//c:conference_paper" if "conference" in facts else ".//c:journal_article"
    date = root.find(f"{paper}/c:publication_date", CROSSREF)
    parts = [date.findtext(f"c:{part}", "", CROSSREF) for part in ("year", "month", "day")]
    people = root.findall(".//c:person_name", CROSSREF)
    said = {
        "title": one(f"{paper}/c:titles/c:title"),
        "suffixes": [person.findtext("c:suffix", "", CROSSREF) for person in people],
        "affiliations": [
            [name.text for name in person.iterfind(".//c:institution_name", CROSSREF)]
            for person in people
        ],
        "orcids": [address.rpartition("/")[2] for address in all_of(".//c:ORCID")],
        "journal": one(".//c:series_metadata/c:titles/c:title") or one(".//c:full_title"),
        "proceedings": one(".//c:proceedings_title"),
        "conference": one(".//c:conference_name"),
        "place": one(".//c:conference_location"),
        "organisers": all_of(".//c:conference_sponsor"),
        "volume": one(".//c:volume"),
        "first": one(".//c:first_page"),
        "last": one(".//c:last_page"),
        "published": "-".join(parts),
        "doi": one(".//c:doi_data/c:doi"),
        "issn": one(".//c:issn"),
        "isbn": one(".//c:isbn"),
        "license": one(".//{http://www.crossref.org/AccessIndicators.xsd}license_ref"),
    }
    assert share(facts, " ".join(said)) == only(said)
    assert [name.surname for name in work.authors] == all_of(".//c:surname")
    assert ABSTRACT == one(".//j:abstract/j:p")
