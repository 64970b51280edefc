# The files that the manuscript links to, where it links to any.


rule linked_files:
    """Put the files that the manuscript links to beside it."""
    input:
        files=collect("paper/{name}", name=LINKED),
        code=CODE["linked_files"],
    output:
        collect("paper/_output/{name}", name=LINKED),
    script:
        "../scripts/linked_files.py"
