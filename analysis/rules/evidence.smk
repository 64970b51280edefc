# The evidence as a page that can be searched and linked to.

EVIDENCE = """
cases statements sources scores calibration calibrated truth_table case_types
""".split()


rule explorer:
    """Gather every case, score, statement and source in one static page with search."""
    input:
        raw=RAW,
        dictionary="data/raw/datapackage.json",
        codebook="data/raw/codebook.yaml",
        tables=collect("data/processed/{table}.csv", table=EVIDENCE),
        results=collect("data/processed/{table}.csv", table=TABLES),
        metadata="paper/metadata.yml",
        style="paper/_extensions/ijmcp/style.css",
        code=CODE["explorer"],
    output:
        "paper/_output/evidence.html",
    params:
        facets=config["describe"]["strata"],
    script:
        "../scripts/explorer.py"
