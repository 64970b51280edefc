# The tables as the manuscript includes them: results are read and set, nothing is computed.


rule print_strata:
    """Print how many cases there are of each kind."""
    input:
        strata="data/processed/strata.csv",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        strata="paper/_generated/tables/strata.md",
    script:
        "../scripts/print_strata.py"


rule print_descriptives:
    """Print prevalence, co-occurrence and association of the constructs."""
    input:
        prevalence="data/processed/prevalence.csv",
        prevalence_by="data/processed/prevalence_by.csv",
        cooccurrence="data/processed/cooccurrence.csv",
        association="data/processed/association.csv",
        codebook="data/raw/codebook.yaml",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        prevalence="paper/_generated/tables/prevalence.md",
        prevalence_by="paper/_generated/tables/prevalence_by.md",
        cooccurrence="paper/_generated/tables/cooccurrence.md",
        association="paper/_generated/tables/association.md",
    script:
        "../scripts/print_descriptives.py"


rule print_agreement:
    """Print how far the passes agree, and where they differ."""
    input:
        agreement="data/processed/agreement.csv",
        disagreements="data/processed/disagreements.csv",
        cases="data/processed/cases.csv",
        codebook="data/raw/codebook.yaml",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        agreement="paper/_generated/tables/agreement.md",
        disagreements="paper/_generated/tables/disagreements.md",
    script:
        "../scripts/print_agreement.py"


rule print_sets:
    """Print calibration, necessity and truth tables."""
    input:
        calibration="data/processed/calibration.csv",
        necessity="data/processed/necessity.csv",
        truth_table="data/processed/truth_table.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        calibration="paper/_generated/tables/calibration.md",
        necessity="paper/_generated/tables/necessity.md",
        truth_table="paper/_generated/tables/truth_table.md",
    script:
        "../scripts/print_sets.py"


rule print_solutions:
    """Print the solutions: the interpreted ones with their cases, and all of them."""
    input:
        solutions="data/processed/solutions.csv",
        formulas="data/processed/formulas.csv",
        calibration="data/processed/calibration.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        solutions="paper/_generated/tables/solutions.md",
        solutions_all="paper/_generated/tables/solutions_all.md",
    params:
        kind=config["qca"]["interpreted"],
    script:
        "../scripts/print_solutions.py"


rule print_minimisation:
    """Print prime implicants, counterfactuals, and typical and deviant cases."""
    input:
        prime_implicants="data/processed/prime_implicants.csv",
        counterfactuals="data/processed/counterfactuals.csv",
        case_types="data/processed/case_types.csv",
        calibration="data/processed/calibration.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        prime_implicants="paper/_generated/tables/prime_implicants.md",
        counterfactuals="paper/_generated/tables/counterfactuals.md",
        case_types="paper/_generated/tables/case_types.md",
    script:
        "../scripts/print_minimisation.py"


rule print_robustness:
    """Print what the solutions become when one choice is changed."""
    input:
        robustness="data/processed/robustness.csv",
        ranges="data/processed/robustness_ranges.csv",
        tests="data/processed/robustness_tests.csv",
        types="data/processed/robustness_cases.csv",
        calibration="data/processed/calibration.csv",
        cases="data/processed/cases.csv",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        robustness="paper/_generated/tables/robustness.md",
    script:
        "../scripts/print_robustness.py"


rule print_codebook:
    """Print the whole codebook: constructs, levels and decision rules."""
    input:
        codebook="data/raw/codebook.yaml",
        captions="paper/captions.yml",
        code=BASE + TABLE,
    output:
        codebook="paper/_generated/tables/codebook.md",
    script:
        "../scripts/print_codebook.py"


rule print_case_sources:
    """Print every case with all of its sources."""
    input:
        cases="data/processed/cases.csv",
        statements="data/processed/statements.csv",
        sources="data/raw/sources.json",
        code=BASE + TABLE,
    output:
        case_sources="paper/_generated/tables/case_sources.md",
    script:
        "../scripts/print_case_sources.py"
