from casebook.codebook import load_codebook
from casebook.descriptives import prevalence_by
from casebook.tables import read_table, write_table

result = prevalence_by(
    read_table(snakemake.input.scores),
    read_table(snakemake.input.cases),
    load_codebook(snakemake.input.codebook).group_of,
    read_table(snakemake.input.strata),
    snakemake.params.confidence,
)
write_table(result, snakemake.output[0])
