"""Claims about the article as a page: with mouse, keyboard, finger, screen reader and printer."""

import re

import pypdfium2
import pytest

ARTICLE = "manuscript.html"
CITATION = "main p a[href^='#ref-']"
FIGURE = "main p a.xref[href^='#fig-']"


def settled(page):
    """The page once its script has run."""
    page.wait_for_selector("html.js")
    return page


@pytest.fixture
def article(visit):
    """Open the article, its script having run."""

    def opened(fragment="", **options):
        return settled(visit(ARTICLE, fragment, **options))

    return opened


def shown(page):
    """Text of the open preview, or "" when none is open."""
    preview = page.locator("#preview:popover-open .excerpt")
    return " ".join(preview.inner_text().split()) if preview.count() else ""


def target_text(page, link):
    """Text of what a link points to."""
    return page.evaluate("link => document.querySelector(link.hash).innerText", link)


# Reading ---------------------------------------------------------------------------------------


# Once every row of every table is looked at; in other looks the first of each stand for the rest.
FIRST_ROWS = {"exclude": [["tbody tr:nth-child(n+9)"]]}
LOOKS = [
    (1280, False, None),
    *((*look, FIRST_ROWS) for look in [(1280, True), (320, False), (320, True)]),
]


@pytest.mark.parametrize(("width", "dark", "part"), LOOKS)
def test_axe_finds_no_violation(article, violations, width, dark, part):
    """Names, order, contrast and heads are right: narrow and wide, light and dark."""
    assert [] == violations(article(width=width, dark=dark), part)


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_axe_finds_no_violation_in_what_opens(article, violations, width, dark):
    """Neither an open preview, nor a sorted table, nor an enlarged figure breaks a rule."""
    page = article(width=width, dark=dark)
    for link in (CITATION, FIGURE, "main p a.claim", "main p a.xref[href^='#tbl-']"):
        page.locator(link).first.hover()
        page.wait_for_selector("#preview:popover-open")
        assert [] == violations(page, "#preview")
        page.keyboard.press("Escape")
        page.mouse.move(2, 2)
    page.locator("#tbl-prevalence thead button").first.click()
    assert [] == violations(page, "#tbl-prevalence")
    page.locator(".enlarge").first.click()
    assert [] == violations(page, "dialog")
    page.locator("dialog button", has_text="Larger").click()
    assert [] == violations(page, "dialog")


def test_dark_is_dark(article, background):
    """The page follows the system's colours."""
    assert background(article(dark=True)) < 0.2
    assert background(article()) > 0.9


def test_colours_can_be_chosen(article, background):
    """A button changes the colours, says what it will do, and the choice is kept."""
    page = article()
    chooser = page.locator(".theme")
    assert "Dark colours" == chooser.inner_text()
    chooser.click()
    assert background(page) < 0.2
    assert "Light colours" == chooser.inner_text()
    page.reload()
    assert background(settled(page)) < 0.2


@pytest.mark.parametrize("width", [320, 390, 768, 1100, 1180, 1280, 1920])
def test_text_is_as_wide_as_it_reads_well(article, width):
    """A line of prose has between 30 and 100 characters and stays inside the window."""
    page = article(width=width)
    box = page.locator("#sec-introduction > p, section.level2 > p").first.bounding_box()
    assert 0 <= box["x"]
    assert box["x"] + box["width"] <= width
    em = page.evaluate("parseFloat(getComputedStyle(document.querySelector('section p')).fontSize)")
    assert 30 <= box["width"] / em / 0.5 <= 100


# Contents --------------------------------------------------------------------------------------


def current(page):
    """What the contents mark, by address."""
    return page.eval_on_selector_all(".contents a[aria-current]", "all => all.map(a => a.hash)")


def test_contents_follow_the_reader(article):
    """Whichever section is scrolled to is the one that is marked, and its entry is in sight."""
    page = article()
    assert [] == current(page)
    addresses = page.eval_on_selector_all(".contents a", "all => all.map(a => a.hash)")
    for address in addresses[3::6]:
        page.evaluate("hash => document.querySelector(hash).scrollIntoView()", address)
        page.wait_for_selector(f".contents a[aria-current][href='{address}']")
        assert [address] == current(page)
        box = page.locator(".contents a[aria-current]").bounding_box()
        assert 0 <= box["y"] <= 800 - box["height"]


