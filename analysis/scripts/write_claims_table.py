from pathlib import Path

from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables.ledger import claims
from casebook.readers import read_json

ledger = read_json(Path(snakemake.input.claims), snakemake.input.claims)
write_tables(claims(ledger), snakemake.input.captions, snakemake.output.claims)
