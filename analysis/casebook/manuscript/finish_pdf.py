"""The finished PDF: its information agrees with the record, its dates and ids are fixed."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pikepdf

from casebook.errors import RenderError
from casebook.publication.article import Article, known, read_article

# Vocabularies that pikepdf does not know.
SPACES = {
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "dcterms": "http://purl.org/dc/terms/",
}


def finish_pdf(source: Path, record: Mapping) -> bytes:
    """Give the PDF with the record's information, the same bytes whoever rendered it."""
    article = read_article(record)
    names = [person.full for person in article.authors]
    published = article.published
    stamp = f"D:{published.replace('-', '')}000000Z"
    try:
        with pikepdf.open(source) as document:
            info = document.docinfo
            info["/Title"] = record["title"]
            info["/Author"] = ", ".join(names)
            info["/Subject"] = article.published_in
            info["/Keywords"] = article.keyword_line
            info["/CreationDate"] = info["/ModDate"] = stamp
            document.Root["/Lang"] = pikepdf.String(record["lang"])
            _name_heads(document)
            with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
                xmp["dc:title"] = record["title"]
                xmp["dc:creator"] = names
                xmp["dc:language"] = {record["lang"]}
                xmp["dc:subject"] = set(record["keywords"])
                xmp["pdf:Keywords"] = article.keyword_line
                xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = f"{published}T00:00:00Z"
                for prefix, address in SPACES.items():
                    xmp.register_xml_namespace(address, prefix)
                for name, value in _publication(article).items():
                    xmp[name] = value
            result = BytesIO()
            document.save(
                result,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    except pikepdf.PdfError as error:
        raise RenderError(f"manuscript.pdf: this is not a readable PDF ({error})") from None
    return result.getvalue()


def _name_heads(document: pikepdf.Pdf) -> None:
    """Say of each table's heads what they head: their column, or (first in its row) their row.

    Typst takes the head of a group of rows, which spans all columns, for the head of each, and
    knows no heads of rows. The foot, which holds the last rows together, is body to a reader.
    """
    for element in document.objects:
        kind = element.get("/S") if isinstance(element, pikepdf.Dictionary) else None
        if kind == "/TFoot":
            element.S = pikepdf.Name.TBody
        elif kind in ("/TH", "/TD"):
            for facts in element.get("/A", []):
                if "/Headers" in facts:
                    del facts["/Headers"]
        elif kind == "/TR" and element.P.S in ("/TBody", "/TFoot"):
            first = element.K[0]
            if first.S == "/TD":
                scope = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
                first.S = pikepdf.Name.TH
                first.A = pikepdf.Array([*first.get("/A", []), scope])


def _publication(article: Article) -> dict[str, object]:
    """Where the article appeared, in the words of PRISM, Dublin Core and XMP rights."""
    facts = {
        "dc:description": article.published_in,
        "dc:date": [article.published],
        "dc:format": "application/pdf",
        "dc:identifier": article.doi_address,
        "dc:publisher": {article.publisher} if article.publisher else None,
        "dc:rights": article.rights,
        "xmpRights:WebStatement": article.license_address,
        "prism:publicationName": article.journal["title"],
        "prism:volume": article.volume,
        "prism:number": article.issue,
        "prism:startingPage": article.first_page,
        "prism:endingPage": article.last_page,
        "prism:publicationDate": article.published,
        "prism:doi": article.doi,
        "prism:issn": article.issn,
        "prism:isbn": article.isbn,
        "dcterms:isPartOf": article.proceedings,
        "prism:event": article.conference.name if article.conference else "",
    }
    return known(facts)
