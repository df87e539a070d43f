"""What is accepted, but hardly meant: sums, versions, days, years and texts that do not fit.

Each doubt is a notice with the row and what to do; what is certainly wrong is refused in
`consistency`, and scores that stand out are those of `suspects`. A sum is doubted beyond twice what
rounding can do, and `SLACK` of it for rounded weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from pgi_analysis.data.composites import by_level
from pgi_analysis.data.letters import doubtful
from pgi_analysis.data.periods import STEPS, Calendar
from pgi_analysis.data.suspects import SHOWN
from pgi_analysis.faults import Fault

#: share of a sum that rounded weights may make
SLACK = 0.002
#: decimals to which figures are looked at
FINEST = 6
#: cases of which most must be wrong for the weights to be
ENOUGH_SUMS = 3
#: days in which a second version may be a slip in the date
SOON = 31
#: years ahead of the newest edition for a target, and between an edition and what comes out of it
FAR_TARGET, FAR_RELEASE = 15, 10
#: a target so many times as large as all figures, or as small, is hardly in their unit
SIZE = 10


def score_doubts(
    scores: pd.DataFrame,
    indicators: pd.DataFrame,
    calendar: Calendar,
    file: str,
    area: str = "",
) -> Iterator[Fault]:
    """Doubt sums that do not add up, and versions of a day later.

    The sums of an area that is asked about come first, and newer ones before older ones.

    Parameters
    ----------
    scores : DataFrame
        In all versions, as in `Dataset.scores`; the index tells the row of the file.
    indicators : DataFrame
    calendar : Calendar
    file : str
    area : str, optional
    """

    def noted(rule: str, rows: pd.DataFrame, cells: Iterable[str], **values: object) -> Fault:
        first, *also = sorted(map(int, rows.index))
        said = list(cells)
        shown = "; ".join(said[:SHOWN]) + ("; …" if len(said) > SHOWN else "")
        return Fault(rule, file, first, "value", {"cells": shown, **values}, tuple(also))

    def cell(one) -> str:
        return f"{one.area} {calendar.label(one.period)}: {one.value:g}"

    key = ["area", "indicator", "period"]
    versions = scores[scores["status"] != "interim"].sort_values("released", kind="stable")
    known = versions.drop_duplicates(key, keep="last").sort_index()
    for whole, sums in _sums(known[known["status"] != "doubtful"], indicators):
        off = sums[sums["off"]]
        off = off.assign(own=off["area"] == area)
        off = off.sort_values(["own", "period"], ascending=False, kind="stable")
        cells = [f"{cell(one)} ({one.sum:g})" for one in off.itertuples()]
        if len(off) > len(sums) / 2 and len(sums) >= ENOUGH_SUMS:
            count = {"n": len(off), "m": len(sums)}
            yield noted("doubt.weights", off, cells, indicator=whole, **count)
        elif cells:
            yield noted("doubt.sum", off, cells, indicator=whole)
    before = versions.groupby(key)[["value", "released"]].shift()
    soon = (versions["released"] - before["released"]).dt.days <= SOON
    for row, one in versions[soon & (versions["value"] != before["value"])].sort_index().iterrows():
        earlier = before.loc[row]
        values = {"indicator": one["indicator"], "day": one["released"].date()}
        values |= {"earlier": f"{earlier['value']:g}", "before": earlier["released"].date()}
        yield noted("doubt.again", versions.loc[[row]], [cell(one)], **values)


def _sums(scores: pd.DataFrame, indicators: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Hold each composite that was published against its parts, where all are known.

    Of a part that is a composite itself and was not published, its own parts are taken.
    """
    keys = ["area", "period"]
    wide = scores.pivot_table(index=keys, columns="indicator", values="value", aggfunc="last")
    step = {name: _last_decimal(values) for name, values in wide.items()}
    added: dict[str, float] = {}  # what rounding can make of the sums that stand in for a figure
    for whole, weight in by_level(indicators).items():
        if weight.isna().any() or not set(weight.index) <= set(wide):
            continue
        total = (wide[weight.index] * weight).sum(axis=1, skipna=False)
        fine = min((step[part] for part in weight.index if part in step), default=0)
        rounded = sum(abs(weight[part]) * max(fine, added.get(part, 0)) for part in weight.index)
        own = scores[scores["indicator"] == whole]
        if len(own):
            held = own.join(total.rename("sum"), on=keys).dropna(subset=["sum"])
            slack = step[whole] + rounded + SLACK * held["sum"].abs()
            yield whole, held.assign(off=(held["value"] - held["sum"]).abs() > slack)
        if whole not in wide or (wide[whole].isna() & total.notna()).any():
            added[whole] = rounded
        wide[whole] = wide[whole].fillna(total) if whole in wide else total


def _last_decimal(values: pd.Series) -> float:
    """Return the step in which figures are written: twice what rounding can make of one."""
    y = values.dropna().to_numpy(float)
    fine = (n for n in range(FINEST) if np.allclose(np.round(y, n), y, rtol=1e-12, atol=0))
    return 10.0 ** -next(fine, FINEST)


