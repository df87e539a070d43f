"""Charts: a table and an Axes in, the Axes out.

Narrow figures with large letters, since reports are read on phones; shape tells what colour tells.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from pgi_analysis.language import default_language
from pgi_analysis.results import BANDS, FAN
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pgi_analysis.results import Projection, Scenario, Trend

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
def _styled() -> Iterator[None]:
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


def _voice(voice: Voice | None) -> Voice:
    return voice or Voice(None, default_language())


def _axes(ax: Axes | None, height: float) -> Axes:
    """Give the Axes, or new ones of pyplot, so that a notebook shows what is drawn."""
    return ax or plt.figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def blank(height: float = FAN_HEIGHT) -> Axes:
    """Give Axes of a figure that no notebook shows by itself."""
    return Figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def _rows(ax: Axes, labels: list[str], notes: list[str]) -> None:
    """Name each row above its line, from the left; a note stands at the right end."""
    at = {"transform": ax.get_yaxis_transform(), "va": "bottom"}
    for i, (label, note) in enumerate(zip(labels, notes, strict=True)):
        ax.text(0, -i + 0.42, textwrap.shorten(label, 60), ha="left", fontweight="bold", **at)
        ax.text(0, -i + 0.2, note, ha="left", fontsize=9.5, color=INK, **at)
    ax.set_ylim(-len(labels) + 0.55, 0.75)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _label(row: int, key: str, voice: Voice, **values: object) -> str:
    """Name what a row draws in the legend, once: the other rows draw the same."""
    return "_" if row else voice.say(f"plot.{key}", **values)


def _newest(periods: pd.Series, voice: Voice) -> str:
    """Name the newest scores by their year, if it is one year."""
    years = periods.dropna().unique()
    return voice.say("plot.now_of", period=years[0]) if len(years) == 1 else voice.say("plot.now")


def _decimal_comma(ax: Axes, voice: Voice, axis: str = "x") -> None:
    from matplotlib.ticker import FuncFormatter

    def write(value: float, _: object) -> str:
        text = f"{value:g}".replace("-", "−")
        return text.replace(".", ",") if voice.language == "vi" else text

    getattr(ax, f"{axis}axis").set_major_formatter(FuncFormatter(write))


@_styled()
def gap(gaps: pd.DataFrame, *, voice: Voice | None = None, ax: Axes | None = None) -> Axes:
    """Draw baseline, score now and target of indicators on one scale, a row each."""
    voice, ax = _voice(voice), _axes(ax, ROW * len(gaps) + 0.9)
    now = _newest(gaps["period"], voice)
    for i, row in enumerate(gaps.itertuples()):
        ax.plot([row.baseline, row.target], [-i, -i], color="#d0d0d0", lw=5, zorder=1)
        ax.plot([row.baseline, row.value], [-i, -i], color=BLUE, lw=5, zorder=2)
        for x, name, style in (
            (row.baseline, voice.say("plot.baseline"), {"marker": "o", "mfc": "white", "ms": 13}),
            (row.value, now, {"marker": "o", "mfc": BLUE, "ms": 7}),
            (row.target, voice.say("plot.target"), {"marker": "D", "mfc": ORANGE, "ms": 8}),
        ):
            ax.plot([x], [-i], ls="none", mec=INK, zorder=3, label="_" if i else name, **style)
    notes = [
        voice.say("plot.to_target", value=row.value, target=row.target) for row in gaps.itertuples()
    ]
    _rows(ax, [voice.name(name) for name in gaps["indicator"]], notes)
    _decimal_comma(ax, voice)
    ax.set_xlabel(voice.say("plot.points"))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderpad=0, handletextpad=0.3)
    return ax


@_styled()
def trend(found: Trend, *, voice: Voice | None = None, ax: Axes | None = None) -> Axes:
    """Draw the common and the own part of the last move; without a move, the standing."""
    if found.moves.empty:
        return standing(found, voice=voice, ax=ax)
    voice = _voice(voice)
    moves = found.moves.drop_duplicates("indicator", keep="last")
    ax = _axes(ax, ROW * len(moves) + 0.9)
    for i, row in enumerate(moves.itertuples()):
        ax.barh(-i + 0.11, row.common_move, 0.2, color=GREY, label=_label(i, "common", voice))
        ax.barh(
            -i - 0.11,
            row.own_move,
            0.2,
            color=BLUE,
            hatch="///",
            ec="white",
            label=_label(i, "own", voice),
        )
        for y, move in ((-i + 0.11, row.common_move), (-i - 0.11, row.own_move)):
            side = (
                {"ha": "left", "xytext": (4, 0)}
                if move >= 0
                else {"ha": "right", "xytext": (-4, 0)}
            )
            text = voice.points(move, sign=True)
            ax.annotate(
                text, (move, y), textcoords="offset points", va="center", fontsize=9, **side
            )
    rows = [-i for i in range(len(moves))]
    ax.vlines(
        [0] * len(rows), [y - 0.26 for y in rows], [y + 0.24 for y in rows], color=INK, lw=0.8
    )
    ax.margins(x=0.16)
    _rows(ax, [voice.name(name) for name in moves["indicator"]], [""] * len(moves))
    _decimal_comma(ax, voice)
    ax.set_xlabel(voice.say("plot.change"))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0)
    return ax


@_styled()
def standing(found: Trend, *, voice: Voice | None = None, ax: Axes | None = None) -> Axes:
    """Draw where the area stands among those whose score is known, a row an indicator."""
    voice = _voice(voice)
    known = found.table[found.table["n_obs"] > 0]
    ax = _axes(ax, ROW * max(len(known), 1) + 0.9)
    notes = []
    for i, row in enumerate(known.itertuples()):
        scores = found.standing[found.standing["indicator"] == row.indicator]
        others = scores.loc[~scores["own"], "value"]
        ax.plot(
            others,
            [-i] * len(others),
            "o",
            color=GREY,
            alpha=0.6,
            ms=6,
            label=_label(i, "others", voice),
        )
        ax.plot([row.value], [-i], "s", color=BLUE, mec=INK, ms=9, label="_" if i else found.area)
        known_place = voice.say("plot.place", value=row.value, place=row.place, n=row.n_known)
        notes.append(voice.points(row.value) if pd.isna(row.place) else known_place)
    _rows(ax, [voice.name(name) for name in known["indicator"]], notes)
    _decimal_comma(ax, voice)
    ax.set_xlabel(voice.say("plot.points"))
    if len(known):
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0, handletextpad=0.3)
    return ax


@_styled()
def intervals(found: Projection, *, voice: Voice | None = None, ax: Axes | None = None) -> Axes:
    """Draw prediction interval, median, score now and target of each target still open."""
    voice = _voice(voice)
    table = found.pending.table
    ax = _axes(ax, ROW * len(table) + 0.9)
    level, now = voice.percent(found.level), _newest(table["origin"], voice)
    for i, row in enumerate(table.itertuples()):
        span, label = [row.lower, row.upper], _label(i, "interval", voice, level=level)
        ax.plot(span, [-i, -i], color=BLUE, alpha=0.35, lw=9, solid_capstyle="butt", label=label)
        ax.plot([row.median], [-i], "|", color=BLUE, ms=14, mew=3, label=_label(i, "median", voice))
        ax.plot([row.value], [-i], "o", mfc="white", mec=INK, ms=8, label="_" if i else now)
        ax.plot(
            [row.target], [-i], "D", mfc=ORANGE, mec=INK, ms=8, label=_label(i, "target", voice)
        )
    notes = [
        voice.say("plot.probability", p=voice.percent(row.p_met)) for row in table.itertuples()
    ]
    _rows(ax, [voice.name(name) for name in table["indicator"]], notes)
    _decimal_comma(ax, voice)
    ax.set_xlabel(voice.say("plot.points"))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0, handletextpad=0.4)
    return ax


@_styled()
def projection(
    found: Projection,
    indicator: str,
    area: str | None = None,
    *,
    voice: Voice | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the fan chart of one indicator: scores, bands of 50, 80 and 90 %, median, target.

    Of several targets of an area the last one is drawn; without an area, that of the first.
    """
    row = _target(found.table, indicator, area)
    one = found.only(row.Index)
    return _fan(found, row, row.target, one.quantiles(FAN), voice, ax)


