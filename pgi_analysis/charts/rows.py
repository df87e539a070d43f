"""Charts with a row an indicator: gap, trend, standing, prediction intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from pgi_analysis.charts.letters import fit, room, width
from pgi_analysis.charts.numbers import number_axis
from pgi_analysis.charts.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    ROW,
    WIDTH,
    axes,
    legend,
    name_axis,
    of_scores,
    styled,
)
from pgi_analysis.voice import Goal, Voice, bracketed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: sizes of the note of a row and of the number at a bar
NOTE, BAR = 9.5, 9
#: what a second line of a name adds to the height of a row, in inches
SECOND = 0.3
#: height of a legend or of the name of an axis, in inches
SAID = 0.25
#: part of the width of a figure that a row's texts leave free, in inches
MARGIN = 0.45


@styled()
def gap(table: pd.DataFrame, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw baseline, score now and target of indicators on one scale, a row each."""
    ax = _axes(ax, table["indicator"], voice)
    now = _newest(table["period"], voice)
    for i, row in enumerate(table.itertuples()):
        ax.plot([row.baseline, row.target], [-i, -i], color="#d0d0d0", lw=5, zorder=1)
        ax.plot([row.baseline, row.value], [-i, -i], color=BLUE, lw=5, zorder=2)
        for x, name, style in (
            (row.baseline, voice.say("plot.baseline"), {"marker": "o", "mfc": "white", "ms": 13}),
            (row.value, now, {"marker": "o", "mfc": BLUE, "ms": 7}),
            (row.target, voice.say("plot.target"), {"marker": "D", "mfc": ORANGE, "ms": 8}),
        ):
            ax.plot([x], [-i], ls="none", mec=INK, zorder=3, label="_" if i else name, **style)
        _other_end(ax, row, -i)
    notes = [_note("to_target", row, voice) for row in table.itertuples()]
    _rows(ax, _named(table, voice), notes, voice)
    name_axis(ax, "x", of_scores(voice.about(*table["indicator"])))
    legend(ax, 3, 0.3)
    return ax


