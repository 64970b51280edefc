from pathlib import Path

from casebook.exhibits.markdown import table_include
from casebook.exhibits.tables.checklist import checklist
from casebook.readers import read_yaml

entries = read_yaml(Path(snakemake.input.checklist), snakemake.input.checklist, list)
captions = read_yaml(Path(snakemake.input.captions), snakemake.input.captions, dict)
tables = checklist(entries, snakemake.input.checklist)
text = table_include("checklist", tables, captions, snakemake.input.captions)
Path(snakemake.output[0]).write_text(text, encoding="utf-8")
