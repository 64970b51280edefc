from casebook.qca import Cutoffs
from casebook.results.configurations import case_types
from casebook.study.tables import read_table, write_table

memberships = read_table(snakemake.input.calibrated)
cutoffs = Cutoffs(**snakemake.params.cutoffs)
result = case_types(memberships, snakemake.params.models, cutoffs, snakemake.params.kind)
write_table(result, snakemake.output[0])
