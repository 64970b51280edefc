from casebook.exhibits import alt
from casebook.exhibits.figures.intervals import outcomes
from casebook.exhibits.figures.saving import write_figure
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table

pairs = read_table(snakemake.input.association)
codebook = load_codebook(snakemake.input.codebook)
figure, text = outcomes(pairs, codebook), alt.outcomes(pairs, codebook)
write_figure(figure, text, **snakemake.output)
