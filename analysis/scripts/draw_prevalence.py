from casebook.exhibits import alt
from casebook.exhibits.figures.intervals import prevalence
from casebook.exhibits.figures.saving import write_figure
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table

shares = read_table(snakemake.input.prevalence)
codebook = load_codebook(snakemake.input.codebook)
figure = prevalence(shares, read_table(snakemake.input.scores), codebook)
text = alt.prevalence(shares, codebook)
write_figure(figure, text, **snakemake.output)
