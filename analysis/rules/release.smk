# What is published beside the article.


rule build:
    """Record the renderer, the versions, and the checksums of inputs and outputs."""
    input:
        raw=RAW,
        config="analysis/config.yaml",
        manuscript="paper/manuscript.qmd",
        outputs=collect("paper/_output/manuscript.{format}", format=FORMATS),
        code=[*BASE, "analysis/casebook/provenance.py"],
    output:
        "paper/_output/build.json",
    params:
        renderer=RENDERER,
        packages=["numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn"],
    script:
        "../scripts/build.py"
