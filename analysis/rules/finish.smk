# The four renders made canonical, with the publication metadata put right.


rule finish_pdf:
    """Put the information of the PDF right."""
    input:
        rendered="paper/_build/manuscript.pdf",
        metadata="paper/metadata.yml",
        code=CODE["finish_pdf"],
    output:
        "paper/_output/manuscript.pdf",
    priority: 1 + len(FORMATS)  # the page waits for it
    script:
        "../scripts/finish_pdf.py"


rule finish_docx:
    """Make the Word file canonical and put its properties right."""
    input:
        rendered="paper/_build/manuscript.docx",
        metadata="paper/metadata.yml",
        code=CODE["finish_docx"],
    output:
        "paper/_output/manuscript.docx",
    priority: 1 + len(FORMATS)  # the page waits for it
    script:
        "../scripts/finish_docx.py"


rule finish_xml:
    """Complete the front matter of the JATS article and put its figures beside it."""
    input:
        rendered="paper/_build/manuscript.xml",
        metadata="paper/metadata.yml",
        figures=collect("paper/_generated/figures/{noun}.svg", noun=FIGURES),
        code=CODE["finish_xml"],
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
        code=CODE["finish_html"],
    output:
        "paper/_output/manuscript.html",
    script:
        "../scripts/finish_html.py"


if LINKED:

    include: "linked_files.smk"
