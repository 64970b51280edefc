from casebook import alt
from casebook.codebook import load_codebook
from casebook.figures.intervals import prevalence
from casebook.figures.page import write_figure
from casebook.tables import read_table

shares = read_table(snakemake.input.prevalence)
codebook = load_codebook(snakemake.input.codebook)
figure = prevalence(shares, read_table(snakemake.input.scores), codebook)
told = alt.prevalence(shares, codebook)
write_figure(figure, told, snakemake.input.captions, snakemake.output.include)
