import io
import re

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from casebook.exhibits import alt
from casebook.exhibits.figures import (
    configurations,
    heatmap,
    intervals,
    multiverse,
    robustness,
    world,
)
from casebook.exhibits.figures.layout import wrapped
from casebook.exhibits.figures.saving import save, write_figure
from casebook.exhibits.figures.style import WIDTH, page, style
from casebook.exhibits.markdown import case_address

pytestmark = pytest.mark.slow

DRAWN = {
    "map": lambda s: world.case_map(s.cases),
    "prevalence": lambda s: intervals.prevalence(s.prevalence, s.scores, s.book),
    "matrix": lambda s: heatmap.matrix(s.matrix, s.names, s.book),
    "agreement": lambda s: intervals.agreement(s.agreement, s.book),
    "outcomes": lambda s: intervals.outcomes(s.association, s.book),
    "solutions": lambda s: configurations.solutions(s.case_types, s.formulas, s.titles, s.names),
    "robustness": lambda s: robustness.robustness(s.robustness, s.titles),
    "multiverse": lambda s: multiverse.multiverse(s.shares, s.curve, s.titles),
}
ALT = {
    "map": lambda s: alt.map_alt(s.cases),
    "prevalence": lambda s: alt.prevalence(s.prevalence, s.book),
    "matrix": lambda s: alt.matrix(s.matrix, s.book),
    "agreement": lambda s: alt.agreement(s.agreement, s.book),
    "outcomes": lambda s: alt.outcomes(s.association, s.book),
    "solutions": lambda s: alt.solutions(s.case_types, s.formulas, s.titles),
    "robustness": lambda s: alt.robustness(s.robustness, s.titles),
    "multiverse": lambda s: alt.multiverse(s.shares, s.titles),
}


def written(figure, monkeypatch) -> list[tuple[Text, object]]:
    """Every text that is drawn, with the box that it fills in pixels."""
    found = []
    draw = Text.draw

    def record(text, renderer, *args, **kwargs):
        if text.get_visible() and text.get_text().strip():
            found.append((text, Text.get_window_extent(text, renderer)))
        return draw(text, renderer, *args, **kwargs)

    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # settles the layout
    monkeypatch.setattr(Text, "draw", record)
    canvas.draw()
    monkeypatch.undo()
    return found


@pytest.mark.parametrize("noun", DRAWN)
def test_no_text_is_clipped_small_or_overlaps_another(noun, study, monkeypatch):
    """At print width every text has 7 pt or more, lies on the page, and stands alone."""
    figure = DRAWN[noun](study)
    width, height = figure.get_size_inches() * figure.dpi
    texts = written(figure, monkeypatch)
    assert texts
    for position, (text, box) in enumerate(texts):
        assert text.get_fontsize() >= 7, text
        assert box.x0 >= -1, text
        assert box.y0 >= -1, text
        assert box.x1 <= width + 1, text
        assert box.y1 <= height + 1, text
        for other, place in texts[:position]:
            across = min(box.x1, place.x1) - max(box.x0, place.x0)
            down = min(box.y1, place.y1) - max(box.y0, place.y0)
            assert across < 1.5 or down < 2.5, f"{text} overlaps {other}"


@pytest.mark.parametrize("noun", DRAWN)
def test_row_labels_end_before_the_plot(noun, study, monkeypatch):
    """A label on the left does not run into its panel."""
    figure = DRAWN[noun](study)
    boxes = {id(text): box for text, box in written(figure, monkeypatch)}
    for axes in figure.axes:
        for text in axes.get_yticklabels():
            if id(text) in boxes:
                assert boxes[id(text)].x1 <= axes.bbox.x0 + 1, text


@pytest.mark.parametrize("noun", DRAWN)
def test_figures_are_as_wide_as_the_text_and_fit_on_a_page(noun, study):
    """160 mm wide, and no higher than 230 mm less a caption."""
    width, height = DRAWN[noun](study).get_size_inches()
    assert width == WIDTH
    assert height < 8.2


def test_each_row_of_the_matrix_links_to_its_case(study, monkeypatch):
    """The link lies over the name and the cells of the case, and over nothing else."""
    figure = DRAWN["matrix"](study)
    boxes = {id(text): box for text, box in written(figure, monkeypatch)}
    found = {}
    for axes in figure.axes:
        places = [patch for patch in axes.patches if patch.get_url()]
        for place, name in zip(places, axes.get_yticklabels(), strict=True):
            box, label = place.get_window_extent(), boxes[id(name)]
            assert box.x0 <= label.x0 + 1
            assert box.y0 - 2 <= label.y0
            assert label.y1 <= box.y1 + 2
            assert box.x1 == pytest.approx(axes.bbox.x1)
            found[place.get_url()] = name.get_text()
    assert {case_address(case): study.names[case] for case in study.matrix["case_id"]} == found


def test_links_of_a_drawing_have_names(study, tmp_path):
    """As titles, escaped, in the file itself."""
    figure = page(1)
    figure.text(0, 0, "x", url="evidence.html#case-a&b")
    save(figure, tmp_path / "a.svg", tmp_path / "a.png", {"evidence.html#case-a&b": "A <b>"})
    found = re.findall(r"<a .*", (tmp_path / "a.svg").read_text("utf-8"))
    assert ['<a xlink:href="evidence.html#case-a&amp;b"><title>A &lt;b&gt;</title>'] == found


