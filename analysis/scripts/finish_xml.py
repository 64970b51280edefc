from pathlib import Path

from casebook.manuscript.finish_xml import finish_xml
from casebook.publication.record import read_record
from casebook.readers import write_bytes

metadata = Path(snakemake.input.metadata)
content = finish_xml(
    Path(snakemake.input.rendered),
    read_record(metadata),
    paper=metadata.parent,
    figures=Path(snakemake.output.figures),
)
write_bytes(content, Path(snakemake.output.xml))
