from pathlib import Path

from casebook.manuscript.finish_pdf import finish_pdf
from casebook.publication.record import read_record
from casebook.readers import write_bytes

record = read_record(Path(snakemake.input.metadata))
content = finish_pdf(Path(snakemake.input.rendered), record)
write_bytes(content, Path(snakemake.output[0]))
