import os
from pathlib import Path

from casebook.reading import read_text, write_json
from casebook.render.formats import LIMIT, render_or_replace
from casebook.render.renderer import find_renderer

paper = Path(snakemake.input.numbers).parent
record = render_or_replace(
    paper,
    read_text(Path(snakemake.input.manuscript), snakemake.input.manuscript),
    snakemake.wildcards.format,
    Path(snakemake.output.rendered),
    find_renderer(snakemake.config["renderer"], os.environ),
    snakemake.config.get("render_limit", LIMIT),
)
write_json(record, snakemake.output.record)
