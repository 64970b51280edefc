from pathlib import Path

from casebook.manuscript.finish_html import finish_html
from casebook.publication.record import read_record
from casebook.readers import read_json, write_bytes

given = snakemake.input
content = finish_html(
    Path(given.rendered),
    read_record(Path(given.metadata)),
    references=read_json(Path(given.references), given.references),
    encodings=[Path(path) for path in given.others],
    citations={Path(path).suffix[1:]: Path(path).read_text("utf-8") for path in given.citations},
)
write_bytes(content, Path(snakemake.output[0]))
