"""The "Cite this" box of the page: what to copy and to download, also without a script."""

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from lxml import html
from lxml.builder import E

FORMATS = {
    "txt": ("APA", "text/plain"),
    "bib": ("BibTeX", "application/x-bibtex"),
    "ris": ("RIS", "application/x-research-info-systems"),
}
# Adds a button to each text; a page without scripts shows the texts and the links alone.
SCRIPT = """
document.querySelectorAll("#cite pre").forEach(function (text) {
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  function select() { getSelection().selectAllChildren(text); button.textContent = "Selected"; }
  button.addEventListener("click", function () {
    if (!navigator.clipboard) { return select(); }
    navigator.clipboard.writeText(text.textContent).then(
      function () { button.textContent = "Copied"; }, select
    );
  });
  text.parentNode.appendChild(button);
});
"""


def script_source() -> str:
    """What the page's policy must allow: the SHA-256 of the script."""
    digest = hashlib.sha256(SCRIPT.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def cite_box(texts: Mapping[str, str]) -> html.HtmlElement:
    """The box.

    Args:
        texts: the citation by the endings of `FORMATS`.

    Returns:
        A `section` with a heading, a text and a download link per format, and the script.
    """
    section = E.section({"id": "cite", "class": "cite"}, E.h2("Cite this", id="cite-title"))
    section.set("aria-labelledby", "cite-title")
    for ending, (label, kind) in FORMATS.items():
        text = texts[ending].strip() + "\n"
        pre = E.pre(text, tabindex="0")
        pre.set("aria-label", label)
        link = E.a(f"Download {label}", download=f"citation.{ending}")
        link.set("href", f"data:{kind};charset=utf-8,{quote(text)}")
        section.append(E.div({"class": "citation"}, E.h3(label), pre, link))
    section.append(E.script(SCRIPT))
    return section
