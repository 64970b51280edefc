from casebook import alt
from casebook.figures.page import write_figure
from casebook.figures.robustness import robustness
from casebook.labels import analysis_titles
from casebook.tables import read_table

table = read_table(snakemake.input.robustness, {"value": str, "expression": str})
titles = analysis_titles(read_table(snakemake.input.calibration))
figure, told = robustness(table, titles), alt.robustness(table, titles)
write_figure(figure, told, snakemake.input.captions, snakemake.output.include)
