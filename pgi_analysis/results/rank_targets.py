"""Targets on ranks: among the best thirty, three places up.

A rank is often not published where a plan needs it: many indices name the best alone. What is known
still bounds it: whoever scores better stands before, whoever scores worse behind, and a score below
that of the thirtieth is outside the best thirty. A rank to come is projected from the paths of all
areas; where most are unknown, from the score published for the rank aimed at, which moves as all
areas do::

    P(rank ≤ k) = P(own score to come − (score at rank k + common move) ≥ 0)

The score at a rank wanders a little by itself: its variance is that of an order statistic of n
areas, ``q(1 − q) / (n·φ(z_q)²)`` times an area's own, with q = k/n.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import special

from pgi_analysis.data import Dataset, checked, official_national
from pgi_analysis.kept import of_dataset
from pgi_analysis.panel import Forecast
from pgi_analysis.results.base import NOT_COMPARABLE, Result
from pgi_analysis.results.forecasting import IndicatorForecast
from pgi_analysis.results.gaps import ranks_among_all
from pgi_analysis.results.joint import drawn_share
from pgi_analysis.results.projecting import forecasts

#: paths drawn of all areas
PATHS = 4000
#: the share of all areas from which their own paths tell of ranks
NEARLY_ALL = 0.9

COLUMNS = (
    "area indicator period rank best worst n_areas baseline baseline_period target target_upper "
    "target_period change change_upper state p_met prior_only score score_at_rank"
).split()


@dataclass(frozen=True, eq=False)
class Ranks(Result):
    """Where an area ranks, and how likely the ranks that its plan aims at are, see `ranks`."""

    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        return f"Ranks({len(self.table)} targets)"


@checked
@of_dataset
def ranks(ds: Dataset) -> Ranks:
    """Hold the ranks of the plan's area against the ranks that the plan aims at.

    Parameters
    ----------
    ds : Dataset
        With a plan.

    Returns
    -------
    Ranks
        Its table has one row a target (``area, indicator, baseline, baseline_period, target,
        target_period``, and ``target_upper`` of a range, whose better side is met as well;
        ``change``, of a range up to ``change_upper``, where the plan states places to climb):

        - ``period``: the newest edition up to the target's; ``rank``: the rank published there;
          ``best, worst``: the ranks that are possible by all that is published; ``n_areas``: of so
          many; ``score`` and ``score_at_rank``: the area's own there, and the one published for the
          rank aimed at. A rank is among the areas of its edition: where a target was set among
          ``n_areas`` and its period has another number, only editions of that number count.
        - ``state``: ``met`` or ``missed`` once the edition of the target period is out and what is
          known decides it, ``unpublished`` where it does not; before that ``reached`` or ``open``;
          ``too_few_areas`` where the rank cannot be projected: too few areas are known, and no
          score is published for the rank aimed at; ``to_restate`` where the target was set among
          another number of areas than its period has, which no conversion makes good;
          ``not_comparable`` where the area ends before; ``no_observation``.
        - ``p_met``: probability of the rank aimed at or a better one; ``prior_only`` as in
          `project`.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2025Q2").of_parent()
    >>> row = pgi.ranks(ds).table.iloc[0]
    >>> row["indicator"], int(row["target"]), row["state"]
    ('total', 30, 'missed')
    """
    plan = ds.require_plan()
    aims = plan.rank_targets
    until = aims.groupby("indicator")["target_period"].max().to_dict()
    made = forecasts(ds, until) if len(aims) else {}
    rows = [_row(row, made[row.indicator], ds) for row in aims.itertuples()]
    floats = {"area", "indicator", "state", "p_met", "prior_only", "score", "score_at_rank"}
    whole = dict.fromkeys([name for name in COLUMNS if name not in floats], "Int64")
    table = pd.DataFrame(rows, columns=COLUMNS).astype(whole)
    table = table.astype({"p_met": float, "prior_only": "boolean"})
    return Ranks(ds.calendar.write(table), ds)


def _aimed_among(aim, ds: Dataset) -> int:
    """Return the number of areas that a rank aimed at is among.

    Where the target does not say, it is that of the day on which the plan was issued, or else of
    the year that it starts from, or of its own period.
    """
    if pd.notna(aim.ranked_areas):
        return int(aim.ranked_areas)
    if issued := ds.require_plan().about.get("issued"):
        return len(ds.descent.on(issued))
    start = aim.target_period if pd.isna(aim.baseline_period) else aim.baseline_period
    return ds.n_areas(start)


def worst_aimed_at(row) -> int:
    """Return the last rank that meets a target; of a range that is its upper end."""
    return int(row.target if pd.isna(row.target_upper) else row.target_upper)


def _row(aim, made: IndicatorForecast, ds: Dataset) -> dict[str, object]:
    """Hold one target against what is known, and against what is to come."""
    area, every = ds.require_plan().area, _aimed_among(aim, ds)
    limit = worst_aimed_at(aim)
    editions = [p for p in ds.releases["period"] if p <= aim.target_period]
    editions = [period for period in editions if ds.n_areas(period) == every]
    found = {**aim._asdict(), "area": area, "n_areas": every, "state": "no_observation"}
    period = max(
        (p for p in editions if p == aim.target_period or known_rank(ds, aim.indicator, p)),
        default=None,
    )
    ends = ds.beyond(aim.target_period)
    lost = NOT_COMPARABLE if ends else "to_restate"
    if period is None:
        apart = ends or ds.n_areas(aim.target_period) != every
        return found | {"state": lost if apart else "no_observation"}
    best, worst = known_rank(ds, aim.indicator, period) or (1, every)
    marks = dict(_marks(ds, aim.indicator, period))
    found |= {"period": period, "best": best, "worst": worst, "score_at_rank": marks.get(limit)}
    found |= {"rank": best if best == worst else None, "score": _score(ds, aim.indicator, period)}
    if period == aim.target_period:
        state = "met" if worst <= limit else "missed" if best > limit else "unpublished"
        decided = {"met": 1.0, "missed": 0.0}.get(state)
        return found | {"state": state, "p_met": decided}
    if ends or ds.n_areas(aim.target_period) != every:
        return found | {"state": lost}
    state = "reached" if worst <= limit else "open"
    chance = _chance(made, area, aim, limit, every, ds)
    state = state if chance is not None else "too_few_areas"
    return found | {"state": state, "p_met": chance, "prior_only": made.prior_only}


def known_rank(ds: Dataset, indicator: str, period: int) -> tuple[int, int] | None:
    """Return the best and the worst rank that the plan's area can have by what is published.

    None where nothing of it is known, or where what is published contradicts itself.
    """
    area, every = ds.require_plan().area, ds.n_areas(period)
    ranks = _of(ranks_among_all(ds), indicator, period)
    if area in ranks.index:
        return (int(ranks.loc[area, "rank"]),) * 2
    own = _score(ds, indicator, period)
    if own is None:
        listed, named = (
            ds.releases.set_index("period")["ranked_areas"].get(period),
            set(ranks["rank"]),
        )
        complete = pd.notna(listed) and listed < every and named >= set(range(1, int(listed) + 1))
        return (int(listed) + 1, every) if complete else None
    sign = ds.indicators.set_index("indicator").at[indicator, "direction"]
    scores = _of(ds.official(), indicator, period)["value"].drop(area)
    better, worse = sign * (scores - own) > 0, sign * (scores - own) < 0
    best, worst = [1 + int(better.sum())], [every - int(worse.sum())]
    for rank, score in _marks(ds, indicator, period):
        ahead = sign * (score - own)
        best += [rank + 1] if ahead > 0 else []
        worst += [rank - (ahead < 0)] if ahead <= 0 else []
    return (int(max(best)), int(min(worst))) if max(best) <= min(worst) else None


def _marks(ds: Dataset, indicator: str, period: int) -> Iterable[tuple[int, float]]:
    """Go through the ranks whose score is known: published for the rank, or of the area there."""
    ranks = _of(ranks_among_all(ds), indicator, period)
    scores = _of(ds.official(), indicator, period)["value"]
    both = ranks.join(scores, how="inner")
    yield from zip(both["rank"].astype(int), both["value"], strict=True)
    at_rank = official_national(ds).query("statistic == 'value_at_rank'")
    at_rank = at_rank[(at_rank["indicator"] == indicator) & (at_rank["period"] == period)]
    yield from zip(at_rank["rank"].astype(int), at_rank["value"], strict=True)


def _of(table: pd.DataFrame, indicator: str, period: int) -> pd.DataFrame:
    """Return the rows of an indicator in a period, by area."""
    rows = table[(table["indicator"] == indicator) & (table["period"] == period)]
    return rows.set_index("area")


def _score(ds: Dataset, indicator: str, period: int) -> float | None:
    scores = _of(ds.official(), indicator, period)["value"]
    return scores.get(ds.require_plan().area)


def _chance(
    made: IndicatorForecast,
    area: str,
    aim,
    limit: int,
    every: int,
    ds: Dataset,
) -> float | None:
    """Return the probability of the rank or a better one; None where it cannot be told."""
    if limit >= every:
        return 1.0
    if made.forecast is None or area not in made.scores.index:
        return None
    day = ds.map_day(aim.target_period)
    there = np.array([ds.descent.valid(name, day) for name in made.scores.index])
    place = made.scores.index[there].get_loc(area)
    sign = int(ds.indicators.set_index("indicator").at[aim.indicator, "direction"])
    step = int(np.searchsorted(made.at, aim.target_period))
    ahead = made.forecast.until(step + 1).take(np.flatnonzero(there))
    if there.sum() >= NEARLY_ALL * every:
        return by_paths(ahead, place, sign, limit, every)
    for edition in made.scores.columns[::-1]:
        at_rank = dict(_marks(ds, aim.indicator, edition)).get(limit)
        here = made.last[0] == edition  # the common move counts from that edition on
        if at_rank is not None and here.any() and ds.n_areas(edition) == every:
            mark = at_rank + made.common[np.argmax(here), step]
            return by_score_at_rank(ahead, place, sign, mark, limit / every, every)
    return None


def by_paths(ahead: Forecast, place: int, sign: int, limit: int, every: int) -> float:
    """Return the probability of a rank up to `limit` at the last horizon, from all areas' paths.

    The few areas that are not known are each taken for one of the known.
    """
    rng = np.random.default_rng(0)
    scores = ahead.paths(rng, PATHS)[:, :, -1]
    before = sign * (scores - scores[:, [place]]) > 0
    others = np.delete(before, place, axis=1)
    unknown = rng.integers(others.shape[1], size=(PATHS, max(every - len(scores[0]), 0)))
    ranks = 1 + others.sum(axis=1) + np.take_along_axis(others, unknown, axis=1).sum(axis=1)
    return drawn_share(ranks <= limit)


def by_score_at_rank(
    ahead: Forecast, place: int, sign: int, score: float, share: float, every: int
) -> float:
    """Return the probability of a score at the last horizon as good as that of a rank, or better.

    Parameters
    ----------
    score : float
        At the rank aimed at, moved as all areas are expected to.
    share : float
        The rank aimed at as a part of all.
    every : int
        Areas ranked.
    """
    own, mark = ahead.own[place, -1, -1], ahead.transform.to(np.array(score))
    q = min(share, 1 - 0.5 / every)
    wander = q * (1 - q) / (every * np.exp(-(special.ndtri(q) ** 2)) / (2 * np.pi))
    df = max(float(ahead.df[place]), 2.5)
    scale = np.sqrt(own * (1 + wander) * (df - 2) / df)
    return float(
        special.stdtr(ahead.tail[place, 0], sign * (ahead.location[place, -1] - mark) / scale)
    )
