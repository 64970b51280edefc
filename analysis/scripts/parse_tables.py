import json
from pathlib import Path

from casebook.manuscript.manuscript import parse_tables

output = Path(snakemake.output[0])
paper = output.parents[1]
names = [Path(table).relative_to(paper).as_posix() for table in snakemake.input.tables]
output.write_text(json.dumps(parse_tables(paper, names)), encoding="utf-8")
