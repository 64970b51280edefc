# The numbers, the references and the checklist of the manuscript, and its four formats.

TABLES = """
overview audit source_types strata prevalence prevalence_by cooccurrence association agreement
models calibration necessity truth_table solutions formulas remainders counterfactuals case_types robustness
""".split()


rule variables:
    """Look up every number of the prose in the table that it comes from."""
    input:
        declared="paper/variables.yml",
        tables=collect("data/processed/{table}.csv", table=TABLES),
        code=[*BASE, "analysis/casebook/variables.py"],
    output:
        ledger="data/processed/variables.csv",
        quarto="paper/_variables.yml",
    script:
        "../scripts/variables.py"


rule references:
    """Join the sources of the evidence and the literature on method into one bibliography."""
    input:
        sources="data/raw/sources.json",
        methods="paper/methods.json",
        code=BASE,
    output:
        bibliography="paper/_generated/references.json",
        style="paper/_generated/apa.csl",
    script:
        "../scripts/references.py"


rule checklist:
    """Answer each item of the checklist for QCA and double coding; a blank one is an error."""
    input:
        checklist="paper/checklist.yml",
        captions="paper/captions.yml",
        code=[
            *BASE,
            "analysis/casebook/checklist.py",
            "analysis/casebook/markdown.py",
        ],
    output:
        "paper/_generated/tables/checklist.md",
    script:
        "../scripts/checklist.py"


rule render:
    """Render the manuscript in one format, with Quarto or with the embedded renderer."""
    input:
        project=PROJECT,
        figures=collect("paper/_generated/figures/{noun}.md", noun=FIGURES),
        tables=collect("paper/_generated/tables/{noun}.md", noun=TABLES),
        code=BASE + RENDER,
    output:
        "paper/_build/manuscript.{format}",
    params:
        renderer=RENDERER,
    script:
        "../scripts/render.py"


rule finish:
    """Make the render canonical and write the publication metadata that renderers get wrong."""
    input:
        rendered="paper/_build/manuscript.{format}",
        metadata="paper/metadata.yml",
        code=BASE + RENDER,
    output:
        "paper/_output/manuscript.{format}",
    script:
        "../scripts/finish.py"
