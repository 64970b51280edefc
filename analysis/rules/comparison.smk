# The figures and tables of the comparative analyses.


rule draw_solutions:
    """Draw XY plots of the interpreted solutions, with the deviant cases by name."""
    input:
        case_types="data/processed/case_types.csv",
        formulas="data/processed/formulas.csv",
        calibration="data/processed/calibration.csv",
        cases="data/processed/cases.csv",
        code=CODE["draw_solutions"],
    output:
        svg="paper/_generated/figures/solutions.svg",
        png="paper/_generated/figures/solutions.png",
        alt="paper/_build/figures/solutions.txt",
    params:
        kind=config["qca"]["interpreted"],
    script:
        "../scripts/draw_solutions.py"


rule write_sets_tables:
    """Print raw and calibrated matrix, calibration, necessity and truth tables."""
    input:
        matrix="data/processed/matrix.csv",
        calibrated="data/processed/calibrated.csv",
        calibration="data/processed/calibration.csv",
        necessity="data/processed/necessity.csv",
        truth_table="data/processed/truth_table.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=CODE["write_sets_tables"],
    output:
        matrix="paper/_generated/tables/matrix.md",
        calibrated="paper/_generated/tables/calibrated.md",
        calibration="paper/_generated/tables/calibration.md",
        necessity="paper/_generated/tables/necessity.md",
        truth_table="paper/_generated/tables/truth_table.md",
    script:
        "../scripts/write_sets_tables.py"


rule write_solutions_tables:
    """Print the solutions: the interpreted ones with their cases, and all of them."""
    input:
        solutions="data/processed/solutions.csv",
        formulas="data/processed/formulas.csv",
        calibration="data/processed/calibration.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=CODE["write_solutions_tables"],
    output:
        solutions="paper/_generated/tables/solutions.md",
        solutions_all="paper/_generated/tables/solutions_all.md",
    params:
        kind=config["qca"]["interpreted"],
    script:
        "../scripts/write_solutions_tables.py"


rule write_minimisation_tables:
    """Print prime implicants, counterfactuals, and typical and deviant cases."""
    input:
        prime_implicants="data/processed/prime_implicants.csv",
        counterfactuals="data/processed/counterfactuals.csv",
        case_types="data/processed/case_types.csv",
        calibration="data/processed/calibration.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=CODE["write_minimisation_tables"],
    output:
        prime_implicants="paper/_generated/tables/prime_implicants.md",
        counterfactuals="paper/_generated/tables/counterfactuals.md",
        case_types="paper/_generated/tables/case_types.md",
    script:
        "../scripts/write_minimisation_tables.py"


rule draw_robustness:
    """Draw which solutions stay the same when one choice is changed."""
    input:
        robustness="data/processed/robustness.csv",
        calibration="data/processed/calibration.csv",
        code=CODE["draw_robustness"],
    output:
        svg="paper/_generated/figures/robustness.svg",
        png="paper/_generated/figures/robustness.png",
        alt="paper/_build/figures/robustness.txt",
    script:
        "../scripts/draw_robustness.py"


rule write_robustness_table:
    """Print what the solutions become when one choice is changed."""
    input:
        robustness="data/processed/robustness.csv",
        ranges="data/processed/robustness_ranges.csv",
        tests="data/processed/robustness_tests.csv",
        types="data/processed/robustness_cases.csv",
        calibration="data/processed/calibration.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=CODE["write_robustness_table"],
    output:
        robustness="paper/_generated/tables/robustness.md",
    script:
        "../scripts/write_robustness_table.py"
