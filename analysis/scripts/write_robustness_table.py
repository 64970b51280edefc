from casebook.exhibits.labels import analysis_titles, case_labels
from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables import comparative
from casebook.study.tables import read_table

given = snakemake.input
names = case_labels(read_table(given.cases))
titles = analysis_titles(read_table(given.calibration))
runs = read_table(given.robustness, {"value": str, "expression": str})
cases = read_table(given.types)
tables = [
    *comparative.robustness(runs, titles, names),
    *comparative.robustness_ranges(read_table(given.ranges), titles),
    *comparative.robustness_tests(read_table(given.tests), cases, titles, names),
]
write_tables(tables, given.captions, snakemake.output.robustness)
