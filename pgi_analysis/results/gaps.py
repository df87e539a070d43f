"""Arithmetic of a target: how far it is, how much of the way is done, what pace it asks for.

Nothing here is estimated. What is likely to come is the job of `projection`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pgi_analysis.data import (
    DECIMALS,
    Dataset,
    Directions,
    before_break,
    calendar_of,
    checked,
    difference,
    plain,
    with_composites,
)
from pgi_analysis.faults import Fault, refuse
from pgi_analysis.kept import of_dataset
from pgi_analysis.results.base import NOT_COMPARABLE, Result
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = (
    "area indicator period value status baseline baseline_period target target_upper target_period "
    "direction gap progress required_pace rank state change change_upper relative stated"
).split()


@dataclass(frozen=True, eq=False)
class Gap(Result):
    """How far each target is.

    Attributes
    ----------
    table : DataFrame
        One row a target, see `gap`.
    notices : tuple of Fault
        What in plain tables was accepted, but may be wrong.
    """

    ds: Dataset | None = field(default=None, repr=False)
    notices: tuple[Fault, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        areas = [self.ds.require_plan().area] if self.ds else self.table["area"].unique()
        of = areas[0] if len(areas) == 1 else f"{len(areas)} areas"
        return f"Gap({of}, {len(self.table)} targets)"

    def _figures(self) -> dict[str, np.ndarray]:
        known = self.table.groupby("indicator")[["value", "baseline", "target", "target_upper"]]
        return {name: rows.to_numpy(float).ravel() for name, rows in known}

    def _draw(self, voice: Voice, ax: Axes | None) -> Axes:
        from pgi_analysis.charts import rows

        return rows.gap(self.table, voice, ax)

    @checked
    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw baseline, score now and target of each indicator."""
        return self._plot(ax)


@checked
@of_dataset
def gap(
    data: Dataset | pd.DataFrame,
    targets: pd.DataFrame | None = None,
    *,
    direction: Directions | None = None,
) -> Gap:
    """Measure the gap of every target, of a plan also that of the composite.

    ``gap = direction · (target − value)``, ``progress = (value − baseline) / (target − baseline)``,
    ``required_pace = (target − value) / (target_period − period)``. Of a range, the end that the
    value has to reach is the target; inside it the gap is minus the distance to the nearer end.

    Parameters
    ----------
    data : Dataset or DataFrame
        A dataset with a plan, of which `Dataset.at` or `Dataset.as_of` decide what is known; or a
        panel, as `project` takes it.
    targets : DataFrame, optional
        With a panel, as `project` takes them. A baseline left out is the panel's score of
        ``baseline_period``.
    direction : {1, -1} or mapping from an indicator to it, optional
        Of targets that have no column ``direction``, which is never guessed. A plan has its own.

    Returns
    -------
    Gap
        Its table has one row a target (``area``, ``indicator``, ``baseline``,
        ``baseline_period``, ``target``, ``target_period``, ``direction``), the composite last:

        - ``period``, ``value``, ``status``: the newest official score not later than the target
          period and comparable with the baseline's edition; empty where there is none. A composite
          without a score of its own is the weighted sum of its sub-indices. Self-assessments of a
          panel (``interim``) are none.
        - ``baseline``: missing as well where it is from before the area was formed, which makes it
          another area's.
        - ``gap``: in points, positive while the target is unmet, whatever the direction.
        - ``progress``: share of the way, not cut off at 0 or 1; NaN where target = baseline.
        - ``required_pace``: signed change a period from ``period`` on; 0 once the value meets the
          target, NaN when no period is left.
        - ``rank``: of the area in that period, where published.
        - ``state``: ``met`` or ``missed`` once the score of the target period is known; before
          that ``reached`` (the value meets the target already) or ``open``; ``unpublished`` where
          the edition is out but holds no score of this area; ``not_comparable`` where it is out on
          another level than the baseline's, or the area ends before it, so that there is no gap;
          ``no_observation``.
        - ``target_upper``: the other end of a range; empty for a target that is one value.
        - ``change``, ``change_upper``, ``relative``: the change of the baseline, or its two ends,
          that the plan states in place of the value; whether it is per cent of the baseline.
        - ``stated``: whether the plan itself sets this target; a sum of its sub-indices' targets
          is not stated.

    Raises
    ------
    InputError
        The dataset has no plan; or of plain tables what `project` refuses.

    Examples
    --------
    >>> panel = pd.DataFrame({"area": "A", "indicator": "co2", "period": [2023, 2024],
    ...                       "value": [10.0, 8.0]})
    >>> aims = pd.DataFrame({"area": ["A"], "indicator": ["co2"], "baseline_period": [2023],
    ...                      "target": [6.0], "target_period": [2025]})
    >>> row = gap(panel, aims, direction=-1).table.iloc[0]
    >>> float(row["gap"]), float(row["progress"]), row["state"]
    (2.0, 0.5, 'open')

    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2024Q4")
    >>> pgi.gap(ds).table.set_index("indicator")["gap"].to_dict()
    {'s1': 1.74, 's2': 1.97, 's3': 0.78, 's4': 0.55, 'total': 5.04}
    """
    if not isinstance(data, Dataset):
        return _of_tables(data, targets, direction)
    if targets is not None:
        raise refuse("targets_unused")
    if direction is not None:
        raise refuse("direction.unused")
    return _of_plan(data)


