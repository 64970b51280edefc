import os
from pathlib import Path

from casebook.manuscript.formats import render
from casebook.manuscript.renderer import find_renderer
from casebook.readers import read_text

paper = Path(snakemake.input.numbers).parent
manuscript = read_text(Path(snakemake.input.manuscript), snakemake.input.manuscript)
renderer = find_renderer(snakemake.config["renderer"], os.environ)
render(paper, manuscript, snakemake.wildcards.format, Path(snakemake.output[0]), renderer)
