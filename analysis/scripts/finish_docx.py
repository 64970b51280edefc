from pathlib import Path

from casebook.citation.record import read_record
from casebook.reading import write_bytes
from casebook.render.finish_docx import finish_docx

record = read_record(Path(snakemake.input.metadata))
content = finish_docx(Path(snakemake.input.rendered), record)
write_bytes(content, Path(snakemake.output[0]))