@styled()
def moves(table: pd.DataFrame, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw the common and the own part of each indicator's move."""
    ax = _axes(ax, table["indicator"], voice)
    widest = 0.0
    for i, row in enumerate(table.itertuples()):
        own = {"color": BLUE, "hatch": "///", "ec": "white", "label": _label(i, "own", voice)}
        ax.barh(-i + 0.11, row.common_move, 0.2, color=GREY, label=_label(i, "common", voice))
        ax.barh(-i - 0.11, row.own_move, 0.2, **own)
        for y, move in ((-i + 0.11, row.common_move), (-i - 0.11, row.own_move)):
            side, away = ("left", 4) if move >= 0 else ("right", -4)
            text = {"xytext": (away, 0), "textcoords": "offset points", "ha": side}
            written = _own(row, voice).signed(move)
            widest = max(widest, width(written, size=BAR) + 0.1)
            ax.annotate(written, (move, y), va="center", fontsize=BAR, **text)
    rows = [-i for i in range(len(table))]
    ax.vlines(
        [0] * len(rows), [y - 0.26 for y in rows], [y + 0.24 for y in rows], color=INK, lw=0.8
    )
    across = room(ax)[0] - MARGIN
    ax.margins(x=max(0.16, widest / max(across - 2 * widest, 0.1)))
    _rows(ax, _named(table, voice), [""] * len(table), voice)
    unit = bracketed(voice.about(*table["indicator"]).step)
    name_axis(ax, "x", voice.say("plot.change", unit=unit))
    legend(ax)
    return ax


@styled()
def standing(
    table: pd.DataFrame, scores: pd.DataFrame, area: str, voice: Voice, ax: Axes | None = None
) -> Axes:
    """Draw where the area stands among those whose score is known, a row an indicator."""
    known = table[table["n_obs"] > 0]
    ax = _axes(ax, known["indicator"], voice)
    # a legend leaves out what begins with an underscore: a hair space goes before it
    area = voice.bare(area)
    named = fit(f"\u200a{area}" if area.startswith("_") else area, room(ax)[0] / 2 - 0.5, lines=1)
    for i, row in enumerate(known.itertuples()):
        others = scores.loc[(scores["indicator"] == row.indicator) & ~scores["own"], "value"]
        style = {"color": GREY, "alpha": 0.6, "ms": 6, "label": _label(i, "others", voice)}
        ax.plot(others, [-i] * len(others), "o", **style)
        label = "_" if i else named
        ax.plot([row.value], [-i], "s", color=BLUE, mec=INK, ms=9, label=label)
    notes = [_place(row, _own(row, voice)) for row in known.itertuples()]
    _rows(ax, _named(known, voice), notes, voice)
    name_axis(ax, "x", of_scores(voice.about(*known["indicator"])))
    if len(known):
        legend(ax, 2, 0.3)
    return ax


@styled()
def intervals(table: pd.DataFrame, level: float, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw prediction interval, median, score now and target of each target."""
    ax = _axes(ax, table["indicator"], voice)
    now = _newest(table["origin"], voice)
    for i, row in enumerate(table.itertuples()):
        span, label = [row.lower, row.upper], _label(i, "interval", voice, level=level)
        ax.plot(span, [-i, -i], color=BLUE, alpha=0.35, lw=9, solid_capstyle="butt", label=label)
        ax.plot([row.median], [-i], "|", color=BLUE, ms=14, mew=3, label=_label(i, "median", voice))
        ax.plot([row.value], [-i], "o", mfc="white", mec=INK, ms=8, label="_" if i else now)
        style = {"mfc": ORANGE, "mec": INK, "ms": 8, "label": _label(i, "target", voice)}
        ax.plot([row.target], [-i], "D", **style)
        _other_end(ax, row, -i)
    notes = [_note("median_to_target", row, voice) for row in table.itertuples()]
    _rows(ax, _named(table, voice), notes, voice)
    name_axis(ax, "x", of_scores(voice.about(*table["indicator"])))
    legend(ax, 2, 0.4)
    return ax


@styled()
def by_scale(
    indicators: pd.Series,
    voice: Voice,
    draw: Callable[[set[str], Axes], Axes],
    *,
    shown: bool = False,
) -> Figure | None:
    """Draw with an Axes for each scale and unit, so that a total does not squeeze its parts.

    Parameters
    ----------
    indicators : Series
        The indicator of each row.
    voice : Voice
        Knows the scale of each indicator; those on one scale share an Axes.
    draw : callable
        Draws the rows of some indicators on an Axes.
    shown : bool
        Make it a figure of pyplot, which a notebook shows.

    Returns
    -------
    Figure or None
        None where there is nothing to draw.
    """
    if indicators.empty:
        return None
    groups: dict[object, list[str]] = {}
    for name in indicators:
        known = voice.measures.get(name)
        groups.setdefault(known and (known.unit, known.scale), []).append(name)
    heights = [_height(names, voice) * len(names) + 0.6 for names in groups.values()]
    height = sum(heights) + 0.4
    figure = (plt.figure if shown else Figure)(figsize=(WIDTH, height), layout="constrained")
    parts = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
    for names, ax in zip(groups.values(), parts, strict=True):
        draw(set(names), ax)
    said = [_said(ax) for ax in parts]
    for ax, own in zip(parts[1:], said[1:], strict=True):  # said once, it stands for all
        if own != said[0]:
            height += SAID
        elif known := ax.get_legend():
            known.remove()
    for ax in parts[:-1]:
        if ax.get_xlabel() != parts[-1].get_xlabel():
            height += SAID
        else:
            ax.set_xlabel("")
    figure.set_figheight(height)
    return figure


def _said(ax: Axes) -> list[str]:
    """Return what the legend of an Axes says."""
    known = ax.get_legend()
    return [text.get_text() for text in known.get_texts()] if known else []


def _axes(ax: Axes | None, indicators: pd.Series, voice: Voice) -> Axes:
    """Return the Axes, or new ones with room for the rows."""
    return axes(ax, _height(indicators, voice) * max(len(indicators), 1) + 0.9)


def _height(indicators: Iterable[str], voice: Voice) -> float:
    """Return the height of a row: more where a name takes two lines."""
    names = (fit(voice.name(one), WIDTH - MARGIN, bold=True) for one in indicators)
    return ROW + SECOND * any("\n" in name for name in names)


def _other_end(ax: Axes, row, y: float) -> None:
    """Draw the other end of a target that is a range, and the way between."""
    if pd.notna(row.target_upper):
        ax.plot([row.target, row.target_upper], [y, y], color=ORANGE, lw=2, zorder=2)
        ax.plot([row.target_upper], [y], "D", mfc=ORANGE, mec=INK, ms=8, zorder=3)


def _note(key: str, row, voice: Voice) -> str:
    """Write the note of a row: its score or median, and its target."""
    return _own(row, voice).say(f"plot.{key}", **row._asdict() | {"target": Goal.of(row)})


def _own(row, voice: Voice) -> Voice:
    return voice.about(row.indicator)


def _named(table: pd.DataFrame, voice: Voice) -> list[str]:
    """Name the rows by indicator, after their areas where a table has several."""
    several = "area" in table and len(set(table["area"])) > 1
    return [
        f"{voice.bare(row.area)}, {voice.name(row.indicator)}"
        if several
        else voice.name(row.indicator)
        for row in table.itertuples()
    ]


def _rows(ax: Axes, named: list[str], notes: list[str], voice: Voice) -> None:
    """Name each row above its line, from the left; a note stands below the name."""
    at = {"transform": ax.get_yaxis_transform(), "va": "bottom", "ha": "left"}
    across = room(ax)[0]
    names = [fit(name, across - MARGIN, bold=True) for name in named]
    for i, (name, note) in enumerate(zip(names, notes, strict=True)):
        ax.text(0, -i + 0.42, name, fontweight="bold", **at)
        shown = fit(note, across - MARGIN, lines=1, size=NOTE)
        ax.text(0, -i + 0.2, shown, fontsize=NOTE, color=INK, **at)
    ax.set_ylim(-len(notes) + 0.55, 0.85 if "\n" in "".join(names[:1]) else 0.75)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    number_axis(ax, voice)


def _label(row: int, key: str, voice: Voice, **values: object) -> str:
    """Name what a row draws in the legend, once: the other rows draw the same."""
    return "_" if row else voice.say(f"plot.{key}", **values)


def _newest(periods: pd.Series, voice: Voice) -> str:
    """Name the newest scores by their year, if it is one year."""
    years = periods.dropna().unique()
    return voice.say("plot.now_of", period=years[0]) if len(years) == 1 else voice.say("plot.now")


def _place(row, voice: Voice) -> str:
    """Write the score and its place; the score alone where the place says nothing."""
    place = voice.place(row)
    return (
        voice.say("plot.place", value=row.value, place=place) if place else voice.points(row.value)
    )
