"""Editions of a real panel shown in part, and projected: the best areas alone, or the best first.

Two trials on the indicators of a panel, each from `HISTORY` editions one ahead:

- *partly out*: all is known of the editions before, and of the next one the best `SHOWN` scores;
  the others are told from these, against waiting for them;
- *selective*: of every edition only the best `SHOWN` scores are known; the next score of each area
  that was ever among them is forecast from what is shown alone (silent), with the others declared
  to lie beyond the last one shown (declared), and with all scores known.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pgi_analysis.evaluation.evidence import PartlyOutRecord
from pgi_analysis.evaluation.predictive import Transformed
from pgi_analysis.panel import (
    Family,
    Forecast,
    completed,
    fit_panel,
    mixed,
    nowcast,
    pool,
    predict,
)

#: editions that are known, and scores shown of an edition
HISTORY, SHOWN = 3, 30
#: the target: a step over the last score, in standard deviations between areas
STEP = 0.5


def repeat_partly_out(panel: pd.DataFrame, family: Family) -> list[PartlyOutRecord]:
    """Run both trials on a panel of indicators whose higher scores are better.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``, with nearly all areas in every period.
    family : Family
    """
    rows = []
    for _, one in panel.groupby("indicator"):
        wide = one.pivot(index="area", columns="period", values="value").sort_index(axis=1)
        wide = wide.loc[:, wide.notna().mean() > 0.9]
        for last in range(HISTORY, wide.shape[1]):
            y = wide.iloc[:, last - HISTORY : last + 1].dropna().to_numpy(float)
            rows += _partly_out(y, family)
            rows += _selective(y, family)
    found = pd.DataFrame(rows, columns="trial way n crps inside bias p met".split())
    summed = found.groupby(["trial", "way"], sort=False).sum()
    return [
        PartlyOutRecord(*key, int(row.n), *(round(float(x / row.n), 4) for x in row.iloc[1:]))
        for key, row in summed.iterrows()
    ]


def _partly_out(y: np.ndarray, family: Family) -> Iterator[tuple]:
    times, at = np.arange(HISTORY, dtype=float), float(HISTORY)
    fit, now = fit_panel(y[:, :-1], times, family), y[:, -1]
    cutoff, common = np.sort(now)[-SHOWN], pool([fit])
    out = np.where(now >= cutoff, now, np.nan)
    told, _ = nowcast(fit, at, out, common=common, cutoff=cutoff)
    waited = predict(fit, np.array([at]), common=common)
    for way, made in (("waited", waited), ("told", told)):
        yield "partly_out", way, *_scored(made, y, np.isnan(out))


def _selective(y: np.ndarray, family: Family) -> Iterator[tuple]:
    times, at = np.arange(HISTORY, dtype=float), np.array([float(HISTORY)])
    past = y[:, :-1]
    cutoffs = np.sort(past, axis=0)[-SHOWN]
    shown = np.where(past >= cutoffs, past, np.nan)
    seen = ~np.isnan(shown).all(axis=1)
    silent = predict(fit_panel(shown[seen], times, family), at)
    draws = completed(shown, times, family, cutoffs)
    declared = mixed([predict(fit_panel(z, times, family), at) for z in draws])
    known = predict(fit_panel(past, times, family), at)
    rows = np.flatnonzero(seen)
    made = {"silent": silent, "declared": declared.take(rows), "known": known.take(rows)}
    for which, some in (
        ("shown", ~np.isnan(shown[seen, -1])),
        ("dropped", np.isnan(shown[seen, -1])),
    ):
        for way, one in made.items():
            yield which, way, *_scored(one, y[seen], some, shown[seen])


def _scored(
    made: Forecast, y: np.ndarray, some: np.ndarray, shown: np.ndarray | None = None
) -> tuple:
    """Return the number of forecasts, and the sums of what is averaged over them."""
    came, past = y[some, -1], (y[:, :-1] if shown is None else shown)[some]
    last = np.array([row[~np.isnan(row)][-1] for row in past])
    spread = y[:, -2].std(ddof=1)
    made, goal = made.take(np.flatnonzero(some)), last + STEP * spread
    loss = Transformed(made).crps(came[:, None])
    low, high = made.quantile(0.1)[:, 0], made.quantile(0.9)[:, 0]
    bias = (made.median[:, 0] - came) / spread
    inside = (low <= came) & (came <= high)
    p = made.prob_at(goal)[:, 0]
    return len(came), loss.sum(), inside.sum(), bias.sum(), p.sum(), (came >= goal).sum()
