import os
from pathlib import Path

from casebook.reading import read_text
from casebook.render.formats import render
from casebook.render.renderer import find_renderer

paper = Path(snakemake.input.numbers).parent
manuscript = read_text(Path(snakemake.input.manuscript), snakemake.input.manuscript)
renderer = find_renderer(snakemake.config["renderer"], os.environ)
render(paper, manuscript, snakemake.wildcards.format, Path(snakemake.output[0]), renderer)
