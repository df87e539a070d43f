"""Statistics Canada's progress measure, as Open SDG 2.4 and later carry it.

Source: Open SDG, docs/progress-methodology.md (commit 26d2e387), and the scores that Statistics
Canada publishes by it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Base, Cases, lead
from pgi_analysis.assessment.growth import Growth
from pgi_analysis.assessment.verdicts import NONE, bands, decide

VERDICTS = {
    "target_achieved": "met",
    "substantial_progress": "on_track",
    "moderate_progress": "slow",
    "limited_progress": "stalled",
    "deterioration": "away",
}


def statcan(cases: Cases, *, base: Base = "after", zero: float = 0.001) -> pd.DataFrame:
    """Compare the growth observed with the growth that the target asks for.

    With a target ``R = s·d·CAGR(b, c) / |CAGR(b, T)|``: from .95 substantial progress («on
    track»), from .6 moderate progress, from 0 limited progress, below deterioration. Without one
    ``G = s·d·CAGR(b, c)``: from 1.5 %·C, .5 %·C and 0. C is 1, or with a natural limit L in the
    wanted direction, with B = |b| and l = |L|: ``1 − (B/l)^4.44`` for B ≤ l, ``1 − ((2l − B)/l)^
    4.44`` for l < B < 2l.

    Score, −5 to 5: ``7.1429 R − 4.2857`` from R = .6 on, ``4.1667 R − 2.5`` below; without a target
    ``500 G/C − 5``, ``250 G/C − 1.25``, ``500 G/C − 2.5`` and ``125 G − 2.5`` by band.

    Parameters
    ----------
    cases : Cases
    base : {"after", "nearest", "after_or_before", "within_one"}
        Which score stands in where the base period has none; Statistics Canada: the next one after.
    zero : float
        Replaces a base or target of zero, for which growth is not defined. It is arbitrary, as the
        source says itself.

    Returns
    -------
    DataFrame
        ``verdict``; ``measure``: R or G; ``score``; ``rule``: ``ratio``, ``growth``,
        ``limit_scaled`` (C below 1), ``at_limit`` (C = 0 and no fall), ``zero_replaced``,
        ``target_met``, ``baseline_beyond_target``; not assessed for ``no_score``,
        ``too_few_points``, ``opposite_signs``, ``target_equals_baseline``, ``no_time``.

    Examples
    --------
    From 14.5 to 10.4 in 8 years where 7.25 is wanted after 15: 4.07 % a year of 4.52 %.

    >>> terms = dict(baseline=14.5, baseline_period=2015, value=10.4, period=2023, direction=-1)
    >>> one = statcan(Cases.of(**terms, target=7.25, target_period=2030)).iloc[0]
    >>> one["verdict"], one["rule"], f"{one['measure']:.4f}", f"{one['score']:.4f}"
    ('moderate_progress', 'ratio', '0.9011', '2.1507')

    Without a target 4.07 % a year is more than the 1.5 % asked for; a score on or past the target
    has achieved it, whatever its trend; a base beyond the target and lost is deterioration.

    >>> statcan(Cases.of(**terms))[["verdict", "rule"]].to_numpy().tolist()
    [['substantial_progress', 'growth']]
    >>> when = dict(baseline_period=2015, period=2023, target_period=2030)
    >>> rows = Cases.of(baseline=[9, 4, 6, 0, 5, -2], value=[7, 5, 5, 2, 5, 3],
    ...                 target=[6, 5, 5.5, 4, 5.5, 5], **when)
    >>> statcan(rows)["rule"].tolist()  # doctest: +NORMALIZE_WHITESPACE
    ['target_met', 'target_met', 'baseline_beyond_target', 'zero_replaced', 'ratio',
     'opposite_signs']

    Close to a limit of 100 little growth is asked for; at it, none.

    >>> near = Cases.of(baseline=[99, 100, 50, 100], value=[99.5, 100, 50.1, 98], limit=100, **when)
    >>> statcan(near)[["verdict", "rule"]].to_numpy().tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['moderate_progress', 'limit_scaled'], ['substantial_progress', 'at_limit'],
     ['limited_progress', 'limit_scaled'], ['deterioration', 'limit_scaled']]
    """
    grown = Growth.since_base(cases, base, zero=zero)
    aims, g, r = grown.aims, grown.observed, grown.ratio
    scale = limit_scale(grown.base, cases.limit, cases.direction)
    met = lead(cases.value, grown.target, cases.direction) >= 0
    at_limit = ~aims & (scale == 0) & (g >= 0)
    branches = [
        *grown.unusable(cases),
        (met, "target_achieved", "target_met"),
        *grown.unaimed(cases),
        (at_limit, "substantial_progress", "at_limit"),
        *bands(
            r,
            [(0.95, "substantial_progress"), (0.6, "moderate_progress"), (0, "limited_progress")],
            "deterioration",
            "ratio",
            where=aims,
        ),
        *bands(
            g,
            [
                (0.015 * scale, "substantial_progress"),
                (0.005 * scale, "moderate_progress"),
                (0, "limited_progress"),
            ],
            "deterioration",
            "growth",
            where=~aims,
        ),
    ]
    special = [
        (grown.beyond(cases), "baseline_beyond_target"),
        (grown.replaced, "zero_replaced"),
        (~aims & (scale < 1), "limit_scaled"),
    ]
    score = np.where(aims, score_with_target(r), score_without_target(g, scale))
    score = np.where(met | at_limit, 5.0, score)
    return decide(branches, np.where(aims, r, g), score, special=special)


def limit_scale(base: np.ndarray, limit: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Return the factor C by which a natural limit lowers the thresholds; 1 without one.

    Only a limit that lies in the wanted direction counts.

    Examples
    --------
    Half of the way to the limit, or twice it on the other side, hardly matters.

    >>> limit_scale(np.array([50.0, 99.0, 150.0]), np.full(3, 100.0), np.array([1, 1, -1])).round(3)
    array([0.954, 0.044, 0.954])
    """
    size, edge = np.abs(base), np.abs(limit)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = 1 - (size / edge) ** 4.44
        above = 1 - ((2 * edge - size) / edge) ** 4.44
    scale = np.select([size >= 2 * edge, size <= edge, size > edge], [1.0, below, above], 1.0)
    return np.where(direction * (limit - base) >= 0, scale, 1.0)


