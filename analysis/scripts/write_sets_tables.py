from casebook.exhibits.labels import case_labels
from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables import comparative
from casebook.study.tables import read_table

given, captions, output = snakemake.input, snakemake.input.captions, snakemake.output
names = case_labels(read_table(given.cases))
rows = read_table(given.truth_table, {"cases": str, "code": str})
sets = comparative.calibration(read_table(given.calibration, {"expectation": str}))
write_tables(sets, captions, output.calibration)
write_tables(comparative.necessity(read_table(given.necessity)), captions, output.necessity)
write_tables(comparative.truth_table(rows, names), captions, output.truth_table)
write_tables(comparative.matrix(read_table(given.matrix), names), captions, output.matrix)
memberships = comparative.calibrated(read_table(given.calibrated), names)
write_tables(memberships, captions, output.calibrated)
