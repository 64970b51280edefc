"""The abstract, from the finished JATS: the numbers that its prose prints are in it."""

from pathlib import Path

from lxml import etree

from casebook.errors import RenderError


def read_abstract(path: Path) -> str:
    """The abstract of a JATS article as one line of plain text, or "".

    Raises:
        RenderError: the file is not XML.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    try:
        abstract = etree.parse(path, parser).find(".//article-meta/abstract")
    except etree.XMLSyntaxError as error:
        raise RenderError(f"{Path(path).name}: not well-formed: {error}") from None
    return "" if abstract is None else " ".join(" ".join(abstract.itertext()).split())
