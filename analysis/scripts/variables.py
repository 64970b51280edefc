from pathlib import Path

import yaml

from casebook.claims.variables import nested, resolve
from casebook.readers import read_yaml
from casebook.study.tables import read_table, write_table

declared = read_yaml(Path(snakemake.input.declared), snakemake.input.declared, dict)
tables = {Path(path).stem: read_table(path) for path in snakemake.input.tables}
ledger = resolve(declared, tables, snakemake.input.declared)
write_table(ledger, snakemake.output.ledger)
text = yaml.safe_dump(nested(ledger), allow_unicode=True, sort_keys=False)
Path(snakemake.output.quarto).write_text(text, encoding="utf-8")
