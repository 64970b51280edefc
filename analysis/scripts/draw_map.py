from casebook import alt
from casebook.figures.page import write_figure
from casebook.figures.world import case_map
from casebook.tables import read_table

cases = read_table(snakemake.input.cases)
write_figure(case_map(cases), alt.map(cases), snakemake.input.captions, snakemake.output.include)
