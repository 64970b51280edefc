from casebook.results.agreement import agreement
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

scores = read_table(snakemake.input.scores)
codebook = load_codebook(snakemake.input.codebook)
result = agreement(
    scores,
    codebook.group_of,
    sorted(codebook.memberships),
    snakemake.params.resamples,
    snakemake.params.confidence,
    snakemake.params.seed,
)
write_table(result, snakemake.output[0])
