from casebook.exhibits import alt
from casebook.exhibits.figures.robustness import robustness
from casebook.exhibits.figures.saving import write_figure
from casebook.exhibits.labels import analysis_titles
from casebook.study.tables import read_table

table = read_table(snakemake.input.robustness, {"value": str, "expression": str})
titles = analysis_titles(read_table(snakemake.input.calibration))
figure, text = robustness(table, titles), alt.robustness(table, titles)
write_figure(figure, text, **snakemake.output)
