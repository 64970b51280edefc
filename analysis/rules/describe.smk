# What the scores show, one construct or one pair of constructs at a time.


rule prevalence:
    """Count in how many cases each construct is present, with Wilson intervals."""
    input:
        scores="data/processed/scores.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["prevalence"],
    output:
        "data/processed/prevalence.csv",
    params:
        confidence=config["confidence"],
    script:
        "../scripts/prevalence.py"


rule prevalence_by:
    """Break presence down by region, income, decade and study design."""
    input:
        scores="data/processed/scores.csv",
        cases="data/processed/cases.csv",
        strata="data/processed/strata.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["prevalence_by"],
    output:
        "data/processed/prevalence_by.csv",
    params:
        confidence=config["confidence"],
    script:
        "../scripts/prevalence_by.py"


rule cooccurrence:
    """Compare how often two constructs are present together with what chance would give."""
    input:
        scores="data/processed/scores.csv",
        code=CODE["cooccurrence"],
    output:
        "data/processed/cooccurrence.csv",
    script:
        "../scripts/cooccurrence.py"


rule association:
    """Relate challenges and strategies with outcomes: exact tests, Holm, Kendall's tau."""
    input:
        scores="data/processed/scores.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["association"],
    output:
        "data/processed/association.csv",
    params:
        outcome_group=config["describe"]["outcome_group"],
        resamples=config["describe"]["resamples"],
        confidence=config["confidence"],
        seed=config["seed"],
    script:
        "../scripts/association.py"


rule matrix:
    """Order the cross-case matrix so that patterns show."""
    input:
        scores="data/processed/scores.csv",
        cases="data/processed/cases.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["matrix"],
    output:
        "data/processed/matrix.csv",
    script:
        "../scripts/matrix.py"
