"""Writes reference.docx: the styles, page and running heads of the Word version.

Run it after a change, in this folder, with nothing but Python: `python reference.py`.
The file is made here rather than in Word so that a change of style is a change of text.
Sizes are in half points, distances in twentieths of a point (567 = 1 cm).
"""

import zipfile
from pathlib import Path

FONT, MONO = "Cambria", "Consolas"
INK, ACCENT, PALE = "1B1B1B", "7A1F2B", "6B6B6B"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def runs(size=None, bold=None, italic=None, colour=None, caps=False, font=None, extra=""):
    """Character properties."""
    parts = []
    if font:
        parts.append(
            f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{font}"/>'
        )
    if bold is not None:
        parts.append(f'<w:b w:val="{int(bold)}"/>')
    if italic is not None:
        parts.append(f'<w:i w:val="{int(italic)}"/>')
    if caps:
        parts.append("<w:caps/>")
    if colour:
        parts.append(f'<w:color w:val="{colour}"/>')
    if caps:
        parts.append('<w:spacing w:val="10"/>')
    if size:
        parts.append(f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>')
    return f"<w:rPr>{''.join(parts)}{extra}</w:rPr>"


def lines(
    before=0,
    after=0,
    line=None,
    align=None,
    left=0,
    right=0,
    first=0,
    hanging=0,
    keep=False,
    together=False,
    level=None,
    border="",
    shade="",
    tabs="",
):
    """Paragraph properties, in the order that the schema asks for."""
    parts = []
    if keep:
        parts.append("<w:keepNext/>")
    if together:
        parts.append("<w:keepLines/>")
    parts.append("<w:widowControl/>")
    if border:
        parts.append(f"<w:pBdr>{border}</w:pBdr>")
    if shade:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>')
    if tabs:
        parts.append(f"<w:tabs>{tabs}</w:tabs>")
    rule = f' w:line="{line}" w:lineRule="auto"' if line else ""
    parts.append(f'<w:spacing w:before="{before}" w:after="{after}"{rule}/>')
    indent = f' w:hanging="{hanging}"' if hanging else f' w:firstLine="{first}"'
    parts.append(f'<w:ind w:left="{left}" w:right="{right}"{indent}/>')
    if align:
        parts.append(f'<w:jc w:val="{align}"/>')
    if level is not None:
        parts.append(f'<w:outlineLvl w:val="{level}"/>')
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def style(
    name, based="Normal", next_style=None, paragraph="", character="", kind="paragraph", quick=True
):
    """One style; its id is its name without spaces."""
    follow = f'<w:next w:val="{next_style.replace(" ", "")}"/>' if next_style else ""
    base = f'<w:basedOn w:val="{based.replace(" ", "")}"/>' if based else ""
    mark = "<w:qFormat/>" if quick else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/>'
        f"{base}{follow}{mark}{paragraph}{character}</w:style>"
    )


