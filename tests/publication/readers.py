"""What each published file says, read by something that did not write it, by plain names.

An absent fact is an empty value. Nothing here imports the package.
"""

import json
import re
from pathlib import Path

import bibtexparser
import docx
import html5lib
import pikepdf
import pypdfium2
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from lxml import etree

HTML = "{http://www.w3.org/1999/xhtml}"


def json_of(path: Path):
    """The content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def joined(*parts: str | None) -> str:
    """The parts that there are, with a space between them."""
    return " ".join(filter(None, parts))


def natural(inverted: str) -> str:
    """`van der Meer, Zoë, Jr.` in its natural order."""
    surname, given, *suffix = inverted.split(", ")
    return joined(given, surname, *suffix)


def listed(line: str) -> list[str]:
    """Keywords of one line; semicolons part them where a keyword has a comma."""
    return line.split("; " if ";" in line else ", ")


def end_of(address: str) -> str:
    """What stands last in an address."""
    return address.rpartition("/")[2]


def csl(path: Path) -> dict:
    """`citation.json`."""
    (item,) = json_of(path)
    names = item["author"]
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    first, _, last = item.get("page", "").partition("-")
    days = ["{:04}-{:02}-{:02}".format(*each) for each in date(item, "event-date")]
    in_proceedings = "collection-title" in item
    return {
        "title": item["title"],
        "authors": [joined(*(name.get(part) for part in parts)) for name in names],
        "families": [name["family"] for name in names],
        "journal": item["collection-title" if in_proceedings else "container-title"],
        "proceedings": item["container-title"] if in_proceedings else "",
        "conference": item.get("event-title"),
        "place": item.get("event-place"),
        "start": "".join(days[:1]),
        "end": "".join(days[1:]),
        "volume": item.get("volume"),
        "issue": item.get("issue"),
        "first": first,
        "last": last,
        "published": "{:04}-{:02}-{:02}".format(*date(item, "issued")[0]),
        "submitted": "".join("{:04}-{:02}-{:02}".format(*d) for d in date(item, "submitted")),
        "keywords": listed(item["keyword"]),
        "lang": item["language"],
        "publisher": item.get("publisher"),
        **{key: item.get(key.upper()) for key in ("doi", "issn", "isbn")},
        "license": item.get("custom", {}).get("license"),
    }


def date(item: dict, name: str) -> list[list[int]]:
    """The days of a CSL date."""
    return item.get(name, {}).get("date-parts", [])


def bib(path: Path) -> dict:
    """`citation.bib`, read by bibtexparser."""
    layers = [SeparateCoAuthors(), LatexDecodingMiddleware(), SplitNameParts()]
    library = bibtexparser.parse_file(str(path), append_middleware=layers, encoding="utf-8")
    assert [] == library.failed_blocks
    (entry,) = library.entries
    field = {name: item.value for name, item in entry.fields_dict.items()}
    names = field.pop("author")
    bare = {name: re.sub(r"[{}]", "", value) for name, value in field.items()}
    first, _, last = bare.get("pages", "").partition("–")
    start, _, end = bare.get("eventdate", "").partition("/")
    in_proceedings = "series" in bare
    assert bare["year"] == bare["date"][:4]
    return {
        "title": bare["title"],
        "authors": [
            joined(*n.first, *n.von, *n.last, *n.jr).translate({123: "", 125: ""}) for n in names
        ],
        "families": [joined(*name.last).strip("{}") for name in names],
        "journal": bare.get("series") or bare.get("journal") or bare["booktitle"],
        "proceedings": bare["booktitle"] if in_proceedings else "",
        "conference": bare.get("eventtitle"),
        "place": bare.get("venue"),
        "start": start,
        "end": end,
        "organisers": list(filter(None, bare.get("organization", "").split(" and "))),
        "volume": bare.get("volume"),
        "issue": bare.get("number"),
        "first": first,
        "last": last,
        "published": bare["date"],
        "keywords": listed(bare["keywords"]),
        "lang": bare["language"],
        "license_name": bare.get("copyright"),
        **{key: bare.get(key) for key in ("publisher", "issn", "isbn")},
        "doi": bare.get("doi"),
    }


def ris(path: Path) -> dict:
    """`citation.ris`, line by line."""
    lines = [line.split("  - ", 1) for line in path.read_text("utf-8").splitlines()]
    assert "TY" == lines[0][0]
    assert ["ER  -"] == lines[-1]
    all_of = {}
    for tag, value in lines[:-1]:
        all_of.setdefault(tag, []).append(value)
    one = {tag: values[0] for tag, values in all_of.items()}
    conference = one["TY"] == "CPAPER"
    return {
        "title": one["TI"],
        "authors": [natural(name) for name in all_of["AU"]],
        "journal": one["T3" if conference else "T2"],
        "abbreviation": one["J2"],
        "conference": one["T2"] if conference else "",
        "proceedings": one.get("C3"),
        "place": one.get("CY"),
        "publisher": one.get("PB"),
        "volume": one.get("VL"),
        "issue": one.get("IS"),
        "first": one.get("SP"),
        "last": one.get("EP"),
        "published": one["DA"].replace("/", "-"),
        "keywords": all_of["KW"],
        "lang": one["LA"],
        "doi": one.get("DO"),
        "license_name": one.get("N1", "").removeprefix("Licence: "),
    }


def cff(path: Path) -> dict:
    """The preferred citation of `CITATION.cff`."""
    item = yaml.safe_load(path.read_text("utf-8"))["preferred-citation"]
    authors = item["authors"]
    parts = ("given-names", "name-particle", "family-names", "name-suffix")
    conference = item.get("conference", {})
    places = [author.get("affiliation", "") for author in authors]
    return {
        "title": item["title"],
        "authors": [joined(*(name.get(part) for part in parts)) for name in authors],
        "families": [name["family-names"] for name in authors],
        "emails": [name["email"] for name in authors if "email" in name],
        "orcids": [end_of(name["orcid"]) for name in authors if "orcid" in name],
        "affiliations": [list(filter(None, names.split("; "))) for names in places],
        "journal": item["journal"],
        "proceedings": item.get("collection-title"),
        "conference": conference.get("name"),
        "start": conference.get("date-start"),
        "end": conference.get("date-end"),
        "place": conference.get("location"),
        "publisher": item.get("publisher", {}).get("name"),
        "volume": str(item.get("volume", "")),
        "issue": item.get("issue"),
        "first": str(item.get("start", "")),
        "last": str(item.get("end", "")),
        "published": item["date-published"],
        "keywords": item["keywords"],
        "language": "".join(item["languages"]),
        **{key: item.get(key) for key in ("doi", "issn", "isbn")},
        "license": item.get("license-url"),
        "license_name": item.get("license"),
    }


def datacite(path: Path) -> dict:
    """`datacite.json`."""
    item = json_of(path)
    creators = item["creators"]
    kinds = {each["relatedItemType"]: each for each in item["relatedItems"]}
    titles = {kind: each["titles"][0]["title"] for kind, each in kinds.items()}
    number = {
        kind: each.get("relatedItemIdentifier", {}).get("relatedItemIdentifier")
        for kind, each in kinds.items()
    }
    dates = {each["dateType"]: each["date"] for each in item["dates"]}
    said = {each["descriptionType"]: each["description"] for each in item["descriptions"]}
    journal = kinds["Journal"]
    return {
        "title": item["titles"][0]["title"],
        "authors": [natural(creator["name"]) for creator in creators],
        "affiliations": [[each["name"] for each in c.get("affiliation", [])] for c in creators],
        "orcids": [
            end_of(each["nameIdentifier"])
            for creator in creators
            for each in creator.get("nameIdentifiers", [])
        ],
        "keywords": [each["subject"] for each in item["subjects"]],
        "lang": item["language"],
        "journal": titles["Journal"],
        "proceedings": titles.get("ConferenceProceeding"),
        "conference": titles.get("Event"),
        "publisher": item["publisher"]["name"].removeprefix(":unav"),
        "volume": journal.get("volume"),
        "issue": journal.get("issue"),
        "first": journal.get("firstPage"),
        "last": journal.get("lastPage"),
        "submitted": dates.get("Submitted"),
        "accepted": dates.get("Accepted"),
        "published": dates["Issued"],
        "doi": item.get("doi"),
        "issn": number["Journal"],
        "isbn": number.get("ConferenceProceeding"),
        "terms": item["rightsList"][0]["rightsUri"],
        "abstract": said["Abstract"],
        "notice": said.get("Other"),
        "edition": item["types"]["resourceType"].removeprefix("Article"),
    }


def codemeta(path: Path) -> dict:
    """The article in `codemeta.json`."""
    item = json_of(path)["referencePublication"]
    return {**schema_org(item), "license": item.get("license")}


def json_ld(path: Path) -> dict:
    """The linked data in the head of the page."""
    script = next(html_page(path).iter(f"{HTML}script"))
    assert "application/ld+json" == script.get("type")
    item = json.loads(script.text)
    return {**schema_org(item), "terms": item["license"]}


def schema_org(item: dict) -> dict:
    """An article in the words of schema.org."""
    places, queue = {}, list(item["isPartOf"])
    while queue:
        part = queue.pop()
        places[part["@type"]] = part
        queue += [part["isPartOf"]] if "isPartOf" in part else []
    event = item.get("recordedAt", {})
    people, book = item["author"], places.get("Book", {})
    for name in people:
        parts = ("givenName", "familyName", "honorificSuffix")
        assert name["name"] == joined(*(name.get(part) for part in parts))
    return {
        "title": item["headline"],
        "authors": [name["name"] for name in people],
        "emails": [name["email"] for name in people if "email" in name],
        "orcids": [end_of(name["@id"]) for name in people if "@id" in name],
        "affiliations": [[e["name"] for e in name.get("affiliation", [])] for name in people],
        "keywords": item["keywords"],
        "lang": item["inLanguage"],
        "published": item["datePublished"],
        "publisher": item.get("publisher", {}).get("name"),
        "journal": places["Periodical"]["name"],
        "abbreviation": places["Periodical"]["alternateName"],
        "site": places["Periodical"].get("url"),
        "issn": places["Periodical"].get("issn"),
        "volume": places.get("PublicationVolume", {}).get("volumeNumber"),
        "issue": places.get("PublicationIssue", {}).get("issueNumber"),
        "proceedings": book.get("name"),
        "isbn": book.get("isbn"),
        "conference": event.get("name"),
        "start": event.get("startDate"),
        "end": event.get("endDate"),
        "place": event.get("location", {}).get("name"),
        "organisers": [each["name"] for each in event.get("organizer", [])],
        "first": item.get("pageStart"),
        "last": item.get("pageEnd"),
        "doi": item.get("identifier", "").removeprefix("https://doi.org/"),
        "abstract": item["abstract"],
        "edition": item.get("version"),
        "notice": item.get("backstory"),
    }


def html_page(path: Path):
    """The page, read by html5lib, which accepts no error."""
    return html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))


def meta_tags(path: Path) -> list[tuple[str, str]]:
    """(name, content) of each meta element with a name, in order."""
    metas = html_page(path).find(f"{HTML}head").iter(f"{HTML}meta")
    return [(meta.get("name"), meta.get("content")) for meta in metas if meta.get("name")]


def highwire(path: Path) -> dict:
    """The tags that Google Scholar and Zotero read."""
    tags = meta_tags(path)
    one = dict(tags)
    people = []
    for name, value in tags:
        if name == "citation_author":
            people.append((value if ", " not in value else natural(value), []))
        elif name == "citation_author_institution":
            people[-1][1].append(value)
    pair = ("citation_inbook_title", "citation_series_title")
    assert (pair[0] in one) == (pair[1] in one)
    assert one.get(pair[1]) in (None, one["citation_journal_title"])
    return {
        "title": one["citation_title"],
        "authors": [name for name, _ in people],
        "affiliations": [places for _, places in people],
        "emails": [value for name, value in tags if name == "citation_author_email"],
        "orcids": [end_of(value) for name, value in tags if name == "citation_author_orcid"],
        "keywords": [value for name, value in tags if name == "citation_keywords"],
        "published": one["citation_publication_date"].replace("/", "-"),
        "journal": one["citation_journal_title"],
        "abbreviation": one["citation_journal_abbrev"],
        "proceedings": one.get("citation_inbook_title"),
        "conference": one.get("citation_conference_title"),
        "first": one.get("citation_firstpage"),
        "last": one.get("citation_lastpage"),
        **{
            key: one.get(f"citation_{key}")
            for key in ("volume", "issue", "doi", "issn", "isbn", "publisher", "language")
        },
    }


def dublin_core(path: Path) -> dict:
    """The tags of Dublin Core."""
    tags = meta_tags(path)
    one = dict(tags)
    return {
        "title": one["DC.title"],
        "authors": [natural(value) for name, value in tags if name == "DC.creator"],
        "keywords": [value for name, value in tags if name == "DC.subject"],
        "published": one["DC.date"],
        "submitted": one.get("DCTERMS.dateSubmitted"),
        "accepted": one.get("DCTERMS.dateAccepted"),
        "lang": one["DC.language"],
        "journal": one["DC.source"],
        "publisher": one.get("DC.publisher"),
        "proceedings": one.get("DCTERMS.isPartOf"),
        "doi": one.get("DC.identifier", "").removeprefix("https://doi.org/"),
        "terms": one["DCTERMS.license"],
        "abstract": one["DC.description"],
    }


def jats(path: Path) -> dict:
    """The front matter of the archive's XML."""
    article = etree.parse(path).getroot()
    meta, journal = article.find("front/article-meta"), article.find("front/journal-meta")
    text = meta.findtext
    days = {date.get("date-type"): date.get("iso-8601-date") for date in meta.iter("date")}
    for each in meta.iter("date", "pub-date"):
        parts = "-".join(each.findtext(part) for part in ("year", "month", "day"))
        assert each.get("iso-8601-date") == parts
    people = meta.findall("contrib-group/contrib[@contrib-type='author']")
    names = {place.get("id"): place.findtext("institution") for place in meta.iter("aff")}
    notes = {each.get("id"): each.findtext("email") for each in meta.iter("corresp")}

    def email(person: etree._Element) -> str | None:
        xref = person.find("xref[@ref-type='corresp']")
        return person.findtext("email") if xref is None else notes[xref.get("rid")]

    parts = ("name/given-names", "name/surname", "name/suffix")
    license = meta.find("permissions/license")
    site = journal.find("self-uri")
    return {
        "title": text("title-group/article-title"),
        "authors": [joined(*(person.findtext(part) for part in parts)) for person in people],
        "orcids": [end_of(each.text) for each in meta.iterfind(".//contrib-id")],
        "emails": list(filter(None, map(email, people))),
        "affiliations": [
            [names[xref.get("rid")] for xref in person.iterfind("xref[@ref-type='aff']")]
            for person in people
        ],
        "keywords": [each.text for each in meta.iterfind("kwd-group/kwd")],
        "lang": article.get("{http://www.w3.org/XML/1998/namespace}lang"),
        "journal": journal.findtext("journal-title-group/journal-title"),
        "abbreviation": journal.findtext("journal-title-group/abbrev-journal-title"),
        "site": None if site is None else site.get("{http://www.w3.org/1999/xlink}href"),
        "issn": journal.findtext("issn"),
        "publisher": journal.findtext("publisher/publisher-name"),
        "doi": text("article-id[@pub-id-type='doi']"),
        "isbn": text("isbn"),
        "volume": text("volume"),
        "issue": text("issue"),
        "first": text("fpage"),
        "last": text("lpage"),
        "submitted": days.get("received"),
        "accepted": days.get("accepted"),
        "published": meta.find("pub-date").get("iso-8601-date"),
        "proceedings": text("issue-title"),
        "conference": text("conference/conf-name"),
        "number": text("conference/conf-num"),
        "dates": text("conference/conf-date"),
        "place": text("conference/conf-loc"),
        "organisers": [each.text for each in meta.iterfind("conference/conf-sponsor")],
        "terms": license.findtext("{http://www.niso.org/schemas/ali/1.0/}license_ref"),
        "abstract": text("abstract/p"),
        "edition": article.findtext("front/notes/title"),
        "notice": article.findtext("front/notes/p"),
    }


