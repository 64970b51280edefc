import json
from pathlib import Path

from casebook.provenance import build_record

facts = {key: snakemake.params.renderer[key] for key in ("name", "version", "reason")}
files = [*snakemake.input.raw, snakemake.input.config, snakemake.input.manuscript]
record = build_record(facts, snakemake.params.packages, files, snakemake.input.outputs)
text = json.dumps(record, indent=1, ensure_ascii=False)
Path(snakemake.output[0]).write_text(text + "\n", encoding="utf-8")
