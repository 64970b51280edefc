from casebook import alt
from casebook.codebook import load_codebook
from casebook.figures.intervals import outcomes
from casebook.figures.page import write_figure
from casebook.tables import read_table

pairs = read_table(snakemake.input.association)
codebook = load_codebook(snakemake.input.codebook)
figure, told = outcomes(pairs, codebook), alt.outcomes(pairs, codebook)
write_figure(figure, told, snakemake.input.captions, snakemake.output.include)
