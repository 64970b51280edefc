from casebook.codebook import load_codebook
from casebook.descriptives import prevalence
from casebook.tables import read_table, write_table

scores = read_table(snakemake.input.scores)
codebook = load_codebook(snakemake.input.codebook)
result = prevalence(scores, codebook.group_of, snakemake.params.confidence)
write_table(result, snakemake.output[0])
