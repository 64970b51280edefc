"""The embedded renderer: pandoc with the journal's own filters and templates."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from casebook.errors import RenderError
from casebook.manuscript.project import Project, read_project
from casebook.pandoc import run_pandoc

# Keys of the extension that concern Quarto alone.
FOR_QUARTO = {
    "crossref",
    "citeproc", "number-sections", "fig-align", "html-table-processing", "execute", "theme",
    "minimal", "keep-typ", "template-partials",
    "embed-resources",  # pandoc takes a second for it; see `_embed_pictures`
    "code-annotations", "date-format",
    "from",  # `tree.parse` has read the manuscript by it
}  # fmt: skip
FLAGS = {"toc": "--toc", "section-divs": "--section-divs"}
VALUES = {"toc-depth": "--toc-depth", "wrap": "--wrap"}
PICTURE = re.compile(r'(?<=<img src=")[^":]+\.(?:svg|png|jpe?g)(?=")')
# What a cell has drawn is in the copy of the paper alone.
DRAWN_BY_CELLS = re.compile(r'(?<=xlink:href=")manuscript_files/[^"]+(?=")')
MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
METADATA = {"link-citations", "default-image-extension"}
FILES = {"template": "--template", "reference-doc": "--reference-doc"}
WRITERS = {"typst": "typst-citations", "jats": "jats+element_citations"}


def write(
    manuscript: str,
    work: Path,
    base: str,
    target: Path,
    environ: Mapping[str, str],
    *,
    filtered: bool = False,
) -> None:
    """Write the manuscript in one format with pandoc.

    Args:
        manuscript: the document tree, as JSON.
        work: a copy of the paper.
        base: format in the extension: `html`, `typst`, `docx` or `jats`.
        target: the file to write, in `work`.
        environ: the environment variables.
        filtered: Quarto has run the journal's filters, so that only the last is left, which
            resolves the citations.

    Raises:
        RenderError: pandoc or a filter failed; the extension has an option that is not known.
    """
    project = read_project(work)
    if base not in project.options:
        raise RenderError(f"_extension.yml: the format {base!r} is missing")
    options = dict(project.options[base])
    if filtered:
        options["filters"] = options["filters"][-1:]
    command = [
        *("--from", "json", "--to", WRITERS.get(base, base), "--standalone"),
        *("--output", target.name),
        *([] if filtered else ["--metadata-file", "metadata.yml"]),
        *_options(project, options),
    ]
    run_pandoc(command, manuscript, work, environ)
    if options.get("embed-resources"):
        _embed(target, PICTURE, "data:{kind};base64,")
    if base == "jats":
        _embed(target, DRAWN_BY_CELLS, "data:{kind};name={name};base64,")


def _embed(target: Path, addresses: re.Pattern, form: str) -> None:
    """Put the content of images in the place of their addresses."""

    def data(match: re.Match) -> str:
        path = target.parent / match[0]
        try:
            content = base64.b64encode(path.read_bytes()).decode()
        except OSError:
            message = f"manuscript.qmd: the image {match[0]} cannot be read"
            raise RenderError(message) from None
        return form.format(kind=MEDIA_TYPES[path.suffix], name=path.name) + content

    text = target.read_text(encoding="utf-8")
    target.write_text(addresses.sub(data, text), encoding="utf-8")


def _options(project: Project, options: Mapping[str, object]) -> list[str]:
    """Pandoc's arguments for the options of the extension, in its order."""
    result = [f"--bibliography={project.bibliography}", f"--csl={project.csl}"]
    for key, value in options.items():
        if key in FLAGS:
            result += [FLAGS[key]] if value else []
        elif key in VALUES:
            result.append(f"{VALUES[key]}={value}")
        elif key in FILES:
            result.append(f"{FILES[key]}={project.folder / value}")
        elif key == "html-math-method":
            result.append(f"--{value}")
        elif key == "highlight-style":
            result.append(f"--syntax-highlighting={value}")
        elif key in METADATA:
            result += ["--metadata", f"{key}={str(value).lower()}"]
        elif key == "filters":
            result += [f"--lua-filter={project.folder / _filter_path(item)}" for item in value]
        elif key not in FOR_QUARTO:
            raise RenderError(
                f"_extension.yml: option {key!r} is not known to the embedded renderer"
            )
    return result


def _filter_path(item: object) -> str:
    return item["path"] if isinstance(item, Mapping) else str(item)