def scale_doubts(indicators: pd.DataFrame) -> Iterator[Fault]:
    """Doubt a scale that a composite's parts with their weights go beyond."""
    table = indicators.drop_duplicates("indicator").set_index("indicator")
    lines = dict(zip(indicators["indicator"], indicators.index, strict=True))
    for whole, weight in by_level(indicators).items():
        if whole not in table.index or weight.isna().any():
            continue
        ends = table[["lower", "upper"]].reindex(weight.index).mul(weight, axis=0)
        low, high = ends.sum(skipna=False).astype(float)
        lower, upper = table.loc[whole, ["lower", "upper"]].astype(float)
        slack = SLACK * max(abs(low), abs(high))
        if low < lower - slack or high > upper + slack:  # False for unknowns
            values = {"indicator": whole, "low": f"{low:g}", "high": f"{high:g}"}
            values |= {"lower": f"{lower:g}", "upper": f"{upper:g}"}
            first, *also = (lines[part] for part in weight.index)
            place = str(indicators.index.name), first, "weight"
            yield Fault("doubt.scale", *place, values, tuple(also))


def target_doubts(
    targets: pd.DataFrame, indicators: pd.DataFrame, newest: int | None, calendar: Calendar
) -> Iterator[Fault]:
    """Doubt a stated target of a composite beside those of its parts, and one of a far year.

    Parameters
    ----------
    targets : DataFrame
    indicators : DataFrame
    newest : int, optional
        The newest edition.
    calendar : Calendar
    """
    file, steps = str(targets.index.name), STEPS[calendar.kind]
    for row, period in targets["target_period"].dropna().items():
        if newest is not None and period - newest > FAR_TARGET * steps:
            values = {"got": calendar.label(period), "last": calendar.label(newest)}
            values["n"] = int(period - newest) // steps
            yield Fault("doubt.target_far", file, row, "target_period", values)
    own = targets[(targets["measure"] == "score") & targets["target_upper"].isna()]
    own = own.assign(area=own["area"].fillna(""), period=own["target_period"], value=own["target"])
    for whole, sums in _sums(own, indicators):
        for row in sums[sums["off"]].itertuples():
            values = {"got": f"{row.target:g}", "sum": f"{row.sum:g}", "indicator": whole}
            yield Fault("doubt.target_sum", file, row.Index, "target", values)


def size_doubts(targets: pd.DataFrame, scores: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Doubt targets that are of another size than every figure of their indicator.

    A share of 0.6 beside figures of 20 to 70 has lost its per cent on the way.

    Parameters
    ----------
    targets : DataFrame
        Values as they were stated.
    scores : DataFrame
    file : str
    """
    known = scores[scores["value"] > 0].groupby("indicator")["value"].agg(["min", "max"])
    above = scores.groupby("indicator")["value"].min() >= 0  # sizes compare where none is negative
    ends = known[above.reindex(known.index)].reindex(targets["indicator"]).set_axis(targets.index)
    aim = targets["target"].astype(float)
    off = (aim > SIZE * ends["max"]) | ((aim > 0) & (aim * SIZE < ends["min"]))
    for row in targets.index[off]:
        low, high = ends.loc[row]
        values = {"got": f"{aim[row]:g}", "low": f"{low:g}", "high": f"{high:g}"}
        yield Fault("doubt.target_size", file, row, "target", values)


def day_doubts(
    tables: Mapping[str, pd.DataFrame], calendar: Calendar, *, told: bool
) -> Iterator[Fault]:
    """Doubt days of publication years after the edition, or an edition years after the last."""
    releases = tables["releases"].dropna(subset=["period", "released"]).sort_values("period")
    released = releases.drop_duplicates("period").set_index("period")["released"]
    rows = list(releases.itertuples()) if told else []
    for one, then in pairwise(rows):
        years = then.released.year - one.released.year
        if years - (then.period - one.period) / STEPS[calendar.kind] > FAR_RELEASE:
            yield _day("doubt.edition_far", releases, then, years, day=one.released.date())
    for name in ("scores", "ranks", "national"):
        table = tables[name].dropna(subset=["period", "released"])
        table = table[table["status"] != "interim"]
        edition = table["period"].map(released.to_dict()).astype("datetime64[s]")
        years = table["released"].dt.year - edition.dt.year
        for row in table[years > FAR_RELEASE].itertuples():
            day = released[row.period].date()
            yield _day("doubt.released_far", tables[name], row, int(years[row.Index]), day=day)


def _day(rule: str, table: pd.DataFrame, row, years: int, **values: object) -> Fault:
    values |= {"got": row.released.date(), "years": years}
    return Fault(rule, str(table.index.name), row.Index, "released", values)


def text_doubts(table: pd.DataFrame) -> Iterator[Fault]:
    """Doubt question marks inside words, where letters were lost."""
    for column in table.columns[table.dtypes == "str"]:
        known = table[column].dropna()
        for row, text in known[known.isin(list(filter(doubtful, known.unique())))].items():
            yield Fault("doubt.letters", str(table.index.name), row, column, {"got": text})
