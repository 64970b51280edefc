"""Reproduce a published analysis: the survival of democracy in interwar Europe (Lipset data).

Run `python examples/lipset.py`. The crisp memberships of 18 countries are those of the data set LC
of the R package QCA (Rihoux & De Meur 2009, p. 57): development, urbanisation, literacy,
industrialisation and stability as conditions, survival of democracy as the outcome.
"""

import io

import pandas as pd

from casebook import qca

LIPSET = """
country DEV URB LIT IND STB SURV
AU 1 0 1 1 0 0
BE 1 1 1 1 1 1
CZ 1 1 1 1 1 1
EE 0 0 1 0 1 0
FI 1 0 1 0 1 1
FR 1 0 1 1 1 1
DE 1 1 1 1 0 0
GR 0 0 0 0 0 0
HU 0 0 1 0 0 0
IE 1 0 1 0 1 1
IT 0 0 0 0 1 0
NL 1 1 1 1 1 1
PL 0 0 1 0 0 0
PT 0 0 0 0 0 0
RO 0 0 0 0 1 0
ES 0 0 0 0 0 0
SE 1 0 1 1 1 1
UK 1 1 1 1 1 1
"""

data = pd.read_csv(io.StringIO(LIPSET), sep=" ", index_col="country")
conditions = ["DEV", "URB", "LIT", "IND", "STB"]

print(qca.necessity_analysis(data, "SURV", conditions, depth=2))

table = qca.truth_table(data, "SURV", conditions, consistency=1)
print(table)
print(qca.minimise(table, "conservative"))
print(qca.minimise(table, "parsimonious"))
intermediate = qca.minimise(table, "intermediate", dict.fromkeys(conditions, 1))
print(intermediate)
print(intermediate.to_frame().to_string(index=False))
