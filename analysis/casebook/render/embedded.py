"""The embedded renderer: pandoc with the journal's own filters and templates."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

from casebook.errors import RenderError
from casebook.render.pandoc import replace_inlines, run_pandoc
from casebook.render.project import Project, read_project

# Keys of the extension that concern Quarto alone.
FOR_QUARTO = {
    "crossref",
    "citeproc", "number-sections", "fig-align", "html-table-processing", "execute", "theme",
    "minimal", "keep-typ", "template-partials", "default-image-extension",
    "embed-resources",  # takes pandoc a second for the pictures alone; see `_data_address`
}  # fmt: skip
FLAGS = {"toc": "--toc", "section-divs": "--section-divs"}
VALUES = {"toc-depth": "--toc-depth", "wrap": "--wrap"}
MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
FILES = {"template": "--template", "reference-doc": "--reference-doc"}
WRITERS = {"typst": "typst-citations", "jats": "jats+element_citations"}


def write(
    tree: Mapping, work: Path, base: str, target: Path, images: str, environ: Mapping[str, str]
) -> None:
    """Write the manuscript in one format with pandoc.

    Args:
        tree: the manuscript, from `read_manuscript`.
        work: a copy of the paper.
        base: format in the extension: `html`, `typst`, `docx` or `jats`.
        target: the file to write, in `work`.
        images: ending of the images (`.svg`).
        environ: the environment variables.

    Raises:
        RenderError: pandoc or a filter failed; the extension has an option that is not known.
    """
    project = read_project(work)
    if base not in project.options:
        raise RenderError(f"_extension.yml: the format {base!r} is missing")
    embed = project.options[base].get("embed-resources", False)
    tree = replace_inlines(tree, lambda element: _with_picture(element, images, work, embed))
    command = [
        *("--from", "json", "--to", WRITERS.get(base, base), "--standalone"),
        *("--output", target.name, "--metadata-file", "metadata.yml"),
        *_options(project, base),
    ]
    run_pandoc(command, json.dumps(tree), work, environ)


def _with_picture(element: dict, ending: str, work: Path, embed: bool) -> list[dict] | None:
    if element["t"] != "Image":
        return None
    attr, inlines, (address, title) = element["c"]
    address += "" if Path(address).suffix else ending
    address = _data_address(work / address) if embed else address
    return [{"t": "Image", "c": [attr, inlines, [address, title]]}]


def _data_address(path: Path) -> str:
    """The content of an image file as an address, for a page that is one file."""
    try:
        content = base64.b64encode(path.read_bytes()).decode()
    except OSError:
        raise RenderError(f"manuscript.qmd: the image {path.name} cannot be read") from None
    return f"data:{MEDIA_TYPES[path.suffix]};base64,{content}"


def _options(project: Project, base: str) -> list[str]:
    """Pandoc's arguments for the options of the extension, in its order."""
    result = [f"--bibliography={project.bibliography}", f"--csl={project.csl}"]
    for key, value in project.options[base].items():
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
        elif key == "link-citations":
            result += ["--metadata", f"link-citations={str(value).lower()}"]
        elif key == "filters":
            result += [f"--lua-filter={project.folder / _filter_path(item)}" for item in value]
        elif key not in FOR_QUARTO:
            raise RenderError(
                f"_extension.yml: option {key!r} is not known to the embedded renderer"
            )
    return result


def _filter_path(item: object) -> str:
    return item["path"] if isinstance(item, Mapping) else str(item)