def rule(side, colour=ACCENT, size=6, space=4):
    """A border line on one side."""
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def styles():
    """All styles: pandoc's names, and the journal's own for the front page."""
    language = '<w:lang w:val="en-GB"/>'
    defaults = (
        f"<w:docDefaults><w:rPrDefault>{runs(22, font=FONT, colour=INK, extra=language)}"
        f"</w:rPrDefault><w:pPrDefault>{lines()}</w:pPrDefault></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
    )
    prose = {"line": 276, "align": "both"}
    result = [
        style("Body Text", paragraph=lines(after=60, first=240, **prose)),
        style("First Paragraph", "Body Text", "Body Text", lines(after=60, **prose)),
        style("Compact", "Body Text", paragraph=lines(after=20, line=264)),
        style(
            "Title",
            next_style="Author",
            paragraph=lines(120, 120, 252, keep=True),
            character=runs(42, True),
        ),
        style("Author", paragraph=lines(0, 200, keep=True), character=runs(24)),
        style(
            "Journal",
            paragraph=lines(0, 240, border=rule("bottom")),
            character=runs(20, italic=True, colour=ACCENT),
        ),
        style("Edition", paragraph=lines(120, 0), character=runs(17, colour=PALE, caps=True)),
        style(
            "Record",
            paragraph=lines(
                0, 50, 252, left=1701, hanging=1701, tabs='<w:tab w:val="left" w:pos="1701"/>'
            ),
            character=runs(18),
        ),
        style("Record Term", None, character=runs(18, True, colour=ACCENT), kind="character"),
        style(
            "Abstract Title",
            next_style="Abstract",
            paragraph=lines(240, 80, keep=True),
            character=runs(22, True, colour=ACCENT),
        ),
        style("Abstract", paragraph=lines(0, 80, 264, align="both"), character=runs(21)),
        style("Keywords", paragraph=lines(80, 120, 264), character=runs(20)),
        style(
            "Notice",
            paragraph=lines(160, 240, 252, left=113, right=113, shade="F5F2EC"),
            character=runs(19),
        ),
        style(
            "Block Text",
            "Body Text",
            paragraph=lines(100, 100, 264, left=454, right=454),
            character=runs(20),
        ),
        style("Footnote Text", paragraph=lines(0, 20, 240), character=runs(18)),
        style(
            "Footnote Reference",
            None,
            character=runs(extra='<w:vertAlign w:val="superscript"/>'),
            kind="character",
        ),
        style(
            "Definition Term", "Body Text", "Definition", lines(80, 0, keep=True), runs(bold=True)
        ),
        style("Definition", "Body Text", paragraph=lines(0, 60, 264, left=340)),
        style(
            "Bibliography", paragraph=lines(0, 80, 252, left=397, hanging=397), character=runs(20)
        ),
        style("Fine Print", paragraph=lines(0, 40, 240), character=runs(17)),
        style(
            "Source Code",
            paragraph=lines(80, 80, 240, left=240),
            character=runs(18, font=MONO),
        ),
        style("Caption", paragraph=lines(120, 80, 252), character=runs(19)),
        style("Table Caption", "Caption", paragraph=lines(240, 100, 252, keep=True)),
        style("Image Caption", "Caption", paragraph=lines(60, 280, 252, together=True)),
        style("Captioned Figure", paragraph=lines(240, 0, keep=True, align="center")),
        style("Figure", paragraph=lines(0, 0, align="center")),
        style("Table Text", paragraph=lines(10, 10, 240), character=runs(18)),
        style("Table Text Small", paragraph=lines(6, 6, 228), character=runs(15)),
        style(
            "Callout Title",
            paragraph=lines(200, 40, keep=True, left=170, border=rule("left", size=18, space=8)),
            character=runs(20, True, colour=ACCENT),
        ),
        style(
            "Callout",
            paragraph=lines(0, 60, 252, left=170, border=rule("left", size=18, space=8)),
            character=runs(20),
        ),
        style(
            "Equation",
            paragraph=lines(
                120,
                120,
                tabs='<w:tab w:val="center" w:pos="4535"/><w:tab w:val="right" w:pos="9070"/>',
            ),
        ),
        style(
            "header",
            paragraph=lines(
                tabs='<w:tab w:val="right" w:pos="9070"/>', border=rule("bottom", "B9B3AA", 4)
            ),
            character=runs(17, colour=PALE),
        ),
        style("footer", paragraph=lines(align="center"), character=runs(17, colour=PALE)),
        style("Hyperlink", None, character=runs(colour=ACCENT), kind="character"),
        style("Verbatim Char", None, character=runs(19, font=MONO), kind="character"),
        style("Section Number", None, character=runs(), kind="character"),
        style("Body Text Char", None, character=runs(), kind="character"),
    ]
    sizes = [
        (28, ACCENT, True, False, 400, 140),
        (24, INK, True, False, 300, 100),
        (22, INK, False, True, 240, 80),
    ]
    for level in range(6):
        size, colour, bold, italic, before, after = sizes[min(level, 2)]
        result.append(
            style(
                f"heading {level + 1}",
                next_style="First Paragraph",
                paragraph=lines(before, after, keep=True, together=True, level=level),
                character=runs(size, bold, italic, colour, font=FONT),
            ).replace("heading", "Heading", 1)
        )
    return f"{HEAD}<w:styles {W}>{defaults}{normal}{''.join(result)}{TABLE}</w:styles>"


