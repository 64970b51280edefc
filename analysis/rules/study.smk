# What the study says: its configuration, its raw tables, what its manuscript includes.

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError

from casebook.study.codebook import load_codebook
from casebook.study.data_package import raw_files
from casebook.errors import CasebookError, keep
from casebook.claims.prose import included, read_lines
from casebook.publication.build_record import steps
from casebook.readers import read_yaml
from casebook.manuscript.renderer import find_renderer
from casebook.study.configuration import check_settings
from cli.imports import code_of_scripts
from cli.manifest import sources

CONFIG = "analysis/config.yaml"
SCHEMA = Path("analysis/config.schema.yaml")
RAW_DATA = Path("data/raw")
MANUSCRIPT = Path("paper/manuscript.qmd")

try:
    config = {**read_yaml(Path(CONFIG), CONFIG, dict), **config}
    check_settings(config, SCHEMA, load_codebook(RAW_DATA / "codebook.yaml"), CONFIG)
    RAW = raw_files(RAW_DATA)
    LINES = list(read_lines(MANUSCRIPT))
    FOUND = find_renderer(config["renderer"], os.environ)
except CasebookError as error:
    keep(error)
    raise WorkflowError(str(error)) from None

# What the manuscript includes: figures and tables, and chapters of its own text.
INCLUDED = included(LINES)
CHAPTERS = sorted({file for file, *_ in LINES} - {str(MANUSCRIPT)})
# Where it lies on this machine is no matter of the outputs.
RENDERER = {"name": FOUND.name, "version": FOUND.version}
SOURCES = sources(Path.cwd())
# What a script imports Snakemake does not see: each rule has it as an input, which is `code`.
CODE = code_of_scripts(Path.cwd())