def score_with_target(r: np.ndarray) -> np.ndarray:
    """Return the score of a ratio: −60 % is −5, 60 % is 0, 130 % is 5.

    Examples
    --------
    >>> score_with_target(np.array([-0.6, 0.6, 1.3])).round(3).tolist()
    [-5.0, 0.0, 5.0]
    """
    return np.where(r >= 0.6, np.minimum(7.1429 * r - 4.2857, 5), np.maximum(4.1667 * r - 2.5, -5))


def score_without_target(g: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return the score of a growth rate: −2 % is −5, 0 is −2.5, .5 % is 0, 1.5 % is 2.5, 2 % is 5.

    Examples
    --------
    >>> score_without_target(np.array([-0.02, 0, 0.005, 0.015, 0.02]), np.ones(5)).tolist()
    [-5.0, -2.5, 0.0, 2.5, 5.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = g / scale
    return np.select(
        [g < 0, g >= 0.015 * scale, g >= 0.005 * scale],
        [np.maximum(125 * g - 2.5, -5), np.minimum(500 * scaled - 5, 5), 250 * scaled - 1.25],
        500 * scaled - 2.5,
    )


def overall(verdicts: pd.DataFrame, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Put the verdicts of several series together by the mean of their scores.

    From 2.5 substantial progress, from 0 moderate, from −2.5 limited, below deterioration;
    achieved only where every series has achieved its target. Series not assessed do not count.

    Parameters
    ----------
    verdicts : DataFrame
        From `statcan`, with a column for each group.
    groups : sequence of str
        Columns that group the series, the outermost first: the first names the rows of the result,
        and each inner group is averaged before it counts once in the outer one.

    Returns
    -------
    DataFrame
        ``verdict, score, n_series`` by the first group; a single row without groups.

    Examples
    --------
    Two ways of measuring one thing count as one: (5 + (1 + 3) / 2) / 2.

    >>> parts = pd.DataFrame({"goal": 1, "part": ["a", "b", "b"], "score": [5.0, 1.0, 3.0],
    ...                       "verdict": ["target_achieved", "moderate_progress", "on_track"]})
    >>> overall(parts, ["goal", "part"]).to_dict("records")
    [{'verdict': 'substantial_progress', 'score': 3.5, 'n_series': 3}]
    """
    known = verdicts[verdicts["verdict"] != NONE].reset_index(drop=True)
    for inner in groups[1:]:  # a series without a group counts by itself
        alone = "\0" + known.index.astype(str)
        known[inner] = known[inner].astype(object).where(known[inner].notna(), alone)
    levels = list(groups) or [np.zeros(len(known), int)]
    achieved = known["verdict"] == "target_achieved"
    outer = known[levels[0]] if groups else levels[0]
    score = known.groupby(levels, sort=False, dropna=False)["score"].mean()
    for depth in range(len(levels) - 1, 0, -1):
        score = score.groupby(level=list(range(depth)), sort=False, dropna=False).mean()
    every = achieved.groupby(outer, sort=False, dropna=False).all()
    count = achieved.groupby(outer, sort=False, dropna=False).size()
    branches = [
        (every.to_numpy(), "target_achieved", "all"),
        *bands(
            score.to_numpy(),
            [
                (2.5, "substantial_progress"),
                (0, "moderate_progress"),
                (-2.5, "limited_progress"),
            ],
            "deterioration",
            "mean",
        ),
    ]
    found = decide(branches, score.to_numpy(), score.to_numpy()).set_index(score.index)
    return found[["verdict", "score"]].assign(n_series=count)
