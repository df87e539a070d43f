"""Frames of text: columns by their headings, cells as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from pgi_analysis.language import DASH, small
from pgi_analysis.results import Result
from pgi_analysis.voice import Goal, Voice


def frame(rows: Iterable[Mapping[str, object]], voice: Voice, **fill: object) -> pd.DataFrame:
    """Head the columns of rows of text; `fill` fills what a heading leaves blank."""
    table = pd.DataFrame(list(rows))
    return table.rename(columns={name: voice.column(name, **fill) for name in table})


def each(table: pd.DataFrame, voice: Voice) -> Iterator[tuple]:
    """Go through the rows of a table, each with the voice that speaks about its indicator."""
    for row in table.itertuples():
        yield row, voice.on(row)


def score(row, voice: Voice, *, dated: bool = False) -> str:
    """Write a score, starred where it is doubtful, with its period where it is `dated`."""
    when = f" ({voice.whole(row.period)})" if dated and pd.notna(row.period) else ""
    return voice.points(row.value) + when + (" *" if row.status == "doubtful" else "")


def interval(lower: float, upper: float, voice: Voice, *, sign: bool = False) -> str:
    """Write the two ends of an interval."""
    if pd.isna(lower):
        return DASH
    return voice.span(voice.points(lower, sign=sign), voice.points(upper, sign=sign))


def gap(value: float, direction: int, voice: Voice) -> str:
    """Write a gap as how far the score lies above or below the target."""
    if pd.isna(value):
        return DASH
    key = side(value, direction)
    key = key if key == "even" else f"cell_{key}"
    return voice.say(f"gap.{key}", gap=abs(value)).replace(" ", "\u00a0")  # stays on one line


def side(gap: float, direction: int) -> str:
    """Tell on which side of its target a score lies: over, under, even, or inside a range."""
    above = -gap * direction
    return "inside" if not direction else "over" if above > 0 else "under" if above < 0 else "even"


def target(row, voice: Voice) -> str:
    """Write a target, a range or a value, with the change that the plan states in its place."""
    return voice.goal(Goal.of(row))


def by_year(found: Result, voice: Voice, say: Callable[[Result, Voice], list[str]]) -> list[str]:
    """Say sentences on each target year by itself, and of which year where there are several."""
    years = found.years
    if len(years) < 2:
        return say(found, voice)
    return [
        voice.say("page.in_year", year=year, text=small(line))
        for year in years
        for line in say(found.of_year(year), voice)
    ]


def named(row, table: pd.DataFrame, voice: Voice) -> str:
    """Name the indicator of a row, after its area where a table has several."""
    name = voice.name(row.indicator)
    return f"{voice.bare(row.area)}, {name}" if len(set(table["area"])) > 1 else name


def which(row, table: pd.DataFrame, voice: Voice) -> dict[str, str]:
    """Name the area of a target where a table has several, and its year where it needs one."""
    named = {"area": row.area} if len(set(table["area"])) > 1 else {}
    if table.duplicated(["area", "indicator"]).any():
        named["target_period"] = voice.whole(row.target_period)
    return named
