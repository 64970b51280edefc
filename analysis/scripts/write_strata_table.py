from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables.descriptive import strata
from casebook.study.tables import read_table

tables = strata(read_table(snakemake.input.strata, {"level": str}))
write_tables(tables, snakemake.input.captions, snakemake.output.strata)