@_styled()
def scenario(
    found: Scenario,
    indicator: str,
    area: str | None = None,
    *,
    voice: Voice | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the fan chart of one indicator under the assumptions, as `projection` does."""
    plain = found.projection
    row = _target(plain.pending.table, indicator, area)
    key = ["area", "indicator", "target_period"]
    fan = found.quantiles(FAN).set_index(key).loc[[tuple(getattr(row, name) for name in key)]]
    goal = found.table.set_index(key)["target"][tuple(getattr(row, name) for name in key)]
    return _fan(plain, row, goal, fan, voice, ax)


def _target(table: pd.DataFrame, indicator: str, area: str | None):
    """Give the last target of an indicator of an area."""
    rows = table[table["indicator"] == indicator]
    rows = rows[rows["area"] == (area or rows["area"].iloc[0])]
    return list(rows.sort_values("target_period").itertuples())[-1]


def _fan(
    found: Projection,
    row,
    target: float,
    fan: pd.DataFrame,
    voice: Voice | None,
    ax: Axes | None,
) -> Axes:
    voice, ax = _voice(voice), _axes(ax, FAN_HEIGHT)
    scores = found.forecasts[row.indicator].scores
    history = scores.loc[row.area].dropna() if row.area in scores.index else pd.Series()
    ax.plot(history.index, history, "o-", color=INK, label=voice.say("plot.now"))
    if len(fan):
        wide = fan.pivot(index="period", columns="quantile", values="value")
        wide.loc[row.origin] = row.value
        wide = wide.sort_index()
        for (low, high), alpha in zip(BANDS, (0.15, 0.25, 0.35), strict=True):
            ax.fill_between(wide.index, wide[low], wide[high], color=BLUE, alpha=alpha, lw=0)
        ax.plot(wide.index, wide[0.5], "--", color=BLUE, label=voice.say("plot.median"))
    label = f"{voice.say('plot.target')} {voice.points(target)}"
    start = history.index.min() if len(history) else row.target_period - 1
    ax.plot([start, row.target_period], [target] * 2, color=ORANGE, lw=1.5, ls=":")
    ax.plot([row.target_period], [target], "D", mfc=ORANGE, mec=INK, ms=8, label=label)
    ax.set_xticks(range(int(start), int(row.target_period) + 1))
    ax.set_xlim(start - 0.3, row.target_period + 0.3)
    _decimal_comma(ax, voice, "y")
    ax.set_ylabel(voice.say("plot.points"))
    ax.set_xlabel(voice.say("plot.bands") if len(fan) else "")
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0, handletextpad=0.4)
    return ax


@_styled()
def fans(found: Projection, *, voice: Voice | None = None) -> Figure | None:
    """Draw the fan chart of every target still open, one below the other; None without any."""
    voice, pending = _voice(voice), found.pending.table
    if pending.empty:
        return None
    rows = list(pending.drop_duplicates("indicator", keep="last").itertuples())
    figure = Figure(figsize=(WIDTH, 1.5 * len(rows) + 0.6), layout="constrained")
    axes = figure.subplots(len(rows), 1, squeeze=False)[:, 0]
    for i, (row, ax) in enumerate(zip(rows, axes, strict=True)):
        projection(found, row.indicator, voice=voice, ax=ax)
        name = textwrap.shorten(voice.name(row.indicator), 48)
        ax.set_title(name, loc="left", fontsize=10, fontweight="bold")
        _name_lines(ax, row, voice)
        if i < len(rows) - 1:
            ax.set_xlabel("")
    return figure


def _name_lines(ax: Axes, row, voice: Voice) -> None:
    """Write beside its end what each line is, instead of a legend."""
    if legend := ax.get_legend():
        legend.remove()
    end = row.target_period + 0.06
    for value, key in ((row.target, "target"), (row.median, "median_short")):
        text = f"{voice.say(f'plot.{key}')} {voice.points(value)}"
        near = abs(row.target - row.median) < 0.22 * (ax.get_ylim()[1] - ax.get_ylim()[0])
        above = (value >= row.median) if key == "target" else (value > row.target)
        ax.annotate(
            text,
            (end, value),
            xytext=(4, (7 if above else -7) if near else 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            fontweight="bold",
            color=INK,
            annotation_clip=False,
        )
    width = row.target_period - ax.get_xlim()[0]
    ax.set_xlim(ax.get_xlim()[0], row.target_period + 0.55 * width)


@_styled()
def by_scale(
    draw: Callable[..., Axes],
    result: pd.DataFrame | Trend | Projection,
    scales: pd.Series,
    voice: Voice,
) -> Figure | None:
    """Draw a result with an Axes for each scale, so that a total does not squeeze its parts.

    Parameters
    ----------
    draw : callable
        Takes the part of the result that is on one scale, ``voice`` and ``ax``.
    result : DataFrame, Trend or Projection
    scales : Series
        The scale of each indicator, by its code; equal scales share an Axes.

    Returns
    -------
    Figure or None
        None where there is nothing to draw.
    """
    table = result if isinstance(result, pd.DataFrame) else result.table
    if table.empty:
        return None
    scale = table["indicator"].map(scales)
    by = table["indicator"].groupby(scale, sort=False, dropna=False)
    groups = [set(names) for _, names in by]
    heights = [ROW * len(names) + 0.6 for names in groups]
    figure = Figure(figsize=(WIDTH, sum(heights) + 0.4), layout="constrained")
    axes = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
    for i, (names, ax) in enumerate(zip(groups, axes, strict=True)):
        draw(_only(result, names), voice=voice, ax=ax)
        if i and (legend := ax.get_legend()):
            legend.remove()
        if i < len(groups) - 1:
            ax.set_xlabel("")
    return figure


def _only(result, names: set[str]):
    """Keep the rows of some indicators, in a table or in every table of a result."""
    if isinstance(result, pd.DataFrame):
        return result[result["indicator"].isin(names)]
    frames = {f.name: getattr(result, f.name) for f in fields(result)}
    kept = {k: _only(v, names) for k, v in frames.items() if isinstance(v, pd.DataFrame)}
    return replace(result, **kept)
