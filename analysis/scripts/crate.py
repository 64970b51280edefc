from pathlib import Path

from casebook.citation.crate import copy_sources, crate
from casebook.citation.record import read_record
from casebook.citation.work import read_work
from casebook.reading import read_json

inputs = sorted([*snakemake.input.sources, snakemake.input.metadata])
parts = [part for part in sorted(snakemake.input.workflow) if part != "Snakefile"]
copy_sources([*snakemake.input.workflow, *inputs], Path(snakemake.output.source))
target = Path(snakemake.output.metadata)
made = [Path(path) for path in [*snakemake.input.outputs, snakemake.input.build]]
made += sorted(Path(snakemake.input.figures).glob("[!.]*"))
text = crate(
    read_work(read_record(Path(snakemake.input.metadata))),
    target.parent,
    read_json(Path(snakemake.input.build), snakemake.input.build),
    workflow="Snakefile",
    parts=parts,
    inputs=inputs,
    outputs=[path.relative_to(target.parent).as_posix() for path in made],
)
target.write_text(text, encoding="utf-8", newline="\n")
