from casebook.qca import Cutoffs
from casebook.results import configurations
from casebook.study.tables import read_table, write_table

memberships = read_table(snakemake.input.calibrated)
cutoffs = Cutoffs(**snakemake.params.cutoffs)
for noun, path in snakemake.output.items():
    result = getattr(configurations, noun)(memberships, snakemake.params.models, cutoffs)
    write_table(result, path)
