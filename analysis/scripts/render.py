from pathlib import Path

from casebook.render import Renderer, render

paper = Path(snakemake.input.numbers).parent
chosen = snakemake.params.renderer
path = Path(chosen["path"]) if chosen["path"] else None
renderer = Renderer(**{**chosen, "path": path})
render(paper, snakemake.wildcards.format, Path(snakemake.output[0]), renderer)
