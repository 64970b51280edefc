from pathlib import Path

from casebook.citation.bibtex import bibtex
from casebook.citation.cff import cff
from casebook.citation.csl import csl_json, formatted
from casebook.citation.record import read_record
from casebook.citation.ris import ris
from casebook.citation.work import read_work

work = read_work(read_record(Path(snakemake.input.metadata)))
texts = {"bib": bibtex(work), "ris": ris(work), "json": csl_json(work)}
texts |= {"txt": formatted(work, Path(snakemake.input.style)) + "\n", "cff": cff(work)}
for name, text in texts.items():
    Path(snakemake.output[name]).write_text(text, encoding="utf-8", newline="\n")
