from pathlib import Path

from casebook.exhibits.tables.appendix import formatted_sources
from casebook.readers import read_yaml, write_json

record = read_yaml(Path(snakemake.input.record), snakemake.input.record)
entries = formatted_sources(Path(snakemake.input.sources), lang=record["lang"])
write_json(entries, snakemake.output[0])
