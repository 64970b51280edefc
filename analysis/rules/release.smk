# What is published beside the article: how to cite it, where to deposit it, how it was built.


rule citation:
    """Write how to cite the article: BibTeX, RIS, CSL-JSON, CITATION.cff, and a reference in APA."""
    input:
        metadata="paper/metadata.yml",
        style="paper/_generated/apa.csl",
        code=CODE["citation"],
    output:
        bib="paper/_output/citation.bib",
        ris="paper/_output/citation.ris",
        json="paper/_output/citation.json",
        txt="paper/_output/citation.txt",
        cff="paper/_output/CITATION.cff",
    script:
        "../scripts/citation.py"


rule deposit:
    """Write what CodeMeta, DataCite, Zenodo and Crossref take."""
    input:
        metadata="paper/metadata.yml",
        article="paper/_output/manuscript.xml",
        citation="paper/_output/citation.txt",
        code=CODE["deposit"],
    output:
        codemeta="paper/_output/codemeta.json",
        datacite="paper/_output/datacite.json",
        zenodo="paper/_output/.zenodo.json",
        crossref="paper/_output/crossref.xml",
    script:
        "../scripts/deposit.py"


# What the rules above make from what for the outputs, and all that they make.
RUNS = steps(workflow.rules, ["all"], "paper/_output")
PRODUCTS = sorted(name for step in RUNS for name in step["outputs"])


rule build:
    """Record the renderer, the versions, and the checksums of inputs and outputs."""
    input:
        sources=SOURCES,
        made=PRODUCTS,
        project="pyproject.toml",
        lock="requirements.lock",
        renders=collect("paper/_build/renderer.{format}.json", format=FORMATS),
        code=CODE["build"],
    output:
        "paper/_output/build.json",
    params:
        renderer=RENDERER,
    script:
        "../scripts/build.py"


rule crate:
    """Describe the build as a research object: workflow, inputs, outputs, checksums."""
    input:
        sources=SOURCES,
        made=PRODUCTS,
        metadata="paper/metadata.yml",
        build="paper/_output/build.json",
        code=CODE["crate"],
    output:
        metadata="paper/_output/ro-crate-metadata.json",
        source=directory("paper/_output/source"),
    params:
        steps=RUNS,
    script:
        "../scripts/crate.py"
