"""One paper, one DAG: coded case studies from raw tables to the published article.

The rule files follow the way of the data; `snakemake --list` reads as the methods section.
"""

from snakemake.utils import min_version

min_version("9.27")


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


include: "analysis/rules/study.smk"
include: "analysis/rules/data.smk"
include: "analysis/rules/describe.smk"
include: "analysis/rules/agreement.smk"
include: "analysis/rules/qca.smk"
include: "analysis/rules/robustness.smk"
include: "analysis/rules/report.smk"
include: "analysis/rules/text.smk"
include: "analysis/rules/claims.smk"
include: "analysis/rules/manuscript.smk"
include: "analysis/rules/finish.smk"
include: "analysis/rules/evidence.smk"
include: "analysis/rules/release.smk"
