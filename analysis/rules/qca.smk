# Configurations of conditions that go with each outcome and with its absence.


rule calibration:
    """Turn the scores into set memberships and describe each set."""
    input:
        scores="data/processed/scores.csv",
        cases="data/processed/cases.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["calibration"],
    output:
        calibrated="data/processed/calibrated.csv",
        calibration="data/processed/calibration.csv",
        models="data/processed/models.csv",
    params:
        models=config["qca"]["models"],
    script:
        "../scripts/calibration.py"


rule necessity:
    """Look for necessary conditions and unions, before and apart from sufficiency."""
    input:
        calibrated="data/processed/calibrated.csv",
        code=CODE["necessity"],
    output:
        "data/processed/necessity.csv",
    params:
        models=config["qca"]["models"],
        thresholds=config["qca"]["necessity"],
    script:
        "../scripts/necessity.py"


rule truth_table:
    """Sort the complete cases into the rows of the truth tables."""
    input:
        calibrated="data/processed/calibrated.csv",
        code=CODE["truth_table"],
    output:
        "data/processed/truth_table.csv",
    params:
        models=config["qca"]["models"],
        cutoffs=config["qca"]["cutoffs"],
    script:
        "../scripts/truth_table.py"


rule solutions:
    """Minimise the truth tables: conservative, intermediate and parsimonious solutions."""
    input:
        calibrated="data/processed/calibrated.csv",
        code=CODE["solutions"],
    output:
        solutions="data/processed/solutions.csv",
        formulas="data/processed/formulas.csv",
        prime_implicants="data/processed/prime_implicants.csv",
        counterfactuals="data/processed/counterfactuals.csv",
        remainders="data/processed/remainders.csv",
    params:
        models=config["qca"]["models"],
        cutoffs=config["qca"]["cutoffs"],
    script:
        "../scripts/solutions.py"


rule case_types:
    """Name the typical and the deviant cases of each interpreted solution."""
    input:
        calibrated="data/processed/calibrated.csv",
        code=CODE["case_types"],
    output:
        "data/processed/case_types.csv",
    params:
        models=config["qca"]["models"],
        cutoffs=config["qca"]["cutoffs"],
        kind=config["qca"]["interpreted"],
    script:
        "../scripts/case_types.py"
