# The numbers, the references and the checklist of the manuscript.

# The result tables that a number of the prose may come from.
TABLES = """
overview audit source_types strata prevalence prevalence_by cooccurrence association agreement
models calibration necessity truth_table solutions formulas remainders counterfactuals case_types
robustness robustness_ranges robustness_tests robustness_cases
""".split()
if "multiverse" in config:
    TABLES.append("multiverse_subset_terms")


rule variables:
    """Look up every number of the prose in the table that it comes from."""
    input:
        declared="paper/variables.yml",
        tables=collect("data/processed/{table}.csv", table=TABLES),
        code=CODE["variables"],
    output:
        ledger="data/processed/variables.csv",
        quarto="paper/_variables.yml",
    script:
        "../scripts/variables.py"


rule references:
    """Join sources of the evidence, literature on method and the article into a bibliography."""
    input:
        sources="data/raw/sources.json",
        methods="paper/methods.json",
        metadata="paper/metadata.yml",
        code=CODE["references"],
    output:
        bibliography="paper/_generated/references.json",
        style="paper/_generated/apa.csl",
    script:
        "../scripts/references.py"


rule checklist:
    """Answer each item of the checklist for QCA and double coding; a blank one is an error."""
    input:
        checklist="paper/checklist.yml",
        captions="paper/captions.yml",
        code=CODE["checklist"],
    output:
        "paper/_generated/tables/checklist.md",
    script:
        "../scripts/checklist.py"
