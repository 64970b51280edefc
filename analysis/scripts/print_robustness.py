from casebook.labels import analysis_titles, case_labels
from casebook.markdown import write_tables
from casebook.printed.comparative import robustness
from casebook.tables import read_table

names = case_labels(read_table(snakemake.input.cases))
titles = analysis_titles(read_table(snakemake.input.calibration))
table = read_table(snakemake.input.robustness, {"value": str, "expression": str})
tables = robustness(table, titles, names)
write_tables(tables, snakemake.input.captions, snakemake.output.robustness)