def crossref(path: Path) -> dict:
    """`crossref.xml`."""
    root = etree.parse(path).getroot()

    def all_of(path: str) -> list[str]:
        return [node.text for node in root.iterfind(path)]

    def one(path: str) -> str:
        return next(iter(all_of(path)), "")

    def day(name: str) -> str:
        parts = (root.findtext(f".//{paper}/{name}/{{*}}{unit}") for unit in units)
        return "-".join(filter(None, parts))

    units = ("year", "month", "day")
    conference = root.find(".//{*}conference_paper") is not None
    paper = "{*}conference_paper" if conference else "{*}journal_article"
    people = root.findall(".//{*}person_name")
    parts = ("{*}given_name", "{*}surname", "{*}suffix")
    dates = root.find(".//{*}conference_date")
    dates = {} if dates is None else dates.attrib
    in_series = root.find(".//{*}series_metadata") is not None
    title = one(".//{*}proceedings_title")
    return {
        "title": one(f".//{paper}/{{*}}titles/{{*}}title"),
        "authors": [joined(*(person.findtext(part) for part in parts)) for person in people],
        "affiliations": [
            [name.text for name in person.iterfind(".//{*}institution_name")] for person in people
        ],
        "orcids": [end_of(address) for address in all_of(".//{*}ORCID")],
        "language": root.find(f".//{paper}").get("language"),
        "journal": one(".//{*}series_metadata/{*}titles/{*}title")
        or one(".//{*}full_title")
        or title,
        "proceedings": title if in_series else "",
        "conference": one(".//{*}conference_name"),
        "number": one(".//{*}conference_number"),
        "dates": one(".//{*}conference_date"),
        **{
            prefix: "-".join(dates[f"{prefix}_{unit}"] for unit in units)
            for prefix in ("start", "end")
            if f"{prefix}_year" in dates
        },
        "place": one(".//{*}conference_location"),
        "organisers": all_of(".//{*}conference_sponsor"),
        "publisher": one(".//{*}publisher_name"),
        "volume": one(".//{*}volume"),
        "first": one(".//{*}first_page"),
        "last": one(".//{*}last_page"),
        "published": day("{*}publication_date"),
        "accepted": day("{*}acceptance_date"),
        "doi": one(f".//{paper}/{{*}}doi_data/{{*}}doi"),
        "issn": one(".//{*}issn"),
        "isbn": one(".//{*}isbn"),
        "license": one(".//{*}license_ref"),
        "abstract": one(".//{*}abstract/{*}p"),
    }


