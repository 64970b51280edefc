from pathlib import Path

from casebook.citation.record import read_record
from casebook.reading import write_bytes
from casebook.render.finish_pdf import finish_pdf

record = read_record(Path(snakemake.input.metadata))
content = finish_pdf(Path(snakemake.input.rendered), record)
write_bytes(content, Path(snakemake.output[0]))
