# How far the coding passes agree.


rule agreement:
    """Measure percent agreement and Krippendorff's alpha per construct and pooled."""
    input:
        scores="data/processed/scores.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["agreement"],
    output:
        "data/processed/agreement.csv",
    params:
        resamples=config["agreement"]["resamples"],
        confidence=config["confidence"],
        seed=config["seed"],
    script:
        "../scripts/agreement.py"


rule disagreements:
    """List the cells on which the passes differ, with the reason of each resolution."""
    input:
        scores="data/processed/scores.csv",
        code=CODE["disagreements"],
    output:
        "data/processed/disagreements.csv",
    script:
        "../scripts/disagreements.py"
