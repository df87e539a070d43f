"""Weather symbols of the German Sustainable Development Strategy.

Source: Federal Statistical Office of Germany, «Indicator status – Methodology», as in
Nachhaltige-Entwicklung-Deutschland/open-sdg-site-starter, _pages/status.md (commit 1c20f2aa). An
earlier text of it (_pages/en/status.md, commit 93a89709) adds that where not every year has data,
the last six points of time that have are used, and that fewer than four are too few. The source
calls the symbols «neither a political appraisal nor a forecast». A target that is an interval, or
several at once, are several cases here; the source takes the weakest, and the worst, of them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Cases, lead
from pgi_analysis.assessment.growth import ratio
from pgi_analysis.assessment.verdicts import LEEWAY, NONE, decide

VERDICTS = {"sun": "on_track", "light_cloud": "slow", "cloud": "stalled", "thunderstorm": "away"}
SYMBOLS = {"sun": "☀", "light_cloud": "⛅", "cloud": "☁", "thunderstorm": "⚡"}
#: points that the mean change is taken from, and the fewest that will do
POINTS, FEWEST = 6, 4


def weather(cases: Cases, *, hold: bool = False) -> pd.DataFrame:
    """Carry the mean change of the last six points on to the target period.

    ``m = (v_n − v_{n−5}) / (y_n − y_{n−5})`` is the mean change a year over the last six points,
    also with years between them that have none (over five or four where there are no more),
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

    The share of adolescents who smoke, surveyed in six years of seven; 7 % is wanted in 2030.

    >>> smoke, surveys = [12.9, 11.7, 12.0, 9.7, 9.6, 8.3], [2010, 2011, 2012, 2014, 2015, 2016]
    >>> wanted = dict(target=7, target_period=2030, direction=-1)
    >>> weather(Cases.of_series([smoke], surveys, **wanted))["verdict"].item()
    'sun'
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
    """Return the mean change a period, over how many points, and the last change."""
    values, periods = cases.scores[:, -POINTS:], cases.periods[:, -POINTS:]
    known = ~np.isnan(values)
    oldest = np.arange(len(cases)), known.argmax(axis=1)
    change = ratio(lead(cases.value, values[oldest]), cases.period - periods[oldest])
    before = values[:, -2] if values.shape[1] > 1 else np.nan
    return change, known.sum(axis=1), lead(cases.value, before)
