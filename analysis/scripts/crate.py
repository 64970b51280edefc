from pathlib import Path

from casebook.publication.article import read_article
from casebook.publication.crate import copy_sources, crate
from casebook.publication.record import read_record
from casebook.readers import read_json

target = Path(snakemake.output.metadata)
build = read_json(Path(snakemake.input.build), snakemake.input.build)
copies = [*build["inputs"], *(name for name in build["outputs"] if name.startswith("data/"))]
copy_sources(copies, Path(snakemake.output.source))
article = read_article(read_record(Path(snakemake.input.metadata)))
text = crate(article, target.parent, build, snakemake.params.steps)
target.write_text(text, encoding="utf-8", newline="\n")
