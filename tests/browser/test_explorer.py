"""Claims about the evidence explorer, in a browser and against the tables that it shows."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from .study import Study, load_study

ROOT = Path(__file__).resolve().parents[2]
EXPLORER = "evidence.html"
LISTS = ("Cases", "Scores", "Statements", "Sources")


@pytest.fixture(scope="session")
def study() -> Study:
    """The study that the build has made."""
    return load_study(ROOT)


@pytest.fixture(scope="session")
def evidence(study) -> pd.DataFrame:
    """A row per statement, or per cell without one, with the facts of cell, case and source."""
    tables = study.tables
    texts = tables["cases"].drop(columns=["decade", "n_statements", "n_sources"])
    cases = tables["cases"].assign(case_text=together(texts))
    sources = tables["sources"].rename(columns={"key": "source_key"})
    sources = sources.assign(source_text=together(sources))
    frame = tables["scores"].merge(cases, on="case_id")
    mine = ["evidence_id", "case_id", "construct", "statement", "source_key", "locator", "url"]
    frame = frame.merge(tables["statements"][mine], on=["case_id", "construct"], how="left")
    frame = frame.merge(sources[["source_key", "type", "source_text"]], on="source_key", how="left")
    both = frame[["score_a", "score_b"]].notna()
    frame["agreement"] = frame["score_a"].eq(frame["score_b"]).map({True: "agree", False: "differ"})
    frame.loc[~both.any(axis=1), "agreement"] = "none"
    frame["label"] = frame["construct"].map(study.codebook.labels)
    return frame


def together(frame: pd.DataFrame) -> pd.Series:
    """The cells of each row as one text, in which words can be looked for."""
    return frame.astype("string").fillna("").agg("\n".join, axis=1).map(fold)


def fold(text: str) -> str:
    """Letters without accents and case."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(each for each in apart if not unicodedata.combining(each)).lower()


def counts(page: Page) -> dict[str, int]:
    """What the heads of the lists say."""
    heads = page.locator("nav.kinds a").all_text_contents()
    return {name: int(n.replace(",", "")) for name, n in (each.split() for each in heads)}


@pytest.fixture(scope="session")
def unused(study, evidence) -> pd.DataFrame:
    """Sources that no statement rests on, with their text; they belong to no case and no score."""
    sources = study.tables["sources"]
    found = sources[~sources["key"].isin(evidence["source_key"])]
    return found.assign(text=together(found))


def expected(rows: pd.DataFrame) -> dict[str, int]:
    """How many cases, scores, statements and sources some rows of the evidence have."""
    return {
        "Cases": rows["case_id"].nunique(),
        "Scores": len(rows[["case_id", "construct"]].drop_duplicates()),
        "Statements": rows["evidence_id"].nunique(),
        "Sources": rows["source_key"].nunique(),
    }


def query(**wanted: str) -> str:
    """The address of a list."""
    return f"find?{urlencode(wanted)}"


def go(page: Page, fragment: str) -> None:
    """Follow a link to a place in the page, as from elsewhere in it."""
    page.evaluate(
        """(fragment) => new Promise((done) => {
            addEventListener("hashchange", () => setTimeout(done), { once: true });
            const before = location.href;
            location.hash = fragment;
            if (location.href === before) done();
        })""",
        fragment,
    )


# What everybody can use ----------------------------------------------------------------------

PLACES = {
    "cases": "",
    "scores": "find?agreement=differ&show=scores",
    "statements": "find?q=police&show=statements",
    "sources": "find?show=sources",
    "construct": "find?construct=TRU&score=present",
    "case": "case-kampala-community-policing",
    "blank case": "case-richmond-ca-community-policing",
    "withdrawn": "case-rio-de-janeiro-upp",
    "source": "source-blair2021community",
    "withdrawn ones": "find?verdict=any&show=withdrawn",
    "result": "table-robustness/5/consistency",
    "nothing": "find?q=xyzzyx",
    "unknown": "case-nowhere",
}


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
@pytest.mark.parametrize("place", PLACES)
def test_every_view_is_accessible(visit, violations, place, width, dark):
    """axe-core finds no violation in any view, narrow and light or wide and dark."""
    assert [] == violations(visit(EXPLORER, PLACES[place], width=width, dark=dark))


