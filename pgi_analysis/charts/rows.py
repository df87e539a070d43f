"""Charts with a row an indicator: gap, trend, standing, prediction intervals."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from pgi_analysis.charts.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    ROW,
    WIDTH,
    axes,
    decimal_comma,
    legend,
    styled,
)
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@styled()
def gap(table: pd.DataFrame, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw baseline, score now and target of indicators on one scale, a row each."""
    ax = axes(ax, ROW * len(table) + 0.9)
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
    notes = [voice.say("plot.to_target", **row._asdict()) for row in table.itertuples()]
    _rows(ax, table["indicator"], notes, voice)
    ax.set_xlabel(voice.say("plot.points"))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderpad=0, handletextpad=0.3)
    return ax


@styled()
def moves(table: pd.DataFrame, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw the common and the own part of each indicator's move."""
    ax = axes(ax, ROW * len(table) + 0.9)
    for i, row in enumerate(table.itertuples()):
        own = {"color": BLUE, "hatch": "///", "ec": "white", "label": _label(i, "own", voice)}
        ax.barh(-i + 0.11, row.common_move, 0.2, color=GREY, label=_label(i, "common", voice))
        ax.barh(-i - 0.11, row.own_move, 0.2, **own)
        for y, move in ((-i + 0.11, row.common_move), (-i - 0.11, row.own_move)):
            side, away = ("left", 4) if move >= 0 else ("right", -4)
            text = {"xytext": (away, 0), "textcoords": "offset points", "ha": side}
            ax.annotate(voice.signed(move), (move, y), va="center", fontsize=9, **text)
    rows = [-i for i in range(len(table))]
    ax.vlines(
        [0] * len(rows), [y - 0.26 for y in rows], [y + 0.24 for y in rows], color=INK, lw=0.8
    )
    ax.margins(x=0.16)
    _rows(ax, table["indicator"], [""] * len(table), voice)
    ax.set_xlabel(voice.say("plot.change"))
    legend(ax)
    return ax


@styled()
def standing(
    table: pd.DataFrame, scores: pd.DataFrame, area: str, voice: Voice, ax: Axes | None = None
) -> Axes:
    """Draw where the area stands among those whose score is known, a row an indicator."""
    known = table[table["n_obs"] > 0]
    ax = axes(ax, ROW * max(len(known), 1) + 0.9)
    for i, row in enumerate(known.itertuples()):
        others = scores.loc[(scores["indicator"] == row.indicator) & ~scores["own"], "value"]
        style = {"color": GREY, "alpha": 0.6, "ms": 6, "label": _label(i, "others", voice)}
        ax.plot(others, [-i] * len(others), "o", **style)
        ax.plot([row.value], [-i], "s", color=BLUE, mec=INK, ms=9, label="_" if i else area)
    notes = [
        voice.points(row.value) if pd.isna(row.place) else voice.say("plot.place", **row._asdict())
        for row in known.itertuples()
    ]
    _rows(ax, known["indicator"], notes, voice)
    ax.set_xlabel(voice.say("plot.points"))
    if len(known):
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0, handletextpad=0.3)
    return ax


@styled()
def intervals(table: pd.DataFrame, level: float, voice: Voice, ax: Axes | None = None) -> Axes:
    """Draw prediction interval, median, score now and target of each target."""
    ax = axes(ax, ROW * len(table) + 0.9)
    now = _newest(table["origin"], voice)
    for i, row in enumerate(table.itertuples()):
        span, label = [row.lower, row.upper], _label(i, "interval", voice, level=level)
        ax.plot(span, [-i, -i], color=BLUE, alpha=0.35, lw=9, solid_capstyle="butt", label=label)
        ax.plot([row.median], [-i], "|", color=BLUE, ms=14, mew=3, label=_label(i, "median", voice))
        ax.plot([row.value], [-i], "o", mfc="white", mec=INK, ms=8, label="_" if i else now)
        style = {"mfc": ORANGE, "mec": INK, "ms": 8, "label": _label(i, "target", voice)}
        ax.plot([row.target], [-i], "D", **style)
    notes = [voice.say("plot.probability", p=row.p_met) for row in table.itertuples()]
    _rows(ax, table["indicator"], notes, voice)
    ax.set_xlabel(voice.say("plot.points"))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0, handletextpad=0.4)
    return ax


@styled()
def by_scale(
    indicators: pd.Series, scales: pd.Series, draw: Callable[[set[str], Axes], Axes]
) -> Figure | None:
    """Draw with an Axes for each scale, so that a total does not squeeze its parts.

    Parameters
    ----------
    indicators : Series
        The indicator of each row.
    scales : Series
        The scale of each indicator, by its code; equal scales share an Axes.
    draw : callable
        Draws the rows of some indicators on an Axes.

    Returns
    -------
    Figure or None
        None where there is nothing to draw.
    """
    if indicators.empty:
        return None
    scale = indicators.map(scales)
    groups = list(indicators.groupby(scale, sort=False, dropna=False))
    heights = [ROW * len(names) + 0.6 for _, names in groups]
    figure = Figure(figsize=(WIDTH, sum(heights) + 0.4), layout="constrained")
    parts = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
    for i, ((_, names), ax) in enumerate(zip(groups, parts, strict=True)):
        draw(set(names), ax)
        if i and (shown := ax.get_legend()):
            shown.remove()
        if i < len(groups) - 1:
            ax.set_xlabel("")
    return figure


def _rows(ax: Axes, indicators: pd.Series, notes: list[str], voice: Voice) -> None:
    """Name each row above its line, from the left; a note stands below the name."""
    at = {"transform": ax.get_yaxis_transform(), "va": "bottom", "ha": "left"}
    for i, (indicator, note) in enumerate(zip(indicators, notes, strict=True)):
        label = textwrap.shorten(voice.name(indicator), 60)
        ax.text(0, -i + 0.42, label, fontweight="bold", **at)
        ax.text(0, -i + 0.2, note, fontsize=9.5, color=INK, **at)
    ax.set_ylim(-len(notes) + 0.55, 0.75)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    decimal_comma(ax, voice)


def _label(row: int, key: str, voice: Voice, **values: object) -> str:
    """Name what a row draws in the legend, once: the other rows draw the same."""
    return "_" if row else voice.say(f"plot.{key}", **values)


def _newest(periods: pd.Series, voice: Voice) -> str:
    """Name the newest scores by their year, if it is one year."""
    years = periods.dropna().unique()
    return voice.say("plot.now_of", period=years[0]) if len(years) == 1 else voice.say("plot.now")
