from casebook.markdown import write_tables
from casebook.printed.descriptive import strata
from casebook.tables import read_table

tables = strata(read_table(snakemake.input.strata, {"level": str}))
write_tables(tables, snakemake.input.captions, snakemake.output.strata)