@pytest.mark.parametrize("place", PLACES)
def test_every_view_fits(visit, overflow, place):
    """Nothing sticks out of the page on any screen."""
    page = visit(EXPLORER, PLACES[place])
    for width in (320, 390, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert 0 == overflow(page), width


def test_the_page_is_dark_where_the_reader_likes_it_dark(visit, background):
    """The page is painted as the reader's system asks."""
    assert background(visit(EXPLORER, dark=True)) < 0.2
    assert background(visit(EXPLORER)) > 0.9


def test_without_javascript_the_page_says_what_to_do(visit):
    """Without scripts there is no dead form, but a way to the article and to the tables."""
    page = visit(EXPLORER, java_script_enabled=False)
    notice = page.locator("noscript p")
    assert "need JavaScript" in notice.text_content()
    assert notice.bounding_box()["height"] > 20
    expect(page.locator("noscript a")).to_have_attribute("href", "manuscript.html")
    assert 0 == page.locator("form, select, input").count()


def test_the_keyboard_is_enough(visit):
    """Search, choose, open a case and come back without a mouse."""
    page = visit(EXPLORER)
    while page.evaluate("document.activeElement.id") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("kampala")
    expect(page).to_have_url(re.compile("q=kampala"))
    while page.evaluate("document.activeElement.id") != "score":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("score=present"))
    while page.evaluate("document.activeElement.textContent") != "Kampala":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".detail h2")).to_be_focused()
    expect(page.locator(".detail h2")).to_have_text("Kampala")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#q")).to_have_value("kampala")
    expect(page.locator("#score")).to_have_value("present")


def test_the_skip_link_leads_past_the_head(visit):
    """The first stop of the keyboard skips to the evidence and leaves the address alone."""
    page = visit(EXPLORER, "find?q=trust")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert page.url.endswith("#find?q=trust")


# Finding -------------------------------------------------------------------------------------

