from pathlib import Path

from casebook.markdown import write_tables
from casebook.printed.ledger import claims
from casebook.reading import read_json

ledger = read_json(Path(snakemake.input.claims), snakemake.input.claims)
write_tables(claims(ledger), snakemake.input.captions, snakemake.output.claims)
