"""Typst from the locked wheel: the same fonts, tags and dates whoever wrote the source."""

from pathlib import Path

import typst

from casebook.errors import RenderError

STANDARDS = ["ua-1"]


def typeset(source: Path, root: Path, epoch: int) -> Path:
    """Set a Typst file as PDF/UA-1, with the fonts that Typst brings and no others.

    Args:
        source: the `.typ` file.
        root: the folder that it may read.
        epoch: the time in the document information, seconds since 1970 UTC.

    Returns:
        The PDF beside the source.

    Raises:
        RenderError: Typst refuses the source, or PDF/UA-1 does (for example a missing
            alternative text).
    """
    target = source.with_suffix(".pdf")
    try:
        typst.compile(
            str(source),
            output=str(target),
            root=str(root),
            ignore_system_fonts=True,
            pdf_standards=STANDARDS,
            timestamp=epoch,
        )
    except typst.TypstError as error:
        hints = "".join(f"\n  {hint}" for hint in getattr(error, "hints", None) or [])
        raise RenderError(f"manuscript.qmd: Typst: {error.message}{hints}") from None
    return target
