from casebook.results.descriptives import association
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

result = association(
    read_table(snakemake.input.scores),
    load_codebook(snakemake.input.codebook).group_of,
    snakemake.params.outcome_group,
    snakemake.params.resamples,
    snakemake.params.confidence,
    snakemake.params.seed,
)
write_table(result, snakemake.output[0])
