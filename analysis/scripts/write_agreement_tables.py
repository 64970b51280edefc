from casebook.exhibits.labels import case_labels
from casebook.exhibits.markdown import write_tables
from casebook.exhibits.tables.descriptive import agreement, disagreements
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table

codebook = load_codebook(snakemake.input.codebook)
names = case_labels(read_table(snakemake.input.cases))
unlike = read_table(snakemake.input.disagreements, {"reason": str})
measures = agreement(read_table(snakemake.input.agreement), codebook)
write_tables(measures, snakemake.input.captions, snakemake.output.agreement)
cells = disagreements(unlike, names, codebook)
write_tables(cells, snakemake.input.captions, snakemake.output.disagreements)
