"""One paper, one DAG: coded case studies from raw tables to the published article.

The rule files follow the way of the data; `snakemake --list` reads as the methods section.
"""

import os
from dataclasses import asdict
from pathlib import Path

from snakemake.utils import min_version, validate

from casebook.reading import read_json
from casebook.render import find_renderer

min_version("9.6")


configfile: "analysis/config.yaml"


validate(config, "analysis/config.schema.yaml")

PACKAGE = Path("data/raw/datapackage.json")
# What every step imports; each rule declares these and its own modules as `code`, because
# Snakemake does not see what a script imports.
BASE = [
    "analysis/casebook/errors.py",
    "analysis/casebook/reading.py",
    "analysis/casebook/codebook.py",
    "analysis/casebook/codebook.schema.yaml",
    "analysis/casebook/tables.py",
]
RAW = [
    f"data/raw/{each['path']}" for each in read_json(PACKAGE, str(PACKAGE))["resources"]
]
# As plain text, because Snakemake notices changes only of plain parameters.
FOUND = asdict(find_renderer(config["renderer"], os.environ))
RENDERER = {key: str(value or "") for key, value in FOUND.items()}


rule all:
    """The article in four formats, its citation metadata, and the record of the build."""
    default_target: True
    input:
        "paper/_output/manuscript.html",
        "paper/_output/manuscript.pdf",
        "paper/_output/manuscript.docx",
        "paper/_output/manuscript.xml",
        "paper/_output/build.json",


include: "analysis/rules/data.smk"
include: "analysis/rules/describe.smk"
include: "analysis/rules/agreement.smk"
include: "analysis/rules/qca.smk"
include: "analysis/rules/robustness.smk"
include: "analysis/rules/report.smk"
include: "analysis/rules/text.smk"
include: "analysis/rules/manuscript.smk"
include: "analysis/rules/release.smk"
