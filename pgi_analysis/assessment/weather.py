"""Weather symbols of the German Sustainable Development Strategy.

Source: Federal Statistical Office of Germany, «Indicator status – Methodology», as in
Nachhaltige-Entwicklung-Deutschland/open-sdg-site-starter, _pages/status.md (commit 1c20f2aa). The
source calls them «neither a political appraisal nor a forecast». A target that is an interval, or
several at once, are several cases here; the source takes the weakest, and the worst, of them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Cases
from pgi_analysis.assessment.growth import ratio
from pgi_analysis.assessment.verdicts import LEEWAY, NONE, decide

VERDICTS = {"sun": "on_track", "light_cloud": "slow", "cloud": "stalled", "thunderstorm": "away"}
SYMBOLS = {"sun": "☀", "light_cloud": "⛅", "cloud": "☁", "thunderstorm": "⚡"}
#: points in a row that the mean change is taken from, and the fewest that will do
POINTS, FEWEST = 6, 4


def weather(cases: Cases, *, hold: bool = False) -> pd.DataFrame:
    """Carry the mean change of the last six points on to the target period.

    ``m`` is the mean annual change over the last six points in a row (at least four),
    ``P = c + m·(yT − yc)``, and the target is missed by ``d·(T − P) / |T − c|``: below 5 % sun, up
    to 20 % light cloud, more but in the right direction cloud, else thunderstorm.

    A target met already, or to be held every year: sun where met and m does not lead back, light
    cloud where it does, cloud where missed and m does not lead away, else thunderstorm. Without a
    target: sun where m and the last change are right, light cloud where only m is, cloud where only
    the last change is, else thunderstorm.

    Parameters
    ----------
    cases : Cases
        With the whole series (`Cases.of_series`); two points are too few.
    hold : bool
        Whether the targets are to be held in every single year.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: the share by which the target is missed (m without a target);
        ``rule``: ``projected``, ``target_met``, ``held``, ``direction``; not assessed for
        ``no_score``, ``too_few_points``.

    Examples
    --------
    Up by .2 a year, so 6 in 2025: of the point from 5 that is all, or 95, 80, 50 % of what is
    wanted.

    >>> years, up = range(2015, 2021), [4, 4.2, 4.4, 4.6, 4.8, 5]
    >>> aimed = Cases.of_series([up] * 4, years, target=[6, 6.04, 6.2, 7], target_period=2025)
    >>> weather(aimed).round(2)[["verdict", "measure"]].to_numpy().tolist()
    [['sun', 0.0], ['sun', 0.04], ['light_cloud', 0.17], ['cloud', 0.5]]
    >>> kinds = dict(target_period=2025, target=[4, 6, 4, 6])
    >>> rows = Cases.of_series([up, up[::-1], up[::-1], up], years, **kinds)
    >>> weather(rows)["verdict"].tolist()  # met; wrong way; met, though falling; short, rising
    ['sun', 'thunderstorm', 'light_cloud', 'sun']
    >>> weather(rows, hold=True)["verdict"].tolist()
    ['sun', 'thunderstorm', 'light_cloud', 'cloud']
    >>> turns = [up, [*up[:5], 4.7], [6, 5, 4, 3, 2, 2.5], up[::-1]]
    >>> weather(Cases.of_series(turns, years))["verdict"].tolist()  # no target: the direction
    ['sun', 'light_cloud', 'cloud', 'thunderstorm']
    >>> weather(Cases.of_series([up[:3]], years[:3], target=6, target_period=2025))["rule"].item()
    'too_few_points'
    """
    change, points, last = _mean_change(cases)
    d, target, now = cases.direction, cases.target, cases.value
    reached = now + change * (cases.target_period - cases.period)
    missed = ratio(d * (target - reached), np.abs(target - now))
    aims, met = ~np.isnan(target), cases.met()
    kept = aims & (met | hold)
    branches = [
        (np.isnan(now), NONE, "no_score"),
        (points < FEWEST, NONE, "too_few_points"),
        (met & (d * change >= 0), "sun", "held" if hold else "target_met"),
        (met, "light_cloud", "held" if hold else "target_met"),
        (kept & (d * change >= 0), "cloud", "held"),
        (kept, "thunderstorm", "held"),
        (~aims & (d * change > 0) & (d * last > 0), "sun", "direction"),
        (~aims & (d * change > 0), "light_cloud", "direction"),
        (~aims & (d * last > 0), "cloud", "direction"),
        (~aims, "thunderstorm", "direction"),
        (missed < 0.05 - LEEWAY, "sun", "projected"),
        (missed <= 0.2 + LEEWAY, "light_cloud", "projected"),
        (d * change > 0, "cloud", "projected"),
        (~np.isnan(missed), "thunderstorm", "projected"),
    ]
    return decide(branches, np.where(aims, missed, change))


def _mean_change(cases: Cases) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the mean change a period, over how many points in a row, and the last change."""
    values, periods = cases.scores[:, -POINTS:], cases.periods[:, -POINTS:]
    steps = np.diff(periods, axis=1)
    joined = np.logical_and.accumulate((steps == 1)[:, ::-1], axis=1)
    run = joined.sum(axis=1)
    row, width = np.arange(len(cases)), values.shape[1]
    first = values[row, width - 1 - run]
    change = ratio(cases.value - first, run.astype(float))
    last = values[:, -1] - values[:, -2] if width > 1 else np.full(len(cases), np.nan)
    return change, run + 1, last
