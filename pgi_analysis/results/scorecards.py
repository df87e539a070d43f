"""Earlier projections held against what came: replays of what was known then, not memories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from pgi_analysis.data import Dataset, Quarter, checked
from pgi_analysis.kept import of_dataset
from pgi_analysis.results.base import DECIDED, PENDING, Result
from pgi_analysis.results.forecasting import MODELS
from pgi_analysis.results.gaps import gap
from pgi_analysis.results.projecting import project


@dataclass(frozen=True, eq=False)
class Scorecard(Result):
    """Projections made before the outcome, beside the outcome.

    ``table`` has one row a target and model: ``model, indicator, target, target_upper,
    target_period, quarter`` (whose knowledge the projection used), ``as_of, median, lower, upper,
    p_met, prior_only``, then ``outcome`` (the score that came), ``outcome_status``, ``met`` and
    ``inside`` (whether the outcome lies in the interval), ``brier`` = (p_met − met)², and
    ``stated`` as in `gap`.
    """

    level: float
    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        return f"Scorecard({len(self.table)} projections with an outcome)"


_COLUMNS = (
    "model indicator target target_upper target_period quarter as_of median lower upper p_met "
    "prior_only outcome outcome_status met inside brier stated"
).split()


@checked
@of_dataset
def scorecard(ds: Dataset, *, level: float = 0.8) -> Scorecard:
    """Replay the projections of every target whose outcome is known, and score them.

    A replay uses what was known for the report on the fourth quarter of the target year, or, where
    that edition was out by then already, for the last quarter's before it.

    Parameters
    ----------
    ds : Dataset
        With a plan, as known on the day of the report.
    level : float
        Of the prediction interval, in (0, 1).

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024")
    >>> len(pgi.scorecard(ds.at("2024Q4")).table), len(pgi.scorecard(ds.at("2025Q2")).table)
    (0, 15)
    """
    released = ds.releases.set_index("period")["released"]
    rows = []
    gaps = gap(ds).table
    for period, outcomes in gaps[gaps["state"].isin(DECIDED)].groupby("target_period"):
        quarter = _replay_quarter(ds, int(period), released[int(period)].date())
        then = ds.at(quarter)
        for model in MODELS:
            made = project(then, model=model, level=level).table.set_index("indicator")
            for row in outcomes.itertuples():
                past = made.loc[made["target_period"] == period].loc[row.indicator]
                if past["state"] not in PENDING:
                    continue
                met = row.state == "met"
                rows.append(
                    past[
                        ["target", "target_upper", "target_period", "median", "lower", "upper"]
                    ].to_dict()
                    | {
                        "model": model,
                        "indicator": row.indicator,
                        "quarter": str(quarter),
                        "as_of": then.vintage,
                        "p_met": past["p_met"],
                        "prior_only": past["prior_only"],
                        "outcome": row.value,
                        "outcome_status": row.status,
                        "met": met,
                        "inside": past["lower"] <= row.value <= past["upper"],
                        "brier": (past["p_met"] - met) ** 2,
                        "stated": row.stated,
                    }
                )
    return Scorecard(pd.DataFrame(rows, columns=_COLUMNS), level, ds)


def _replay_quarter(ds: Dataset, period: int, released: date) -> Quarter:
    rule = ds.require_plan().reporting
    quarter = rule.current(ds.calendar.last_day(period).date())
    while rule.cut_off(quarter) >= released:
        quarter = quarter.before
    return quarter
