from pathlib import Path

from casebook.render import finish, read_record

record = read_record(Path(snakemake.input.metadata))
source, target = Path(snakemake.input.rendered), Path(snakemake.output[0])
finish(source, target, snakemake.wildcards.format, record)
