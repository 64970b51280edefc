from casebook.results.configurations import necessity
from casebook.study.tables import read_table, write_table

memberships = read_table(snakemake.input.calibrated)
result = necessity(memberships, snakemake.params.models, snakemake.params.thresholds)
write_table(result, snakemake.output[0])
