from casebook.results.agreement import disagreements
from casebook.study.tables import read_table, write_table

write_table(disagreements(read_table(snakemake.input.scores)), snakemake.output[0])
