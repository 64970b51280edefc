from pathlib import Path

from casebook.publication.abstract import read_abstract
from casebook.publication.article import read_work
from casebook.publication.crossref import crossref
from casebook.publication.deposit import datacite, zenodo
from casebook.publication.record import read_record
from casebook.publication.schema_org import codemeta

work = read_work(read_record(Path(snakemake.input.metadata)))
abstract = read_abstract(Path(snakemake.input.article))
citation = Path(snakemake.input.citation).read_text(encoding="utf-8").strip()
texts = {"codemeta": codemeta(work, abstract), "datacite": datacite(work, abstract)}
texts["zenodo"] = zenodo(work, citation)
for name, text in texts.items():
    Path(snakemake.output[name]).write_text(text, encoding="utf-8", newline="\n")
Path(snakemake.output.crossref).write_bytes(crossref(work, abstract))
