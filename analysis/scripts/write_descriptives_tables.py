from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables import descriptive
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table

codebook = load_codebook(snakemake.input.codebook)
for noun in snakemake.output.keys():  # noqa: SIM118 Snakemake's lists iterate over their values
    tables = getattr(descriptive, noun)(read_table(snakemake.input[noun]), codebook)
    write_tables(tables, snakemake.input.captions, snakemake.output[noun])
