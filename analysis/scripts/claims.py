from pathlib import Path

from casebook.claims.ledger import ledger
from casebook.readers import read_json, write_json
from casebook.study.tables import read_table

traced = read_json(Path(snakemake.input.traced), snakemake.input.traced)
write_json(ledger(traced, read_table(snakemake.input.prose)), snakemake.output[0])
