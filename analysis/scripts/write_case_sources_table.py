from pathlib import Path

from casebook.exhibits.labels import case_labels
from casebook.exhibits.tables.appendix import case_sources
from casebook.readers import read_json
from casebook.study.tables import read_table

cases = read_table(snakemake.input.cases, {"scope_note": str})
statements = read_table(snakemake.input.statements)
entries = read_json(Path(snakemake.input.sources), snakemake.input.sources)
text = case_sources(cases, statements, entries, case_labels(cases))
Path(snakemake.output.case_sources).write_text(text, encoding="utf-8", newline="\n")
