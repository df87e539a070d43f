"""What the indicators of one panel lend each other: the size of their variances."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pgi_analysis.kept import by_content
from pgi_analysis.panel.families import Family
from pgi_analysis.panel.fitting import PanelFit, fit_panel
from pgi_analysis.panel.transforms import Transform, choose
from pgi_analysis.panel.trend import with_trend
from pgi_analysis.panel.units import spread, unit_of

#: log-variances of sibling indicators differ by at least this variance
LEAST_APART = 0.1


class Scores(NamedTuple):
    """The scores of one indicator, see `fit_panel`, and where declared the ends of its scale.

    A published mean counts where the scores are modelled as they are: a mean of logarithms it is
    not.
    """

    y: np.ndarray
    times: np.ndarray
    interim: np.ndarray | None = None
    ends: tuple[float, float] | None = None
    known_mean: np.ndarray | None = None


def sibling_between(others: Sequence[PanelFit]) -> tuple[float, float] | None:
    """Return a prior of log V0 from the other indicators of a panel on the same scale.

    Their mean, and as variance what they differ by beyond their own uncertainty, at least .1, plus
    the uncertainty of the mean; None with fewer than two others.
    """
    if len(others) < 2:
        return None
    logs = np.array([fit.theta[0] for fit in others])
    own = np.array([fit.theta_cov[0, 0] for fit in others])
    apart = max(logs.var(ddof=1) - own.mean(), LEAST_APART)
    return float(logs.mean()), float(np.sqrt(apart + (apart + own.mean()) / len(logs)))


def sibling_family(fit: PanelFit, others: Sequence[PanelFit]) -> Family:
    """Return an indicator's family; its v/V0 that of the others where none of its own is seen."""
    seen = [other.theta[1] for other in others if not other.prior_only]
    if not fit.prior_only or len(seen) < 2:
        return fit.family
    apart = max(float(np.var(seen, ddof=1)), LEAST_APART) * (1 + 1 / len(seen))
    return replace(
        fit.family, change_log_mean=float(np.mean(seen)), change_log_sd=float(np.sqrt(apart))
    )


def _scale(one: Scores) -> Transform:
    """Choose the scale of an indicator by its official scores."""
    y = np.asarray(one.y, float)
    return choose(y if one.interim is None else y[:, ~np.asarray(one.interim)], one.ends)


@by_content
def fit_siblings(
    panels: Sequence[Scores | tuple[np.ndarray, np.ndarray]],
    family: Family,
    *,
    scales: Sequence[Hashable] | None = None,
) -> list[PanelFit]:
    """Fit the indicators of one panel, each with what the others lend it.

    How large changes are beside the differences between areas is a ratio, which any indicator can
    lend; how large those differences are, only one on the same scale. Indicators on one scale are
    measured by one size, the median of their spreads, so that they stay comparable.

    Parameters
    ----------
    panels : sequence of Scores
    family : Family
        The prior of them all.
    scales : sequence of hashable, optional
        Which indicators are on one scale; all of them if left out.
    """
    scores = [Scores(*one) for one in panels]
    by = [_scale(one) for one in scores]
    kinds = [None] * len(scores) if scales is None else scales
    scales = list(zip(kinds, (transform.kind for transform in by), strict=True))
    scores = [one._replace(y=by[i].to(np.asarray(one.y, float))) for i, one in enumerate(scores)]
    spreads = {scale: [] for scale in scales}
    for one, scale in zip(scores, scales, strict=True):
        spreads[scale].append(spread(one.y))
    units = [
        unit_of(one.y, float(np.median(spreads[scale])))
        for one, scale in zip(scores, scales, strict=True)
    ]

    def fit(i: int, family: Family, between: tuple[float, float] | None) -> PanelFit:
        y, times, interim, _, mean = scores[i]
        about = {"interim": interim, "unit": units[i], "between": between}
        about["known_mean"] = mean if by[i].kind == "own" else None
        return replace(fit_panel(y, times, family, **about), transform=by[i])

    alone = [fit(i, family, None) for i in range(len(scores))]
    lent = []
    for i, one in enumerate(alone):
        others = [other for other in alone if other is not one]
        same = [other for k, other in enumerate(alone) if k != i and scales[k] == scales[i]]
        prior, between = sibling_family(one, others), sibling_between(same)
        nothing = between is None and prior is family
        fitted = one if nothing else fit(i, prior, between)
        lent.append(with_trend(fitted, between=between))
    return lent