def pdf_information(path: Path) -> dict:
    """The document information, read by PDFium."""
    said = pypdfium2.PdfDocument(path).get_metadata_dict(skip_empty=True)
    year, month, day = re.match(r"D:(\d{4})(\d\d)(\d\d)", said["CreationDate"]).groups()
    return {
        "title": said["Title"],
        "authors": said["Author"].split(", "),
        "where": said["Subject"],
        "keywords": listed(said["Keywords"]),
        "published": f"{year}-{month}-{day}",
    }


def xmp(path: Path) -> dict:
    """The XMP of the PDF, read as XML."""
    with pikepdf.open(path) as pdf:
        root = etree.fromstring(pdf.Root.Metadata.read_bytes())
        lang = str(pdf.Root.Lang)

    def all_of(space: str, name: str) -> list[str]:
        node = root.find(f".//{{{space}}}{name}")
        if node is None:
            values = [each.get(f"{{{space}}}{name}") for each in root.iter("{*}Description")]
            return list(filter(None, values))
        return [each.text for each in node.iter("{*}li")] or [node.text]

    def one(space: str, name: str) -> str:
        return next(iter(all_of(space, name)), "")

    dc, terms = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
    prism = "http://prismstandard.org/namespaces/basic/2.0/"
    return {
        "title": one(dc, "title"),
        "authors": all_of(dc, "creator"),
        "keywords": listed(one("http://ns.adobe.com/pdf/1.3/", "Keywords")),
        "lang": lang,
        "where": one(dc, "description"),
        "publisher": one(dc, "publisher"),
        "proceedings": one(terms, "isPartOf"),
        "journal": one(prism, "publicationName"),
        "volume": one(prism, "volume"),
        "issue": one(prism, "number"),
        "first": one(prism, "startingPage"),
        "last": one(prism, "endingPage"),
        "published": one(prism, "publicationDate"),
        "conference": one(prism, "event"),
        **{key: one(prism, key) for key in ("doi", "issn", "isbn")},
        "terms": one("http://ns.adobe.com/xap/1.0/rights/", "WebStatement"),
    }