def test_contents_are_a_bar_on_narrow_screens(article):
    """The bar names the section, opens on demand, and closes after a choice and with Escape."""
    page = article("sec-introduction", width=390)
    bar, entry = page.locator(".contents summary"), page.locator(".contents a").nth(2)
    assert not entry.is_visible()
    assert bar.bounding_box()["y"] < 10
    heading = page.locator(".contents a[href='#sec-introduction']").text_content()
    assert " ".join(heading.split()) in " ".join(bar.inner_text().split())
    bar.click()
    assert entry.is_visible()
    page.keyboard.press("Escape")
    assert not entry.is_visible()
    bar.click()
    address = entry.get_attribute("href")
    entry.click()
    assert not entry.is_visible()
    assert page.url.endswith(address)
    assert 0 <= page.locator(f"{address} > :first-child").bounding_box()["y"] < 200


# Previews --------------------------------------------------------------------------------------


def test_a_citation_previews_its_reference_on_hover(article):
    """The reference appears, stays while the mouse is in it, and goes when the mouse leaves."""
    page = article()
    link = page.locator(CITATION).first
    link.hover()
    page.wait_for_selector("#preview:popover-open")
    reference = " ".join(target_text(page, link.element_handle()).split())
    assert reference == shown(page)
    page.locator("#preview .excerpt").hover()
    page.wait_for_timeout(500)
    assert reference == shown(page)
    page.mouse.move(2, 2)
    page.wait_for_selector("#preview", state="detached")


def test_a_preview_opens_by_keyboard(article):
    """Tab opens it, Tab again leads into it, Escape closes it and gives the focus back."""
    page = article()
    link = page.locator(CITATION).first
    page.keyboard.press("Tab")
    link.focus()
    assert shown(page)
    described = page.locator(f"#{link.get_attribute('aria-describedby')}")
    assert shown(page) == " ".join(described.inner_text().split())
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#preview').contains(document.activeElement)")
    assert shown(page)
    page.keyboard.press("Escape")
    assert "" == shown(page)
    assert link.evaluate("link => link === document.activeElement")
    assert link.get_attribute("aria-describedby") is None


def test_a_tap_previews_and_a_second_one_goes(article):
    """A finger has no hover: the first tap opens, one beside closes, a second one follows."""
    page = article(width=390, has_touch=True)
    link = page.locator(CITATION).first
    link.tap()
    assert shown(page)
    assert not page.url.endswith(link.get_attribute("href"))
    page.locator("h2").first.tap()
    assert "" == shown(page)
    link.tap()
    link.tap()
    assert page.url.endswith(link.get_attribute("href"))
    assert "" == shown(page)


def test_a_preview_leads_to_its_place(article):
    """Its last link goes where the citation goes."""
    page = article(width=390, has_touch=True)
    link = page.locator(CITATION).first
    link.tap()
    page.locator("#preview .follow").tap()
    assert page.url.endswith(link.get_attribute("href"))
    assert "" == shown(page)


def test_a_cross_reference_previews_its_figure(article):
    """The preview has the picture with its text and the caption."""
    page = article()
    link = page.locator(FIGURE).first
    link.hover()
    page.wait_for_selector("#preview:popover-open img")
    original = page.locator(f"{link.get_attribute('href')} img")
    assert original.get_attribute("alt") == page.locator("#preview img").get_attribute("alt")
    assert shown(page).startswith(link.inner_text().replace("\u00a0", " "))
    assert "Enlarge" not in shown(page)


def test_a_number_previews_its_row_of_the_ledger(article):
    """Each cell of the row stands under its head; blank ones are left out."""
    page = article()
    link = page.locator("main p a.claim").first
    link.hover()
    page.wait_for_selector("#preview:popover-open")
    row = page.locator(f"[id='{link.get_attribute('href')[1:]}']")
    heads = row.locator("xpath=ancestor::table//thead//th").all_text_contents()
    cells = row.locator("> *").all_text_contents()
    said = {head.strip(): cell.strip() for head, cell in zip(heads, cells, strict=True)}
    names = page.locator("#preview dt").all_text_contents()
    texts = [text.strip() for text in page.locator("#preview dd").all_text_contents()]
    assert {head: cell for head, cell in said.items() if cell} == dict(
        zip(names, texts, strict=True)
    )


def test_a_footnote_previews_without_its_way_back(article):
    """A note as pandoc writes it shows its text, and not the arrow that leads back."""
    page = article()
    page.evaluate(
        """() => {
          const paragraph = document.querySelector("section.level2 > p");
          paragraph.insertAdjacentHTML("afterbegin",
            '<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>');
          document.querySelector("article").insertAdjacentHTML("beforeend",
            '<section class="footnotes" role="doc-endnotes"><ol><li id="fn1"><p>A note.' +
            '<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol>' +
            '</section>');
        }"""
    )
    page.locator(".footnote-ref").hover()
    page.wait_for_selector("#preview:popover-open")
    assert "A note." == shown(page)


