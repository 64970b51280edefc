from casebook.exhibits.labels import analysis_titles, case_labels
from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables.comparative import case_types, counterfactuals, prime_implicants
from casebook.study.tables import read_table

names = case_labels(read_table(snakemake.input.cases))
titles = analysis_titles(read_table(snakemake.input.calibration))
chart = read_table(snakemake.input.prime_implicants, {"rows": str})
remainders = read_table(snakemake.input.counterfactuals)
types = read_table(snakemake.input.case_types)
captions, output = snakemake.input.captions, snakemake.output
write_tables(prime_implicants(chart, titles), captions, output.prime_implicants)
write_tables(counterfactuals(remainders, titles), captions, output.counterfactuals)
write_tables(case_types(types, titles, names), captions, output.case_types)