def word(path: Path) -> dict:
    """The core properties of the Word file, read by python-docx."""
    said = docx.Document(path).core_properties
    notice, _, rights = said.comments.rpartition("The ")
    return {
        "title": said.title,
        "authors": said.author.split("; "),
        "keywords": said.keywords.split("; "),
        "lang": said.language,
        "where": said.subject,
        "conference": said.category,
        "published": said.created.date().isoformat(),
        "doi": said.identifier.removeprefix("https://doi.org/"),
        "notice": notice.strip(),
        "terms": re.search(r"\((\S+)\)\.$", rights)[1],
    }


def ro_crate(path: Path) -> dict:
    """The article that the crate cites."""
    entities = {each["@id"]: each for each in json_of(path)["@graph"]}

    def follow(value) -> list[dict]:
        values = value if isinstance(value, list) else [value] if value else []
        return [entities[each["@id"]] for each in values]

    (article,) = follow(entities["./"]["citation"])
    places, queue = {}, follow(article["isPartOf"])
    while queue:
        part = queue.pop()
        places[part["@type"]] = part
        queue += follow(part.get("isPartOf"))
    people = follow(article["author"])
    event = next(iter(follow(article.get("recordedAt"))), {})
    first, _, last = article.get("pagination", "").partition("-")
    return {
        "title": article["name"],
        "authors": [person["name"] for person in people],
        "emails": [person["email"] for person in people if "email" in person],
        "orcids": [end_of(p["@id"]) for p in people if p["@id"].startswith("https://orcid.org/")],
        "keywords": article["keywords"],
        "lang": article["inLanguage"],
        "published": article["datePublished"],
        "journal": places["Periodical"]["name"],
        "issn": places["Periodical"].get("issn"),
        "volume": places.get("PublicationVolume", {}).get("volumeNumber"),
        "issue": places.get("PublicationIssue", {}).get("issueNumber"),
        "proceedings": places.get("Book", {}).get("name"),
        "isbn": places.get("Book", {}).get("isbn"),
        "conference": event.get("name"),
        "start": event.get("startDate"),
        "first": first,
        "last": last,
        "doi": article["@id"].removeprefix("https://doi.org/").removeprefix("#article"),
        "license": article.get("license"),
    }
