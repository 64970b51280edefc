from casebook.results.descriptives import prevalence_by
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

result = prevalence_by(
    read_table(snakemake.input.scores),
    read_table(snakemake.input.cases),
    load_codebook(snakemake.input.codebook).group_of,
    read_table(snakemake.input.strata),
    snakemake.params.confidence,
)
write_table(result, snakemake.output[0])
