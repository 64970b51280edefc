# The tables as the manuscript includes them: results are read and set, nothing is computed.


rule write_strata_table:
    """Print how many cases there are of each kind."""
    input:
        strata="data/processed/strata.csv",
        captions="paper/captions.yml",
        code=CODE["write_strata_table"],
    output:
        strata="paper/_generated/tables/strata.md",
    script:
        "../scripts/write_strata_table.py"


rule write_descriptives_tables:
    """Print prevalence, co-occurrence and association of the constructs."""
    input:
        prevalence="data/processed/prevalence.csv",
        prevalence_by="data/processed/prevalence_by.csv",
        cooccurrence="data/processed/cooccurrence.csv",
        association="data/processed/association.csv",
        codebook="data/raw/codebook.yaml",
        captions="paper/captions.yml",
        code=CODE["write_descriptives_tables"],
    output:
        prevalence="paper/_generated/tables/prevalence.md",
        prevalence_by="paper/_generated/tables/prevalence_by.md",
        cooccurrence="paper/_generated/tables/cooccurrence.md",
        association="paper/_generated/tables/association.md",
    script:
        "../scripts/write_descriptives_tables.py"


rule write_agreement_tables:
    """Print how far the passes agree, and where they differ."""
    input:
        agreement="data/processed/agreement.csv",
        disagreements="data/processed/disagreements.csv",
        cases="data/processed/cases.csv",
        codebook="data/raw/codebook.yaml",
        captions="paper/captions.yml",
        code=CODE["write_agreement_tables"],
    output:
        agreement="paper/_generated/tables/agreement.md",
        disagreements="paper/_generated/tables/disagreements.md",
    script:
        "../scripts/write_agreement_tables.py"


rule write_codebook_table:
    """Print the whole codebook: constructs, levels and decision rules."""
    input:
        codebook="data/raw/codebook.yaml",
        captions="paper/captions.yml",
        code=CODE["write_codebook_table"],
    output:
        codebook="paper/_generated/tables/codebook.md",
    script:
        "../scripts/write_codebook_table.py"


rule format_sources:
    """Format each source of the evidence as the list of references would have it."""
    input:
        sources="data/raw/sources.json",
        record="paper/metadata.yml",
        code=CODE["format_sources"],
    output:
        "paper/_build/sources.json",
    script:
        "../scripts/format_sources.py"


rule write_case_sources_table:
    """Print every case with all of its sources."""
    input:
        cases="data/processed/cases.csv",
        statements="data/processed/statements.csv",
        sources="paper/_build/sources.json",
        code=CODE["write_case_sources_table"],
    output:
        case_sources="paper/_generated/tables/case_sources.md",
    script:
        "../scripts/write_case_sources_table.py"
