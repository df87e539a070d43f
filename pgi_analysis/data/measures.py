"""How the figures of an indicator are written: with what decimals, in what unit, on what scale."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pgi_analysis.data.dataset import Dataset
from pgi_analysis.language import LANGUAGES, say

#: decimals looked at of a figure
DIGITS = 12
#: a range below this part of the figures themselves is rounding
ROUNDING = 1e-9
#: figures below this part of the end of their scale are not seen on it
SEEN = 0.05
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
    direction : {1, -1} or None
        Whether higher or lower is better; None where nobody said.
    """

    digits: int = 2
    unit: str = ""
    scale: Hashable = None
    size: int | None = None
    direction: int | None = None


def measure(
    figures: Iterable[float],
    *,
    unit: str = "",
    scale: Hashable = None,
    direction: int | None = None,
    digits: int | None = None,
    ends: Iterable[float] = (),
) -> Measure:
    """Measure an indicator by its figures, on the scale they lie on if that is known.

    The decimals are those that somebody named, else what `decimals` makes of the figures and of the
    `ends` of the scale that they fill.
    """
    known = [float(figure) for figure in figures if math.isfinite(figure)]
    digits = decimals(known, ends) if digits is None else digits
    known += ends
    largest = max(map(abs, known), default=0.0)
    if not largest:
        return Measure(digits, unit, scale, direction=direction)
    size, spread = math.ceil(math.log10(largest)), max(known) - min(known)
    narrow = ROUNDING * largest < spread < NARROW * largest
    own = (size, math.floor(math.log10(spread)) if narrow else size)
    return Measure(digits, unit, scale or own, size, direction)


def decimals(figures: Iterable[float], ends: Iterable[float] = ()) -> int:
    """Return the decimals that suit the figures of an indicator.

    Two, as for scores, where the largest figure is above 1 and up to 100; one up to 1,000, then
    none; up to 1 three significant digits of the largest. More where the figures differ by less:
    so many that their range shows two or three significant digits. With M the largest size and R
    the range, p = ⌈log₁₀ M⌉ and r = ⌊log₁₀ R⌋::

        digits = max(0, min(2, 4 − p), 3 − p, min(2, 2 − r), 1 − r)

    The `ends` of a scale count among them. But no more than the figures themselves have: 0.587 is
    not 0.5870, nor 70 years 70.00.

    Examples
    --------
    >>> [decimals(some) for some in ([4.84, 6.58], [12.5, 100.0], [487.3], [41250.0, 1234567.8])]
    [2, 1, 1, 0]
    >>> [decimals(some) for some in ([0.29, 0.6], [0.00042], [0.587, 0.59], [70.0, 73.0], [])]
    [2, 5, 3, 0, 2]
    """
    own = [float(figure) for figure in figures if math.isfinite(figure)]
    known = [*own, *ends]
    largest = max(map(abs, known), default=0.0)
    if not largest:
        return 2
    power, spread = math.ceil(math.log10(largest)), max(known) - min(known)
    wanted = [0, min(2, 4 - power), 3 - power]
    if spread > ROUNDING * largest:
        low = math.floor(math.log10(spread))
        wanted += [min(2, 2 - low), 1 - low]
    least = 0 if own else 2  # the ends alone tell nothing of the figures between them
    exact = (d for d in range(least, DIGITS) if all(round(x, d) == round(x, DIGITS) for x in own))
    return min(max(wanted), next(exact, DIGITS))


def measures(
    figures: Mapping[str, Iterable[float]], directions: Mapping[str, int] | None = None
) -> dict[str, Measure]:
    """Measure the indicators of plain tables, which name no unit."""
    known = directions or {}
    return {name: measure(some, direction=known.get(name)) for name, some in figures.items()}


def measures_of(ds: Dataset, language: str) -> dict[str, Measure]:
    """Measure the indicators of a dataset, with the units and decimals that it asks for.

    One without a unit is in points where it has a scale, and in no unit where it has none. Decimals
    are those of the column ``digits`` where it names some. The figures are its scores, the plan's
    baselines and stated targets, and the ends of the scale where these are not far beyond them.
    """
    tables = [(ds.official(), "value")]
    if ds.plan is not None:
        plans = filter(None, (ds.plan, ds.plan.parent))
        ends = ("baseline", "target", "target_upper")
        tables += [(plan.targets, column) for plan in plans for column in ends]
    seen: dict[str, list[float]] = {}
    for table, column in tables:
        if "change" in table:  # what a change comes to has decimals that nobody wrote
            table = table[table["change"].isna()]
        for name, values in table.groupby("indicator")[column]:
            seen.setdefault(str(name), []).extend(values.dropna().astype(float))
    found = {}
    for row in ds.indicators.to_dict("records"):
        ends = [float(row[end]) for end in ("lower", "upper") if pd.notna(row[end])]
        named = (row.get(f"unit_{code}") for code in (language, *LANGUAGES))
        points = say("page.unit", language) if len(ends) == 2 else ""
        unit = next((str(text) for text in named if pd.notna(text)), points)
        figures = seen.get(row["indicator"], [])
        ends = ends if _fill(figures, ends) else []  # 0.587% is nothing on a scale up to 100%
        scale = tuple(ends) if len(ends) == 2 else None
        digits = None if pd.isna(row.get("digits")) else int(row["digits"])
        said = {"unit": unit, "direction": int(row["direction"]), "digits": digits, "ends": ends}
        found[row["indicator"]] = measure(figures, scale=scale, **said)
    return found


def _fill(figures: Iterable[float], ends: Iterable[float]) -> bool:
    """Tell whether figures are seen on their scale, see `SEEN`."""
    largest = max(map(abs, figures), default=math.inf)
    return largest >= SEEN * max(map(abs, ends), default=0.0)
