from casebook.agreement import passes
from casebook.comparison import calibrated, robustness
from casebook.qca import Cutoffs
from casebook.tables import read_table, write_table

scores = read_table(snakemake.input.scores)
models = snakemake.params.models
single = {
    name.removeprefix("score_"): calibrated(scores.assign(score=scores[name]), models)
    for name in passes(scores)
}
result = robustness(
    read_table(snakemake.input.calibrated),
    single,
    models,
    Cutoffs(**snakemake.params.cutoffs),
    snakemake.params.kind,
    snakemake.params.varied,
)
write_table(result, snakemake.output[0])
