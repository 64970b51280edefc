import json
from pathlib import Path

from casebook.provenance import build_record

renderer = snakemake.params.renderer
facts = {"name": renderer.name, "version": renderer.version, "reason": renderer.reason}
files = [*snakemake.input.raw, snakemake.input.config, snakemake.input.manuscript]
record = build_record(facts, snakemake.params.packages, files, snakemake.input.outputs)
text = json.dumps(record, indent=1, ensure_ascii=False)
Path(snakemake.output[0]).write_text(text + "\n", encoding="utf-8")
