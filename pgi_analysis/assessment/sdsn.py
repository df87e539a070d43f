"""Trend arrows of the Sustainable Development Report (SDSN).

Source: Africa SDG Index, frequently asked questions (2018); labels of sdsna/sdgindex-data. Left
out: goal arrows, since the rescaling within bands that they average was not read in a source. Nor
were the bounds of the normalisation, which cancel out here, and which band a ratio of exactly .5 or
1 is in: the upper one is taken.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Cases, lead
from pgi_analysis.assessment.growth import no_time, ratio, too_few
from pgi_analysis.assessment.verdicts import NONE, bands, decide

VERDICTS = {
    "on_track_or_maintaining": "on_track",
    "moderately_improving": "slow",
    "stagnating": "stalled",
    "decreasing": "away",
}


def sdsn(cases: Cases) -> pd.DataFrame:
    """Compare the points gained a period with the points that the target asks for.

    ``q = [(c − b)/(yc − yb)] / [(T − b)/(yT − yb)]``, linear: from 1 on track (arrow up), from .5
    moderately improving, from 0 stagnating, below decreasing. A target met at the base and still
    met is maintained, whatever happened above it. The base is the score nearest to the base period,
    at most one period from it.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: q; ``rule``: ``ratio``, ``held``, ``target_met``,
        ``baseline_beyond_target``, ``target_equals_baseline``; not assessed for ``no_score``,
        ``too_few_points``, ``no_target``, ``no_time``.

    Examples
    --------
    Half of the time is over: a gain of 1, .6, .2 and −.1 of the 2 points wanted; then a target
    that was met and still is, and one that was and is not.

    >>> when = dict(baseline_period=2015, period=2020, target_period=2025)
    >>> rows = Cases.of(baseline=[4, 4, 4, 4, 8, 7], value=[5, 4.6, 4.2, 3.9, 7, 5.9], target=6,
    ...                 **when)
    >>> sdsn(rows)[["verdict", "rule"]].to_numpy().tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['on_track_or_maintaining', 'ratio'], ['moderately_improving', 'ratio'],
     ['stagnating', 'ratio'], ['decreasing', 'ratio'], ['on_track_or_maintaining', 'held'],
     ['decreasing', 'baseline_beyond_target']]
    """
    base, since = cases.base("within_one")
    observed = ratio(cases.value - base, cases.period - since)
    needed = ratio(cases.target - base, cases.target_period - since)
    q = ratio(observed, needed)
    met, had = cases.met(), lead(base, cases.target, cases.direction)
    branches = [
        *too_few(cases, since),
        (np.isnan(cases.target), NONE, "no_target"),
        (met & (had >= 0), "on_track_or_maintaining", "held"),
        (met, "on_track_or_maintaining", "target_met"),
        (had == 0, "decreasing", "target_equals_baseline"),
        (had > 0, "decreasing", "baseline_beyond_target"),
        *no_time(cases, since),
        *bands(
            q,
            [(1, "on_track_or_maintaining"), (0.5, "moderately_improving"), (0, "stagnating")],
            "decreasing",
            "ratio",
        ),
    ]
    return decide(branches, q)
