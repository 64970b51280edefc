from pathlib import Path

from casebook.publication.abstract import read_abstract
from casebook.publication.article import read_article
from casebook.publication.crossref import crossref
from casebook.publication.datacite import datacite
from casebook.publication.record import read_record
from casebook.publication.schema_org import codemeta
from casebook.publication.zenodo import zenodo

article = read_article(read_record(Path(snakemake.input.metadata)))
abstract = read_abstract(Path(snakemake.input.article))
citation = Path(snakemake.input.citation).read_text(encoding="utf-8").strip()
texts = {"codemeta": codemeta(article, abstract), "datacite": datacite(article, abstract)}
texts["zenodo"] = zenodo(article, citation)
for name, text in texts.items():
    Path(snakemake.output[name]).write_text(text, encoding="utf-8", newline="\n")
Path(snakemake.output.crossref).write_bytes(crossref(article, abstract))
