from casebook.exhibits import alt
from casebook.exhibits.figures.intervals import agreement
from casebook.exhibits.figures.saving import write_figure
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table

measures = read_table(snakemake.input.agreement)
codebook = load_codebook(snakemake.input.codebook)
figure, text = agreement(measures, codebook), alt.agreement(measures, codebook)
write_figure(figure, text, **snakemake.output)
