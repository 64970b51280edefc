# The interpreted solutions under every combination of defensible choices: a small sample of the
# specifications for the paper, a large one (`snakemake multiverse`) for a cluster or some
# minutes of patience.

CHOICES = config["multiverse"]
# The chunks that each sample is cut into; what is in them does not depend on the cut.
CHUNKS = {
    name: range(-(-sample["size"] // sample["chunk"]))
    for name, sample in CHOICES["samples"].items()
}


rule specifications:
    """Solve one chunk of a sample of the specifications."""
    input:
        scores="data/processed/scores.csv",
        cases="data/processed/cases.csv",
        formulas="data/processed/formulas.csv",
        codebook="data/raw/codebook.yaml",
        code=CODE["specifications"],
    output:
        "data/processed/specifications/{sample}/{chunk}.csv",
    params:
        qca=config["qca"],
        choices=CHOICES,
        seed=config["seed"],
    script:
        "../scripts/specifications.py"


rule gather:
    """Join the chunks into one table, and count what becomes of each interpreted term."""
    input:
        chunks=collect(
            "data/processed/specifications/{{sample}}/{chunk}.csv",
            chunk=lookup("{sample}", within=CHUNKS),
        ),
        cases="data/processed/cases.csv",
        formulas="data/processed/formulas.csv",
        code=CODE["gather"],
    output:
        table="data/processed/{sample}.csv",
        terms="data/processed/{sample}_terms.csv",
        curve="data/processed/{sample}_curve.csv",
    wildcard_constraints:
        sample="|".join(CHUNKS),
    params:
        qca=config["qca"],
        choices=CHOICES,
        seed=config["seed"],
        confidence=config["confidence"],
    script:
        "../scripts/gather.py"


rule draw_multiverse:
    """Draw the specification curve of the paper's sample."""
    input:
        terms="data/processed/multiverse_subset_terms.csv",
        curve="data/processed/multiverse_subset_curve.csv",
        calibration="data/processed/calibration.csv",
        code=CODE["draw_multiverse"],
    output:
        svg="paper/_generated/figures/multiverse.svg",
        png="paper/_generated/figures/multiverse.png",
        alt="paper/_build/figures/multiverse.txt",
    script:
        "../scripts/draw_multiverse.py"


rule write_multiverse_table:
    """Print in how many specifications of the paper's sample each interpreted term is kept."""
    input:
        terms="data/processed/multiverse_subset_terms.csv",
        calibration="data/processed/calibration.csv",
        captions="paper/captions.yml",
        code=CODE["write_multiverse_table"],
    output:
        "paper/_generated/tables/multiverse.md",
    script:
        "../scripts/write_multiverse_table.py"


rule multiverse:
    """Solve the large sample of the multiverse and draw its specification curve."""
    input:
        table="data/processed/multiverse.csv",
        terms="data/processed/multiverse_terms.csv",
        curve="data/processed/multiverse_curve.csv",
        calibration="data/processed/calibration.csv",
        code=CODE["multiverse"],
    output:
        svg="data/processed/multiverse.svg",
        png="data/processed/multiverse.png",
    script:
        "../scripts/multiverse.py"
