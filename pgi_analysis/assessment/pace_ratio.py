"""The pace ratio of dashboards for key performance indicators.

Source: the rule of a public reporting application (achieved against expected linear progress, on
track from .9, at risk from .6); the field's common form, not an official method. The source calls
a target on track as long as no time is over, which is not assessed here. That a met target is
achieved, that time counts as 1 at most, and that a target once met and lost is off track are rules
of this package.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Base, Cases, lead
from pgi_analysis.assessment.growth import no_time, ratio, too_few
from pgi_analysis.assessment.verdicts import NONE, bands, decide

VERDICTS = {"achieved": "met", "on_track": "on_track", "at_risk": "slow", "off_track": "stalled"}


def pace_ratio(cases: Cases, *, base: Base = "after") -> pd.DataFrame:
    """Compare the share of the way covered with the share of the time that is over.

    ``[(c − b)/(T − b)] / [(yc − yb)/(yT − yb)]``: from .9 on track, from .6 at risk, below off
    track. The time that is over counts as 1 at most.

    Parameters
    ----------
    cases : Cases
    base : {"after", "nearest", "after_or_before", "within_one"}
        Which score stands in where the base period has none.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: the ratio; ``rule``: ``ratio``, ``target_met``,
        ``baseline_beyond_target`` and ``target_equals_baseline`` (off track, since a target once
        met is lost); not assessed for ``no_score``, ``too_few_points``, ``no_target``,
        ``no_time``.

    Examples
    --------
    Half of the time is over, and 1, .6 and .2 of the two points wanted are gained.

    >>> when = dict(baseline_period=2015, period=2020, target_period=2025)
    >>> rows = Cases.of(baseline=[4, 4, 4, 4, 7, 6], value=[5, 4.6, 4.2, 6, 5, 5], target=6, **when)
    >>> pace_ratio(rows)[["verdict", "rule"]].to_numpy().tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['on_track', 'ratio'], ['at_risk', 'ratio'], ['off_track', 'ratio'],
     ['achieved', 'target_met'], ['off_track', 'baseline_beyond_target'],
     ['off_track', 'target_equals_baseline']]
    """
    start, since = cases.base(base)
    covered = ratio(cases.value - start, cases.target - start)
    over = np.minimum(ratio(cases.period - since, cases.target_period - since), 1.0)
    had = lead(start, cases.target, cases.direction)
    pace = ratio(covered, over)
    branches = [
        *too_few(cases, since),
        (np.isnan(cases.target), NONE, "no_target"),
        (cases.met(), "achieved", "target_met"),
        *no_time(cases, since),
        (had == 0, "off_track", "target_equals_baseline"),
        (had > 0, "off_track", "baseline_beyond_target"),
        *bands(pace, [(0.9, "on_track"), (0.6, "at_risk")], "off_track", "ratio"),
    ]
    return decide(branches, pace)
