"""The United Nations' Progress Chart of the Sustainable Development Goals, as of 2022 and of 2023.

Sources: the 2022 ratio as coded in cwtravisyip/unsd_global_database (int_func.py, commit 94394683),
whose branch without a target takes the absolute growth by mistake; the 2023 extrapolation and its
exceptions as restated by EUSTAT after the Progress Chart Technical Note 2023. Left out: the five
classes of 2024 and later, whose thresholds were not found in a source; yes-or-no indicators and
growth rates, which the source leaves to experts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Base, Cases, lead
from pgi_analysis.assessment.growth import Growth, cagr, no_time, ratio, too_few
from pgi_analysis.assessment.verdicts import NONE, bands, decide

VERDICTS_2022 = {
    "substantial_progress": "on_track",
    "fair_progress": "slow",
    "limited_progress": "stalled",
    "deterioration": "away",
}
VERDICTS_2023 = {
    "on_track": "on_track",
    "fair_progress": "slow",
    "stagnation_or_regression": "stalled",
}


def un_2022(cases: Cases, *, base: Base = "after") -> pd.DataFrame:
    """Compare the growth observed with the growth that the target asks for, as in 2022.

    With a target ``R = s·d·CAGR(b, c) / |CAGR(b, T)|``, s = −1 for a negative base: from .95
    substantial progress («on track»), from .5 fair progress («acceleration needed»), from −.1
    limited or no progress, below deterioration; so a small fall is worse the nearer the target is.
    Without a target ``G = s·d·CAGR(b, c)``: above 1 %, from .5 %, from −1 %.

    Parameters
    ----------
    cases : Cases
    base : {"after", "nearest", "after_or_before", "within_one"}
        Which score stands in where the base period has none.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: R or G; ``rule``: ``ratio``, ``growth``, ``target_met``,
        ``baseline_beyond_target``; not assessed for ``no_score``, ``too_few_points``,
        ``zero_base``, ``zero_target``, ``opposite_signs``, ``target_equals_baseline``, ``no_time``.

    Examples
    --------
    From 4 to 5 in 5 years (4.56 % a year) where 6 is wanted after 10 (4.14 %); to 4.5 is 2.38 %.

    >>> when = dict(baseline_period=2015, period=2020, target_period=2025)
    >>> rows = Cases.of(baseline=4, value=[5, 4.5, 4.1, 3.9, 3, 6.5], target=6, **when)
    >>> un_2022(rows)["verdict"].tolist()  # doctest: +NORMALIZE_WHITESPACE
    ['substantial_progress', 'fair_progress', 'limited_progress', 'deterioration', 'deterioration',
     'substantial_progress']
    >>> un_2022(Cases.of(baseline=4, value=[4.15, 4.01], **when))["verdict"].tolist()
    ['fair_progress', 'limited_progress']
    """
    grown = Growth.since_base(cases, base)
    branches = [
        *too_few(cases, grown.since),
        (cases.met(), "substantial_progress", "target_met"),
        *grown.unusable(cases),
        *grown.unaimed(cases),
        *bands(
            grown.ratio,
            [(0.95, "substantial_progress"), (0.5, "fair_progress"), (-0.1, "limited_progress")],
            "deterioration",
            "ratio",
            where=grown.aims,
        ),
        *bands(
            grown.observed,
            [(0.01, "substantial_progress"), (0.005, "fair_progress"), (-0.01, "limited_progress")],
            "deterioration",
            "growth",
            where=~grown.aims,
            strict=1,
        ),
    ]
    measure = np.where(grown.aims, grown.ratio, grown.observed)
    special = [(grown.beyond(cases), "baseline_beyond_target")]
    return decide(branches, measure, special=special)


def un_2023(
    cases: Cases, *, base: Base = "after_or_before", percentage: bool = False
) -> pd.DataFrame:
    """Extrapolate the growth observed to the target period, as in 2023.

    With a target ``P = c·(1 + CAGR(b, c))^(yT − yc)`` and ``U = (P − b) / (T − b)``: from .95 on
    track or met (3), from .1 fair progress (2), below stagnation or regression (1). Without one
    ``G = s·d·CAGR(b, c)``: from 2 %, from .5 %; s is −1 for a negative base. A base beyond the
    target turns the sign of U around: a target that was met and is lost is regression.

    Parameters
    ----------
    cases : Cases
    base : {"after", "nearest", "after_or_before", "within_one"}
        Which score stands in where the base period has none; the UN: the next one after it or,
        where that leaves no two values, the last before.
    percentage : bool
        Whether the scores are percentages: then a score within one point of a target of 0 or 100
        has met it.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: U or G; ``score``: 3, 2 or 1; ``rule``: ``projected``, ``growth``,
        ``target_met``, ``nearly_met``, ``baseline_beyond_target``; not assessed for ``no_score``,
        ``too_few_points``, ``zero_base``, ``opposite_signs``, ``target_equals_baseline``,
        ``no_time``.

    Examples
    --------
    From 4 to 5 in 5 years is 6.25 after 10; from 4 to 4.5 it is 5.06, half of the way to 6.

    >>> when = dict(baseline_period=2015, period=2020, target_period=2025)
    >>> rows = Cases.of(baseline=[4, 4, 4, 7], value=[5, 4.5, 4.05, 5.9], target=6, **when)
    >>> un_2023(rows).round(2)[["verdict", "measure", "rule"]].to_numpy().tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['on_track', 1.12, 'projected'], ['fair_progress', 0.53, 'projected'],
     ['stagnation_or_regression', 0.05, 'projected'],
     ['stagnation_or_regression', 2.03, 'baseline_beyond_target']]
    >>> close = Cases.of(baseline=99.2, value=99.1, target=100, **when)
    >>> un_2023(close, percentage=True)["rule"].item(), un_2023(close)["verdict"].item()
    ('nearly_met', 'stagnation_or_regression')
    """
    grown = Growth.since_base(cases, base)
    rate = cagr(grown.base, cases.value, cases.period - grown.since)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        reached = cases.value * (1 + rate) ** (cases.target_period - cases.period)
    share = ratio(reached - grown.base, cases.target - grown.base)
    beyond = grown.beyond(cases)
    near = percentage & np.isin(cases.target, (0, 100)) & (np.abs(cases.value - cases.target) <= 1)
    branches = [
        *too_few(cases, grown.since),
        (cases.met(), "on_track", "target_met"),
        (near, "on_track", "nearly_met"),
        *grown.unusable(cases),
        (lead(grown.base, cases.target) == 0, NONE, "target_equals_baseline"),
        *no_time(cases, grown.since),
        (beyond, "stagnation_or_regression", "baseline_beyond_target"),
        *bands(
            share,
            [(0.95, "on_track"), (0.1, "fair_progress")],
            "stagnation_or_regression",
            "projected",
            where=grown.aims,
        ),
        *bands(
            grown.observed,
            [(0.02, "on_track"), (0.005, "fair_progress")],
            "stagnation_or_regression",
            "growth",
            where=~grown.aims,
        ),
    ]
    found = decide(branches, np.where(grown.aims, share, grown.observed))
    points = {"on_track": 3.0, "fair_progress": 2.0, "stagnation_or_regression": 1.0}
    return found.assign(score=found["verdict"].map(points).astype(float))
