from pathlib import Path

from casebook.citation.record import read_record
from casebook.reading import read_json, write_bytes
from casebook.render.finish_html import finish_html

given = snakemake.input
content = finish_html(
    Path(given.rendered),
    read_record(Path(given.metadata)),
    references=read_json(Path(given.references), given.references),
    encodings=[Path(path) for path in given.others],
    citations={Path(path).suffix[1:]: Path(path).read_text("utf-8") for path in given.citations},
)
write_bytes(content, Path(snakemake.output[0]))
