"""Numbers along an axis: as the language writes them, as many as have room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.ticker import Formatter, MaxNLocator

from pgi_analysis.charts.letters import SIZE, room, width
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

#: from these sizes on, numbers on an axis count in millions and so on
WORDS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
#: room left between two numbers, and beside the Axes, in inches
APART, EDGE = 0.1, 0.2
#: decimals on an axis, at most
MOST = 15


class Numbers(Formatter):
    """Writes the numbers of an axis: no more decimals than tell them apart."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Write one number."""
        return self.format_ticks([value])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Write numbers that stand together."""
        from babel.numbers import format_decimal

        largest = max(map(abs, values), default=0.0)
        part, word = next(((p, w) for p, w in WORDS if largest >= p), (1.0, ""))
        shares = [value / part for value in values]
        ordered = sorted(set(shares))
        step = min((b - a for a, b in pairwise(ordered)), default=largest)
        exact = (d for d in range(MOST) if all(abs(round(x, d) - x) <= step / 1e3 for x in shares))
        pattern = "#,##0." + "#" * next(exact, MOST)
        texts = []
        for share in shares:
            text = format_decimal(abs(share), format=pattern, locale=self.voice.language)
            if word and share:
                text = self.voice.say(f"plot.{word}", n=text)
            texts.append(f"−{text}" if share < 0 and text.strip("0.,") else text)
        return texts


def number_axis(ax: Axes, voice: Voice, axis: str = "x") -> None:
    """Write the numbers of an axis; along a horizontal one no more than stand side by side."""
    along = ax.xaxis if axis == "x" else ax.yaxis
    along.set_major_formatter(Numbers(voice))
    if axis == "x":
        low, high = ax.get_xlim()
        across = room(ax)[0] - EDGE
        # as many as matplotlib would take, which does not look at how long they are
        for most in range(min(9, max(1, int(across * 72 / (3 * SIZE)))), 0, -1):
            along.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
            step = min((b - a for a, b in pairwise(_in_view(along))), default=high - low)
            if step / (high - low) * across >= widest(ax, "x") + APART:
                break


def widest(ax: Axes, axis: str) -> float:
    """Return the width of the widest number on an axis, in inches."""
    along = ax.xaxis if axis == "x" else ax.yaxis
    texts = along.get_major_formatter().format_ticks(_in_view(along))
    return max(map(width, texts), default=0.0)


def _in_view(along: Axis) -> list[float]:
    """Return the numbers that an axis shows."""
    low, high = along.get_view_interval()
    ticks = along.get_major_locator().tick_values(low, high)
    return [float(tick) for tick in ticks if low <= tick <= high]
