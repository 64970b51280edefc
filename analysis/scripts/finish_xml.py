from pathlib import Path

from casebook.citation.record import read_record
from casebook.render.finishing import finish

metadata = Path(snakemake.input.metadata)
source, target = Path(snakemake.input.rendered), Path(snakemake.output.xml)
finish(source, target, "xml", read_record(metadata), assets=metadata.parent)
