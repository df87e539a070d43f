"""What has changed since the report before: what was published, reported, and what it moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pgi_analysis.data import Dataset, Quarter, checked
from pgi_analysis.faults import refuse
from pgi_analysis.results.base import Result
from pgi_analysis.results.gaps import gap
from pgi_analysis.results.projecting import project
from pgi_analysis.results.projection import Projection
from pgi_analysis.results.rank_targets import Ranks, ranks


@dataclass(frozen=True, eq=False)
class Changes(Result):
    """What one report knows that the one before did not.

    Attributes
    ----------
    table : DataFrame
        A row a target: ``indicator, target_period, gap_before, gap_after, p_before, p_after,
        prior_only_before, prior_only_after, state_before, state_after, stated``; ``prior_only``
        tells whether a probability rests on one edition.
    before, since : Quarter and date
        The quarter (of a year's report the year) before, and its cut-off.
    releases : DataFrame
        Editions published since: ``period, released``.
    scores : DataFrame
        The area's official scores that are new or revised: ``indicator, period, before, after``;
        ``before`` is NaN for a new one.
    reports : DataFrame
        Task reports made since: ``action, quarter, reported, status, percent, evidence, obstacle,
        interim_value, cause, proposal, quantity`` as in ``progress.csv``, and of the task
        ``indicator, lead_unit_vi, lead_unit_en``.
    ranks : tuple of two Ranks
        Of the report before and of this one.
    """

    before: Quarter
    since: date
    releases: pd.DataFrame
    scores: pd.DataFrame
    reports: pd.DataFrame
    ranks: tuple[Ranks, Ranks]
    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        new = f"{len(self.releases)} editions, {len(self.scores)} scores"
        return f"Changes(since {self.since}: {new}, {len(self.reports)} task reports)"

    @property
    def nothing(self) -> bool:
        """Whether nothing was published or reported."""
        return not (len(self.releases) or len(self.scores) or len(self.reports))


@checked
def changes(ds: Dataset, *, projection: Projection | None = None) -> Changes:
    """Compare what a report knows with what the one before knew.

    Parameters
    ----------
    ds : Dataset
        With a plan, at a quarter (`Dataset.at`).
    projection : Projection, optional
        Of this dataset, where it has been made already.

    Raises
    ------
    InputError
        The dataset is not at a quarter.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> found = pgi.changes(pgi.load("data", plan="lang-son-transport-2024").at("2025Q2"))
    >>> found
    Changes(since 2025-03-14: 1 editions, 5 scores, 0 task reports)
    >>> found.table.set_index("indicator").loc["s3", ["gap_before", "gap_after"]].to_list()
    [0.78, -2.33]
    """
    if ds.quarter is None:
        raise refuse("quarter_needed")
    earlier = ds.at(ds.quarter.before)
    plan = ds.require_plan()
    known = set(earlier.releases["period"])
    new = ds.releases[~ds.releases["period"].isin(known)]
    return Changes(
        table=_targets(earlier, ds, project(ds) if projection is None else projection),
        before=earlier.quarter,
        since=earlier.vintage,
        releases=ds.calendar.write(new[["period", "released"]].reset_index(drop=True)),
        scores=ds.calendar.write(_scores(earlier, ds, plan.area)),
        reports=_reports(earlier, ds),
        ranks=(ranks(earlier), ranks(ds)),
        ds=ds,
    )


def _scores(earlier: Dataset, ds: Dataset, area: str) -> pd.DataFrame:
    def known(one: Dataset) -> pd.Series:
        scores = one.official()
        return scores[scores["area"] == area].set_index(["indicator", "period"])["value"]

    both = pd.concat({"before": known(earlier), "after": known(ds)}, axis=1).reset_index()
    changed = both["after"].notna() & (both["before"] != both["after"])
    return both[changed].reset_index(drop=True)


def _reports(earlier: Dataset, ds: Dataset) -> pd.DataFrame:
    plan = ds.require_plan()
    new = plan.progress[plan.progress["reported"] > pd.Timestamp(earlier.vintage)]
    about = ["action", "indicator", "lead_unit_vi", "lead_unit_en"]
    return new.merge(plan.actions[about], on="action", how="left").reset_index(drop=True)


def _targets(earlier: Dataset, ds: Dataset, projection: Projection) -> pd.DataFrame:
    key = ["indicator", "target_period"]
    sides = []
    for name, one, made in (
        ("before", earlier, project(earlier)),
        ("after", ds, projection),
    ):
        gaps = gap(one).table.set_index(key)[["gap", "state"]]
        p = made.table.set_index(key)[["p_met", "prior_only"]].rename(columns={"p_met": "p"})
        side = gaps.join(p)
        sides.append(side.add_suffix(f"_{name}"))
    whats = ("gap", "p", "prior_only", "state")
    columns = [f"{what}_{side}" for what in whats for side in ("before", "after")]
    stated = projection.table.set_index(key)["stated"]
    return sides[1].join(sides[0])[columns].join(stated).reset_index()
