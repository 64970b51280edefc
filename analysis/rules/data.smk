# Raw tables, checked and corrected, become tidy tables.


rule check:
    """Check every raw table against the dictionary and the codebook; nothing is made before."""
    input:
        raw=RAW,
        dictionary="data/raw/datapackage.json",
        code=CODE["check"],
    output:
        "data/processed/checked.csv",
    script:
        "../scripts/check.py"


rule tidy:
    """Apply the corrections and give each cell one final score."""
    input:
        raw=RAW,
        dictionary="data/raw/datapackage.json",
        checked="data/processed/checked.csv",
        code=CODE["tidy"],
    output:
        cases="data/processed/cases.csv",
        statements="data/processed/statements.csv",
        sources="data/processed/sources.csv",
        scores="data/processed/scores.csv",
    script:
        "../scripts/tidy.py"


rule overview:
    """Count cases, statements, sources and cells, and summarise the audit of statements."""
    input:
        raw=RAW,
        codebook="data/raw/codebook.yaml",
        dictionary="data/raw/datapackage.json",
        cases="data/processed/cases.csv",
        scores="data/processed/scores.csv",
        sources="data/processed/sources.csv",
        code=CODE["overview"],
    output:
        overview="data/processed/overview.csv",
        audit="data/processed/audit.csv",
        source_types="data/processed/source_types.csv",
        strata="data/processed/strata.csv",
    params:
        variables=config["describe"]["strata"],
    script:
        "../scripts/overview.py"
