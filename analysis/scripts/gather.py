import pandas as pd

from casebook.results.multiverse import summary
from casebook.results.multiverse.solving import interpreted
from casebook.results.multiverse.specification import multiverse
from casebook.study.tables import read_table, write_table

given, params, made = snakemake.input, snakemake.params, snakemake.output
qca, sample = params.qca, params.choices["samples"][snakemake.wildcards.sample]
published = interpreted(read_table(given.formulas), qca["interpreted"])
everything = multiverse(params.choices, qca["models"], qca["cutoffs"], read_table(given.cases))
asked = everything.sample(sample["size"], params.seed)
options = summary.options_of(everything)
tables = summary.gathered(given.chunks, made.table, asked)
following = pd.concat([summary.followed(table, published, options) for table in tables])
write_table(summary.shares(following, summary.sizes(everything), params.confidence), made.terms)
write_table(summary.curve(following), made.curve)
