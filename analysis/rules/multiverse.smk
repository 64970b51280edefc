# The interpreted solutions under every combination of defensible choices: a small sample of the
# specifications for the paper, a large one (`snakemake multiverse`) for a cluster or a long coffee.

CHOICES = config["multiverse"]
MULTIVERSE = [
    "analysis/casebook/labels.py",
    *sorted(map(str, Path("analysis/casebook/multiverse").glob("*.py"))),
]
# The chunks that each sample is cut into; what is in them does not depend on the cut.
CHUNKS = {
    sample: range(-(-size // CHOICES["chunk"]))
    for sample, size in CHOICES["samples"].items()
}


rule specifications:
    """Solve one chunk of a sample of the specifications."""
    input:
        scores="data/processed/scores.csv",
        cases="data/processed/cases.csv",
        formulas="data/processed/formulas.csv",
        codebook="data/raw/codebook.yaml",
        code=BASE + QCA + MULTIVERSE,
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
        code=BASE + QCA + MULTIVERSE,
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
