# The results as the manuscript includes them: figures with alternative texts, and tables.

# What every figure, and every printed table, needs besides the modules of BASE.
FIGURE = [
    "analysis/casebook/alt.py",
    "analysis/casebook/coastline.py",
    "analysis/casebook/labels.py",
    "analysis/casebook/markdown.py",
    "analysis/casebook/paper.mplstyle",
    "analysis/casebook/figures/__init__.py",
    "analysis/casebook/figures/page.py",
]
TABLE = [
    "analysis/casebook/labels.py",
    "analysis/casebook/markdown.py",
    "analysis/casebook/pandoc.py",
    "analysis/casebook/printed/__init__.py",
    "analysis/casebook/printed/appendix.py",
    "analysis/casebook/printed/comparative.py",
    "analysis/casebook/printed/descriptive.py",
    "analysis/casebook/printed/ledger.py",
]


include: "figures.smk"
include: "tables.smk"
include: "comparison.smk"


if "multiverse" in config:

    include: "multiverse.smk"
