"""Manuscript to HTML, PDF, DOCX and JATS, by Quarto or by the embedded renderer, equally.

The names are loaded when they are first used: `find_renderer` runs each time that the workflow
is read, and must not wait for lxml.
"""

from importlib import import_module

from casebook.render.renderer import Renderer, find_renderer

_PLACES = {
    "check_manuscript": "casebook.render.manuscript",
    "read_manuscript": "casebook.render.manuscript",
    "read_record": "casebook.citation.record",
    "render": "casebook.render.formats",
    "FORMATS": "casebook.render.formats",
    "finish": "casebook.render.finishing",
}

__all__ = [
    "FORMATS",
    "Renderer",
    "check_manuscript",
    "find_renderer",
    "finish",
    "read_manuscript",
    "read_record",
    "render",
]


def __getattr__(name: str):
    """Load a public name from its module on first use."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
