# How far the solutions depend on the choices that were made.


rule robustness:
    """Follow the interpreted solutions through other cut-offs, single passes, dropped cases."""
    input:
        scores="data/processed/scores.csv",
        cases="data/processed/cases.csv",
        calibrated="data/processed/calibrated.csv",
        code=CODE["robustness"],
    output:
        robustness="data/processed/robustness.csv",
        ranges="data/processed/robustness_ranges.csv",
        tests="data/processed/robustness_tests.csv",
        cases="data/processed/robustness_cases.csv",
    params:
        models=config["qca"]["models"],
        cutoffs=config["qca"]["cutoffs"],
        kind=config["qca"]["interpreted"],
        varied=config["robustness"],
    script:
        "../scripts/robustness.py"
