from casebook.exhibits.figures.multiverse import multiverse
from casebook.exhibits.figures.saving import save
from casebook.exhibits.labels import analysis_titles
from casebook.study.tables import read_table

given = snakemake.input
shares, curve = read_table(given.terms, {"option": str}), read_table(given.curve)
titles = analysis_titles(read_table(given.calibration))
save(multiverse(shares, curve, titles), snakemake.output.svg, snakemake.output.png)
