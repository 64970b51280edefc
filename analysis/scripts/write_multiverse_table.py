from casebook.exhibits.labels import analysis_titles
from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables.multiverse import multiverse
from casebook.study.tables import read_table

shares = read_table(snakemake.input.terms, {"option": str})
titles = analysis_titles(read_table(snakemake.input.calibration))
write_tables(multiverse(shares, titles), snakemake.input.captions, snakemake.output[0])
