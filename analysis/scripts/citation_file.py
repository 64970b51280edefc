from pathlib import Path

from casebook.citation.cff import cff
from casebook.citation.record import read_record
from casebook.citation.work import read_work

work = read_work(read_record(Path(snakemake.input.metadata)))
Path(snakemake.output[0]).write_text(cff(work), encoding="utf-8", newline="\n")
