from casebook.labels import case_labels
from casebook.markdown import write_tables
from casebook.printed.comparative import calibration, necessity, truth_table
from casebook.tables import read_table

names = case_labels(read_table(snakemake.input.cases))
rows = read_table(snakemake.input.truth_table, {"cases": str, "code": str})
captions, output = snakemake.input.captions, snakemake.output
write_tables(calibration(read_table(snakemake.input.calibration)), captions, output.calibration)
write_tables(necessity(read_table(snakemake.input.necessity)), captions, output.necessity)
write_tables(truth_table(rows, names), captions, output.truth_table)