def test_no_preview_repeats_an_id(article):
    """What is copied into a preview leaves its ids behind."""
    page = article()
    page.locator(FIGURE).first.hover()
    page.wait_for_selector("#preview:popover-open")
    ids = page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [320, 1280])
def test_previews_stay_in_the_window(article, width):
    """Wherever a link stands, its preview is wholly inside the window and beside the link."""
    page = article(width=width)
    links = page.locator("main p a[href^='#']")
    for number in range(0, links.count(), 25):
        link = links.nth(number)
        link.hover()
        page.wait_for_selector("#preview:popover-open")
        box = page.locator("#preview").bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 800
        page.keyboard.press("Escape")
        page.mouse.move(2, 2)


# Tables ----------------------------------------------------------------------------------------


def column(page, table, number):
    """Texts of one column, a list for each group of rows."""
    return page.evaluate(
        """([table, number]) => Array.from(document.querySelector(table).tBodies, body =>
             Array.from(body.rows).filter(row => row.cells.length > 1)
               .map(row => row.cells[number].innerText.trim()))""",
        [f"{table} table", number],
    )


def test_a_table_sorts_by_numbers_within_its_groups(article):
    """Up, down, and back to the author's order; heads of groups stay where they are."""
    page = article()
    table = "#tbl-prevalence"
    heads = page.locator(f"{table} tbody th[scope=rowgroup]").all_inner_texts()
    head = page.locator(f"{table} thead th").nth(1)
    before = column(page, table, 1)
    assert len(before) > 1
    head.locator("button").click()
    assert "ascending" == head.get_attribute("aria-sort")
    assert [sorted(group, key=float) for group in before] == column(page, table, 1)
    head.locator("button").click()
    assert "descending" == head.get_attribute("aria-sort")
    assert [sorted(group, key=float, reverse=True) for group in before] == column(page, table, 1)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") is None
    assert before == column(page, table, 1)
    assert heads == page.locator(f"{table} tbody th[scope=rowgroup]").all_inner_texts()


def test_blanks_sort_last_either_way(article):
    """A dash is no number: it stays at the end of both orders."""
    page = article()
    head = page.locator("#tbl-matrix thead th").nth(2)
    for _ in range(2):
        head.locator("button").click()
        [cells] = column(page, "#tbl-matrix", 2)
        blank = [cell for cell in cells if not re.search(r"\d", cell)]
        assert blank
        assert blank == cells[-len(blank) :]
    assert sorted(cells[: -len(blank)], key=float, reverse=True) == cells[: -len(blank)]


def test_words_sort_as_words_and_rows_stay_whole(article):
    """Names sort by the alphabet of the language, and each keeps its other cells."""
    page = article()
    before = dict(zip(*(column(page, "#tbl-matrix", at)[0] for at in (0, 1)), strict=True))
    page.locator("#tbl-matrix thead th").nth(0).locator("button").focus()
    page.keyboard.press("Enter")
    names, scores = (column(page, "#tbl-matrix", at)[0] for at in (0, 1))
    assert names == page.evaluate("names => names.sort(new Intl.Collator('en').compare)", names)
    assert before == dict(zip(names, scores, strict=True))


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["9", "1,158", "−3", "–"], ["−3", "9", "1,158", "–"]),
        (["62%", "7%", "100%"], ["7%", "62%", "100%"]),
        (["28/57", "9/10", "3/4"], ["28/57", "3/4", "9/10"]),
        (["−0.09 (−0.33 to 0.17)", "0.28", "-0.5"], ["-0.5", "−0.09 (−0.33 to 0.17)", "0.28"]),
        (["Zara", "", "Århus", "Bonn"], ["Århus", "Bonn", "Zara", ""]),
        (["model 10", "model 9", "model 1"], ["model 1", "model 9", "model 10"]),
    ],
)
def test_numbers_are_read_as_printed(article, texts, expected):
    """Signs, thousands, per cent, shares, intervals, blanks and words with numbers."""
    page = article()
    page.evaluate(
        """texts => {
          const rows = Array.from(document.querySelector("#tbl-matrix tbody").rows);
          rows.forEach((row, at) => at < texts.length ? row.cells[1].textContent = texts[at] : 0);
          rows.slice(texts.length).forEach(row => row.cells[1].textContent = "");
        }""",
        texts,
    )
    page.locator("#tbl-matrix thead th").nth(1).locator("button").click()
    assert expected == column(page, "#tbl-matrix", 1)[0][: len(texts)]


