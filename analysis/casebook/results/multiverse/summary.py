"""What a sample of specifications says: shares that keep each interpreted term, and the curve."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from casebook.errors import AnalysisError
from casebook.readers import new_file
from casebook.results.multiverse.solving import JOIN, SOLVED, Interpreted
from casebook.results.multiverse.specification import CHOICES, NONE, Multiverse
from casebook.study.tables import read_table

WHOLE = "solution"  # the row of a solution as a whole, as in the table `solutions`
ALL = "all"
STATES = ("kept", "wider", "lost", "none")
CUTOFFS = ("consistency", "pri", "frequency")
BINS = 50
TEXT_TERMS = ("kept", "contained")
KEYS = ["model", "outcome", "term"]
# Columns of text that may be blank, or look like numbers, in every row of a chunk.
TEXT = dict.fromkeys(["dropped_value", "expression", "kept", "contained"], str)
Published = Mapping[tuple[str, str], Interpreted]


def gathered(chunks: Iterable[Path], table: Path, asked: np.ndarray) -> Iterator[pd.DataFrame]:
    """Join the tables of chunks into one file, and yield each as a frame on the way.

    Only one chunk is in memory at a time. The file appears when all are in it.

    Args:
        chunks: files, in order; chunks beyond the end of the sample have no rows.
        table: the file to be written.
        asked: numbers of the specifications, in order.

    Raises:
        AnalysisError: the rows are not the specifications that were asked for.
    """
    place = 0
    with new_file(Path(table)) as part, part.open("w", encoding="utf-8", newline="") as joined:
        for path in map(Path, chunks):
            header, _, body = path.read_text(encoding="utf-8").partition("\n")
            joined.write(body if joined.tell() else f"{header}\n{body}")
            frame = read_table(path, TEXT)
            expected = asked[place : place + len(frame)]
            if not np.array_equal(frame["specification"], expected):
                raise AnalysisError(
                    f"{path}: its rows are not the specifications from {place + 1} on; delete it "
                    "and run the workflow again"
                )
            place += len(frame)
            if len(frame):
                yield frame
        if place != len(asked):
            found = f"{place} specifications of {len(asked)}"
            raise AnalysisError(f"{table}: {found}; a chunk is missing")


def options_of(multiverse: Multiverse) -> dict[str, list[str]]:
    """Options of each choice as text, in their order; dropped cases and regions by kind."""
    found: dict[str, dict] = {choice: {} for choice in CHOICES}
    for _, _, choice, option in sizes(multiverse):
        if choice != ALL:
            found[choice][option] = True
    return {choice: list(options) for choice, options in found.items()}


def sizes(multiverse: Multiverse) -> dict[tuple[str, str, str, str], int]:
    """Number of specifications: (model, outcome, choice, option as text) → specifications."""
    found: Counter = Counter()
    for universe in multiverse.universes:
        key = (universe.model, universe.outcome)
        found[(*key, ALL, ALL)] = universe.size
        for choice, options in universe.options.items():
            for option in options:
                found[(*key, choice, _text(choice, option))] += universe.size // len(options)
    return dict(found)


def _text(choice: str, option: object) -> str:
    if choice == "dropped":
        return option[0]
    if choice == "omitted":
        return " ".join(option) or NONE
    return f"{option:g}" if isinstance(option, (int, float)) else str(option)


def followed(table: pd.DataFrame, published: Published, options: Mapping) -> pd.DataFrame:
    """What becomes of each interpreted term under each specification.

    Args:
        table: specifications as `solving.Solver.table` makes them.
        published: the interpreted solutions.
        options: the options of each choice, as text (`options_of`).

    Returns:
        One row per specification and term (and one for the solution as a whole): `model`,
        `outcome`, `term`, the choices, `consistent` and `covered` (the fit), and the `state`:
        `kept` (the term stands in every tied model), `wider` (it lies inside a wider term of every
        tied model), `lost` (there is a solution without it), `none` (there is no solution). A whole
        solution is kept if its models are the published ones, and wider if every term is kept or
        wider. Where the paper has no solution, it is kept when there is none, else lost.
    """
    choices = {choice: _categories(table, choice, options[choice]) for choice in CHOICES}
    parts = []
    for (model, outcome), paper in published.items():
        mine = (table["model"].eq(model) & table["outcome"].eq(outcome)).to_numpy()
        rows = table[mine]
        for term, state in _states(rows, paper).items():
            part = pd.DataFrame({choice: values[mine] for choice, values in choices.items()})
            part["state"] = pd.Categorical(state, STATES)
            part["consistent"] = rows["consistency"].to_numpy(dtype=float)
            part["covered"] = rows["coverage"].to_numpy(dtype=float)
            for name, value in zip(KEYS, (model, outcome, term), strict=True):
                part[name] = pd.Categorical([value] * len(part), _all_keys(published)[name])
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _categories(table: pd.DataFrame, choice: str, options: list[str]) -> pd.Categorical:
    cells = table[f"{choice}_cutoff" if choice in CUTOFFS else choice]
    texts = {cell: f"{cell:g}" if isinstance(cell, (int, float)) else cell for cell in set(cells)}
    return pd.Categorical(cells.map(texts), options)


def _all_keys(published: Published) -> dict[str, list[str]]:
    models, outcomes = zip(*published, strict=True)
    terms = [*chain.from_iterable(each.terms for each in published.values()), WHOLE]
    return {
        name: list(dict.fromkeys(values))
        for name, values in zip(KEYS, (models, outcomes, terms), strict=True)
    }


def _states(rows: pd.DataFrame, paper: Interpreted) -> dict[str, np.ndarray]:
    """State of each term, and of the whole solution, in the order of the rows."""
    kept, contained = (rows[name].fillna("").str.split(JOIN, regex=False) for name in TEXT_TERMS)
    solved = rows["status"].eq(SOLVED).to_numpy()
    states = {}
    for term in paper.terms:
        itself = kept.map(lambda terms, term=term: term in terms).to_numpy(dtype=bool)
        within = contained.map(lambda terms, term=term: term in terms).to_numpy(dtype=bool)
        states[term] = _state(itself, within, solved)
    same = rows["same"].to_numpy(dtype=bool)
    if not paper.models:
        return {WHOLE: np.where(same, "kept", "lost")}
    whole = contained.map(lambda terms: set(paper.terms) <= set(terms)).to_numpy(dtype=bool)
    return {**states, WHOLE: _state(same, whole, solved)}


def _state(kept: np.ndarray, within: np.ndarray, solved: np.ndarray) -> np.ndarray:
    return np.select([kept, within, solved], STATES[:3], STATES[3])


def shares(
    following: pd.DataFrame, of: Mapping[tuple[str, str, str, str], int], confidence: float
) -> pd.DataFrame:
    """Share of the specifications that keep each term, over all and by the option of each choice.

    Args:
        following: the table of `followed`.
        of: numbers of all specifications (`sizes`).
        confidence: of the Wilson interval, for a sample of all specifications.

    Returns:
        `model`, `outcome`, `term` (or "solution"), `choice` (or "all"), `option`, `n` (in the
        sample), `n_all` (in the multiverse), `n_kept`, `n_wider`, `n_lost`, `n_none`; the
        shares `contained` (kept or wider) with its interval `low` to `high`, `kept`, `lost` and
        `none`.
    """
    parts = [_counted(following.assign(option=ALL), ALL, "option")]
    parts += [_counted(following, choice, choice) for choice in CHOICES]
    result = pd.concat(parts, ignore_index=True).sort_values(KEYS, kind="stable", ignore_index=True)
    result = result.astype(dict.fromkeys(KEYS, str))
    names = result[["model", "outcome", "choice", "option"]].itertuples(index=False, name=None)
    result.insert(6, "n_all", [of[key] for key in names])
    within = result["n_kept"] + result["n_wider"]
    low, high = proportion_confint(within, result["n"], 1 - confidence, method="wilson")
    contained = {"contained": within / result["n"], "low": low, "high": high}
    share = {state: result[f"n_{state}"] / result["n"] for state in ("kept", "lost", "none")}
    return result.assign(**contained, **share)


def _counted(following: pd.DataFrame, choice: str, column: str) -> pd.DataFrame:
    """Specifications of each state by option; options in their order, only those that occur."""
    groups = following.groupby([*KEYS, column], observed=True, sort=True)["state"]
    wide = groups.value_counts(sort=False).unstack("state", fill_value=0)
    wide = wide.reindex(columns=STATES, fill_value=0)
    wide.columns = [f"n_{state}" for state in STATES]
    result = wide.reset_index().rename(columns={column: "option"})
    result = result.astype({"option": str})
    result.insert(3, "choice", choice)
    result.insert(5, "n", result[[f"n_{state}" for state in STATES]].sum(axis=1))
    return result


def curve(following: pd.DataFrame) -> pd.DataFrame:
    """The specification curve: specifications by rising coverage of their solution, in bins.

    Specifications without a solution have a coverage of 0. Ties stand in the order of consistency.

    Returns:
        `model`, `outcome`, `term`, `bin` (from 1), `n`, `coverage` and `consistency` (medians; the
        latter blank without any solution), `n_kept`, `n_wider`, `n_lost`, `n_none`.
    """
    rows = []
    for key, mine in following.groupby(KEYS, observed=True, sort=True):
        covered, consistent = (mine[name].to_numpy() for name in ("covered", "consistent"))
        covered, state = np.nan_to_num(covered), mine["state"].cat.codes.to_numpy()
        order = np.lexsort([np.nan_to_num(consistent), covered])
        for place, chosen in enumerate(np.array_split(order, min(BINS, len(order))), 1):
            solved = consistent[chosen][~np.isnan(consistent[chosen])]
            middle = float(np.median(solved)) if len(solved) else float("nan")
            counts = np.bincount(state[chosen], minlength=len(STATES)).tolist()
            rows.append(
                [*key, place, len(chosen), float(np.median(covered[chosen])), middle, *counts]
            )
    measures = ["bin", "n", "coverage", "consistency", *(f"n_{state}" for state in STATES)]
    return pd.DataFrame(rows, columns=[*KEYS, *measures])
