# The manuscript in four formats.

# The page comes last: its finished head names the others. What takes longest comes first.
FORMATS = ["html", "xml", "docx", "pdf"]
# The figures and tables that the manuscript includes; no others are made for it.
FIGURES = [noun for kind, noun in INCLUDED if kind == "figures"]
PRINTED = [noun for kind, noun in INCLUDED if kind == "tables"]
# The ledger says where the text uses each number; the others do not depend on the text.
WITHOUT_TEXT = [noun for noun in PRINTED if noun != "claims"]
# What the manuscript is made of besides the results: renderers work in a copy of the folder.
PROJECT = [name for name in SOURCES if name.startswith("paper/")]
# Those of them that say in which Markdown it is written.
MARKDOWN = [x for x in PROJECT if x.endswith(("/_quarto.yml", "/_extension.yml"))]


rule caption_figures:
    """Write the includes of the figures: caption, label and alternative text."""
    input:
        alts=collect("paper/_build/figures/{noun}.txt", noun=FIGURES),
        captions="paper/captions.yml",
        code=CODE["caption_figures"],
    output:
        collect("paper/_generated/figures/{noun}.md", noun=FIGURES),
    script:
        "../scripts/caption_figures.py"


rule parse_tables:
    """Parse the tables that do not depend on the text."""
    input:
        tables=collect("paper/_generated/tables/{noun}.md", noun=WITHOUT_TEXT),
        project=MARKDOWN,
        code=CODE["parse_tables"],
    output:
        "paper/_build/tables.json",
    script:
        "../scripts/parse_tables.py"


rule manuscript:
    """Read the manuscript with its includes and numbers, and check all of it."""
    input:
        project=PROJECT,
        numbers="paper/_variables.yml",
        bibliography="paper/_generated/references.json",
        style="paper/_generated/apa.csl",
        figures=collect("paper/_generated/figures/{noun}.md", noun=FIGURES),
        tables=collect("paper/_generated/tables/{noun}.md", noun=PRINTED),
        parsed="paper/_build/tables.json",
        code=CODE["manuscript"],
    output:
        "paper/_generated/manuscript.json",
    params:
        renderer=RENDERER["name"],
    script:
        "../scripts/manuscript.py"


def urgency(wildcards):
    """Give the priority of a render: above all else, in the order of the formats from the last."""
    return 1 + FORMATS.index(wildcards.format)


rule render:
    """Render the manuscript in one format, with Quarto or with the embedded renderer."""
    input:
        manuscript="paper/_generated/manuscript.json",
        project=PROJECT,
        numbers="paper/_variables.yml",
        bibliography="paper/_generated/references.json",
        style="paper/_generated/apa.csl",
        figures=collect(
            "paper/_generated/figures/{noun}.{ending}",
            noun=FIGURES,
            ending=["md", "svg", "png"],
        ),
        tables=collect("paper/_generated/tables/{noun}.md", noun=PRINTED),
        code=CODE["render"],
    output:
        rendered="paper/_build/manuscript.{format}",
        record="paper/_build/renderer.{format}.json",
    priority: urgency
    params:
        renderer=RENDERER,
    script:
        "../scripts/render.py"
