# The results as the manuscript includes them: figures with alternative texts, and tables.

# What every printed table, and every figure, needs besides the modules of BASE.
TABLE = [
    "analysis/casebook/markdown.py",
    "analysis/casebook/printed/__init__.py",
]
FIGURE = [
    "analysis/casebook/alt.py",
    "analysis/casebook/labels.py",
    "analysis/casebook/markdown.py",
    "analysis/casebook/paper.mplstyle",
    "analysis/casebook/figures/__init__.py",
    "analysis/casebook/figures/page.py",
]


include: "figures.smk"
include: "tables.smk"
