"""Markdown as the manuscript includes it: tables and figures with captions and labels."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from casebook.errors import InputError, Problem
from casebook.readers import read_yaml

SPECIAL = re.compile(r"[\\`*_{}<>|$~^@#]")
# With a backslash these would begin a formula where single-backslash mathematics is read.
BRACKETS = str.maketrans({"[": "&#91;", "]": "&#93;"})
NONE = "–"  # in a cell without a value
ALIGN = {"l": ":---", "r": "---:", "c": ":---:"}


@dataclass(frozen=True)
class PrintedTable:
    """A table as it is printed.

    Attributes:
        header: Markdown text of each column head.
        rows: Markdown text of each cell; see `escape` for text that comes from data.
        align: one of l, r, c per column.
        widths: width of each column, in any unit.
        part: name of the part, where one noun has several tables; else "".
        style: class that sets the type: "" or "small" (many columns) or "wide" (landscape).
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    align: str
    widths: Sequence[int]
    part: str = ""
    style: str = "small"

    def __post_init__(self):
        """Refuse rows that do not fit the header."""
        sizes = {len(self.header), len(self.align), len(self.widths), *map(len, self.rows)}
        if len(sizes) > 1:
            raise ValueError(f"rows, header, align and widths differ in length: {sorted(sizes)}")


def escape(text: object) -> str:
    """Write text from data so that Markdown shows it as it is, on one line; blanks as a dash."""
    if text is None or text != text or str(text) in ("", "<NA>"):
        return NONE
    plain = " ".join(str(text).split()).replace("&", "&amp;")
    marked = SPECIAL.sub(r"\\\g<0>", plain).translate(BRACKETS)
    return marked.replace("--", r"\-\-")  # two hyphens would become a dash


def case_address(case_id: str) -> str:
    """Return the address of a case in the evidence explorer, which lies beside the page."""
    return f"evidence.html#case-{quote(case_id)}"


def case_link(case_id: str, name: str) -> str:
    """Write a case's name as a link to the case in the evidence explorer; on paper it is a name."""
    return f"[{escape(name)}]({case_address(case_id)})"


def bold(text: str) -> str:
    """Write escaped text bold."""
    return f"**{text}**"


def count(value: object) -> str:
    """Write a whole number with thousands separators; blanks as a dash."""
    return NONE if _missing(value) else f"{round(float(value)):,}".replace("-", "−")


def decimal(value: object, places: int = 2) -> str:
    """Write a number with a typographic minus; blanks as a dash; never −0."""
    if _missing(value):
        return NONE
    text = f"{float(value):.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def percent(value: object) -> str:
    """Write a share as a whole percentage; blanks as a dash."""
    return NONE if _missing(value) else f"{100 * float(value):.0f}%"


def p_value(value: object) -> str:
    """Write a p value with three places, or "<0.001"; blanks as a dash."""
    if _missing(value):
        return NONE
    return r"\<0.001" if float(value) < 0.001 else f"{float(value):.3f}"


def interval(low: object, high: object, write=decimal) -> str:
    """Write a range: en dash between numbers, "to" where one of them is negative."""
    if _missing(low) or _missing(high):
        return NONE
    joint = " to " if float(low) < 0 or float(high) < 0 else "–"
    return f"{write(low)}{joint}{write(high)}"


def _missing(value: object) -> bool:
    return value is None or str(value) in ("", "<NA>", "NaT") or math.isnan(float(value))


def heading_row(text: str, columns: int) -> list[str]:
    """Return a row that heads the rows below it."""
    return [bold(text), *[""] * (columns - 1)]


def caption_of(captions: Mapping, kind: str, noun: str, part: str, file: str) -> str:
    """Look up the caption of a figure or table.

    Args:
        captions: `figures` and `tables`, each noun → text, or noun → part → text.
        kind: `figures` or `tables`.
        noun, part: name of the figure or table, and of its part or "".
        file: name of the file of captions, for messages.

    Raises:
        InputError: there is no such caption.
    """
    found = (captions.get(kind) or {}).get(noun)
    if part:
        found = found.get(part) if isinstance(found, Mapping) else None
    if not isinstance(found, str) or not found.strip():
        key = ".".join(word for word in (kind, noun, part) if word)
        raise InputError([Problem(file, key, "", "a caption, as text")])
    return " ".join(found.split())


