from pathlib import Path

from casebook.claims.prose import read_prose
from casebook.claims.typed_numbers import check_prose, read_literals
from casebook.readers import read_yaml
from casebook.study.tables import read_table, write_table

texts = snakemake.input
passages = read_prose(texts.manuscript, texts.captions, texts.checklist)
declared = read_yaml(Path(texts.variables), texts.variables, dict)
literals = read_literals(texts.literals)
statements = read_table(texts.statements)
files = {"variables": texts.variables, "literals": texts.literals}
write_table(check_prose(passages, declared, literals, statements, files), snakemake.output[0])