FILTERS = {
    "everything": ({}, lambda e: e["case_id"].notna()),
    "construct": ({"construct": "MIS"}, lambda e: e["construct"].eq("MIS")),
    "present": (
        {"construct": "TRU", "score": "present"},
        lambda e: e["construct"].eq("TRU") & e["score"].gt(0.5),
    ),
    "absent": ({"score": "absent"}, lambda e: e["score"].lt(0.5)),
    "blank": ({"score": "blank"}, lambda e: e["score"].isna()),
    "number": ({"score": "0.33"}, lambda e: e["score"].eq(0.33)),
    "zero": ({"score": "0"}, lambda e: e["score"].eq(0)),
    "region": ({"region": "South Asia"}, lambda e: e["region"].eq("South Asia")),
    "decade": ({"decade": "1990s"}, lambda e: e["decade"].eq("1990s")),
    "unknown decade": ({"decade": "not known"}, lambda e: e["decade"].isna()),
    "differ": ({"agreement": "differ"}, lambda e: e["agreement"].eq("differ")),
    "agree": ({"agreement": "agree"}, lambda e: e["agreement"].eq("agree")),
    "adjudicated": ({"agreement": "adjudicated"}, lambda e: e["status"].eq("adjudicated")),
    "cause": ({"agreement": "withdrawn"}, lambda e: e["cause"].eq("withdrawn")),
    "type": ({"type": "article-journal"}, lambda e: e["type"].eq("article-journal")),
    "cases": (
        {"cases": "kampala-community-policing,zara-tdp"},
        lambda e: e["case_id"].isin(["kampala-community-policing", "zara-tdp"]),
    ),
    "all at once": (
        {"construct": "ENG", "score": "present", "agreement": "agree", "study_design": "survey"}
        | {"region": "Latin America & Caribbean", "type": "report"},
        lambda e: (
            e["construct"].eq("ENG")
            & e["score"].gt(0.5)
            & e["agreement"].eq("agree")
            & e["study_design"].eq("survey")
            & e["region"].eq("Latin America & Caribbean")
            & e["type"].eq("report")
        ),
    ),
    "cited": ({"cited": "yes"}, lambda e: e["case_id"].notna()),
    "nothing there": ({"construct": "XYZ"}, lambda e: e["construct"].eq("XYZ")),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_give_the_counts_of_the_tables(visit, evidence, unused, name):
    """Each filter finds as many cases, scores, statements and sources as the tables have."""
    wanted, rule = FILTERS[name]
    counted = expected(evidence[rule(evidence)])
    if wanted.keys() <= {"type"}:
        counted["Sources"] += unused["type"].eq(wanted.get("type", unused["type"])).sum()
    assert counted == counts(visit(EXPLORER, query(**wanted)))


def test_sources_without_a_statement_can_be_found(visit, unused):
    """They belong to no case: only they are left."""
    none = dict.fromkeys(("Cases", "Scores", "Statements"), 0)
    assert none | {"Sources": len(unused)} == counts(visit(EXPLORER, "find?cited=no"))


@pytest.mark.parametrize("verdict", ["any", "supported", "not found"])
def test_statements_that_were_looked_up_again_are_found(visit, study, verdict):
    """By their verdict; those that were withdrawn for it have a list of their own."""
    audit = study.raw["audit"]
    ids = audit.loc[audit["verdict"].eq(verdict) | (verdict == "any"), "evidence_id"]
    gone = ids.isin(study.raw["withdrawn"]["evidence_id"]).sum()
    page = visit(EXPLORER, query(verdict=verdict, show="withdrawn"))
    found = counts(page)
    assert (len(ids) - gone, gone) == (found["Statements"], found["Withdrawn"])
    assert gone == page.locator(".boxes > .statement").count()


@pytest.mark.parametrize("words", ["bribes", "foot patrol", "MEDELLIN", "trust science 2021"])
def test_search_finds_what_the_tables_hold(visit, evidence, unused, words):
    """Words are found without accents and case, in a statement or its source, case or construct."""
    own = together(evidence[["evidence_id", "statement", "locator", "url", "construct", "label"]])
    text = own + "\n" + evidence["case_text"] + "\n" + evidence["source_text"].fillna("")

    def has_all(text: str) -> bool:
        return all(word in text for word in fold(words).split())

    hits = evidence["evidence_id"].notna() & text.map(has_all)
    found = counts(visit(EXPLORER, query(q=words)))
    assert hits.sum() > 0
    assert hits.sum() == found["Statements"]
    sources = evidence.loc[hits, "source_key"].nunique() + unused["text"].map(has_all).sum()
    assert sources == found["Sources"]
    assert evidence.loc[hits, "case_id"].nunique() <= found["Cases"]


def test_reasons_can_be_searched(visit, study):
    """A word that only a reason has finds the score and its case."""
    codings = study.raw["codings"]
    hits = codings[codings["reason"].str.contains("lukewarm", na=False)]
    assert 1 == len(hits)
    page = visit(EXPLORER, "find?q=lukewarm&show=scores")
    assert {"Cases": 1, "Scores": 1, "Statements": 0, "Sources": 0} == counts(page)
    expect(page.locator(".score mark").first).to_have_text("lukewarm")


def test_words_in_quotes_are_one(visit):
    """A phrase in quotes is looked for as it stands."""
    apart = counts(visit(EXPLORER, query(q="foot patrol")))
    one = counts(visit(EXPLORER, query(q='"foot patrol"')))
    assert 0 < one["Statements"] < apart["Statements"]


def test_counts_are_announced(visit, study):
    """A change of the filters says the new counts where screen readers hear it."""
    page = visit(EXPLORER)
    n = len(study.tables["cases"])
    expect(page.get_by_role("status")).to_contain_text(f"Found: {n} of {n} cases")
    page.get_by_label("Construct").select_option("MIS")
    page.get_by_label("Final score").select_option("1")
    found = study.tables["scores"].query("construct == 'MIS' and score == 1")
    expect(page.get_by_role("status")).to_contain_text(f"Found: {len(found)} of {n} cases")


def test_every_item_of_a_list_can_be_shown(visit, evidence):
    """The lists grow on demand until all that was found is there."""
    page = visit(EXPLORER, "find?region=South+Asia&show=statements")
    rows = evidence.query("region == 'South Asia' and evidence_id.notna()")
    more = page.locator("button.more")
    while more.is_visible():
        shown = page.locator(".boxes > .statement").count()
        more.click()
        expect(page.locator(".boxes > .statement").nth(shown)).to_be_focused()
    shown = page.locator(".boxes > .statement").evaluate_all("all => all.map(e => e.dataset.id)")
    assert set(rows["evidence_id"]) == set(shown)
    assert len(rows) == len(shown)


def test_the_matrix_can_be_sorted(visit, study):
    """A head of the matrix sorts the cases from high to low, then from low to high, blanks last."""
    page = visit(EXPLORER)
    scores = study.tables["scores"].query("construct == 'ACC'").set_index("case_id")["score"]
    head = page.get_by_role("button", name="Accountability: sort")
    column = list(study.codebook.codes).index("ACC")
    cells = f"tr => tr.map(each => each.querySelectorAll('td')[{column}].textContent)"
    for ascending in (False, True):
        head.click()
        expect(head).to_be_focused()
        while page.locator("button.more").is_visible():
            page.locator("button.more").click()
        ordered = scores.sort_values(ascending=ascending, na_position="last")
        shown = page.locator(".matrix tbody tr").evaluate_all(cells)
        assert [f"{each:g}" if pd.notna(each) else "–" for each in ordered] == shown


# Places --------------------------------------------------------------------------------------


def test_every_case_has_its_page(visit, study):
    """The address of each case opens it, with as many statements as it has."""
    page = visit(EXPLORER)
    statements = study.tables["statements"]
    for case in study.tables["cases"].itertuples():
        go(page, f"case-{case.case_id}")
        assert case.city in page.locator(".detail h2").text_content()
        own = page.locator(".construct > .statement").evaluate_all(
            "all => all.map(e => e.dataset.id)"
        )
        assert set(statements.loc[statements["case_id"].eq(case.case_id), "evidence_id"]) == set(
            own
        )


def test_statements_and_sources_have_addresses(visit, study):
    """The address of a statement leads to it on its case's page; a source has a page of its own."""
    page = visit(EXPLORER)
    for statement in study.tables["statements"].iloc[::97].itertuples():
        go(page, f"statement-{statement.evidence_id}")
        here = page.locator(":focus")
        assert statement.evidence_id == here.get_attribute("data-id")
        assert statement.statement == here.locator(".text").first.text_content()
        expect(here).to_be_in_viewport()
    for source in study.tables["sources"].iloc[::97].itertuples():
        go(page, f"source-{source.key}")
        expect(page.locator(".detail .facts")).to_contain_text(source.title)
        assert source.n_statements == page.locator(".detail section > .statement").count()


def test_deep_links_work_from_outside(visit):
    """A link opens its place at once, also the first time and also to a cell of the matrix."""
    page = visit(EXPLORER, "score-kampala-community-policing-MIS")
    expect(page.locator("[data-construct=MIS] h4")).to_be_in_viewport()
    assert page.title().startswith("Kampala · Evidence: ")
    page = visit(EXPLORER, "statement-kampala-community-policing-res-01", width=390)
    expect(page.locator(".arrived")).to_be_in_viewport()


def test_what_is_not_there_is_said(visit):
    """An unknown address says what is missing and leads on."""
    page = visit(EXPLORER, "case-<b>nowhere")
    expect(page.locator(".detail")).to_contain_text("There is no case “<b>nowhere” here.")
    page.get_by_role("link", name="See everything").click()
    expect(page.locator(".matrix")).to_be_visible()


def test_the_article_leads_to_places_that_exist(output_text, study):
    """Each link of the article to the evidence names a case, source or statement that is there."""
    links = set(re.findall(r'href="evidence\.html#(\w+)-([^"]+)"', output_text))
    known = {
        "case": set(study.tables["cases"]["case_id"]),
        "source": set(study.tables["sources"]["key"]),
        "statement": set(study.tables["statements"]["evidence_id"]),
        "table": {
            f"{name}/{row + 2}/{column}"
            for name, table in study.results.items()
            for row in range(len(table))
            for column in table.columns
        },
    }
    assert known["case"] == {name for kind, name in links if kind == "case"}
    assert not [link for link in links if link[1] not in known[link[0]]]


@pytest.fixture(scope="session")
def output_text() -> str:
    """The article's page."""
    return (ROOT / "paper/_output/manuscript.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["#tbl-matrix", "#fig-matrix"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_article_opens_a_case(visit, place, width):
    """A click on a case in the printed matrix, or on its row of the figure, opens the case."""
    page = visit("manuscript.html", width=width)
    page.locator(f"{place} a", has_text="Kampala").click()
    expect(page.locator(".detail h2")).to_have_text("Kampala")
    visit.problems[:] = [each for each in visit.problems if EXPLORER not in each]


def test_the_back_button_restores_the_list(visit):
    """From a case, back leads to the same list at the same line; back again undoes a filter."""
    page = visit(EXPLORER)
    page.get_by_label("Final score").select_option("present")
    page.get_by_role("link", name=re.compile("^Statements")).click()
    page.locator("button.more").click()
    box = page.locator(".boxes > .statement").nth(70)
    box.scroll_into_view_if_needed()
    top = box.bounding_box()["y"]
    box.locator(".tags a").first.click()
    expect(page.locator(".detail h2")).to_be_focused()
    page.go_back()
    expect(box).to_be_in_viewport()
    assert abs(box.bounding_box()["y"] - top) < 2
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Final score")).to_have_value("")


# What a page shows ---------------------------------------------------------------------------


def test_an_adjudicated_score_shows_both_passes_and_the_reason(visit, study):
    """Each adjudicated cell has the score and reason of each pass and of the adjudication."""
    page = visit(EXPLORER, "find?agreement=adjudicated&show=scores")
    while page.locator("button.more").is_visible():
        page.locator("button.more").click()
    shown = dict(
        page.locator(".boxes .score").evaluate_all(
            """all => all.map(box => [box.querySelector("h3 a:last-of-type").hash,
                [...box.querySelectorAll("dl div")].map(line => [line.querySelector(".badge")
                    .textContent, line.querySelector("dd").textContent])])"""
        )
    )
    adjudicated = study.tables["scores"].query("status == 'adjudicated'")
    codings = study.raw["codings"].sort_values("coder")
    assert len(adjudicated) == len(shown)
    for cell in adjudicated.itertuples():
        passes = codings.query("case_id == @cell.case_id and construct == @cell.construct")
        lines = [*zip(passes["score"], passes["reason"], strict=True), (cell.score, cell.reason)]
        scored = [[printed(score), reason] for score, reason in lines if pd.notna(reason)]
        assert scored == [
            line
            for line in shown[f"#score-{cell.case_id}-{cell.construct}"]
            if line != ["–", study.codebook.blank.name]
        ]


def printed(score: float) -> str:
    """A score as the page shows it."""
    return "–" if pd.isna(score) else f"{score:g}"


def test_withdrawn_statements_are_named_with_the_reason(visit, study):
    """A withdrawn statement is no evidence, but its case says that there was one and why not."""
    page = visit(EXPLORER)
    for gone in study.raw["withdrawn"].itertuples():
        go(page, f"case-{gone.case_id}")
        section = page.get_by_role("region", name="Withdrawn statements")
        expect(section).to_contain_text(f"{gone.evidence_id}: {gone.reason}.")
        assert 0 == page.locator(f'[data-id="{gone.evidence_id}"]').count()


def test_statements_that_need_others_are_never_alone(visit, study):
    """Wherever a statement under a rule of care is shown, companions and note are with it."""
    bound = study.tables["statements"].dropna(subset=["shown_with"])
    assert len(bound) > 0
    for statement in bound.itertuples():
        for place in (
            f"statement-{statement.evidence_id}",
            f"source-{statement.source_key}",
            query(q=statement.evidence_id, show="statements"),
        ):
            page = visit(EXPLORER, place)
            boxes = page.locator(f'[data-id="{statement.evidence_id}"]')
            assert boxes.count() == 1
            expect(boxes.locator("> .care")).to_be_visible()
            for other in statement.shown_with.split():
                expect(boxes.locator(f'.companions [data-id="{other}"]')).to_be_visible()


def test_every_statement_stands_with_its_source(visit, study):
    """No statement is shown without the source that says so."""
    page = visit(EXPLORER, "case-rio-de-janeiro-upp")
    boxes = page.locator(".statement")
    shown = boxes.evaluate_all(
        "all => all.map(e => [e.dataset.id, e.querySelector('.from a').hash])"
    )
    keys = study.tables["statements"].set_index("evidence_id")["source_key"]
    assert len(shown) > 20
    assert [f"#source-{keys[name]}" for name, _ in shown] == [address for _, address in shown]


@pytest.mark.parametrize("model", ["trust", "sustained"])
def test_a_case_shows_its_place_in_each_model(visit, study, model):
    """A complete case shows its memberships and its row; the others say what they lack."""
    page = visit(EXPLORER)
    rows = study.tables["truth_table"].query("model == @model").drop_duplicates("row")
    sets = study.tables["calibrated"].query("model == @model")
    for case in study.tables["cases"]["case_id"]:
        go(page, f"case-{case}")
        box = page.locator(".model", has=page.get_by_role("heading", name=f"Model {model}"))
        mine = rows[rows["cases"].fillna("").str.split().map(lambda ids, case=case: case in ids)]
        if mine.empty:
            assert "Left out of this model: " in box.text_content()
            continue
        assert mine["configuration"].item() == box.locator("code").text_content()
        sentence = box.locator("p").text_content()
        assert f"Row {mine['row'].item()}: " in sentence
        assert ("These cases differ on the outcome." in sentence) is bool(mine["mixed"].item())
        assert sentence.endswith(".")
        memberships = sets[sets["case_id"].eq(case)].set_index("set")["membership"]
        codes = box.locator(".sets small").all_text_contents()
        shown = dict(zip(codes, box.locator(".sets .badge").all_text_contents(), strict=True))
        assert {name: f"{value:g}" for name, value in memberships.items()} == shown


# Data of all kinds ---------------------------------------------------------------------------

EVIL = """<img src=x onerror=alert(1)></script><script>alert(1)</script>"'`&amp;${1}<!--<b>bold"""


def test_hostile_text_stays_text(visit, study, tmp_path):
    """Markup in the data is shown as it is; addresses other than of the web are no links."""
    book = study.codebook
    construct = replace(book.constructs[0], label=EVIL, question=EVIL)
    hostile = replace(
        study.change("statements", 0, statement=EVIL, url="javascript:alert(1)", locator=EVIL)
        .change("cases", 0, city=EVIL, programme=EVIL, region=EVIL, scope_note=EVIL)
        .change("sources", 0, title=EVIL, authors=EVIL, url="javascript:alert(1)", doi=EVIL)
        .change("scores", 0, reason=EVIL, status="adjudicated"),
        codebook=replace(book, constructs=(construct, *book.constructs[1:])),
        article=replace(study.article, title=EVIL),
        results={"evil": pd.DataFrame({EVIL: [EVIL]})},
    )
    file = tmp_path / "evil.html"
    file.write_text(hostile.page(), encoding="utf-8")
    statement = hostile.tables["statements"].iloc[0]
    page = visit(file)
    for place in (
        *("", "find?show=scores", "find?show=statements", "find?show=sources"),
        query(q=EVIL, region=EVIL, cases=EVIL, construct="RES"),
        *(f"statement-{statement.evidence_id}", f"source-{hostile.tables['sources'].key[0]}"),
        f"table-evil/2/{quote(EVIL)}",
    ):
        go(page, place)
        assert 2 == page.locator("script").count()
        assert 0 == page.locator("img, b, svg, iframe, object").count()
        addresses = page.locator("a[href]").evaluate_all("all => all.map(a => a.protocol)")
        assert {"file:", "https:", "http:"} >= set(addresses)
    go(page, f"statement-{statement.evidence_id}")
    assert EVIL == page.locator(":focus .text").text_content()
    assert EVIL == page.locator(".detail h2").text_content()


def test_links_out_tell_nothing(visit):
    """A link out of the page is of the web and gives the site that it opens no hold on ours."""
    page = visit(EXPLORER, "case-kampala-community-policing")
    out = "all => all.filter(a => !a.protocol.startsWith('file')).map(a => [a.protocol, a.rel])"
    links = page.locator("main a[href]").evaluate_all(out)
    assert len(links) > 10
    assert {"https:", "http:"} >= {protocol for protocol, _ in links}
    assert {"noopener noreferrer"} == {rel for _, rel in links}


def test_ten_times_the_data_still_works(visit, study, tmp_path):
    """With ten times the cases, filters count right and links open the right case."""
    file = tmp_path / "ten.html"
    file.write_text(study.times(10).page(), encoding="utf-8")
    page = visit(file, "find?construct=MIS&score=present")
    scores = study.tables["scores"].query("construct == 'MIS' and score > 0.5")
    assert 10 * len(scores) == counts(page)["Cases"]
    go(page, "case-kampala-community-policing-7")
    expect(page.locator(".detail h2")).to_have_text("Kampala 7")
    own = study.tables["statements"].query("case_id == 'kampala-community-policing'")
    assert len(own) == page.locator(".construct > .statement").count()


def test_a_study_may_do_without(visit, violations, study, tmp_path):
    """One pass, no statements, no sources and no models still make a page that can be used."""
    empty = {name: study.tables[name].iloc[:0] for name in study.tables}
    cases = study.tables["cases"][["case_id", "city"]].assign(n_statements=0, n_sources=0)
    scores = study.tables["scores"].assign(evidence_ids=None, cause=None, score_b=float("nan"))
    scores["status"] = scores["score"].isna().map({True: "not mentioned", False: "single pass"})
    kept = {"cases": cases, "scores": scores}
    text = {name: study.raw.text[name] for name in ("cases", "codings")}
    text["codings"] = text["codings"].query("coder == 'a'").assign(evidence_ids="")
    small = replace(
        study,
        raw=replace(study.raw, text=text, sources=()),
        tables={**empty, **kept},
        facets=(),
        results={},
    )
    file = tmp_path / "small.html"
    file.write_text(small.page(), encoding="utf-8")
    page = visit(file)
    found = counts(page)
    assert {"Cases": len(cases), "Scores": len(scores)} == found
    assert ["construct", "score"] == page.locator("select").evaluate_all(
        "all => all.map(e => e.id)"
    )
    assert [] == violations(page)
    go(page, "case-kampala-community-policing")
    expect(page.locator(".detail h2")).to_have_text("Kampala")
    assert {"Reason"} == set(page.locator(".reasons dt").all_text_contents())
    assert [] == violations(page)
    go(page, "find?show=scores")
    assert [] == violations(page)


def test_the_same_study_is_the_same_page(study):
    """The page has no trace of when, where or by whom it was made."""
    built = (ROOT / "paper/_output" / EXPLORER).read_text(encoding="utf-8")
    assert built == study.page()
    assert str(ROOT) not in built
