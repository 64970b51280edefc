import os
from pathlib import Path

from casebook.manuscript.formats import LIMIT, render_or_replace
from casebook.manuscript.renderer import find_renderer
from casebook.readers import read_text, write_json

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
