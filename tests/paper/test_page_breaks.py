"""Claims about where the PDF breaks its pages, read from its tags and the places of its lines."""

from collections import defaultdict
from itertools import pairwise

import pikepdf
import pytest
import typst

LEADING = 6  # points: what lies nearer than this to a line belongs to it


def lines_of_marks(page):
    """Mark → heights of its texts over the foot of the page; 0 stands for the page's furniture."""
    found, inside, height, stack = defaultdict(set), [], 0.0, []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                facts = operands[1] if len(operands) > 1 else {}
                inside.append(facts.get("/MCID") if isinstance(facts, pikepdf.Dictionary) else None)
            case "EMC":
                inside.pop()
            case "q":
                stack.append(height)
            case "Q":
                height = stack.pop()
            case "cm":
                height += float(operands[5])
            case "Tj" | "TJ":
                mark = next((each for each in reversed(inside) if each is not None), None)
                found[mark].add(height)
    return found


def parts(element, page=None):
    """Marks of an element and what is inside it, each with its page."""
    page = element.get("/Pg", page)
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if not isinstance(child, pikepdf.Dictionary):
            yield page.objgen, int(child)
        elif "/MCID" in child:
            yield child.get("/Pg", page).objgen, int(child["/MCID"])
        elif "/K" in child:
            yield from parts(child, page)


def split_blocks(path, kinds):
    """Of each block of these kinds that goes over several pages, the number of lines on each."""
    with pikepdf.open(path) as document:
        places = {page.objgen: lines_of_marks(page) for page in document.pages}
        numbers = {page.objgen: at for at, page in enumerate(document.pages, start=1)}
        [root] = document.Root.StructTreeRoot["/K"]
        for block in root["/K"]:
            if str(block["/S"]) not in kinds:
                continue
            heights = defaultdict(set)
            for page, mark in parts(block):
                heights[numbers[page]] |= places[page][mark]
            if len(heights) > 1:
                yield {page: lines(each) for page, each in sorted(heights.items())}


def lines(heights):
    """How many lines texts at these heights make."""
    ordered = sorted(heights)
    return 1 + sum(b - a > LEADING for a, b in pairwise(ordered))


def test_no_page_begins_or_ends_with_a_lone_line(output):
    """A paragraph of the running text that goes on has two lines or more on each of its pages."""
    split = list(split_blocks(output / "manuscript.pdf", {"/P"}))
    assert len(split) > 5
    assert [] == [each for each in split if min(each.values()) < 2]


def test_no_heading_is_the_last_line_of_a_page(output):
    """Below each heading something follows on the same page."""
    with pikepdf.open(output / "manuscript.pdf") as document:
        lowest, headings = {}, 0
        for page in document.pages:
            marks = lines_of_marks(page)
            lowest[page.objgen] = min(
                (min(heights), mark) for mark, heights in marks.items() if mark is not None
            )[1]
        [root] = document.Root.StructTreeRoot["/K"]
        for block in root["/K"]:
            if str(block["/S"]).startswith("/H"):
                headings += 1
                assert [] == [mark for page, mark in parts(block) if lowest[page] == mark]
    assert headings > 30


@pytest.mark.parametrize(("allowed", "expected"), [("0%", [{1: 5, 2: 6, 3: 1}]), ("100%", [])])
def test_a_lone_line_is_noticed(tmp_path, allowed, expected):
    """Where the typesetter may, it leaves one line for the next page, and this sees it."""
    source, made = tmp_path / "a.typ", tmp_path / "a.pdf"
    source.write_text(
        f"""#set document(title: "A")
        #set page(width: 10cm, height: 5.1cm, margin: 1cm)
        #set text(costs: (widow: {allowed}, orphan: {allowed}))
        Above.

        {"word " * 90}"""
    )
    typst.compile(source, output=made, pdf_standards="ua-1")
    assert expected == [each for each in split_blocks(made, {"/P"}) if min(each.values()) < 2]