def test_a_wide_table_scrolls_in_its_own_frame(article, overflow):
    """On a narrow screen the table scrolls, by keyboard as well, and the page does not."""
    page = article(width=320)
    frame = page.locator("#tbl-matrix .table-scroll")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert frame.evaluate("frame => frame.scrollLeft") > 0
    assert 0 == overflow(page)


@pytest.mark.parametrize("width", [390, 768, 1100, 1280, 1500])
def test_heads_of_tables_that_fit_stay_in_sight(article, width):
    """Whoever reads the last row still sees what its columns are, below the bar if there is one."""
    page = article(width=width, height=500)
    bar = page.locator(".contents")
    above = bar.bounding_box()["height"] if width < 1056 else 0
    fitting = page.locator(".table.still").evaluate_all(
        "all => all.filter(table => table.offsetHeight > 900).map(table => table.id)"
    )
    assert fitting or width < 1056
    for table in fitting:
        page.locator(f"#{table} tbody tr").last.evaluate("row => row.scrollIntoView()")
        page.evaluate("scrollBy(0, -200)")
        head = page.locator(f"#{table} thead th").first.bounding_box()
        assert above - 2 <= head["y"] <= above + 1, table


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_heads_of_tables_lie_on_no_row(article, width):
    """Whether its frame scrolls or not, a table that is wholly in sight has its head on top."""
    page = article(width=width, height=12000)
    gaps = page.locator(".table").evaluate_all(
        """all => all.map(table => table.querySelector("tbody tr").getBoundingClientRect().top
             - table.querySelector("thead th").getBoundingClientRect().bottom)"""
    )
    assert len(gaps) > 20
    assert max(map(abs, gaps)) < 1


def test_a_frame_that_does_not_scroll_is_no_stop(article):
    """The Tab key stops at a frame where there is something to scroll, and only there."""
    page = article(width=1280)
    stops = page.eval_on_selector_all(
        ".table-scroll, .figure-scroll",
        "all => all.filter(f => (f.tabIndex === 0) !== (f.scrollWidth > f.clientWidth)).length",
    )
    assert 0 == stops


# Figures ---------------------------------------------------------------------------------------


def test_a_figure_enlarges_by_keyboard_and_gives_the_focus_back(article):
    """Enter opens it, plus makes it larger, arrows turn to the next, Escape returns."""
    page = article()
    button = page.locator(".enlarge").first
    assert re.match(r"Enlarge Figure\s1$", button.text_content())
    button.focus()
    page.keyboard.press("Enter")
    dialog, image = page.locator("dialog[open]"), page.locator("dialog[open] img")
    assert page.locator(".figure img").first.get_attribute("alt") == image.get_attribute("alt")
    assert page.evaluate("document.querySelector('dialog').contains(document.activeElement)")
    fitted = image.bounding_box()
    assert fitted["width"] > page.locator(".figure img").first.bounding_box()["width"]
    page.keyboard.press("+")
    assert pytest.approx(1.5 * fitted["width"], rel=0.01) == image.bounding_box()["width"]
    page.keyboard.press("-")
    page.keyboard.press("ArrowRight")
    assert page.locator(".figure img").nth(1).get_attribute("alt") == image.get_attribute("alt")
    assert "Figure" in dialog.locator("p").inner_text()
    page.keyboard.press("Escape")
    assert 0 == page.locator("dialog[open]").count()
    assert button.evaluate("button => button === document.activeElement")


@pytest.mark.parametrize("width", [320, 1280])
def test_an_enlarged_figure_fits_the_window(article, width):
    """Every figure is wholly in sight when it opens."""
    page = article(width=width)
    page.locator(".enlarge").first.click()
    for _ in range(page.locator("figure.figure").count()):
        box = page.locator("dialog img").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 800
        page.locator("dialog button", has_text="Next").click()
    page.locator("dialog button", has_text="Close").click()
    assert 0 == page.locator("dialog[open]").count()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_links_of_a_figure_lie_where_it_shows_them(article, width):
    """The layer of links is as large as the picture, at its place, and leaves its head free."""
    page = article(width=width)
    picture = page.locator("#fig-matrix img").bounding_box()
    assert picture == pytest.approx(page.locator("#fig-matrix .links").bounding_box(), abs=1)
    rows = [row.bounding_box() for row in page.locator("#fig-matrix .links a").all()]
    assert all(row["y"] > picture["y"] + 0.05 * picture["height"] for row in rows)
    assert len({(row["x"], row["y"]) for row in rows}) == len(rows)
    page.locator("#fig-matrix img").click(position={"x": picture["width"] / 2, "y": 4})
    assert 1 == page.locator("dialog[open] img").count()


