"""What is known of the indicators of a panel beyond their scores, for their forecasts.

The ends of their scales, the areas formed from others, the means of all areas that were published,
and the editions that show the best areas only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pgi_analysis.data import Calendar, Dataset, official_national
from pgi_analysis.faults import Hint, did_you_mean, refuse


@dataclass(frozen=True)
class Selection:
    """Editions of an indicator that show the best areas only.

    ``cutoffs`` by period: beyond which the scores of all others lie. ``best`` is 1 where the best
    are the highest, −1 where they are the lowest. ``areas`` are all that there were in each period.
    """

    cutoffs: Mapping[int, float]
    best: int = 1
    areas: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def everyone(self) -> set[str]:
        """All areas of the editions."""
        return set().union(*self.areas.values())

    def at(self, periods: Sequence[int]) -> np.ndarray:
        """Return the cutoff of each period, NaN where it shows all areas."""
        return np.array([self.cutoffs.get(int(period), np.nan) for period in periods])

    def there(self, areas: Sequence[str], periods: Sequence[int]) -> np.ndarray:
        """Tell which areas were there in each period."""
        known = [self.areas.get(int(period), frozenset()) for period in periods]
        return np.array([[area in own for own in known] for area in areas], bool)


#: no selection: what is absent is not known
ALL_SHOWN = Selection({})


@dataclass(frozen=True)
class Background:
    """What is known of indicators beyond their scores, by indicator where there is such.

    Attributes
    ----------
    scales : mapping
        The scale of each indicator, where it is known: those on one scale lend each other the size
        of the differences between areas.
    ends : mapping
        The ends of an indicator's scale, where they are declared: the model may then be on the
        scale of odds.
    parts : mapping
        Of areas that were formed from others: which. The last scores of these are a band that the
        new area lay in, see `panel.band`.
    selected : mapping
        Of indicators with editions that show the best areas only, by the panel model alone.
    means : mapping
        By indicator and period: the mean of all areas, where it was published.
    """

    scales: Mapping[str, Hashable] = field(default_factory=dict)
    ends: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    selected: Mapping[str, Selection] = field(default_factory=dict)
    means: Mapping[tuple[str, int], float] = field(default_factory=dict)


#: the scores are all that is known
NOTHING = Background()


def of_dataset(ds: Dataset) -> Background:
    """Return what a dataset knows."""
    ends = ds.indicators.dropna(subset=["lower", "upper"])
    scales = {row.indicator: (row.lower, row.upper) for row in ends.itertuples()}
    told = official_national(ds)
    cutoffs = told[told["statistic"] == "cutoff"]
    means = told[(told["statistic"] == "mean") & told["status"].isin(["published", "derived"])]
    direction = ds.indicators.set_index("indicator")["direction"]
    return Background(
        scales=scales,
        ends=scales,
        parts=ds.descent.formed(),
        means={(one.indicator, int(one.period)): float(one.value) for one in means.itertuples()},
        selected={
            str(name): Selection(known, int(direction[name]), _there(ds, known))
            for name, rows in cutoffs.groupby("indicator")
            if (known := dict(zip(rows["period"].map(int), rows["value"], strict=True)))
        },
    )


def of_panel(
    panel: pd.DataFrame,
    targets: pd.DataFrame,
    cutoffs: Mapping[tuple[str, object], float] | None,
    calendar: Calendar,
) -> Background:
    """Return what a caller tells of a plain panel, whose periods the calendar has counted.

    Raises
    ------
    InputError
        A cutoff is of no indicator and period of the panel, or no number.
    """
    known = {
        (name, calendar.label(period)): int(period)
        for name, period in panel[["indicator", "period"]].drop_duplicates().itertuples(index=False)
    }
    direction = targets.drop_duplicates("indicator").set_index("indicator")["direction"]
    by: dict[str, dict[int, float]] = {}
    for (name, period), value in (cutoffs or {}).items():
        if (name, str(period)) not in known:
            hint = did_you_mean(str(name), {one for one, _ in known} - {name})
            raise refuse("cutoffs.unknown", got=f"{name}, {period}", hint=hint)
        if not np.isfinite(value):
            raise refuse("not_finite", name=f"cutoffs[{name!r}, {period}]", got=value, hint=Hint())
        by.setdefault(name, {})[known[name, str(period)]] = float(value)
    everyone = frozenset(panel["area"])
    selected = {
        name: Selection(limits, int(direction[name]), dict.fromkeys(limits, everyone))
        for name, limits in by.items()
        if name in direction.index  # of another it is not known which scores are the best
    }
    return Background(ends=_ends(targets), selected=selected)


def _ends(targets: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return the ends of the scale that the targets of an indicator agree on."""
    found = {}
    for name, rows in targets.groupby("indicator", sort=False):
        ends = rows[["lower", "upper"]].astype(float).drop_duplicates()
        if len(ends) == 1 and ends.notna().all(axis=None):
            found[name] = tuple(ends.iloc[0])
    return found


def _there(ds: Dataset, periods: Iterable[int]) -> dict[int, frozenset[str]]:
    """Return the areas that there were in each period."""
    days = {period: ds.map_day(period) for period in periods}
    return {
        period: frozenset(
            ds.descent.own(area) for area in ds.areas["area"] if ds.descent.valid(area, day)
        )
        for period, day in days.items()
    }


def lacking(panel: pd.DataFrame, targets: pd.DataFrame) -> set[str]:
    """Return the indicators with a target for their last period of an area without a score."""
    official = panel[panel["status"].ne("interim").fillna(True)] if "status" in panel else panel
    last = official.groupby("indicator")["period"].max()
    due = targets[targets["target_period"] == targets["indicator"].map(last)]
    key = ["indicator", "area", "period"]
    asked = due.rename(columns={"target_period": "period"})[key]
    known = pd.MultiIndex.from_frame(official[key])
    return set(asked.loc[~pd.MultiIndex.from_frame(asked).isin(known), "indicator"])
