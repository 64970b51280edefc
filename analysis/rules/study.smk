# What the study says: its configuration, its raw tables, what its manuscript includes.

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError

from casebook.codebook import load_codebook
from casebook.errors import CasebookError
from casebook.provenance import steps
from casebook.prose import included
from casebook.reading import read_json, read_text, read_yaml
from casebook.render import find_renderer
from casebook.settings import check_settings
from door.manifest import sources

CONFIG = "analysis/config.yaml"
SCHEMA = Path("analysis/config.schema.yaml")
RAW_DATA = Path("data/raw")
MANUSCRIPT = Path("paper/manuscript.qmd")

try:
    config = {**read_yaml(Path(CONFIG), CONFIG, dict), **config}
    check_settings(config, SCHEMA, load_codebook(RAW_DATA / "codebook.yaml"), CONFIG)
    TABLES_OF = read_json(
        RAW_DATA / "datapackage.json", "data/raw/datapackage.json", dict
    )
    INCLUDED = included(read_text(MANUSCRIPT, str(MANUSCRIPT)))
    FOUND = find_renderer(config["renderer"], os.environ)
except CasebookError as error:
    raise WorkflowError(str(error)) from None

# Where it lies on this machine is no matter of the outputs.
RENDERER = {"name": FOUND.name, "version": FOUND.version}
SOURCES = sources(Path.cwd())
RAW = [f"data/raw/{each['path']}" for each in TABLES_OF["resources"]]