def test_the_links_of_a_figure_are_one_stop_for_the_keyboard(article, visit, violations):
    """Tab leads to one of them and on; arrow keys, Home and End lead through them."""
    page = article()
    names = page.locator("#fig-matrix .links title").all_text_contents()
    now = "document.activeElement.querySelector('title')?.textContent"
    page.locator("#fig-matrix figcaption a").first.focus()
    page.keyboard.press("Shift+Tab")
    assert names[0] == page.evaluate(now)
    for key, at in (("ArrowDown", 1), ("End", -1), ("ArrowDown", -1), ("ArrowUp", -2)):
        page.keyboard.press(key)
        assert names[at] == page.evaluate(now)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('figcaption') !== null")
    page.keyboard.press("Shift+Tab")
    assert names[-2] == page.evaluate(now)
    assert [] == violations(page, "#fig-matrix")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("evidence.html#case-"))
    assert names[-2] == page.locator(".detail h2").inner_text()
    visit.problems[:] = [each for each in visit.problems if "evidence.html" not in each]


def test_without_a_script_each_link_of_a_figure_is_a_stop(visit):
    """The browser's own way through links is left alone."""
    page = visit(ARTICLE, java_script_enabled=False)
    assert 0 == page.locator(".links [tabindex]").count()
    assert page.locator("#fig-matrix .links a").count() > 10


# Without a script, on paper, to cite -----------------------------------------------------------


def test_all_is_readable_without_a_script(visit, overflow):
    """Contents, tables, figures and citations are there; links lead to what they name."""
    page = visit(ARTICLE, java_script_enabled=False)
    assert page.locator(".contents a").first.is_visible()
    assert page.locator("#tbl-prevalence td").first.is_visible()
    assert page.locator("#fig-map img").is_visible()
    assert page.locator("#cite pre").first.is_visible()
    assert 0 == page.locator("button, dialog").count()
    link = page.locator(CITATION).first
    link.click()
    assert page.url.endswith(link.get_attribute("href"))


def test_contents_open_without_a_script_on_narrow_screens(visit):
    """The list opens by the browser's own means."""
    page = visit(ARTICLE, width=390, java_script_enabled=False)
    assert not page.locator(".contents a").first.is_visible()
    page.locator(".contents summary").click()
    assert page.locator(".contents a").first.is_visible()


def test_print_shows_the_article_alone(article, background):
    """On paper there are black letters on white, no buttons, and tables at their full width."""
    page = article(dark=True)
    page.emulate_media(media="print")
    for hidden in (".contents", ".theme", ".enlarge", "#cite", ".skip"):
        assert not page.locator(hidden).first.is_visible()
    assert 1 == background(page)
    assert "rgb(0, 0, 0)" == page.evaluate("getComputedStyle(document.body).color")
    for table in page.locator("#tbl-matrix, #tbl-association").all():
        frame = table.locator(".table-scroll")
        assert "visible" == frame.evaluate("frame => getComputedStyle(frame).overflowX")


def test_print_repeats_the_heads_of_tables(article, tmp_path):
    """A table that goes on on the next page says again what its columns are."""
    page = article()
    page.evaluate(
        """() => {
          const table = document.querySelector("#tbl-matrix");
          document.querySelector("article").replaceChildren(table);
        }"""
    )
    heads = [text.strip() for text in page.locator("#tbl-matrix thead th").all_text_contents()]
    page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    printed = pypdfium2.PdfDocument(tmp_path / "print.pdf")
    pages = [each.get_textpage().get_text_range() for each in printed]
    pages = [text.split() for text in pages if len(re.findall(r"\b0\.\d\d\b", text)) > 50]
    assert len(pages) > 1
    for words in pages:
        assert set(heads) <= set(words)


def test_a_citation_is_copied_or_selected(article):
    """The button says what it did: copied where the browser allows it, selected where not."""
    page = article()
    button = page.locator("#cite button").first
    button.click()
    page.wait_for_selector("#cite button:not(:text-is('Copy'))")
    assert button.inner_text() in ("Copied", "Selected")
    selected = page.evaluate("getSelection().toString()")
    assert page.locator("#cite pre").first.inner_text().strip() == selected.strip()


def test_every_button_has_a_name_and_is_reached_by_tab(article):
    """No control is for the mouse alone."""
    page = article()
    names = page.eval_on_selector_all(
        "button:not(dialog button)", "all => all.map(b => b.tabIndex === 0 && b.textContent.trim())"
    )
    assert names
    assert all(names)
