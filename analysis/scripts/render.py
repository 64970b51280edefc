from pathlib import Path

from casebook.reading import read_json
from casebook.render.formats import render
from casebook.render.renderer import Renderer

paper = Path(snakemake.input.numbers).parent
tree = read_json(Path(snakemake.input.manuscript), snakemake.input.manuscript)
chosen = snakemake.params.renderer
path = Path(chosen["path"]) if chosen["path"] else None
renderer = Renderer(**{**chosen, "path": path})
render(paper, tree, snakemake.wildcards.format, Path(snakemake.output[0]), renderer)
