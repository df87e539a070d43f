"""Fan charts: the scores so far, the bands of what is to come, and the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from pgi_analysis.charts.letters import LINE, SIZE, fit, room, width
from pgi_analysis.charts.numbers import number_axis, widest
from pgi_analysis.charts.periods import ANCHORS, named_periods
from pgi_analysis.charts.pictures import BANDS, Fan
from pgi_analysis.charts.style import (
    BLUE,
    FAN_HEIGHT,
    INK,
    ORANGE,
    WIDTH,
    axes,
    legend,
    name_axis,
    of_scores,
    styled,
)
from pgi_analysis.voice import Goal, Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: size of what is written beside the end of a line, and of periods where there are many
NAME = 9
#: room between two periods, in inches
BETWEEN = 0.06
#: what marks and gaps of a legend of two columns take, in inches
MARKS = 1.2
#: up to so many periods, what is written beside the end of a line has room to spare
FEW, SPARE = 4, 0.55
#: how far what would lie on each other is put apart, in points a line
APART = 7
#: how far it may reach beyond its Axes, in points
OVER = 3.4
#: what stands above and below an Axes of `fans`, and left of it beside its numbers, in inches
ABOVE, BESIDE = 0.5, 0.45


@styled()
def fan(drawn: Fan, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw the fan chart of one target: scores, bands of 50, 80 and 90 %, median, target."""
    ax, voice = axes(ax, FAN_HEIGHT), voice.about(drawn.indicator)
    history, wide, end = drawn.history, drawn.quantiles, drawn.target_period
    ax.plot(history.index, history, "o-", color=INK, label=voice.say("plot.now"))
    if len(wide):
        for (low, high), alpha in zip(BANDS, (0.15, 0.25, 0.35), strict=True):
            ax.fill_between(wide.index, wide[low], wide[high], color=BLUE, alpha=alpha, lw=0)
        ax.plot(wide.index, wide[0.5], "--", color=BLUE, label=voice.say("plot.median"))
    label = f"{voice.say('plot.target')} {voice.points(Goal(drawn.target, drawn.target_upper))}"
    start = history.index.min() if len(history) else end - 1
    for goal, said in zip(drawn.goals, (label, "_"), strict=False):
        ax.plot([start, end], [goal] * 2, color=ORANGE, lw=1.5, ls=":")
        ax.plot([end], [goal], "D", mfc=ORANGE, mec=INK, ms=8, label=said, clip_on=False)
    ax.set_xlim(start - 0.3, end + 0.3)
    number_axis(ax, voice, "y")
    _name_periods(ax, drawn)
    name_axis(ax, "y", of_scores(voice))
    name_axis(ax, "x", voice.say("plot.bands") if len(wide) else "")
    names = [text.get_label() for text in ax.get_lines() if not text.get_label().startswith("_")]
    wide = sum(sorted(width(name, size=NAME) for name in names)[-2:])
    legend(ax, 2 if wide + MARKS <= _across(ax) else 1, 0.4)
    return ax


@styled()
def fans(drawn: Sequence[Fan], voice: Voice) -> Figure | None:
    """Draw fan charts one below the other; None without any."""
    if not drawn:
        return None
    height = 1.5 * len(drawn) + 0.6
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    parts = figure.subplots(len(drawn), 1, squeeze=False)[:, 0]
    for i, (one, ax) in enumerate(zip(drawn, parts, strict=True)):
        fan(one, voice, ax)
        name = fit(voice.name(one.indicator), _across(ax), bold=True)
        ax.set_title(name, loc="left", fontsize=10, fontweight="bold")
        height += LINE * name.count("\n")
        _name_lines(ax, one, voice.about(one.indicator))
        if i < len(drawn) - 1:
            ax.set_xlabel("")
    figure.set_figheight(height)
    return figure


def _across(ax: Axes) -> float:
    """Return the width of the Axes alone, without the numbers beside it, in inches."""
    return max(room(ax)[0] - widest(ax, "y") - BESIDE, 1.0)


def _name_periods(ax: Axes, drawn: Fan) -> None:
    """Name periods below the Axes, none on another."""
    start, until = ax.get_xlim()
    first, end = round(start + 0.3), drawn.target_period
    labels = [drawn.label(period) for period in (first, drawn.last, end)]
    for size in (SIZE, NAME):
        longest = max(width(label, size=size) for label in labels)
        need = (longest + BETWEEN) * (until - start) / _across(ax)
        if need <= 1:
            break
    named = dict(named_periods(first, drawn.last, end, need))
    ax.set_xticks(list(named), [drawn.label(period) for period in named])
    sides = dict(zip(ANCHORS, ("center", "right", "left"), strict=True))
    for text, anchor in zip(ax.get_xticklabels(), named.values(), strict=True):
        text.set(horizontalalignment=sides[anchor], fontsize=size)


def _name_lines(ax: Axes, drawn: Fan, voice: Voice) -> None:
    """Write beside its end what each line is, instead of a legend."""
    if known := ax.get_legend():
        known.remove()
    median = drawn.quantiles[0.5].iloc[-1]
    target = min(drawn.goals, key=lambda end: abs(end - median))  # of a range the nearer end
    goal = Goal(drawn.target, drawn.target_upper)
    names = {
        key: f"{voice.say(f'plot.{key}')} {voice.points(value)}"
        for key, value in (("target", goal), ("median_short", median))
    }
    across, up = _across(ax), room(ax)[1] - ABOVE
    lines = 1
    if max(width(name, size=NAME, bold=True) for name in names.values()) > across / 3:
        names, lines = {key: "\n".join(name.rsplit(" ", 1)) for key, name in names.items()}, 2
    longest = max(
        width(line, size=NAME, bold=True) for name in names.values() for line in name.split("\n")
    )
    low, high = ax.get_ylim()
    near = abs(target - median) < 0.22 * lines * (high - low)
    away = APART * lines if near else 0
    start, end = ax.get_xlim()[0], drawn.target_period
    for value, key in ((target, "target"), (median, "median_short")):
        above = (value >= median) if key == "target" else (value > target)
        ax.annotate(
            names[key],
            (end + 0.06, value),
            xytext=(4 if end - start <= FEW else 9, away if above else -away),
            textcoords="offset points",
            va="center",
            fontsize=NAME,
            fontweight="bold",
            color=INK,
            annotation_clip=False,
        )
        beyond = (away + APART * lines - OVER) / 72 / up
        if above:
            high = max(high, (value - beyond * low) / (1 - beyond))
        else:
            low = min(low, (value - beyond * high) / (1 - beyond))
    ax.set_ylim(low, high)
    share = (longest + 0.15) / max(across - longest - 0.15, 0.5)
    if end - start <= FEW:
        share = max(share, SPARE)
    ax.set_xlim(start, end + share * (end - start))
    _name_periods(ax, drawn)
