"""Small pictures for the cells of a table, as inline SVG that needs neither script nor font.

Each carries a text for those who cannot see it; where a table is shown as text, that text stands
for it. Shape tells what colour tells, and colours follow the page's light or dark theme.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from pgi_analysis.charts.periods import named_periods

#: colours where no style sheet is at hand, as in JupyterLab
BLUE, ORANGE, GREY = "#0173b2", "#de8f05", "#767676"
#: width and height of a row picture, in its own units
WIDTH, HEIGHT = 200, 26
#: room left for a mark at either end
EDGE = 8
#: width of a letter of a label, at most on average
LETTER = 8


#: ends of the bands of a fan chart, the widest first, and all quantiles that it draws
BANDS = ((0.05, 0.95), (0.1, 0.9), (0.25, 0.75))
FAN = (*(level for band in BANDS for level in band), 0.5)


@dataclass(frozen=True, eq=False)
class Fan:
    """What a fan chart draws of one target.

    Attributes
    ----------
    history : Series
        The scores so far, by period.
    quantiles : DataFrame
        A row a period from the last score on, a column each of `FAN`; empty where nothing is
        projected.
    target_upper : float
        The other end of a range.
    label : callable
        Writes a period.
    """

    indicator: str
    history: pd.Series
    quantiles: pd.DataFrame
    target: float
    target_period: int
    target_upper: float = math.nan
    label: Callable[[int], str] = str

    @property
    def goals(self) -> list[float]:
        """The target, or both ends of the range."""
        return [end for end in (self.target, self.target_upper) if not np.isnan(end)]

    @property
    def last(self) -> int:
        """The period of the last score up to the target's; the target's without any."""
        known = [int(period) for period in self.history.index if period <= self.target_period]
        return max(known, default=self.target_period)


@dataclass(frozen=True)
class Picture:
    """A drawing and the text that says the same."""

    svg: str
    text: str

    def __str__(self) -> str:
        return self.text


def gap_picture(
    *,
    lower: float,
    upper: float,
    baseline: float,
    value: float,
    target: float,
    interval: tuple[float, float] | None,
    text: str,
    target_upper: float = math.nan,
) -> Picture:
    """Draw baseline, score now, target (of a range both ends) and prediction interval.

    A missing number is left out. The scale runs from `lower` to `upper`, in the picture from
    `EDGE` to ``WIDTH − EDGE``.

    Examples
    --------
    >>> scores = dict(baseline=4, value=5, target=10, interval=None)
    >>> row = gap_picture(lower=0, upper=10, **scores, text="baseline 4, now 5, target 10")
    >>> 'cx="100.0"' in row.svg, 'cx="81.6"' in row.svg
    (True, True)
    """

    def at(score: float) -> float:
        share = (np.clip(score, lower, upper) - lower) / (upper - lower)
        return round(EDGE + float(share) * (WIDTH - 2 * EDGE), 1)

    middle = HEIGHT / 2
    parts = [_line(EDGE, WIDTH - EDGE, middle, "axis", GREY, 1)]
    if interval is not None and not np.isnan(interval).any():
        low, high = at(interval[0]), at(interval[1])
        width = max(round(high - low, 1), 1.5)
        parts.append(
            f'<rect class="band" x="{low}" y="{middle - 5}" width="{width}" '
            f'height="10" rx="2" fill="{BLUE}" fill-opacity="0.3"/>'
        )
    if not np.isnan([baseline, value]).any() and baseline != value:
        ends = sorted([at(baseline), at(value)])
        parts.append(_line(*ends, middle, "moved", BLUE, 3))
    goals = [at(end) for end in (target, target_upper) if not np.isnan(end)]
    if len(goals) > 1:
        parts.append(_line(*goals, middle, "range", ORANGE, 3))
    for x in goals:
        parts.append(
            f'<path class="target" d="M{x} {middle - 9}l6 9l-6 9l-6 -9z" fill="{ORANGE}" '
            f'stroke="#222" stroke-width="1"/>'
        )
    if not np.isnan(baseline):
        parts.append(_circle(at(baseline), middle, 6, "baseline", "none", BLUE))
    if not np.isnan(value):
        parts.append(_circle(at(value), middle, 3.5, "now", BLUE, BLUE))
    return Picture(_svg(WIDTH, HEIGHT, "".join(parts), text), text)


def fan_picture(
    drawn: Fan, *, ends: tuple[float, float], write: Callable[[float], str], text: str
) -> Picture:
    """Draw scores, prediction bands and a target over time, fast enough to follow a slider.

    Parameters
    ----------
    drawn : Fan
    ends : pair of float
        Of the vertical axis.
    write : callable
        Writes a score.
    """
    width, height, top, foot = 560, 300, 12, 30
    history, wide = drawn.history, drawn.quantiles
    last = drawn.target_period
    first = min(history.index.min(), wide.index.min())
    scores = {score: write(score) for score in _ticks(*ends)}
    goal = max(map(write, drawn.goals), key=len)
    left = max(48, 12 + LETTER * max(map(len, scores.values())))
    right = max(100, 16 + LETTER * len(goal))

    def x(period: float) -> float:
        return round(left + (period - first) / max(last - first, 1) * (width - left - right), 1)

    def y(score: float) -> float:
        share = (np.clip(score, *ends) - ends[0]) / (ends[1] - ends[0])
        return round(height - foot - float(share) * (height - foot - top), 1)

    def points(line: Iterable[tuple[float, float]]) -> str:
        return " ".join(f"{x(period)},{y(score)}" for period, score in line)

    parts = []
    for score, written in scores.items():
        parts.append(_line(left, width - right, y(score), "grid", GREY, 0.3))
        parts.append(_label(left - 6, y(score) + 4, written, "end"))
    need = (LETTER * len(drawn.label(last)) + 8) * (last - first) / (width - left - right)
    for period, anchor in named_periods(int(first), drawn.last, last, need):
        parts.append(_label(x(period), height - 8, drawn.label(period), anchor))
    for low, high in BANDS:
        edge = points([*wide[high].items(), *list(wide[low].items())[::-1]])
        parts.append(f'<polygon class="band" points="{edge}" fill="{BLUE}" fill-opacity="0.22"/>')
    for kind, line, dash in (("scores", history, ""), ("median", wide[0.5], "6 4")):
        parts.append(
            f'<polyline class="{kind}" points="{points(line.items())}" fill="none" '
            f'stroke="{BLUE}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
    parts += [_circle(x(when), y(score), 4, "now", BLUE, BLUE) for when, score in history.items()]
    for end in drawn.goals:
        cx, cy = x(last), y(end)
        parts.append(_line(left, cx, cy, "goal", ORANGE, 1))
        parts.append(
            f'<path class="target" d="M{cx} {cy - 8}l6 8l-6 8l-6 -8z" fill="{ORANGE}" '
            'stroke="#222"/>'
        )
        parts.append(_label(cx + 12, cy + 4, write(end), "start"))
    return Picture(_svg(width, height, "".join(parts), text), text)


def small_fan(
    scores: Sequence[tuple[int, float]],
    ahead: Sequence[tuple[int, float, float, float]],
    goals: Sequence[float],
    until: int,
    *,
    ends: tuple[float, float],
    periods: tuple[int, int],
) -> str:
    """Draw scores, median and interval to come and the target, small, without letters.

    Parameters
    ----------
    scores : sequence of (period, score)
    ahead : sequence of (period, low end, median, high end)
    goals : sequence of float
        The target, or both ends of a range, in the period `until`.
    ends, periods : pair
        Of the axes, which pictures to be compared share.
    """
    width, height, edge = 160, 64, 7
    low, high = ends
    first, last = periods

    def at(period: float, score: float) -> str:
        x = edge + (period - first) / max(last - first, 1) * (width - 2 * edge)
        y = height - edge - (score - low) / ((high - low) or 1) * (height - 2 * edge)
        return f"{x:.1f},{y:.1f}"

    band = [at(period, lower) for period, lower, _, _ in ahead]
    band += [at(period, upper) for period, _, _, upper in reversed(ahead)]
    parts = [f'<polygon class="band" points="{" ".join(band)}" fill="{BLUE}" fill-opacity="0.3"/>']
    lines = {"median": [at(period, median) for period, _, median, _ in ahead]}
    lines["scores"] = [at(*score) for score in scores]
    parts += [
        f'<polyline class="{kind}" points="{" ".join(line)}" fill="none" stroke="{BLUE}" '
        f'stroke-width="2" stroke-dasharray="{"4 3" if kind == "median" else ""}"/>'
        for kind, line in lines.items()
    ]
    x, y = map(float, at(*scores[-1]).split(","))
    parts.append(_circle(x, y, 2.5, "now", BLUE, BLUE))
    for goal in goals:
        x, y = map(float, at(until, goal).split(","))
        parts.append(
            f'<path class="target" d="M{x} {y - 6}l4 6l-4 6l-4 -6z" fill="{ORANGE}" stroke="#222"/>'
        )
    inside = "".join(parts)
    return (
        f'<svg class="fan" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-hidden="true">{inside}</svg>'
    )


def _ticks(low: float, high: float) -> list[float]:
    """Return the round numbers between two ends, four to nine of them."""
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = max(step * power for step in (1, 2, 5) if step * power <= (high - low) / 4)
    first = math.ceil(low / step)
    return [step * n for n in range(first, math.floor(high / step) + 1)]


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="currentColor">'
        f"{escape(text)}</text>"
    )


def _svg(width: int, height: int, inside: str, text: str) -> str:
    label = escape(text, quote=True)
    return (
        f'<svg class="picture" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{label}">{inside}</svg>'
    )


def _line(x1: float, x2: float, y: float, kind: str, colour: str, width: float) -> str:
    return (
        f'<line class="{kind}" x1="{x1}" x2="{x2}" y1="{y}" y2="{y}" stroke="{colour}" '
        f'stroke-width="{width}"/>'
    )


def _circle(x: float, y: float, radius: float, kind: str, fill: str, stroke: str) -> str:
    return (
        f'<circle class="{kind}" cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="2"/>'
    )
