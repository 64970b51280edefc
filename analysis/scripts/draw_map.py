from casebook.exhibits import alt
from casebook.exhibits.figures.saving import write_figure
from casebook.exhibits.figures.world import case_map
from casebook.study.tables import read_table

cases = read_table(snakemake.input.cases)
write_figure(case_map(cases), alt.map_alt(cases), **snakemake.output)
