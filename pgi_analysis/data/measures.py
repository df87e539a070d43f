"""How the figures of an indicator are written: with what decimals, in what unit, on what scale."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pgi_analysis.data.dataset import Dataset
from pgi_analysis.language import LANGUAGES, say

#: a range below this part of the figures themselves is rounding
ROUNDING = 1e-9
#: a range below this part of the figures is not seen on an axis with indicators of their size
NARROW = 0.01


@dataclass(frozen=True)
class Measure:
    """How the figures of an indicator are written and drawn.

    Attributes
    ----------
    digits : int
        Decimals of all its figures, scores and differences alike, see `decimals`.
    unit : str
        In the reader's language; empty where nobody named one.
    scale : hashable
        What it shares with indicators that are drawn on one axis with it: the ends of the scale
        where both are known, else the size of its figures.
    size : int or None
        The power of ten above its figures.
    """

    digits: int = 2
    unit: str = ""
    scale: Hashable = None
    size: int | None = None


def measure(
    figures: Iterable[float],
    *,
    unit: str = "",
    scale: Hashable = None,
    digits: int | None = None,
) -> Measure:
    """Measure an indicator by its figures, on the scale they lie on if that is known.

    ``digits`` are the decimals that somebody has asked for.
    """
    known = [float(figure) for figure in figures if math.isfinite(figure)]
    largest = max(map(abs, known), default=0.0)
    if not largest:
        return Measure(Measure.digits if digits is None else digits, unit, scale)
    size, spread = math.ceil(math.log10(largest)), max(known) - min(known)
    narrow = ROUNDING * largest < spread < NARROW * largest
    own = (size, math.floor(math.log10(spread)) if narrow else size)
    return Measure(decimals(known) if digits is None else digits, unit, scale or own, size)


def decimals(figures: Iterable[float]) -> int:
    """Return the decimals that suit the figures of an indicator.

    Two, as for scores, where the largest figure is above 1 and up to 100; one up to 1,000, then
    none; up to 1 three significant digits of the largest. More where the figures differ by less:
    so many that their range shows two or three significant digits. With M the largest size and R
    the range, p = ⌈log₁₀ M⌉ and r = ⌊log₁₀ R⌋::

        digits = max(0, min(2, 4 − p), 3 − p, min(2, 2 − r), 1 − r)

    Examples
    --------
    >>> [decimals(some) for some in ([4.84, 6.58], [12.5, 100.0], [487.3], [41250.0, 1234567.8])]
    [2, 2, 1, 0]
    >>> [decimals(some) for some in ([0.29, 0.6], [0.00042], [23000.1, 23000.4], [])]
    [3, 6, 2, 2]
    """
    known = [float(figure) for figure in figures if math.isfinite(figure)]
    largest = max(map(abs, known), default=0.0)
    if not largest:
        return 2
    power, spread = math.ceil(math.log10(largest)), max(known) - min(known)
    wanted = [0, min(2, 4 - power), 3 - power]
    if spread > ROUNDING * largest:
        low = math.floor(math.log10(spread))
        wanted += [min(2, 2 - low), 1 - low]
    return max(wanted)


def measures(figures: Mapping[str, Iterable[float]]) -> dict[str, Measure]:
    """Measure the indicators of plain tables, which name no unit."""
    return {name: measure(values) for name, values in figures.items()}


def measures_of(ds: Dataset, language: str) -> dict[str, Measure]:
    """Measure the indicators of a dataset, with the units and decimals that it asks for.

    One without a unit is in points where it has a scale, and in no unit where it has none. The
    figures are its scores, the plan's baselines and targets, and the ends of the scale.
    """
    tables = [(ds.official(), "value")]
    if ds.plan is not None:
        plans = filter(None, (ds.plan, ds.plan.parent))
        ends = ("baseline", "target", "target_upper")
        tables += [(plan.targets, column) for plan in plans for column in ends]
    seen: dict[str, list[float]] = {}
    for table, column in tables:
        for name, values in table.groupby("indicator")[column]:
            seen.setdefault(str(name), []).extend(values.dropna().astype(float))
    found = {}
    for row in ds.indicators.to_dict("records"):
        ends = [float(row[end]) for end in ("lower", "upper") if pd.notna(row[end])]
        named = (row.get(f"unit_{code}") for code in (language, *LANGUAGES))
        scale = tuple(ends) if len(ends) == 2 else None
        points = say("page.unit", language) if scale else ""
        unit = next((str(text) for text in named if pd.notna(text)), points)
        figures = [*seen.get(row["indicator"], []), *ends]
        digits = None if pd.isna(row["digits"]) else int(row["digits"])
        found[row["indicator"]] = measure(figures, unit=unit, scale=scale, digits=digits)
    return found
