from casebook.descriptives import cooccurrence
from casebook.tables import read_table, write_table

write_table(cooccurrence(read_table(snakemake.input.scores)), snakemake.output[0])
