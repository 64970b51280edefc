"""Charts of estimates with their intervals, a row per construct."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from casebook.exhibits.figures.layout import (
    Row,
    construct_rows,
    label_rows,
    level_legend,
    message,
    stripes,
)
from casebook.exhibits.figures.style import BLANK, GREY, INK, page, styled
from casebook.study.codebook import Codebook

SIGNIFICANT = 0.05
SHARES = {"xlim": (-0.02, 1.02), "xticks": (0, 0.25, 0.5, 0.75, 1)}


def _interval(axes: Axes, row: Row, value: float, low: float, high: float, **marker) -> None:
    axes.plot([low, high], [row.y, row.y], color=row.colour, solid_capstyle="butt")
    axes.plot(value, row.y, "o", **{"color": row.colour, **marker})


@styled
def prevalence(shares: pd.DataFrame, scores: pd.DataFrame, codebook: Codebook) -> Figure:
    """Draw in how many cases each construct is present, and how every case is scored.

    Args:
        shares: the table `prevalence`.
        scores: final scores: `case_id`, `construct`, `score`; blank where not mentioned.
        codebook: labels, groups, colours.

    Returns:
        Left the share of the scored cases with its interval and counts; right all cases by
        score, with those that the evidence does not mention set apart.
    """
    rows = construct_rows(codebook, set(shares["construct"]))
    found = shares.set_index("construct")
    figure = page(0.9 + 0.19 * len(rows))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1))
    for row in rows:
        if row.code:
            line = found.loc[row.code]
            _interval(left, row, line["share"], line["low"], line["high"])
            count = f"{line['n_present']}/{line['n_scored']}"
            left.text(1.06, row.y, count, va="center", fontsize=7)
    left.text(1.06, 0, "present/\nscored", va="center", fontsize=7)
    left.set(title="Present, share of scored cases", **SHARES)
    left.xaxis.set_major_formatter(PercentFormatter(1))
    label_rows(left, rows)
    stripes(left, rows)
    _stacked(right, rows, scores, codebook)
    right.set(title="Cases by score", xlim=(0, scores["case_id"].nunique()))
    right.tick_params(axis="y", labelleft=False)
    figure.legend(handles=level_legend(codebook), loc="outside lower center", ncols=5)
    return figure


def _stacked(axes: Axes, rows: list[Row], scores: pd.DataFrame, codebook: Codebook) -> None:
    for row in (row for row in rows if row.code):
        values = scores.loc[scores["construct"] == row.code, "score"]
        start = 0
        for level in codebook.levels:
            count = int((values == level.membership).sum())
            axes.barh(row.y, count, 0.68, start, color=level.colour or GREY)
            start += count
        if blank := int(values.isna().sum()):
            axes.barh(row.y, blank, 0.68, start, **BLANK)


@styled
def agreement(measures: pd.DataFrame, codebook: Codebook) -> Figure:
    """Draw how far the coding passes agree, per construct and pooled.

    Args:
        measures: the table `agreement`; empty where the study has one pass.
        codebook: labels, groups, colours.

    Returns:
        Krippendorff's alpha with its interval, percent agreement, and the share present by each
        pass, side by side.
    """
    if measures.empty:
        return message("One coding pass only: agreement cannot be measured.")
    rows = construct_rows(codebook, set(measures["construct"]))
    pooled = next(code for code in measures["construct"] if code not in codebook.codes)
    rows.append(Row(pooled, "All constructs", INK, rows[-1].y - 1.4))
    found = measures.set_index("construct")
    passes = [name for name in measures.columns if name.startswith("prevalence_")]
    figure = page(0.9 + 0.19 * len(rows))
    alpha, percent, present = figure.subplots(1, 3, sharey=True, width_ratios=(1.5, 1, 1))
    for row in rows:
        if not row.code:
            continue
        line = found.loc[row.code]
        _interval(alpha, row, line["alpha"], line["alpha_low"], line["alpha_high"])
        percent.plot(line["percent_agreement"], row.y, "o", color=row.colour)
        for name, shape in zip(passes, PASS_MARKERS, strict=False):
            present.plot(line[name], row.y, shape, color=row.colour, fillstyle="none")
    lowest = min(measures["alpha_low"].min(), measures["alpha"].min(), 0.6)
    alpha.set(title="Krippendorff’s alpha", xlim=(lowest - 0.02, 1.01))
    percent.set(title="Percent agreement", xlim=_padded(measures["percent_agreement"].min()))
    present.set(title="Present, by pass", **SHARES)
    for axes in (percent, present):
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.tick_params(axis="y", labelleft=False)
    for axes in (alpha, percent, present):
        stripes(axes, rows)
    label_rows(alpha, rows)
    keys = [
        Line2D([], [], marker=shape, fillstyle="none", linestyle="", color=INK, label=_pass(name))
        for name, shape in zip(passes, PASS_MARKERS, strict=False)
    ]
    figure.legend(handles=keys, loc="outside lower right", ncols=len(keys))
    return figure


PASS_MARKERS = ("o", "s", "D", "^", "v")


def _pass(column: str) -> str:
    return f"pass {column.removeprefix('prevalence_')}"


def _padded(lowest: float) -> tuple[float, float]:
    """Axis limits for shares that lie near one."""
    return min(lowest - 0.02, 0.78), 1.01


@styled
def outcomes(pairs: pd.DataFrame, codebook: Codebook) -> Figure:
    """Draw how each condition goes with each outcome.

    Args:
        pairs: the table `association`.
        codebook: labels, groups, colours.

    Returns:
        A panel per outcome with Kendall's tau and its interval for each condition; the mark is
        filled where the exact test stays significant after Holm's adjustment.
    """
    rows = construct_rows(codebook, set(pairs["condition"]))
    names = list(dict.fromkeys(pairs["outcome"]))
    figure = page(0.95 + 0.2 * len(rows))
    panels = figure.subplots(1, len(names), sharey=True, sharex=True, squeeze=False)[0]
    for axes, name in zip(panels, names, strict=True):
        found = pairs[pairs["outcome"] == name].set_index("condition")
        for row in rows:
            if row.code in found.index:
                line = found.loc[row.code]
                sure = line["p_holm"] < SIGNIFICANT
                face = row.colour if sure else "white"
                _interval(
                    axes, row, line["tau"], line["tau_low"], line["tau_high"], markerfacecolor=face
                )
        axes.axvline(0, color=GREY, linewidth=0.8, zorder=0)
        axes.set(title=codebook.labels[name], xlabel="Kendall’s tau-b")
        axes.xaxis.set_major_locator(MaxNLocator(4, prune="both", symmetric=True))
        axes.tick_params(axis="y", labelleft=axes is panels[0])
        stripes(axes, rows)
    reach = pairs[["tau_low", "tau_high"]].abs().max().max()
    panels[0].set_xlim(-1.1 * reach, 1.1 * reach)
    label_rows(panels[0], rows)
    figure.legend(handles=_significance_legend(), loc="outside lower right", ncols=2)
    return figure


def _significance_legend() -> list[Line2D]:
    style = {"marker": "o", "linestyle": "", "color": INK}
    return [
        Line2D([], [], **style, label=f"adjusted p < {SIGNIFICANT:g}"),
        Line2D([], [], **style, markerfacecolor="white", label=f"adjusted p ≥ {SIGNIFICANT:g}"),
    ]
