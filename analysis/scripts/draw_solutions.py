from casebook.exhibits import alt
from casebook.exhibits.figures.configurations import solutions
from casebook.exhibits.figures.saving import write_figure
from casebook.exhibits.labels import analysis_titles, case_labels
from casebook.study.tables import read_table

types = read_table(snakemake.input.case_types)
formulas = read_table(snakemake.input.formulas, {"expression": str})
formulas = formulas[formulas["solution"] == snakemake.params.kind]
titles = analysis_titles(read_table(snakemake.input.calibration))
names = case_labels(read_table(snakemake.input.cases))
figure, text = solutions(types, formulas, titles, names), alt.solutions(types, formulas, titles)
write_figure(figure, text, **snakemake.output)
