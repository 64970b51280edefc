from pathlib import Path

from casebook.citation.abstract import read_abstract
from casebook.citation.crossref import crossref
from casebook.citation.deposit import datacite, zenodo
from casebook.citation.record import read_record
from casebook.citation.schema_org import codemeta
from casebook.citation.work import read_work

work = read_work(read_record(Path(snakemake.input.metadata)))
abstract = read_abstract(Path(snakemake.input.article))
citation = Path(snakemake.input.citation).read_text(encoding="utf-8").strip()
texts = {"codemeta": codemeta(work, abstract), "datacite": datacite(work, abstract)}
texts["zenodo"] = zenodo(work, citation)
for name, text in texts.items():
    Path(snakemake.output[name]).write_text(text, encoding="utf-8", newline="\n")
Path(snakemake.output.crossref).write_bytes(crossref(work, abstract))
