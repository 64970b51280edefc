from pathlib import Path

from casebook.study.codebook import load_codebook
from casebook.study.tables import load_raw, read_table, write_table
from casebook.tidy import cleaning

cases = read_table(snakemake.input.cases)
scores = read_table(snakemake.input.scores)
codebook = load_codebook(snakemake.input.codebook)
raw = cleaning.apply_corrections(load_raw(Path(snakemake.input.dictionary).parent))
variables = snakemake.params.variables
levels = {variable: raw.accepted("cases", variable) for variable in variables}
verdicts = raw.accepted("audit", "verdict")
write_table(cleaning.overview(raw, codebook, scores, cases), snakemake.output.overview)
write_table(cleaning.audit(raw["audit"], verdicts), snakemake.output.audit)
types = cleaning.source_types(read_table(snakemake.input.sources))
write_table(types, snakemake.output.source_types)
write_table(cleaning.strata(cases, variables, levels), snakemake.output.strata)