def label_of(kind: str, noun: str, part: str = "") -> str:
    """Return the label for cross-references: `tbl-truth-table-part`."""
    words = "-".join(word for word in (kind, noun, part) if word)
    return words.replace("_", "-")


def claim_label(name: str) -> str:
    """Return the label of a variable's row in the ledger of claims: `claim-group.name`."""
    return f"claim-{name}"


def table_include(noun: str, tables: Sequence[PrintedTable], captions: Mapping, file: str) -> str:
    """Write the tables of a noun with captions and labels.

    Args:
        noun: name of the table: key of its caption, and label with hyphens.
        tables: one table, or several with different parts.
        captions, file: as for `caption_of`.

    Raises:
        InputError: a caption is missing.
    """
    return "\n\n".join(_table(noun, each, captions, file) for each in tables) + "\n"


def write_tables(tables: Sequence[PrintedTable], captions: Path, include: Path) -> None:
    """Write the include of a noun, which is the name of the file.

    Rules print several tables at once; one without a caption in a study that does not show it is
    left empty, which a manuscript that includes it is an error for.

    Args:
        tables: one table, or several with different parts.
        captions: YAML file of captions.
        include: the file to be written.

    Raises:
        InputError: a part of a captioned noun has no caption.
    """
    include, name = Path(include), str(captions)
    texts = read_yaml(Path(captions), name, dict)
    shown = include.stem in (texts.get("tables") or {})
    text = table_include(include.stem, tables, texts, name) if shown else ""
    include.parent.mkdir(parents=True, exist_ok=True)
    include.write_text(text, encoding="utf-8", newline="\n")


def _table(noun: str, table: PrintedTable, captions: Mapping, file: str) -> str:
    caption = caption_of(captions, "tables", noun, table.part, file)
    style = f" .{table.style}" if table.style else ""
    total = sum(table.widths)
    widths = ",".join(str(round(100 * width / total)) for width in table.widths)
    label = f'{{#{label_of("tbl", noun, table.part)}{style} tbl-colwidths="[{widths}]"}}'
    lines = [table.header, [ALIGN[each] for each in table.align], *table.rows]
    pipes = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{pipes}\n\n: {caption} {label}"


def figure_include(noun: str, path: str, alt: str, captions: Mapping, file: str) -> str:
    """Write a figure with caption, label and alternative text.

    Args:
        noun: name of the figure: key of its caption, and label with hyphens.
        path: of the image from the manuscript's folder, without extension.
        alt: alternative text.
        captions, file: as for `caption_of`.

    Raises:
        InputError: the caption is missing.
    """
    caption = caption_of(captions, "figures", noun, "", file)
    alt = " ".join(alt.replace("\\", "/").replace('"', "’").split())
    return f'![{caption}]({path}){{#{label_of("fig", noun)} fig-alt="{alt}"}}\n'


def write_figures(alts: Sequence[Path], captions: Path, includes: Sequence[Path]) -> None:
    """Write the includes of figures, each the name of its noun, which the images have, too.

    Args:
        alts: file of the alternative text, for each include.
        captions: YAML file of captions; it stands in the folder of the manuscript.
        includes: the Markdown files to be written, below that folder.

    Raises:
        InputError: a caption is missing.
    """
    folder, name = Path(captions).parent, str(captions)
    texts = read_yaml(Path(captions), name, dict)
    for alt, include in zip(map(Path, alts), map(Path, includes), strict=True):
        image = include.with_suffix("").relative_to(folder).as_posix()
        text = figure_include(include.stem, image, alt.read_text("utf-8"), texts, name)
        include.write_text(text, encoding="utf-8", newline="\n")
