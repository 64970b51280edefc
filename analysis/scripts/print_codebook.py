from casebook.codebook import load_codebook
from casebook.markdown import write_tables
from casebook.printed.appendix import codebook

tables = codebook(load_codebook(snakemake.input.codebook))
write_tables(tables, snakemake.input.captions, snakemake.output.codebook)
