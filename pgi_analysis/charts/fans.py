"""Fan charts: the scores so far, the bands of what is to come, and the target."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from pgi_analysis.charts.pictures import BANDS, Fan
from pgi_analysis.charts.style import (
    BLUE,
    FAN_HEIGHT,
    INK,
    ORANGE,
    WIDTH,
    axes,
    decimal_comma,
    styled,
)
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@styled()
def fan(drawn: Fan, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw the fan chart of one target: scores, bands of 50, 80 and 90 %, median, target."""
    ax = axes(ax, FAN_HEIGHT)
    history, wide, end = drawn.history, drawn.quantiles, drawn.target_period
    ax.plot(history.index, history, "o-", color=INK, label=voice.say("plot.now"))
    if len(wide):
        for (low, high), alpha in zip(BANDS, (0.15, 0.25, 0.35), strict=True):
            ax.fill_between(wide.index, wide[low], wide[high], color=BLUE, alpha=alpha, lw=0)
        ax.plot(wide.index, wide[0.5], "--", color=BLUE, label=voice.say("plot.median"))
    label = f"{voice.say('plot.target')} {voice.points(drawn.target)}"
    start = history.index.min() if len(history) else end - 1
    ax.plot([start, end], [drawn.target] * 2, color=ORANGE, lw=1.5, ls=":")
    ax.plot([end], [drawn.target], "D", mfc=ORANGE, mec=INK, ms=8, label=label)
    ticks = range(int(start), end + 1)
    ax.set_xticks(ticks, [drawn.calendar.label(tick) for tick in ticks])
    ax.set_xlim(start - 0.3, end + 0.3)
    decimal_comma(ax, voice, "y")
    ax.set_ylabel(voice.say("plot.points"))
    ax.set_xlabel(voice.say("plot.bands") if len(wide) else "")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0, handletextpad=0.4)
    return ax


@styled()
def fans(drawn: Sequence[Fan], voice: Voice) -> Figure | None:
    """Draw fan charts one below the other; None without any."""
    if not drawn:
        return None
    figure = Figure(figsize=(WIDTH, 1.5 * len(drawn) + 0.6), layout="constrained")
    parts = figure.subplots(len(drawn), 1, squeeze=False)[:, 0]
    for i, (one, ax) in enumerate(zip(drawn, parts, strict=True)):
        fan(one, voice, ax)
        name = textwrap.shorten(voice.name(one.indicator), 48)
        ax.set_title(name, loc="left", fontsize=10, fontweight="bold")
        _name_lines(ax, one, voice)
        if i < len(drawn) - 1:
            ax.set_xlabel("")
    return figure


def _name_lines(ax: Axes, drawn: Fan, voice: Voice) -> None:
    """Write beside its end what each line is, instead of a legend."""
    if legend := ax.get_legend():
        legend.remove()
    target, median = drawn.target, drawn.quantiles[0.5].iloc[-1]
    low, high = ax.get_ylim()
    near = abs(target - median) < 0.22 * (high - low)
    end = drawn.target_period
    for value, key in ((target, "target"), (median, "median_short")):
        above = (value >= median) if key == "target" else (value > target)
        ax.annotate(
            f"{voice.say(f'plot.{key}')} {voice.points(value)}",
            (end + 0.06, value),
            xytext=(4, (7 if above else -7) if near else 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            fontweight="bold",
            color=INK,
            annotation_clip=False,
        )
    start = ax.get_xlim()[0]
    ax.set_xlim(start, end + 0.55 * (end - start))
