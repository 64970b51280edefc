# Where each number of the text comes from.

# What the evidence behind a number is looked up in, besides the result tables.
TIDY = "cases statements sources scores calibrated".split()
# How every table so far is made, from what the rules themselves say.
ORIGINS = {
    name: {
        "rule": step["rule"],
        "method": step["description"],
        "inputs": step["inputs"],
    }
    for step in steps(workflow.rules, ["all"], "data/processed")
    for name in step["outputs"]
}


rule prose:
    """Find where the text uses each variable; a number that is typed in it is an error."""
    input:
        manuscript="paper/manuscript.qmd",
        chapters=CHAPTERS,
        captions="paper/captions.yml",
        checklist="paper/checklist.yml",
        variables="paper/variables.yml",
        literals="paper/literals.yml",
        statements="data/processed/statements.csv",
        code=CODE["prose"],
    output:
        "data/processed/prose.csv",
    script:
        "../scripts/prose.py"


rule trace:
    """Trace each number of the text to its cell, the rule, the raw data and the cases behind it."""
    input:
        raw=RAW,
        dictionary="data/raw/datapackage.json",
        declared="paper/variables.yml",
        variables="data/processed/variables.csv",
        tables=collect("data/processed/{table}.csv", table=[*TABLES, *TIDY]),
        code=CODE["trace"],
    output:
        "paper/_build/traced.json",
    params:
        steps=ORIGINS,
    script:
        "../scripts/trace.py"


rule claims:
    """Enter each number into the ledger, with the places of the text that use it."""
    input:
        traced="paper/_build/traced.json",
        prose="data/processed/prose.csv",
        code=CODE["claims"],
    output:
        "paper/_output/claims.json",
    script:
        "../scripts/claims.py"


rule write_claims_table:
    """Print the ledger of claims."""
    input:
        claims="paper/_output/claims.json",
        captions="paper/captions.yml",
        code=CODE["write_claims_table"],
    output:
        claims="paper/_generated/tables/claims.md",
    script:
        "../scripts/write_claims_table.py"
