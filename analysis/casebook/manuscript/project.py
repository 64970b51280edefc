"""The Quarto project as both renderers see it: `_quarto.yml` and the journal's extension."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from casebook.errors import RenderError


@dataclass(frozen=True)
class Project:
    """What the paper's Quarto project says.

    Attributes:
        extension: name of the journal's extension, the first part of the format names.
        folder: the extension's folder.
        options: options by base format (`html`, `typst`, `docx`, `jats`), the common ones mixed in.
        bibliography: CSL-JSON file, relative to the paper.
        csl: citation style, relative to the paper.
        reader: pandoc's name of the format that the manuscript is written in.
        output_dir: where Quarto puts its output, relative to the paper.
    """

    extension: str
    folder: Path
    options: Mapping[str, Mapping]
    bibliography: str
    csl: str
    reader: str
    output_dir: str


def read_project(paper_dir: Path) -> Project:
    """Read `_quarto.yml` and the extension that its formats name.

    Raises:
        RenderError: a file is missing or is not YAML, a key is missing, or the formats do not
            come from one extension.
    """
    config = read_yaml(paper_dir / "_quarto.yml")
    names = {str(name).rpartition("-")[0] for name in config.get("format", {})}
    if len(names) != 1 or "" in names:
        raise RenderError("_quarto.yml: format: accepted are the formats of one journal extension")
    extension = names.pop()
    folder = paper_dir / "_extensions" / extension
    formats = read_yaml(folder / "_extension.yml").get("contributes", {}).get("formats", {})
    common = formats.get("common", {})
    options = {base: {**common, **own} for base, own in formats.items() if base != "common"}
    for key in ("bibliography", "csl"):
        if not isinstance(config.get(key), str):
            raise RenderError(f"_quarto.yml: {key}: accepted is the path of one file")
    return Project(
        extension=extension,
        folder=folder,
        options=options,
        bibliography=config["bibliography"],
        csl=config["csl"],
        reader=common.get("from", "markdown"),
        output_dir=config.get("project", {}).get("output-dir", "."),
    )


def read_yaml(path: Path) -> dict:
    """Read a YAML file that holds a mapping.

    Raises:
        RenderError: the file is missing, is not UTF-8 YAML, or holds something else.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RenderError(f"{path.name}: the file is missing") from None
    except UnicodeDecodeError:
        raise RenderError(f"{path.name}: accepted is UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}:" if mark else ""
        raise RenderError(f"{path.name}:{line} not valid YAML") from None
    if not isinstance(content, dict):
        raise RenderError(f"{path.name}: accepted is a mapping of keys to values")
    return content
