# The figures: results are read and drawn; nothing is computed here.


rule draw_map:
    """Draw where the cases are."""
    input:
        cases="data/processed/cases.csv",
        code=CODE["draw_map"],
    output:
        svg="paper/_generated/figures/map.svg",
        png="paper/_generated/figures/map.png",
        alt="paper/_build/figures/map.txt",
    script:
        "../scripts/draw_map.py"


rule draw_prevalence:
    """Draw in how many cases each construct is present, and how each is scored."""
    input:
        prevalence="data/processed/prevalence.csv",
        scores="data/processed/scores.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["draw_prevalence"],
    output:
        svg="paper/_generated/figures/prevalence.svg",
        png="paper/_generated/figures/prevalence.png",
        alt="paper/_build/figures/prevalence.txt",
    script:
        "../scripts/draw_prevalence.py"


rule draw_matrix:
    """Draw the cross-case matrix as a heat map."""
    input:
        matrix="data/processed/matrix.csv",
        cases="data/processed/cases.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["draw_matrix"],
    output:
        svg="paper/_generated/figures/matrix.svg",
        png="paper/_generated/figures/matrix.png",
        alt="paper/_build/figures/matrix.txt",
    script:
        "../scripts/draw_matrix.py"


rule draw_agreement:
    """Draw how far the coding passes agree on each construct."""
    input:
        agreement="data/processed/agreement.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["draw_agreement"],
    output:
        svg="paper/_generated/figures/agreement.svg",
        png="paper/_generated/figures/agreement.png",
        alt="paper/_build/figures/agreement.txt",
    script:
        "../scripts/draw_agreement.py"


rule draw_outcomes:
    """Draw how each challenge and strategy goes with each outcome."""
    input:
        association="data/processed/association.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["draw_outcomes"],
    output:
        svg="paper/_generated/figures/outcomes.svg",
        png="paper/_generated/figures/outcomes.png",
        alt="paper/_build/figures/outcomes.txt",
    script:
        "../scripts/draw_outcomes.py"
