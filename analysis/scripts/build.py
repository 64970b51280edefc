from pathlib import Path

from casebook.publication.build_record import build_record, locked_packages
from casebook.readers import write_json
from cli.manifest import digests, files

texts = [Path(snakemake.input[name]).read_text("utf-8") for name in ("project", "lock")]
read, made = (digests(Path(), files(Path(), snakemake.input[x])) for x in ("sources", "made"))
record = build_record(snakemake.params.renderer, locked_packages(*texts), read, made)
write_json(record, snakemake.output[0])