@pytest.mark.parametrize("study", ["toy"], indirect=True)
@pytest.mark.parametrize("noun", ["map", "matrix", "solutions"])
def test_the_same_results_give_the_same_bytes(noun, study, tmp_path):
    """Neither file holds a time, a random id or a version."""
    for name in ("a", "b"):
        save(DRAWN[noun](study), tmp_path / f"{name}.svg", tmp_path / f"{name}.png")
    for ending in ("svg", "png"):
        first, second = ((tmp_path / f"{name}.{ending}").read_bytes() for name in "ab")
        assert first == second
        for trace in (b"dc:date", b"dc:creator", b"Software", matplotlib.__version__.encode()):
            assert trace not in first


@pytest.mark.parametrize("noun", ALT)
def test_alternative_texts_tell_results_and_need_no_escaping(noun, study):
    """Each is one paragraph of sentences with numbers, without quotation marks or blanks."""
    text = ALT[noun](study)
    assert re.search(r"\d", text)
    assert text.endswith(".")
    assert not re.search(r'"|\n|nan|None|\{\{', text)


def test_a_figure_of_one_model_of_an_unknown_number_says_so(study):
    """The head of the panel and the alternative text say that models were not counted."""
    given = study.formulas.assign(exact=False)
    for expected, table in ((False, study.formulas), (True, given)):
        solved = table[table["number"] == 1]
        heads = [configurations._head(row, study.titles) for row in solved.itertuples()]
        words = str(heads), alt.solutions(study.case_types, table, study.titles)
        assert [expected] * 2 == ["not counted" in each for each in words]


def test_one_pass_has_no_agreement_to_draw(study, monkeypatch):
    """A study with one coding pass gets a figure that says so."""
    figure = intervals.agreement(study.agreement.head(0), study.book)
    assert "One coding pass" in written(figure, monkeypatch)[0][0].get_text()
    assert "one coding pass" in alt.agreement(study.agreement.head(0), study.book)


def test_cases_without_coordinates_have_no_map(monkeypatch):
    """A table without coordinates, or with blank ones only, gets a figure that says so."""
    cases = pd.DataFrame({"case_id": ["a"], "latitude": [np.nan], "longitude": [np.nan]})
    for table in (cases, cases[["case_id"]]):
        texts = written(world.case_map(table), monkeypatch)
        assert "no coordinates" in texts[0][0].get_text()


def test_without_an_interpreted_solution_there_is_nothing_to_follow(study, monkeypatch):
    """A study whose outcomes have no solution gets a figure that says so."""
    whole = study.shares[study.shares["term"] == "solution"]
    figure = multiverse.multiverse(whole, study.curve, study.titles)
    assert "no interpreted solution" in written(figure, monkeypatch)[0][0].get_text()


def test_points_at_one_place_are_moved_apart():
    """Three cases of one city end at least a mark's width from each other, near the city."""
    moved = world.moved_apart(np.zeros((3, 2)), 1.0)
    gaps = [np.hypot(*(moved[i] - moved[j])) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert min(gaps) > 0.99
    assert np.abs(moved).max() < 1


def test_points_that_stand_apart_stay():
    """A lone point is not moved."""
    points = np.array([[0.0, 0.0], [5.0, 5.0]])
    assert np.allclose(world.moved_apart(points, 1.0), points, atol=1e-3)


def test_marks_at_one_place_stand_in_centred_rows():
    """Five marks: three above, two below, centred on their place."""
    marks = configurations.side_by_side(5, 1.0)
    assert len(np.unique(marks.round(6), axis=0)) == 5
    assert sorted(np.unique(marks[:, 1], return_counts=True)[1]) == [2, 3]
    assert marks[:, 0].sum() == pytest.approx(0)


def test_wrapped_lines_hold_all_words_and_fit():
    """Nothing is lost, and a line is only longer than the width when one word is."""
    lines = wrapped("A*B + C*D + E*F", 0.5, " + ")
    assert " ".join(lines) == "A*B + C*D + E*F"
    assert len(lines) == 3


def test_a_figure_is_written_with_its_alternative_text(study, tmp_path):
    """Two pictures and a text."""
    files = {name: tmp_path / f"map.{name}" for name in ("svg", "png", "alt")}
    write_figure(world.case_map(study.cases), "A “map”.", **files)
    assert "A “map”." == files["alt"].read_text("utf-8")
    assert files["svg"].read_text("utf-8").startswith("<?xml")
    assert files["png"].read_bytes().startswith(b"\x89PNG")


def test_results_and_figures_are_the_same_however_floats_are_added(study, compute, other_sum):
    """Python 3.11 and later versions round sums of floats otherwise; no digit depends on it."""
    ours = contents(study)
    with other_sum():
        theirs = contents(compute())
    assert len(ours) > 2 * len(DRAWN)
    assert [] == [name for name in ours if ours[name] != theirs[name]]


def contents(study) -> dict[str, str]:
    """The result tables as CSV and the figures as SVG."""
    tables = {name: value for name, value in vars(study).items() if hasattr(value, "to_csv")}
    found = {f"{name}.csv": table.to_csv() for name, table in tables.items()}
    with style():
        for noun, draw in DRAWN.items():
            file = io.StringIO()
            draw(study).savefig(file, format="svg", metadata={"Date": None})
            found[f"{noun}.svg"] = file.getvalue()
    return found
