from pathlib import Path

from casebook.labels import case_labels
from casebook.printed.appendix import case_sources, formatted_sources
from casebook.reading import read_yaml
from casebook.tables import read_table

cases = read_table(snakemake.input.cases, {"scope_note": str})
statements = read_table(snakemake.input.statements)
record = read_yaml(Path(snakemake.input.record), snakemake.input.record)
entries = formatted_sources(Path(snakemake.input.sources), lang=record["lang"])
text = case_sources(cases, statements, entries, case_labels(cases))
Path(snakemake.output.case_sources).write_text(text, encoding="utf-8", newline="\n")
