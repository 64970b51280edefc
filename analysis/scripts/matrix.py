from casebook.results.matrix import cross_case_matrix
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

scores = read_table(snakemake.input.scores)
cases = read_table(snakemake.input.cases)
codebook = load_codebook(snakemake.input.codebook)
write_table(cross_case_matrix(scores, cases, codebook.group_of), snakemake.output[0])
