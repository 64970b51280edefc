from casebook.comparison import truth_tables
from casebook.qca import Cutoffs
from casebook.tables import read_table, write_table

memberships = read_table(snakemake.input.calibrated)
cutoffs = Cutoffs(**snakemake.params.cutoffs)
write_table(truth_tables(memberships, snakemake.params.models, cutoffs), snakemake.output[0])
