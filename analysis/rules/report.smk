# The results as the manuscript includes them: figures with alternative texts, and tables.


include: "figures.smk"
include: "tables.smk"
include: "comparison.smk"


if "multiverse" in config:

    include: "multiverse.smk"
