from pathlib import Path

from casebook.explorer import evidence_page
from casebook.explorer.content import TEXT
from casebook.publication.article import read_article
from casebook.publication.record import read_record
from casebook.study.codebook import load_codebook
from casebook.study.tables import load_raw, read_table, text_frame
from casebook.tidy.cleaning import apply_corrections

given = snakemake.input
tables = {Path(path).stem: read_table(path, TEXT) for path in given.tables}
results = {Path(path).stem: text_frame(Path(path).read_text("utf-8")) for path in given.results}
page = evidence_page(
    apply_corrections(load_raw(Path(given.dictionary).parent)),
    tables,
    load_codebook(given.codebook),
    read_article(read_record(Path(given.metadata))),
    facets=snakemake.params.facets,
    results=results,
    style=Path(given.style).read_text(encoding="utf-8"),
)
Path(snakemake.output[0]).write_text(page, encoding="utf-8", newline="\n")
