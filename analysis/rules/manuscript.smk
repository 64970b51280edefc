# The numbers, the references and the checklist of the manuscript, and its four formats.

FORMATS = ["html", "pdf", "docx", "xml"]
# The result tables that a number of the prose may come from.
TABLES = """
overview audit source_types strata prevalence prevalence_by cooccurrence association agreement
models calibration necessity truth_table solutions formulas remainders counterfactuals case_types
robustness robustness_ranges robustness_tests robustness_cases
""".split()
# The includes: figures, and tables as they are printed.
FIGURES = "map prevalence matrix agreement outcomes solutions robustness".split()
PRINTED = """
strata prevalence prevalence_by cooccurrence association agreement disagreements calibration
necessity truth_table solutions solutions_all prime_implicants counterfactuals case_types
robustness codebook case_sources checklist
""".split()
# What the manuscript is made of besides the results.
PROJECT = [
    "paper/manuscript.qmd",
    "paper/metadata.yml",
    "paper/_quarto.yml",
    *sorted(map(str, filter(Path.is_file, Path("paper/_extensions").rglob("*")))),
]
RENDER = [
    *sorted(map(str, Path("analysis/casebook/render").glob("*.*"))),
]


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
        code=[*BASE, "analysis/casebook/references.py"],
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
        numbers="paper/_variables.yml",
        bibliography="paper/_generated/references.json",
        figures=collect("paper/_generated/figures/{noun}.md", noun=FIGURES),
        tables=collect("paper/_generated/tables/{noun}.md", noun=PRINTED),
        code=BASE + RENDER,
    output:
        "paper/_build/manuscript.{format}",
    params:
        renderer=RENDERER,
    script:
        "../scripts/render.py"


rule finish:
    """Make a render canonical and put its publication metadata right."""
    input:
        rendered="paper/_build/manuscript.{format}",
        metadata="paper/metadata.yml",
        code=BASE + RENDER,
    output:
        "paper/_output/manuscript.{format}",
    wildcard_constraints:
        format="pdf|docx",
    script:
        "../scripts/finish.py"


rule finish_xml:
    """Complete the front matter of the JATS article and put its figures beside it."""
    input:
        rendered="paper/_build/manuscript.xml",
        metadata="paper/metadata.yml",
        figures=collect("paper/_generated/figures/{noun}.svg", noun=FIGURES),
        code=BASE + RENDER,
    output:
        xml="paper/_output/manuscript.xml",
        figures=directory("paper/_output/figures"),
    script:
        "../scripts/finish_xml.py"


rule finish_html:
    """Complete the head of the page, which names the other files and their checksums."""
    input:
        rendered="paper/_build/manuscript.html",
        metadata="paper/metadata.yml",
        references="paper/_generated/references.json",
        others=collect(
            "paper/_output/manuscript.{format}", format=["pdf", "docx", "xml"]
        ),
        code=BASE + RENDER,
    output:
        "paper/_output/manuscript.html",
    script:
        "../scripts/finish_html.py"
