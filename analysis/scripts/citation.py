from pathlib import Path

from casebook.publication.article import read_work
from casebook.publication.bibtex import bibtex
from casebook.publication.cff import cff
from casebook.publication.csl import csl_json, formatted
from casebook.publication.record import read_record
from casebook.publication.ris import ris

work = read_work(read_record(Path(snakemake.input.metadata)))
texts = {"bib": bibtex(work), "ris": ris(work), "json": csl_json(work)}
texts |= {"txt": formatted(work, Path(snakemake.input.style)) + "\n", "cff": cff(work)}
for name, text in texts.items():
    Path(snakemake.output[name]).write_text(text, encoding="utf-8", newline="\n")
