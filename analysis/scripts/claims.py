import json
from pathlib import Path

from casebook.claims import ledger
from casebook.cleaning import apply_corrections
from casebook.reading import read_yaml
from casebook.tables import load_raw, read_table

raw = apply_corrections(load_raw(Path(snakemake.input.dictionary).parent))
tables = {Path(path).stem: read_table(path) for path in snakemake.input.tables}
tables |= {"audited": raw["audit"], "withdrawn": raw["withdrawn"]}
declared = read_yaml(Path(snakemake.input.declared), snakemake.input.declared)
variables, uses = (read_table(snakemake.input[name], {"text": str}) for name in ("ledger", "prose"))
claims = ledger(declared, variables, uses, tables, snakemake.params.steps)
text = json.dumps(claims, ensure_ascii=False, indent=1) + "\n"
Path(snakemake.output[0]).write_text(text, encoding="utf-8", newline="\n")
