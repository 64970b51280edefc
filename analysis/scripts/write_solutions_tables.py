from casebook.exhibits.labels import analysis_titles, case_labels
from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables.comparative import solutions, solutions_all
from casebook.study.tables import read_table

names = case_labels(read_table(snakemake.input.cases))
titles = analysis_titles(read_table(snakemake.input.calibration))
terms = read_table(snakemake.input.solutions, {"cases": str, "term": str})
formulas = read_table(snakemake.input.formulas, {"expression": str})
mine = [table[table["solution"] == snakemake.params.kind] for table in (terms, formulas)]
captions, output = snakemake.input.captions, snakemake.output
write_tables(solutions(*mine, titles, names), captions, output.solutions)
write_tables(solutions_all(terms, formulas, titles), captions, output.solutions_all)
