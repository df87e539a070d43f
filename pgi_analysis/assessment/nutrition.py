"""UNICEF's classes of progress towards the global nutrition targets, by the average annual rate.

Source: unicef-drp/OSE-DA-NT, projections_progress_class (commit e9ea0f05), whose code counts a rate
of exactly k as no progress, as here, where its README counts it as some. Left out: the target for
stunting, a number of children that takes population figures to turn into a prevalence, and UNICEF's
choice of a baseline survey: the base period is given here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Base, Cases
from pgi_analysis.assessment.growth import no_time, ratio, too_few
from pgi_analysis.assessment.verdicts import NONE, decide

VERDICTS = {
    "on_track": "on_track",
    "some_progress": "slow",
    "no_progress": "stalled",
    "worsening": "away",
}
#: UNICEF's settings by indicator, to be passed on: ``nutrition(cases, **PRESETS["wasting"])``
PRESETS = {
    "overweight": {"k": 1.5, "floor": 5.0},
    "wasting": {"k": 2.0, "floor": 5.0},
    "anaemia": {"k": 0.5, "floor": 5.0, "required": 3.78},
    "low_birth_weight": {"k": 0.5, "floor": 5.0, "required": 1.96},
    "not_exclusively_breastfed": {"k": 0.8},
}


def nutrition(
    cases: Cases,
    *,
    base: Base = "after",
    k: float = 0.5,
    floor: float | None = None,
    required: float | None = None,
    anchor: Literal["baseline", "last"] = "baseline",
    decimals: int | None = 1,
) -> pd.DataFrame:
    """Compare the average annual rate of reduction (AARR) with the one that the target asks for.

    ``AARR = 100·(1 − e^slope)`` with the least-squares slope of ln(prevalence) on the period, from
    the base on; ``required = 100·(1 − exp[(ln T − ln b)/(yT − yb)])``. A met target or AARR ≥
    required is on track, above k some progress, from −k to k none, below worsening.

    It is made for prevalences of what is unwanted, in per cent. Where the ends of the scale are
    known, scores are taken in per cent of it: from its lower end where lower is better, and where
    higher is better what is missing to its upper end, as UNICEF does for breastfeeding. Where they
    are not known, scores that should be low are taken as they are, in any unit, and not rounded.
    Prevalences of zero are left out, also as a base. That a target met at the base and lost since
    asks for a rate of 0, not for one that lets it rise, is a rule of this package.

    Parameters
    ----------
    cases : Cases
    base : {"after", "nearest", "after_or_before", "within_one"}
        Which score stands in where the base period has none.
    k : float
        Per cent a period that still count as no change; UNICEF's by indicator are in `PRESETS`.
    floor : float, optional
        A prevalence that counts as met whatever the target.
    required : float, optional
        A fixed rate instead of the one that follows from the target.
    anchor : {"baseline", "last"}
        What the required rate starts from: the base score, as at UNICEF, or the newest score, as in
        WHO's tool augury: ``required = 100·(1 − exp[(ln T − ln c)/(yT − yc)])``.
    decimals : int or None
        Decimals that prevalences in per cent are rounded to first, half away from zero; rates
        always have two.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: AARR in per cent; ``rule``: ``rate``, ``target_met`` (also with
        one score); not assessed for ``no_score``, ``too_few_points``, ``no_target``, ``no_time``,
        ``no_scale`` (higher is better, and the ends of the scale are not known).

    Examples
    --------
    From 10 to 8.1 in two years is 10 % a year; 5 after four years takes 15.91 %, 7 takes 8.53 %.

    >>> when = dict(baseline_period=2015, period=2017, target_period=2019, direction=-1)
    >>> rows = Cases.of(baseline=10, value=[8.1, 8.1, 10, 11, 4.9], target=[5, 7, 5, 5, 5], **when)
    >>> nutrition(rows)[["verdict", "measure"]].to_numpy().tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['some_progress', 10.0], ['on_track', 10.0], ['no_progress', 0.0], ['worsening', -4.88],
     ['on_track', 30.0]]

    From 8.1 on, 7 after two more years takes 7.04 %, 5 takes 21.43 %.

    >>> nutrition(rows, anchor="last")["verdict"].tolist()[:2]
    ['some_progress', 'on_track']
    >>> nutrition(rows, floor=9.0)["rule"].tolist()
    ['target_met', 'target_met', 'rate', 'rate', 'target_met']

    A score of 9.19 of 10 where 9 was: 10 % of the scale was missing, now 8.1 %.

    >>> when["direction"] = 1
    >>> score = Cases.of(baseline=9, value=9.19, target=9.3, lower=0, upper=10, **when)
    >>> nutrition(score)[["verdict", "measure"]].to_numpy().tolist()
    [['on_track', 10.0]]
    """
    values = _prevalence(cases, cases.scores, decimals)
    target, rounded = (_prevalence(cases, cases.target[:, None], n)[:, 0] for n in (None, decimals))
    positive = replace(cases, scores=np.where(values > 0, values, np.nan))
    start, since = positive.base(base)
    now, periods = values[:, -1], cases.periods
    usable = (values > 0) & (periods >= since[:, None])
    rate = _away_from_zero(100 * (1 - np.exp(_slope(values, periods, usable))), 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        origin, at = (start, since) if anchor == "baseline" else (now, cases.period)
        asked = 100 * (1 - np.exp(ratio(np.log(target / origin), cases.target_period - at)))
    asked = np.full(len(cases), required) if required is not None else _away_from_zero(asked, 2)
    asked = np.maximum(asked, 0)
    met = cases.met() | (now <= rounded) | (now <= (-np.inf if floor is None else floor))
    branches = [
        (np.isnan(cases.value), NONE, "no_score"),
        (np.isnan(cases.target), NONE, "no_target"),
        (np.isnan(now), NONE, "no_scale"),
        (met, "on_track", "target_met"),
        *too_few(cases, since),
        *no_time(cases, since),
        (usable.sum(axis=1) < 2, NONE, "too_few_points"),
        (rate >= asked, "on_track", "rate"),
        (rate > k, "some_progress", "rate"),
        (rate >= -k, "no_progress", "rate"),
        (rate < -k, "worsening", "rate"),
    ]
    return decide(branches, rate)


def _prevalence(cases: Cases, values: np.ndarray, decimals: int | None) -> np.ndarray:
    """Turn scores into rounded per cents of the scale, of what is unwanted.

    Without ends of the scale scores that should be low stay as they are, others are NaN.
    """
    upper, lower = cases.upper[:, None], cases.lower[:, None]
    falls = cases.direction[:, None] < 0
    share = ratio(np.where(falls, values - lower, upper - values), upper - lower)
    per_cent = _away_from_zero(100 * share, decimals)
    return np.where(falls & np.isnan(upper - lower), values, per_cent)


def _slope(values: np.ndarray, periods: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Return the least-squares slope of ln(value) on the period, a row a case."""
    n = usable.sum(axis=1)
    x = np.where(usable, periods, 0.0)
    y = np.log(np.where(usable, values, 1.0))
    x = np.where(usable, periods - ratio(x.sum(axis=1), n)[:, None], 0.0)
    return ratio((x * y).sum(axis=1), (x**2).sum(axis=1))


def _away_from_zero(values: np.ndarray, decimals: int | None) -> np.ndarray:
    """Round half away from zero; the tiny step mends products such as 1.005 · 100."""
    if decimals is None:
        return values
    size = np.abs(values) * 10.0**decimals
    return np.copysign(np.floor(size + 0.5 + 1e-9) / 10.0**decimals, values)
