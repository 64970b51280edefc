from casebook.codebook import load_codebook
from casebook.labels import case_labels
from casebook.markdown import write_tables
from casebook.printed.descriptive import agreement, disagreements
from casebook.tables import read_table

codebook = load_codebook(snakemake.input.codebook)
names = case_labels(read_table(snakemake.input.cases))
unlike = read_table(snakemake.input.disagreements, {"reason": str})
measures = agreement(read_table(snakemake.input.agreement), codebook)
write_tables(measures, snakemake.input.captions, snakemake.output.agreement)
cells = disagreements(unlike, names, codebook)
write_tables(cells, snakemake.input.captions, snakemake.output.disagreements)
