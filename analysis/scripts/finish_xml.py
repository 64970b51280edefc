from pathlib import Path

from casebook.citation.record import read_record
from casebook.reading import write_bytes
from casebook.render.finish_xml import finish_xml

metadata = Path(snakemake.input.metadata)
content = finish_xml(
    Path(snakemake.input.rendered),
    read_record(metadata),
    paper=metadata.parent,
    figures=Path(snakemake.output.figures),
)
write_bytes(content, Path(snakemake.output.xml))
