import json
from pathlib import Path

from casebook.render.manuscript import read_manuscript

tree = read_manuscript(Path(snakemake.input.numbers).parent)
Path(snakemake.output[0]).write_text(json.dumps(tree), encoding="utf-8")
