"""Makes an output canonical and puts the publication metadata right, whoever rendered it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from casebook.errors import RenderError
from casebook.render import finish_docx, finish_html, finish_jats, finish_pdf

_FINISHERS = {
    "html": finish_html.finish,
    "pdf": finish_pdf.finish,
    "docx": finish_docx.finish,
    "xml": finish_jats.finish,
}


def finish(
    source: Path,
    target: Path,
    format: str,
    record: Mapping,
    *,
    references: Sequence[Mapping] = (),
    encodings: Sequence[Path] = (),
    assets: Path | None = None,
    citations: Mapping[str, str] | None = None,
) -> Path:
    """Finish one output of `render`.

    Args:
        source: what `render` wrote.
        target: the finished file; may be the same as `source`.
        format: `html`, `pdf`, `docx` or `xml` (`jats` is the same).
        record: from `read_record`.
        references: the cited sources as CSL-JSON entries (HTML: `citation_reference`).
        encodings: the article's other finished files (HTML: JSON-LD `encoding` with SHA-256).
        assets: the paper's folder; with it, the images that the XML names are copied to
            `figures/` beside the target.
        citations: how to cite the article, by `txt`, `bib` and `ris` (HTML: the box "Cite this").

    Returns:
        `target`.

    Raises:
        RenderError: the source is not what `render` writes, or would break a rule of the output
            (HTML that asks for another file, XML that is not well-formed, PDF without a title).
    """
    finisher = _FINISHERS.get({"jats": "xml"}.get(format, format))
    if finisher is None:
        raise RenderError(f"format: {format!r} is not one of {', '.join(_FINISHERS)}")
    source, target = Path(source), Path(target)
    if not source.is_file():
        raise RenderError(f"{source.name}: there is no such file to finish")
    content = finisher(
        source,
        record,
        references=references,
        encodings=encodings,
        citations=citations or {},
        assets=assets,
        target=target,
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(content)
    part.replace(target)
    return target
