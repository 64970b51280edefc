from pathlib import Path

from casebook.claims.ledger import trace
from casebook.readers import read_yaml, write_json
from casebook.study.tables import load_raw, read_table
from casebook.tidy.cleaning import apply_corrections

raw = apply_corrections(load_raw(Path(snakemake.input.dictionary).parent))
tables = {Path(path).stem: read_table(path) for path in snakemake.input.tables}
tables |= {"audited": raw["audit"], "withdrawn": raw["withdrawn"]}
declared = read_yaml(Path(snakemake.input.declared), snakemake.input.declared)
variables = read_table(snakemake.input.variables, {"text": str})
write_json(trace(declared, variables, tables, snakemake.params.steps), snakemake.output[0])
