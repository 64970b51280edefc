from pathlib import Path

from casebook.citation.record import read_record
from casebook.render.finishing import finish

record = read_record(Path(snakemake.input.metadata))
source, target = Path(snakemake.input.rendered), Path(snakemake.output[0])
finish(source, target, snakemake.wildcards.format, record)
