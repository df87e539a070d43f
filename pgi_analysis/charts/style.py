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

from pgi_analysis.charts.letters import FONT, SIZE, fit, room
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, ORANGE, *_ = sns.color_palette("colorblind")
GREY, INK = "#767676", "#222222"
WIDTH, ROW, FAN_HEIGHT = 4.5, 0.8, 3.0
STYLE = {
    "font.family": FONT,
    "font.size": SIZE,
    "text.parse_math": False,  # a name with two dollar signs is no formula
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


def legend(ax: Axes, columns: int = 2, apart: float = 0.8) -> None:
    """Put the legend above the Axes, from the left; `apart` are text and mark, in letters."""
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderpad": 0}
    ax.legend(**place, ncols=columns, handletextpad=apart)


def name_axis(ax: Axes, axis: str, text: str) -> None:
    """Name an axis, within the room it has."""
    across, up = room(ax)
    fitted = fit(text, across - 0.6 if axis == "x" else 0.6 * up)
    # an Axes made elsewhere would read a name with two dollar signs as a formula
    getattr(ax, f"set_{axis}label")(fitted, parse_math=False)


def of_scores(voice: Voice) -> str:
    """Name an axis of scores: by their unit where they have one."""
    if voice.unit == voice.say("page.unit"):
        return voice.say("plot.points")
    return voice.unit or voice.say("plot.value")