def _of_plan(ds: Dataset) -> Gap:
    plan = ds.require_plan()
    targets = with_composites(plan.targets, ds.indicators)
    direction = ds.indicators.set_index("indicator")["direction"]
    table = targets.assign(area=plan.area, direction=targets["indicator"].map(direction))
    table["baseline_period"] = own_baselines(ds, plan.area, table)
    newest = [_newest_comparable(ds, plan.area, row) for row in table.itertuples()]
    table[["period", "value", "status"]] = pd.DataFrame(
        newest, columns=["period", "value", "status"], index=table.index
    )
    table["period"] = table["period"].astype("Int64")
    ranks = ranks_among_all(ds)
    ranks = ranks[ranks["area"] == plan.area].set_index(["indicator", "period"])["rank"]
    table["rank"] = [
        ranks.get((row.indicator, row.period)) if pd.notna(row.period) else None
        for row in table.itertuples()
    ]
    table["rank"] = table["rank"].astype("Int64")
    table["baseline"] = table["baseline"].where(table["baseline_period"].notna())
    table = measure(table).assign(baseline_period=targets["baseline_period"])
    out = table["target_period"].isin(ds.releases["period"])
    apart = pd.Series([_apart(ds, plan.area, row) for row in table.itertuples()], table.index, bool)
    return Gap(ds.calendar.write(_undecided(table, out, apart)[COLUMNS]), ds)


def _undecided(table: pd.DataFrame, out: pd.Series, apart: pd.Series) -> pd.DataFrame:
    """Tell of what is undecided where its edition is out, and where it cannot be compared."""
    waits = table["state"].isin(["open", "reached", "no_observation"])
    state = table["state"].mask(waits & out, "unpublished").mask(waits & apart, NOT_COMPARABLE)
    measures = ["gap", "progress", "required_pace"]
    table[measures] = table[measures].mask(state == NOT_COMPARABLE)
    return table.assign(state=state)


def _of_tables(
    data: pd.DataFrame, targets: pd.DataFrame | None, direction: Directions | None
) -> Gap:
    panel, targets, notices = plain.both(data, targets, direction)
    calendar = calendar_of(panel)
    scores = calendar.count(panel).dropna(subset=["value"])
    scores = scores[scores["status"].ne("interim").fillna(True)].sort_values("period")
    table = calendar.count(targets)
    apart, key = before_break(table, scores), ["area", "indicator"]
    at = [*key, "baseline_period"]
    known = scores.set_index([*key, "period"])["value"]
    own = known.reindex(pd.MultiIndex.from_frame(table[at])).to_numpy(float)
    table["baseline"] = table["baseline"].astype(float).fillna(pd.Series(own, table.index))
    rows = table[[*key, "target_period"]].reset_index(names="row").merge(scores, on=key)
    rows = rows[rows["period"] <= rows["target_period"]].drop_duplicates("row", keep="last")
    newest = rows.set_index("row")[["period", "value", "status"]].reindex(table.index)
    newest = newest.mask(apart, axis=0)
    table[["period", "value", "status"]] = newest.astype({"period": "Int64"})
    table["status"] = table["status"].fillna("published").where(table["value"].notna())
    editions = pd.MultiIndex.from_frame(scores[["indicator", "period"]])
    of = pd.MultiIndex.from_frame(table[["indicator", "target_period"]])
    table = _undecided(measure(table), pd.Series(of.isin(editions), table.index), apart)
    blank = dict.fromkeys(["change", "change_upper"], np.nan) | {"rank": pd.NA}
    table = table.assign(**blank, relative=False, stated=True).astype({"rank": "Int64"})
    return Gap(calendar.write(table[COLUMNS]).rename_axis(index=None), notices=notices)


def ranks_among_all(ds: Dataset) -> pd.DataFrame:
    """Return the official ranks among all areas; those within a group tell nothing of these."""
    ranks = ds.official_ranks()
    every = {period: ds.n_areas(period) for period in ranks["period"].unique()}
    return ranks[ranks["ranked_areas"] == ranks["period"].map(every)]


def own_baselines(ds: Dataset, area: str, targets: pd.DataFrame) -> pd.Series:
    """Return the baseline years of targets that lie in an area's own time; others are missing."""
    own = [
        pd.isna(row.baseline_period)
        or row.baseline_period not in runs.index
        or pd.notna(runs[row.baseline_period])
        for row in targets.itertuples()
        for runs in [ds.segments(area, row.indicator)]
    ]
    return targets["baseline_period"].where(own)


