from pathlib import Path

from casebook.publication.article import read_article
from casebook.publication.bibtex import bibtex
from casebook.publication.cff import cff
from casebook.publication.csl import csl_json, formatted
from casebook.publication.record import read_record
from casebook.publication.ris import ris

article = read_article(read_record(Path(snakemake.input.metadata)))
texts = {"bib": bibtex(article), "ris": ris(article), "json": csl_json(article)}
texts |= {"txt": formatted(article, Path(snakemake.input.style)) + "\n", "cff": cff(article)}
for name, text in texts.items():
    Path(snakemake.output[name]).write_text(text, encoding="utf-8", newline="\n")
