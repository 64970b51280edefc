from pathlib import Path

from casebook.publication.build_record import build_record, locked_packages, replacements
from casebook.readers import read_json, write_json
from cli.manifest import digests, files

texts = [Path(snakemake.input[name]).read_text("utf-8") for name in ("project", "lock")]
read, made = (digests(Path(), files(Path(), snakemake.input[x])) for x in ("sources", "made"))
renders = {
    Path(name).suffixes[0][1:]: read_json(Path(name), name) for name in snakemake.input.renders
}
renderer = {**snakemake.params.renderer, **replacements(renders)}
record = build_record(renderer, locked_packages(*texts), read, made)
write_json(record, snakemake.output[0])
