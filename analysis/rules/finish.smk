# The four renders made canonical, with the publication metadata put right.


rule finish:
    """Make a render canonical and put its publication metadata right."""
    input:
        rendered="paper/_build/manuscript.{format}",
        metadata="paper/metadata.yml",
        code=BASE + RENDER + CITATION,
    output:
        "paper/_output/manuscript.{format}",
    wildcard_constraints:
        format="pdf|docx",
    priority: 1 + len(FORMATS)  # the page waits for them
    script:
        "../scripts/finish.py"


rule finish_xml:
    """Complete the front matter of the JATS article and put its figures beside it."""
    input:
        rendered="paper/_build/manuscript.xml",
        metadata="paper/metadata.yml",
        figures=collect("paper/_generated/figures/{noun}.svg", noun=FIGURES),
        code=BASE + RENDER + CITATION,
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
        citations=collect("paper/_output/citation.{name}", name=["txt", "bib", "ris"]),
        others=collect(
            "paper/_output/manuscript.{format}", format=["pdf", "docx", "xml"]
        ),
        code=BASE + RENDER + CITATION,
    output:
        "paper/_output/manuscript.html",
    script:
        "../scripts/finish_html.py"
