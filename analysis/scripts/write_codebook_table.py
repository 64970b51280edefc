from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables.appendix import codebook
from casebook.study.codebook import load_codebook

tables = codebook(load_codebook(snakemake.input.codebook))
write_tables(tables, snakemake.input.captions, snakemake.output.codebook)
