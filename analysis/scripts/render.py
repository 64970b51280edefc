from pathlib import Path

from casebook.render import render

paper = Path(snakemake.input.numbers).parent
render(paper, snakemake.wildcards.format, Path(snakemake.output[0]), snakemake.params.renderer)
