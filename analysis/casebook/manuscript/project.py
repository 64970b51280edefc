"""The Quarto project as both renderers see it: `_quarto.yml` and the journal's extension."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casebook.errors import RenderError
from casebook.readers import read_yaml


@dataclass(frozen=True)
class Project:
    """What the paper's Quarto project says.

    Attributes:
        extension: name of the journal's extension, the first part of the format names.
        folder: the extension's folder.
        options: options by base format (`html`, `typst`, `docx`, `jats`), the common ones mixed in.
        bibliography: the last of the CSL-JSON files, relative to the paper; the build has put the
            works of the others into it.
        csl: citation style, relative to the paper.
        reader: pandoc's name of the format that the manuscript is written in.
    """

    extension: str
    folder: Path
    options: Mapping[str, Mapping]
    bibliography: str
    csl: str
    reader: str


def read_project(paper_dir: Path) -> Project:
    """Read `_quarto.yml` and the extension that its formats name.

    Raises:
        InputError: a file is missing or is not YAML.
        RenderError: a key is missing, or the formats do not come from one extension.
    """
    config = read_yaml(paper_dir / "_quarto.yml", "_quarto.yml", dict)
    names = {str(name).rpartition("-")[0] for name in config.get("format", {})}
    if len(names) != 1 or "" in names:
        raise RenderError("_quarto.yml: format: accepted are the formats of one journal extension")
    extension = names.pop()
    folder = paper_dir / "_extensions" / extension
    offered = read_yaml(folder / "_extension.yml", "_extension.yml", dict)
    formats = offered.get("contributes", {}).get("formats", {})
    common = formats.get("common", {})
    options = {base: {**common, **own} for base, own in formats.items() if base != "common"}
    files = config.get("bibliography")
    bibliography = files[-1] if isinstance(files, list) and files else files
    for key, value in {"bibliography": bibliography, "csl": config.get("csl")}.items():
        if not isinstance(value, str):
            raise RenderError(f"_quarto.yml: {key}: accepted is the path of a file")
    return Project(
        extension=extension,
        folder=folder,
        options=options,
        bibliography=bibliography,
        csl=config["csl"],
        reader=common.get("from", "markdown"),
    )
