from casebook.results.descriptives import cooccurrence
from casebook.study.tables import read_table, write_table

write_table(cooccurrence(read_table(snakemake.input.scores)), snakemake.output[0])