def _apart(ds: Dataset, area: str, target) -> bool:
    """Tell whether a target's edition is of no use: past the area's end, or on another level."""
    if ds.beyond(target.target_period):
        return True
    runs = ds.segments(area, target.indicator)
    start, end = runs.get(target.baseline_period), runs.get(target.target_period)
    return pd.notna(start) and pd.notna(end) and start != end


def measure(table: pd.DataFrame) -> pd.DataFrame:
    """Add gap, progress, required pace and state to rows of values and targets.

    Parameters
    ----------
    table : DataFrame
        Columns ``value``, ``period``, ``baseline``, ``target``, ``target_period``, ``direction``.

    Examples
    --------
    Half of the way done in one of two years; lower is better.

    >>> row = dict(value=8.0, period=2024, baseline=10.0, target=6.0, target_period=2025)
    >>> found = measure(pd.DataFrame([row | {"direction": -1}]))
    >>> found[["gap", "progress", "required_pace", "state"]].to_dict("records")
    [{'gap': 2.0, 'progress': 0.5, 'required_pace': -2.0, 'state': 'open'}]
    """
    value = table["value"].astype(float)
    goal = aimed_at(table, value)
    distance = pd.Series(difference(goal, value), table.index)
    way = pd.Series(difference(goal, table["baseline"]), table.index)
    left = (table["target_period"] - table["period"]).astype("Float64").astype(float)
    missing = pd.Series(shortfall(table, value), table.index)
    unmet = missing > 0
    measured = table.assign(
        gap=missing,
        progress=((value - table["baseline"]) / way.where(way != 0)).round(DECIMALS),
        required_pace=(distance / left.where(left > 0)).where(unmet, 0.0).round(DECIMALS),
    )
    measured["required_pace"] = measured["required_pace"].where(value.notna() & (left > 0))
    measured["state"] = np.select(
        [value.isna(), (left <= 0) & unmet, left <= 0, unmet],
        ["no_observation", "missed", "met", "open"],
        "reached",
    )
    return measured


def shortfall(targets: pd.DataFrame, values: np.ndarray | pd.Series) -> np.ndarray:
    """Return what values are short of targets, positive while a target is unmet.

    ``direction · (target − value)``; of a range ``max(target − value, value − target_upper)``.

    Parameters
    ----------
    targets : DataFrame
        ``target, direction`` and, where there are ranges, ``target_upper``.
    values : array of shape (targets,) or (targets, …)

    Examples
    --------
    >>> aims = pd.DataFrame({"target": [5.0, 2.0], "target_upper": [None, 4.0], "direction": 1})
    >>> shortfall(aims, [4.5, 4.5]).tolist(), shortfall(aims, [6.0, 3.5]).tolist()
    ([0.5, 0.5], [-1.0, -0.5])
    """
    values = np.asarray(values, float)

    def beside(column: pd.Series) -> np.ndarray:
        return column.to_numpy(float).reshape(-1, *[1] * (values.ndim - 1))

    target = beside(targets["target"])
    plain = beside(targets["direction"]) * difference(target, values)
    if "target_upper" not in targets or targets["target_upper"].isna().all():
        return plain + 0.0
    upper = beside(targets["target_upper"].astype(float))
    ranged = np.maximum(difference(target, values), difference(values, upper))
    return np.where(np.isnan(upper), plain, ranged) + 0.0


def aimed_at(targets: pd.DataFrame, values: pd.Series) -> pd.Series:
    """Return what each value has to reach: the target, of a range the end on its side."""
    if "target_upper" not in targets:
        return targets["target"].astype(float)
    upper = targets["target_upper"].astype(float)
    return (
        targets["target"]
        .astype(float)
        .mask(values > targets["target"], upper.fillna(targets["target"]))
    )


def _newest_comparable(ds: Dataset, area: str, target) -> tuple[object, float, object]:
    """Find the newest score that the target can be held against: (period, value, status)."""
    known = comparable_scores(ds, area, target)
    if known.empty:
        return pd.NA, np.nan, None
    last = known.iloc[-1]
    return last["period"], last["value"], last["status"]


def comparable_scores(ds: Dataset, area: str, target) -> pd.DataFrame:
    """Return the area's scores that a target can be held against, oldest first.

    Parameters
    ----------
    target : named tuple
        With ``indicator``, ``target_period`` and ``baseline_period``.

    Returns
    -------
    DataFrame
        Rows of `Dataset.official`, of editions comparable with the baseline's, up to the target's.
    """
    segments = ds.segments(area, target.indicator).dropna()
    usable = segments.index[segments.index <= target.target_period]
    if pd.notna(target.baseline_period):
        start = segments.get(target.baseline_period)
        usable = usable[segments[usable] == start] if start is not None else usable[:0]
    elif len(usable):
        usable = usable[segments[usable] == segments[usable[-1]]]
    scores = ds.official()
    own = scores[(scores["area"] == area) & (scores["indicator"] == target.indicator)]
    return own[own["period"].isin(usable)].sort_values("period")
