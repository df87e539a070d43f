"""How all charts look: colours, letters, and an Axes to draw on.

Narrow figures with large letters, since reports are read on phones; shape tells what colour tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.figure import Figure

from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, *_ = sns.color_palette("colorblind")
GREY, INK = "#767676", "#222222"
WIDTH, ROW, FAN_HEIGHT = 4.5, 0.8, 3.0
STYLE = {
    "font.family": "DejaVu Sans",  # has every Vietnamese letter
    "font.size": 10,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "figure.dpi": 100,
}


@contextmanager
def styled() -> Iterator[None]:
    """Set the style, and take back only that.

    ``rc_context`` would take back too that a notebook draws by itself, which pyplot turns on with
    its first figure: only that first chart would be shown.
    """
    before = {name: plt.rcParams[name] for name in STYLE}
    plt.rcParams.update(STYLE)
    try:
        yield
    finally:
        plt.rcParams.update(before)


def axes(ax: Axes | None, height: float) -> Axes:
    """Return the Axes, or new ones of pyplot, so that a notebook shows what is drawn."""
    return ax or plt.figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def blank(height: float = FAN_HEIGHT) -> Axes:
    """Return Axes of a figure that no notebook shows by itself."""
    return Figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def legend(ax: Axes, columns: int = 2) -> None:
    """Put the legend above the Axes, from the left."""
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=columns, borderpad=0)


def decimal_comma(ax: Axes, voice: Voice, axis: str = "x") -> None:
    """Write the numbers of an axis as the language does."""
    from matplotlib.ticker import FuncFormatter

    def write(value: float, _: object) -> str:
        text = f"{value:g}".replace("-", "−")
        return text.replace(".", ",") if voice.language == "vi" else text

    getattr(ax, f"{axis}axis").set_major_formatter(FuncFormatter(write))
