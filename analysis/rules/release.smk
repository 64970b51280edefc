# What is published beside the article: how to cite it, where to deposit it, how it was built.

PUBLISHED = [
    *(f"manuscript.{format}" for format in FORMATS),
    *(f"citation.{format}" for format in ["bib", "ris", "json", "txt"]),
    "evidence.html",
    *["codemeta.json", "datacite.json", ".zenodo.json", "crossref.xml"],
]
# What the crate copies, so that it holds the workflow that it describes.
WORKFLOW = [
    "Snakefile",
    *sorted(map(str, Path("analysis/rules").glob("*.smk"))),
    *sorted(map(str, Path("analysis/scripts").glob("*.py"))),
]


rule citation:
    """Write how to cite the article: BibTeX, RIS, CSL-JSON, and a reference in APA style."""
    input:
        metadata="paper/metadata.yml",
        style="paper/_generated/apa.csl",
        code=BASE + CITATION,
    output:
        bib="paper/_output/citation.bib",
        ris="paper/_output/citation.ris",
        json="paper/_output/citation.json",
        txt="paper/_output/citation.txt",
    script:
        "../scripts/citation.py"


rule citation_file:
    """Write CITATION.cff, which is committed: `make cite` runs this, `make paper` does not."""
    input:
        metadata="paper/metadata.yml",
        code=BASE + CITATION,
    output:
        "CITATION.cff",
    script:
        "../scripts/citation_file.py"


rule deposit:
    """Write what CodeMeta, DataCite, Zenodo and Crossref take."""
    input:
        metadata="paper/metadata.yml",
        article="paper/_output/manuscript.xml",
        citation="paper/_output/citation.txt",
        code=BASE + CITATION,
    output:
        codemeta="paper/_output/codemeta.json",
        datacite="paper/_output/datacite.json",
        zenodo="paper/_output/.zenodo.json",
        crossref="paper/_output/crossref.xml",
    script:
        "../scripts/deposit.py"


rule build:
    """Record the renderer, the versions, and the checksums of inputs and outputs."""
    input:
        raw=RAW,
        config="analysis/config.yaml",
        manuscript="paper/manuscript.qmd",
        outputs=[
            *collect("paper/_output/manuscript.{format}", format=FORMATS),
            "paper/_output/evidence.html",
        ],
        code=[*BASE, "analysis/casebook/provenance.py"],
    output:
        "paper/_output/build.json",
    params:
        renderer=RENDERER,
        packages=["numpy", "pandas", "scipy", "statsmodels", "matplotlib", "seaborn"],
    script:
        "../scripts/build.py"


rule crate:
    """Describe the build as a research object: workflow, inputs, outputs, checksums."""
    input:
        metadata="paper/metadata.yml",
        sources=[*RAW, "analysis/config.yaml", "paper/manuscript.qmd"],
        workflow=WORKFLOW,
        build="paper/_output/build.json",
        figures="paper/_output/figures",
        outputs=collect("paper/_output/{name}", name=PUBLISHED),
        code=BASE + CITATION,
    output:
        metadata="paper/_output/ro-crate-metadata.json",
        source=directory("paper/_output/source"),
    script:
        "../scripts/crate.py"
