from casebook.labels import analysis_titles
from casebook.markdown import write_tables
from casebook.printed.multiverse import multiverse
from casebook.tables import read_table

shares = read_table(snakemake.input.terms, {"option": str})
titles = analysis_titles(read_table(snakemake.input.calibration))
write_tables(multiverse(shares, titles), snakemake.input.captions, snakemake.output[0])
