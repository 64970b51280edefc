from pathlib import Path

from casebook.readers import write_bytes

for source, target in zip(snakemake.input.files, snakemake.output, strict=True):
    write_bytes(Path(source).read_bytes(), Path(target))
