from pathlib import Path

from casebook.manuscript.finish_docx import finish_docx
from casebook.publication.record import read_record
from casebook.readers import write_bytes

record = read_record(Path(snakemake.input.metadata))
content = finish_docx(Path(snakemake.input.rendered), record)
write_bytes(content, Path(snakemake.output[0]))
