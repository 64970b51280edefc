from casebook.exhibits import alt
from casebook.exhibits.figures.heatmap import matrix
from casebook.exhibits.figures.saving import write_figure
from casebook.exhibits.labels import case_labels
from casebook.exhibits.markdown import case_address
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table

table = read_table(snakemake.input.matrix)
codebook = load_codebook(snakemake.input.codebook)
names = case_labels(read_table(snakemake.input.cases))
figure, text = matrix(table, names, codebook), alt.matrix(table, codebook)
links = {case_address(case): name for case, name in names.items()}
write_figure(figure, text, **snakemake.output, links=links)
