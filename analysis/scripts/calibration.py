from casebook.results.sets import overview, set_memberships, set_summary
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

scores = read_table(snakemake.input.scores)
cases = read_table(snakemake.input.cases)
codebook = load_codebook(snakemake.input.codebook)
models = snakemake.params.models
levels = {level.membership: level.name for level in codebook.levels}
memberships = set_memberships(scores, models, cases)
sets = set_summary(memberships, scores, models, codebook.labels, levels, cases)
write_table(memberships, snakemake.output.calibrated)
write_table(sets, snakemake.output.calibration)
write_table(overview(memberships, models), snakemake.output.models)
