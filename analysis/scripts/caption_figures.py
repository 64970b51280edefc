from casebook.exhibits.markdown import write_figures

write_figures(snakemake.input.alts, snakemake.input.captions, snakemake.output)
