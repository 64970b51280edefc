"""One paper, one DAG: coded case studies from raw tables to the published article.

The rule files follow the way of the data; `snakemake --list` reads as the methods section.
"""

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

from casebook.codebook import load_codebook
from casebook.errors import CasebookError
from casebook.prose import included
from casebook.reading import read_json, read_text, read_yaml
from casebook.render import find_renderer
from casebook.settings import check_settings

min_version("9.6")
CONFIG = "analysis/config.yaml"
SCHEMA = Path("analysis/config.schema.yaml")
CODEBOOK = Path("data/raw/codebook.yaml")
DICTIONARY = "data/raw/datapackage.json"
MANUSCRIPT = Path("paper/manuscript.qmd")

try:
    config = {**read_yaml(Path(CONFIG), CONFIG, dict), **config}
    check_settings(config, SCHEMA, load_codebook(CODEBOOK), CONFIG)
    TABLES_OF = read_json(Path(DICTIONARY), DICTIONARY, dict)
    INCLUDED = included(read_text(MANUSCRIPT, str(MANUSCRIPT)))
    FOUND = find_renderer(config["renderer"], os.environ)
except CasebookError as error:
    raise WorkflowError(str(error)) from None

RAW = [f"data/raw/{each['path']}" for each in TABLES_OF["resources"]]
# What every step imports; each rule declares these and its own modules as `code`, because
# Snakemake does not see what a script imports.
BASE = [
    "analysis/casebook/errors.py",
    "analysis/casebook/reading.py",
    "analysis/casebook/codebook.py",
    "analysis/casebook/codebook.schema.yaml",
    "analysis/casebook/tables.py",
]


rule all:
    """The article in four formats, its evidence, its citation metadata, the record of the build."""
    default_target: True
    input:
        "paper/_output/manuscript.html",
        "paper/_output/manuscript.pdf",
        "paper/_output/manuscript.docx",
        "paper/_output/manuscript.xml",
        "paper/_output/evidence.html",
        "paper/_output/ro-crate-metadata.json",


include: "analysis/rules/data.smk"
include: "analysis/rules/describe.smk"
include: "analysis/rules/agreement.smk"
include: "analysis/rules/qca.smk"
include: "analysis/rules/robustness.smk"
include: "analysis/rules/report.smk"
include: "analysis/rules/text.smk"
include: "analysis/rules/claims.smk"
include: "analysis/rules/manuscript.smk"
include: "analysis/rules/evidence.smk"
include: "analysis/rules/release.smk"
