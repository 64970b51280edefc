from casebook import alt
from casebook.figures.configurations import solutions
from casebook.figures.page import write_figure
from casebook.labels import analysis_titles, case_labels
from casebook.tables import read_table

types = read_table(snakemake.input.case_types)
formulas = read_table(snakemake.input.formulas, {"expression": str})
formulas = formulas[formulas["solution"] == snakemake.params.kind]
titles = analysis_titles(read_table(snakemake.input.calibration))
names = case_labels(read_table(snakemake.input.cases))
figure, told = solutions(types, formulas, titles, names), alt.solutions(types, formulas, titles)
write_figure(figure, told, snakemake.input.captions, snakemake.output.include)
