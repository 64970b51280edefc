from casebook.agreement import disagreements
from casebook.tables import read_table, write_table

write_table(disagreements(read_table(snakemake.input.scores)), snakemake.output[0])
