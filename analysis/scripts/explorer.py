from pathlib import Path

from casebook.citation.record import read_record
from casebook.citation.work import read_work
from casebook.cleaning import apply_corrections
from casebook.codebook import load_codebook
from casebook.explorer import evidence_page
from casebook.explorer.content import TEXT
from casebook.tables import load_raw, read_table, text_frame

given = snakemake.input
tables = {Path(path).stem: read_table(path, TEXT) for path in given.tables}
results = {Path(path).stem: text_frame(Path(path).read_text("utf-8")) for path in given.results}
page = evidence_page(
    apply_corrections(load_raw(Path(given.dictionary).parent)),
    tables,
    load_codebook(given.codebook),
    read_work(read_record(Path(given.metadata))),
    facets=snakemake.params.facets,
    results=results,
    style=Path(given.style).read_text(encoding="utf-8"),
)
Path(snakemake.output[0]).write_text(page, encoding="utf-8", newline="\n")
