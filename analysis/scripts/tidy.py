from pathlib import Path

from casebook.study.codebook import load_codebook
from casebook.study.tables import load_raw, write_table
from casebook.tidy import cleaning

folder = Path(snakemake.input.dictionary).parent
raw = cleaning.apply_corrections(load_raw(folder))
codebook = load_codebook(folder / "codebook.yaml")
evidence, handling = raw["evidence"], raw["handling"]
sources = cleaning.flat_sources(raw.sources, evidence)
scores = cleaning.final_scores(raw["codings"], raw["adjudications"], raw["withdrawn"], codebook)
write_table(cleaning.clean_cases(raw["cases"], evidence, handling), snakemake.output.cases)
write_table(cleaning.clean_statements(evidence, sources, handling), snakemake.output.statements)
write_table(sources, snakemake.output.sources)
write_table(scores, snakemake.output.scores)
