from casebook.results.descriptives import prevalence
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

scores = read_table(snakemake.input.scores)
codebook = load_codebook(snakemake.input.codebook)
result = prevalence(scores, codebook.group_of, snakemake.params.confidence)
write_table(result, snakemake.output[0])
