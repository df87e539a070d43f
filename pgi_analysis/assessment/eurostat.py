"""Eurostat's assessment for the EU's SDG monitoring report, and the Basque office's variant of it.

Source: the method as the Basque statistical office EUSTAT restates and codes it (thresholds, score)
and as Open SDG describes it; windows of 15 and 5 years as in the monitoring reports. Left out: the
least spans of 10 and 3 years and the older thresholds without a neutral band, which were not read
in a source.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Cases, lead
from pgi_analysis.assessment.growth import Growth
from pgi_analysis.assessment.statcan import limit_scale
from pgi_analysis.assessment.verdicts import bands, decide
from pgi_analysis.faults import refuse

VERDICTS = {
    "significant_progress": "on_track",
    "moderate_progress": "slow",
    "insufficient_progress": "stalled",
    "no_progress": "stalled",
    "movement_away": "away",
    "moderate_movement_away": "away",
    "significant_movement_away": "away",
    "moderate_deterioration": "away",  # EUSTAT's words
    "significant_deterioration": "away",
}
#: with a target: below 60 % of the pace, the wrong way; without: moderately and far the wrong way
_WORDS = {
    "eurostat": (
        *("insufficient_progress", "movement_away"),
        *("moderate_movement_away", "significant_movement_away"),
    ),
    "eustat": ("moderate_deterioration", "significant_deterioration") * 2,
}


def eurostat(
    cases: Cases,
    *,
    window: int | None = 5,
    variant: Literal["eurostat", "eustat"] = "eurostat",
) -> pd.DataFrame:
    """Compare the growth in a window of years with the growth that the target asks for.

    With a target ``R = s·d·CAGR(b, c) / |CAGR(b, T)|``, both from the start of the window and with
    s = −1 for a negative base: from .95 significant progress, from .6 moderate, from 0
    insufficient, below movement away. Without one ``G = s·d·CAGR(b, c)``: above 1 % significant
    progress, above .1 % moderate, from −.1 % none, from −1 % moderate, below significant movement
    away (EUSTAT's code takes its edges in).

    Score, −5 to 5: ``(R − .6)·5/.7`` from R = .6 on, ``(R + .6)·5/1.2 − 5`` below; without a target
    ``250 G``.

    Parameters
    ----------
    cases : Cases
    window : int or None
        Periods up to the newest score, 5 or 15 at Eurostat: the growth counts from the first score
        in it. None counts from the base period.
    variant : {"eurostat", "eustat"}
        EUSTAT counts from the score nearest to the base period, replaces zeros by .001, lowers
        thresholds near a limit as Statistics Canada does, and calls 0 to .6 «moderate
        deterioration». It tests for a base at the limit before it looks at the sign, so that a fall
        from the limit scores 5; this is repeated here, as published.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: R or G; ``score``; ``rule``: ``ratio``, ``growth``,
        ``target_met``, ``baseline_beyond_target`` (EUSTAT also ``zero_replaced``,
        ``limit_scaled``); not assessed for ``no_score``, ``too_few_points``, ``zero_base``,
        ``zero_target``, ``opposite_signs``, ``target_equals_baseline``, ``no_time``.

    Examples
    --------
    From 50 to 52 in the last five years is .79 % a year, of 1.84 % that 60 in ten years takes.

    >>> series = Cases.of_series([[40, 50, 52]], [2005, 2015, 2020], target=60, target_period=2025)
    >>> eurostat(series)[["verdict", "rule"]].to_numpy().tolist()
    [['insufficient_progress', 'ratio']]
    >>> eurostat(series, window=15)["verdict"].item()  # 1.76 % a year of 2.05 %, since 2005
    'moderate_progress'

    Without a target up to .1 % a year is no progress; a met target is significant progress.

    >>> when = dict(baseline_period=2015, period=2020)
    >>> eurostat(Cases.of(baseline=50, value=[50.1, 49.9, 49], **when))["verdict"].tolist()
    ['no_progress', 'no_progress', 'moderate_movement_away']
    >>> aimed = Cases.of(baseline=[9, 6, 0, 4], value=[7, 5, 2, 3], target=[6, 5.5, 4, 4],
    ...                  target_period=2025, **when)
    >>> eurostat(aimed)["rule"].tolist()
    ['target_met', 'baseline_beyond_target', 'zero_base', 'target_equals_baseline']

    EUSTAT's published 5-5-1: from 50, at its limit of 50, down to 46.7.

    >>> fell = Cases.of(baseline=50, baseline_period=2015, value=46.7, period=2025, limit=50)
    >>> eurostat(fell, variant="eustat")[["verdict", "score"]].to_numpy().tolist()
    [['significant_deterioration', 5.0]]
    >>> eurostat(fell, window=None)[["verdict", "score"]].round(2).to_numpy().tolist()
    [['moderate_movement_away', -1.7]]
    """
    if window is not None and window < 1:
        raise refuse("backtest.whole", name="window", low=1, got=window)
    eustat = variant == "eustat"
    if eustat:
        grown = Growth.since_base(cases, "nearest", zero=0.001)
    else:
        since = None if window is None else cases.period - window
        grown = Growth.since_base(cases, "after", since=since)
    near = limit_scale(grown.base, cases.limit, cases.direction)
    scale = np.where(eustat & ~grown.aims, near, 1.0)
    met = lead(cases.value, grown.target, cases.direction) >= 0
    short, away, moderately_away, far_away = _WORDS[variant]
    branches = [
        *grown.unusable(cases),
        (met, "significant_progress", "target_met"),
        *grown.unaimed(cases),
        *bands(
            grown.ratio,
            [(0.95, "significant_progress"), (0.6, "moderate_progress"), (0, short)],
            away,
            "ratio",
            where=grown.aims,
        ),
        *bands(
            grown.observed,
            [
                (0.01 * scale, "significant_progress"),
                (0.001 * scale, "moderate_progress"),
                (-0.001, "no_progress"),
                (-0.01 * scale, moderately_away),
            ],
            far_away,
            "growth",
            where=~grown.aims,
            strict=0 if eustat else 2,
        ),
    ]
    special = [
        (grown.beyond(cases), "baseline_beyond_target"),
        (grown.replaced, "zero_replaced"),
        (scale < 1, "limit_scaled"),
    ]
    measure = np.where(grown.aims, grown.ratio, grown.observed)
    score = np.where(met, 5.0, _score(grown, scale))
    return decide(branches, measure, score, special=special)


def _score(grown: Growth, scale: np.ndarray) -> np.ndarray:
    r, g = grown.ratio, grown.observed
    with_target = np.where(r >= 0.6, np.minimum((r - 0.6) * 5 / 0.7, 5), (r + 0.6) * 5 / 1.2 - 5)
    with np.errstate(divide="ignore", invalid="ignore"):
        without = np.where((scale == 0) & (g >= -0.02), 5.0, 250 * g / np.where(g < 0, 1, scale))
    return np.where(grown.aims, np.maximum(with_target, -5), np.clip(without, -5, 5))
