"""The look of the figures, which no setting of the machine changes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

STYLE = Path(__file__).with_name("paper.mplstyle")
# The machine may have other fonts of the same names.
SHIPPED = [font for font in fontManager.ttflist if font.fname.startswith(mpl.get_data_path())]
fontManager.ttflist[:] = SHIPPED
WIDTH = 6.3  # inches: the text width of the printed page, 160 mm
GREY = "#8A8A8A"
PALE = "#D9D9D9"
INK = "#222222"
# Where nothing is known: never a colour of the scale.
BLANK = {"facecolor": "white", "edgecolor": GREY, "hatch": "////////", "linewidth": 0.5}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of the paper upon matplotlib's defaults, whatever the user has set."""
    with mpl.rc_context():
        mpl.rc_file(STYLE)
        yield


def styled(draw: Callable[..., Figure]) -> Callable[..., Figure]:
    """Decorate a drawing function so that it draws in the style of the paper."""

    @wraps(draw)
    def drawn(*args, **kwargs) -> Figure:
        with style():
            return draw(*args, **kwargs)

    return drawn


def page(height: float, **options) -> Figure:
    """Return an empty figure as wide as the text, `height` inches high."""
    return Figure(figsize=(WIDTH, height), **{"layout": "constrained", **options})
