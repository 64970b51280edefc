from casebook.qca import Cutoffs
from casebook.results.configurations import truth_tables
from casebook.study.tables import read_table, write_table

memberships = read_table(snakemake.input.calibrated)
cutoffs = Cutoffs(**snakemake.params.cutoffs)
write_table(truth_tables(memberships, snakemake.params.models, cutoffs), snakemake.output[0])