TABLE_BORDERS = rule("top", INK, 8, 0) + rule("bottom", INK, 8, 0)
CELL_MARGINS = "".join(
    f'<w:{side} w:w="{width}" w:type="dxa"/>'
    for side, width in (("top", 30), ("left", 60), ("bottom", 30), ("right", 60))
)
TABLE = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
    '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    f"<w:tblCellMar>{CELL_MARGINS}</w:tblCellMar></w:tblPr></w:style>"
    '<w:style w:type="table" w:styleId="Table"><w:name w:val="Table"/>'
    '<w:basedOn w:val="TableNormal"/><w:qFormat/>'
    f"<w:tblPr><w:tblBorders>{TABLE_BORDERS}</w:tblBorders></w:tblPr>"
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
    f"<w:tcBorders>{rule('bottom', INK, 4, 0)}</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
)


def field(name):
    """A field that Word fills; `finish` writes what it shows before that."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f'{mark.format("begin")}<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
        f"{mark.format('separate')}<w:r><w:t>1</w:t></w:r>{mark.format('end')}"
    )


def text(shown):
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{shown}</w:t></w:r>'


def part(tag, style_id, content):
    """A header or footer."""
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>{content}</w:p>'
    return f"{HEAD}<w:{tag} {W} {R}>{paragraph}</w:{tag}>"


TAB = "<w:r><w:tab/></w:r>"
RUNNING = f"{field('AUTHOR')}{text(': ')}{field('TITLE')}{TAB}{field('PAGE')}"
FOOT = f"{field('PAGE')}{text(' / ')}{field('NUMPAGES')}"
SETTINGS = (
    f"{HEAD}<w:settings {W}><w:autoHyphenation/><w:compat>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat></w:settings>'
)
PARTS = {
    "word/styles.xml": ("styles", styles()),
    "word/header1.xml": ("header", part("hdr", "header", RUNNING)),
    "word/header2.xml": ("header", f"{HEAD}<w:hdr {W} {R}><w:p/></w:hdr>"),
    "word/footer1.xml": ("footer", part("ftr", "footer", FOOT)),
    "word/footer2.xml": ("footer", part("ftr", "footer", FOOT)),
    "word/settings.xml": ("settings", SETTINGS),
}
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/>'
    '<w:headerReference w:type="first" r:id="rId3"/>'
    '<w:footerReference w:type="default" r:id="rId4"/>'
    '<w:footerReference w:type="first" r:id="rId5"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1531" w:right="1418" w:bottom="1418" w:left="1418" w:header="737" '
    'w:footer="680" w:gutter="0"/><w:titlePg/></w:sectPr>'
)


def override(name, kind):
    """The content type of one part."""
    return f'<Override PartName="/{name}" ContentType="{WORD}.{kind}+xml"/>'


def relation(number, kind, target):
    """A relation from one part to another."""
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def package():
    """Every file of the document by its name."""
    kinds = override("word/document.xml", "document.main")
    kinds += "".join(override(name, kind) for name, (kind, _) in PARTS.items())
    links = "".join(
        relation(number, kind, name.removeprefix("word/"))
        for number, (name, (kind, _)) in enumerate(PARTS.items(), start=1)
    )
    document = relation(1, "officeDocument", "word/document.xml")
    space = f"{PACKAGE}/relationships"
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{space}">{document}</Relationships>',
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{space}">{links}'
        "</Relationships>",
        "word/document.xml": f"{HEAD}<w:document {W} {R}><w:body><w:p/>{SECTION}</w:body>"
        "</w:document>",
        **{name: content for name, (_, content) in PARTS.items()},
    }


TARGET = Path(__file__).with_name("reference.docx")
with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in package().items():
        entry = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
        archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
