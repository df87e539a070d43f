"""Current status and anticipated progress, the two indices of the UN's regional commissions.

Source: UN ESCAP's indices in the variant that UNICEF's office for the Middle East and North Africa
publishes (spalmas/SDG-MENARO, 03_progress_assessment, commit 8eae7801). Left out: ESCAP's own bands
for anticipated progress, its weights and its choice of transform, which were not read in a source;
and UNICEF's filling in of base and current years without an observation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from pgi_analysis.assessment.cases import Base, Cases, lead
from pgi_analysis.assessment.growth import ratio, too_few
from pgi_analysis.assessment.verdicts import BAND, LEEWAY, NONE, Branch, decide

STATUS_VERDICTS = {"on_track": "on_track", "slow_progress": "slow", "regression": "away"}
ANTICIPATED_VERDICTS = {
    "will_meet_target": "on_track",
    "need_to_accelerate": "slow",
    "no_progress_expected": "stalled",
}
Extrapolation = Literal["logit_mean", "geometric", "logit_regression", "weighted_regression"]


def escap_status(cases: Cases, *, base: Base = "after", parity: bool = False) -> pd.DataFrame:
    """Measure how much of the way to the target has been covered, on a scale to 10.

    ``CS = 10·d·(c − b) / |T − b|``, 10 once the target is met: above 9 on track, above 0 slow
    progress, else regression. It does not ask how much of the time is over.

    Parameters
    ----------
    cases : Cases
    base : {"after", "nearest", "after_or_before", "within_one"}
        Which score stands in where the base period has none.
    parity : bool
        For targets that are missed on either side: ``CS = 10 − 10·|T − c| / |T − b|``, met only by
        the target itself.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: CS; ``rule``: ``status``, ``target_met`` (also with one point),
        ``baseline_beyond_target``, ``target_equals_baseline`` (CS is −∞: regression, as published);
        not assessed for ``no_score``, ``too_few_points``, ``no_target``.

    Examples
    --------
    >>> when = dict(baseline_period=2015, period=2020, target_period=2030)
    >>> rows = Cases.of(baseline=[4, 4, 4, 6], value=[5, 3.9, 6, 5], target=6, **when)
    >>> escap_status(rows).round(2)[["verdict", "measure", "rule"]].to_numpy().tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['slow_progress', 5.0, 'status'], ['regression', -0.5, 'status'],
     ['on_track', 10.0, 'target_met'], ['regression', -inf, 'target_equals_baseline']]
    >>> ratio_of_girls = Cases.of(baseline=[1.2, 0.8], value=[1.05, 0.7], target=1, **when)
    >>> escap_status(ratio_of_girls, parity=True).round(2)["measure"].tolist()
    [7.5, -5.0]
    """
    start, since = cases.base(base)
    index = _index(cases, start, cases.value, parity)
    met = lead(cases.value, cases.target) == 0 if parity else cases.met()
    branches = [
        (np.isnan(cases.value), NONE, "no_score"),
        (np.isnan(cases.target), NONE, "no_target"),
        (met, "on_track", "target_met"),
        *too_few(cases, since),
        (index == -np.inf, "regression", "target_equals_baseline"),
        *_signs(index, ("on_track", "slow_progress", "regression"), "status"),
    ]
    special = [(_lost(cases, start) & (not parity), _LOST)]
    return decide(branches, np.where(met, 10.0, index), special=special)


def escap_anticipated(
    cases: Cases,
    *,
    base: Base = "after",
    extrapolation: Extrapolation = "logit_mean",
    scale: float | None = None,
) -> pd.DataFrame:
    """Measure how much of the way will have been covered at the target period, on a scale to 10.

    ``AP = 10·d·(P − b) / |T − b|`` with P the score extrapolated to the target period, 10 where P
    meets the target: above 9 will meet target, above 0 need to accelerate, else no progress
    expected. With ``L = ln(Y/(1 − Y))``, Y the score as a share of the scale, P comes from

    - ``logit_mean`` (UNICEF's choice): the mean slope a period of L between one score and the
      next, from the newest on; where that is not finite (scores at the ends of the scale), the
      newest score;
    - ``geometric``: ``v_n·(v_n/v_1)^(a/(y_n − y_1))``, a the periods ahead;
    - ``logit_regression``: the least-squares line of L;
    - ``weighted_regression``: the same through the mean with the slope weighted by
      ``(yT − y_1)/(yT − y_i)``.

    Parameters
    ----------
    cases : Cases
    base : {"after", "nearest", "after_or_before", "within_one"}
        Which score stands in where the base period has none.
    extrapolation : str
    scale : float, optional
        The greatest score possible where a case has no ``upper``, such as 100 for percentages.
        Nothing but ``geometric`` does without, and scores outside 0 to it have no L.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: AP; ``rule``: ``projected``, ``target_met`` (already, and at the
        target period, too; or with one point),
        ``baseline_beyond_target``, ``target_equals_baseline`` (AP is −∞: no progress expected, as
        published); not assessed for ``no_score``, ``too_few_points``, ``no_target``, ``no_scale``,
        ``undefined`` (scores outside the scale).

    Examples
    --------
    From 20 to 50 in 5 years is a logit of 0 from −1.39; five years on it is 1.39, that is 80.

    >>> when = dict(baseline_period=2015, period=2020, target_period=2025, upper=100)
    >>> rows = Cases.of(baseline=20, value=50, target=[80, 95], **when)
    >>> escap_anticipated(rows).round(2)[["verdict", "measure"]].to_numpy().tolist()
    [['will_meet_target', 10.0], ['need_to_accelerate', 8.0]]
    >>> escap_anticipated(rows, extrapolation="geometric")["verdict"].tolist()  # 125
    ['will_meet_target', 'will_meet_target']
    >>> fell = Cases.of(baseline=[60, 60], value=[50, 50], target=[80, 60], **when)
    >>> escap_anticipated(fell).round(2)[["verdict", "measure"]].to_numpy().tolist()
    [['no_progress_expected', -10.0], ['no_progress_expected', -inf]]
    >>> one = Cases.of_series([[50], [90]], [2020], target=80, target_period=2025, upper=100)
    >>> escap_anticipated(one)[["verdict", "rule"]].to_numpy().tolist()
    [['not_assessed', 'too_few_points'], ['will_meet_target', 'target_met']]
    """
    start, since = cases.base(base)
    top = np.where(np.isnan(cases.upper), np.nan if scale is None else scale, cases.upper)
    ahead = cases.target_period > cases.period
    reached = np.where(ahead, EXTRAPOLATIONS[extrapolation](cases, top), cases.value)
    will = lead(reached, cases.target, cases.direction) >= 0
    index = np.where(will, 10.0, _index(cases, start, reached, parity=False))
    one = ~(cases.period - since >= 1)
    branches = [
        (np.isnan(cases.value), NONE, "no_score"),
        (np.isnan(cases.target), NONE, "no_target"),
        (one & cases.met(), "will_meet_target", "target_met"),
        *too_few(cases, since),
        (np.isnan(top) & (extrapolation != "geometric"), NONE, "no_scale"),
        (index == -np.inf, "no_progress_expected", "target_equals_baseline"),
        *_signs(
            index, ("will_meet_target", "need_to_accelerate", "no_progress_expected"), "projected"
        ),
    ]
    special = [(_lost(cases, start), _LOST), (will & cases.met(), "target_met")]
    return decide(branches, np.where(one, 10.0, index), special=special)


_LOST = "baseline_beyond_target"


def _index(cases: Cases, start: np.ndarray, value: np.ndarray, parity: bool) -> np.ndarray:
    target, d = cases.target, cases.direction
    way = np.abs(lead(target, start))
    with np.errstate(divide="ignore", invalid="ignore"):
        if parity:
            return 10 - 10 * np.abs(target - value) / way
        return 10 * d * (value - start) / way


def _signs(index: np.ndarray, names: tuple[str, str, str], rule: str) -> list[Branch]:
    best, middle, worst = names
    return [
        (index > 9 + LEEWAY, best, BAND + rule),
        (index > LEEWAY, middle, BAND + rule),
        (~np.isnan(index), worst, BAND + rule),
    ]


def _lost(cases: Cases, start: np.ndarray) -> np.ndarray:
    return (lead(start, cases.target, cases.direction) > 0) & ~cases.met()


def _logits(cases: Cases, top: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return special.logit(cases.scores / top[:, None])


def _logit_mean(cases: Cases, top: np.ndarray) -> np.ndarray:
    logits = _logits(cases, top)
    with np.errstate(invalid="ignore"):
        slopes = np.diff(logits, axis=1) / np.diff(cases.periods, axis=1)
        known = ~np.isnan(cases.scores)
        between = known[:, 1:] & known[:, :-1]
        mean = ratio(np.where(between, slopes, 0.0).sum(axis=1), between.sum(axis=1).astype(float))
        ahead = cases.target_period - cases.period
        projected = top * special.expit(logits[:, -1] + mean * ahead)
    outside = (known & np.isnan(logits)).any(axis=1)
    return np.where(np.isfinite(mean) | outside, projected, cases.value)


def _geometric(cases: Cases, top: np.ndarray) -> np.ndarray:
    first, since = cases.base("after", since=np.full(len(cases), np.nan))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        power = ratio(cases.target_period - cases.period, cases.period - since)
        return cases.value * np.power(ratio(cases.value, first), power)


def _logit_regression(cases: Cases, top: np.ndarray) -> np.ndarray:
    return _regression(cases, top, np.ones_like(cases.scores))


def _weighted_regression(cases: Cases, top: np.ndarray) -> np.ndarray:
    first = np.nanmin(np.where(np.isnan(cases.scores), np.inf, cases.periods), axis=1)[:, None]
    target = cases.target_period[:, None]
    return _regression(cases, top, ratio(target - first, target - cases.periods))


def _regression(cases: Cases, top: np.ndarray, weights: np.ndarray) -> np.ndarray:
    logits, known = _logits(cases, top), ~np.isnan(cases.scores)
    n = known.sum(axis=1)
    middle = ratio(np.where(known, cases.periods, 0.0).sum(axis=1), n)
    x = np.where(known, cases.periods - middle[:, None], 0.0)
    y, w = np.where(known, logits, 0.0), np.where(known, weights, 0.0)
    with np.errstate(invalid="ignore"):
        total = w.sum(axis=1)
        above = (w * x * y).sum(axis=1) - (w * x).sum(axis=1) * (w * y).sum(axis=1) / total
        below = (w * x**2).sum(axis=1) - (w * x).sum(axis=1) ** 2 / total
        slope, level = ratio(above, below), ratio(y.sum(axis=1), n)
        return top * special.expit(level + slope * (cases.target_period - middle))


EXTRAPOLATIONS: dict[str, Callable[[Cases, np.ndarray], np.ndarray]] = {
    "logit_mean": _logit_mean,
    "geometric": _geometric,
    "logit_regression": _logit_regression,
    "weighted_regression": _weighted_regression,
}
