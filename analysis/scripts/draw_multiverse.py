from casebook.exhibits import alt
from casebook.exhibits.figures.multiverse import multiverse
from casebook.exhibits.figures.saving import write_figure
from casebook.exhibits.labels import analysis_titles
from casebook.study.tables import read_table

given = snakemake.input
shares, curve = read_table(given.terms, {"option": str}), read_table(given.curve)
titles = analysis_titles(read_table(given.calibration))
figure, text = multiverse(shares, curve, titles), alt.multiverse(shares, titles)
write_figure(figure, text, **snakemake.output)
