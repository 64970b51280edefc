from casebook import alt
from casebook.codebook import load_codebook
from casebook.figures.heatmap import matrix
from casebook.figures.page import write_figure
from casebook.labels import case_labels
from casebook.tables import read_table

table = read_table(snakemake.input.matrix)
codebook = load_codebook(snakemake.input.codebook)
figure = matrix(table, case_labels(read_table(snakemake.input.cases)), codebook)
told = alt.matrix(table, codebook)
write_figure(figure, told, snakemake.input.captions, snakemake.output.include)
