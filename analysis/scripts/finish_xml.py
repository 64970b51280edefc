from pathlib import Path

from casebook.render import finish, read_record

metadata = Path(snakemake.input.metadata)
source, target = Path(snakemake.input.rendered), Path(snakemake.output.xml)
finish(source, target, "xml", read_record(metadata), assets=metadata.parent)
