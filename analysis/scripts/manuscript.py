import json
from pathlib import Path

from casebook.manuscript.manuscript import read_manuscript

tables = json.loads(Path(snakemake.input.parsed).read_text(encoding="utf-8"))
runs_cells = snakemake.params.renderer == "quarto"
tree = read_manuscript(Path(snakemake.input.numbers).parent, tables, runs_cells=runs_cells)
Path(snakemake.output[0]).write_text(json.dumps(tree), encoding="utf-8")
