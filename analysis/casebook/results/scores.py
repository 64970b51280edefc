"""The final scores as a table of cases by constructs, and what counts as present in it."""

import pandas as pd

PRESENT_ABOVE = 0.5


def wide(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the final scores as cases × constructs, both in the order of the table."""
    return scores.pivot(index="case_id", columns="construct", values="score").loc[
        scores["case_id"].unique(), scores["construct"].unique()
    ]
