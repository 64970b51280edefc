from casebook.results.multiverse.solving import Evidence, Solver, interpreted
from casebook.results.multiverse.specification import multiverse
from casebook.study.codebook import load_codebook
from casebook.study.tables import read_table, write_table

given, params, name = snakemake.input, snakemake.params, snakemake.wildcards
qca, choices = params.qca, params.choices
cases = read_table(given.cases)
levels = [level.membership for level in load_codebook(given.codebook).levels]
evidence = Evidence.of(read_table(given.scores), cases, levels)
published = interpreted(read_table(given.formulas), qca["interpreted"])
everything = multiverse(choices, qca["models"], qca["cutoffs"], cases)
solver = Solver(
    everything, evidence, choices, qca["models"], qca["interpreted"], published, params.seed
)
sample = choices["samples"][name.sample]
start, numbers = int(name.chunk) * sample["chunk"], everything.sample(sample["size"], params.seed)
write_table(solver.table(numbers[start : start + sample["chunk"]]), snakemake.output[0])
