from pathlib import Path

from casebook.citation.record import read_record
from casebook.reading import read_json
from casebook.render.finishing import finish

finish(
    Path(snakemake.input.rendered),
    Path(snakemake.output[0]),
    "html",
    read_record(Path(snakemake.input.metadata)),
    references=read_json(Path(snakemake.input.references), snakemake.input.references),
    citations={
        Path(path).suffix[1:]: Path(path).read_text("utf-8") for path in snakemake.input.citations
    },
    encodings=[Path(path) for path in snakemake.input.others],
)
