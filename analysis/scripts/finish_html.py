from pathlib import Path

from casebook.reading import read_json
from casebook.render import finish, read_record

finish(
    Path(snakemake.input.rendered),
    Path(snakemake.output[0]),
    "html",
    read_record(Path(snakemake.input.metadata)),
    references=read_json(Path(snakemake.input.references), snakemake.input.references),
    encodings=[Path(path) for path in snakemake.input.others],
)
