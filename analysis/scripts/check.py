from pathlib import Path

import pandas as pd

from casebook.study.tables import write_table
from casebook.tidy.checks import read_raw

raw = read_raw(Path(snakemake.input.dictionary).parent)
rows = [(table, len(frame)) for table, frame in raw.text.items()]
write_table(pd.DataFrame(rows, columns=["table", "rows"]), Path(snakemake.output[0]))
