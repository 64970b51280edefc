"""The "Cite this" box of the page: what to copy and to download."""

from collections.abc import Mapping
from urllib.parse import quote

from lxml import html
from lxml.builder import E

FORMATS = {
    "txt": ("APA", "text/plain"),
    "bib": ("BibTeX", "application/x-bibtex"),
    "ris": ("RIS", "application/x-research-info-systems"),
}


def cite_box(texts: Mapping[str, str]) -> html.HtmlElement:
    """The box.

    Args:
        texts: the citation by the endings of `FORMATS`.

    Returns:
        A `section` with a heading, and a text and a download link per format.
    """
    section = E.section({"id": "cite", "class": "cite"}, E.h2("Cite this", id="cite-title"))
    section.set("aria-labelledby", "cite-title")
    for ending, (label, kind) in FORMATS.items():
        text = texts[ending].strip() + "\n"
        pre = E.pre(text, tabindex="0", role="group")
        pre.set("aria-label", label)
        link = E.a(f"Download {label}", download=f"citation.{ending}")
        link.set("href", f"data:{kind};charset=utf-8,{quote(text)}")
        section.append(E.div({"class": "citation"}, E.h3(label), pre, link))
    return section
