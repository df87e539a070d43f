"""Own changes that go on: a gate that tells whether an indicator has such, and the fit with them.

Surveys forget most of a change, smooth series (mortality, income) carry it on. The gate asks the
changes themselves, less their median over areas in each period:

    r_i = mean_t(d_t·d_t+1) / mean_t(d_t²),      open where mean(r) − sd(r)/√N > .15

Closed, the fit stays as it is, bit for bit. Open, part of v is a trend (see `components.Cell`), and
the fit averages over how large that part is and how long it lasts, by posterior probability. An
area hit by a catastrophe would decide that for all others, so that areas have a size each,

    s_i = (nu + Q_i)/(nu + m_i),

found by three rounds of EM and rounded to powers of 1.5: areas of one size share their sums.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from pgi_analysis.panel.components import (
    LOWER,
    NO_TREND,
    Cell,
    fit_theta,
    objective,
    theta_covariance,
)
from pgi_analysis.panel.fitting import PanelFit, quadratic_form, tail_df, with_mean
from pgi_analysis.panel.patterns import CLASS, Patterns, patterns_of

#: changes go on where their correlation is more than this, by a standard error
GATE = 0.15
#: periods from which two changes in a row can be seen
LEAST_PERIODS = 3
#: the trends that are averaged over
TRENDS = tuple(
    Cell(share, lasting) for lasting in (0.8, 0.95) for share in (0.2, 0.5, 0.8, 0.95, 0.99)
)
#: from two periods, where a family says that there is one
DECLARED = (Cell(0.8, 0.8), Cell(0.8, 0.95), Cell(0.95, 0.8))
#: prior probability that there is a trend, the gate being open
PRIOR = 0.1
#: rounds of EM that find the sizes of areas
ROUNDS = 3
#: cells that are kept, and the least probability of one
KEPT, LEAST = 3, 0.03
#: the objective where the covariance cannot be inverted
HOPELESS = 1e10
#: smooth series change less beside the differences between areas than others, see `LOWER`
LEAST_THETA = LOWER - np.array([5.0, 7.0, 0.0])


def goes_on(y: np.ndarray, times: np.ndarray) -> bool:
    """Tell whether own changes go on from one period to the next.

    Parameters
    ----------
    y : array of shape (areas, periods)
    times : array of shape (periods,)
    """
    if y.shape[1] < LEAST_PERIODS:
        return False
    change = np.diff(y, axis=1) / np.sqrt(np.diff(times))
    seen = ~np.isnan(change)
    change = change[:, seen.any(axis=0)]
    change = change - np.nanmedian(change, axis=0)
    both = change[:, 1:] * change[:, :-1]
    pairs, size = (~np.isnan(both)).sum(axis=1), np.nansum(change**2, axis=1)
    used = (pairs > 0) & (size > 0)
    if not used.any():
        return False
    square = size[used] / (~np.isnan(change)).sum(axis=1)[used]
    ratio = np.nansum(both[used], axis=1) / pairs[used] / square
    return bool(ratio.mean() - ratio.std() / np.sqrt(used.sum()) > GATE)


def with_trend(fit: PanelFit, *, between: tuple[float, float] | None = None) -> PanelFit:
    """Return the fit with a trend where own changes go on, or a family says that they do.

    Parameters
    ----------
    fit : PanelFit
        By `fit_panel`, without a trend.
    between : tuple, optional
        As for `fit_panel`.
    """
    y, times = fit.y[:, fit.official], fit.times[fit.official]
    declared = fit.family.trend > 0 and len(times) == LEAST_PERIODS - 1
    if not declared and not goes_on(y, times):
        return fit

    def score(data: Patterns, cell: Cell) -> Callable:
        about = {"data": data, "times": fit.times, "noise": fit.noise, "family": fit.family}

        def value(theta: np.ndarray) -> tuple[float, np.ndarray]:
            try:
                return objective(theta, **about, between=between, cell=cell)
            except np.linalg.LinAlgError:  # so smooth that nothing is left to tell from
                return HOPELESS, np.zeros(len(theta))

        return value

    def fitted(data: Patterns, cell: Cell, start: np.ndarray) -> PanelFit:
        theta = fit_theta(score(data, cell), start, lower=LEAST_THETA, exact=False)
        value, _ = score(data, cell)(theta)
        return with_mean(replace(fit, theta=theta, patterns=data, cell=cell, value=value))

    data, one = fit.patterns, fit
    for _ in range(ROUNDS):
        one = fitted(data, DECLARED[0], one.theta)
        size = _sizes(one)[0]
        data = patterns_of(fit.y, np.round(np.log(size) / np.log(CLASS)).astype(int))
    trends = DECLARED if declared else TRENDS
    found = [fitted(data, cell, one.theta) for cell in (NO_TREND, *trends)]
    prior = fit.family.trend if declared else PRIOR
    log = np.log(np.r_[1 - prior, np.full(len(trends), prior / len(trends))])
    if not declared:  # two periods tell nothing of it
        log = log - np.array([one.value for one in found])
    probability = np.exp(log - log.max())
    probability /= probability.sum()
    kept = [i for i in np.argsort(-probability, kind="stable")[:KEPT] if probability[i] > LEAST]
    share = probability[kept] / probability[kept].sum()
    cells = tuple((float(p), _moderated(found[i])) for p, i in zip(share, kept, strict=True))
    best = cells[0][1]
    cov = theta_covariance(score(data, best.cell), best.theta, fit.family)
    return replace(best, theta_cov=cov, cells=cells, trend=float(1 - probability[0]))


def _sizes(fit: PanelFit) -> tuple[np.ndarray, np.ndarray]:
    """Return how much each area varies, over the panel, and the degrees of freedom of that."""
    form, count = quadratic_form(fit)
    tail = tail_df(form, count, fit.family, matched=False)
    return np.where(count > 0, (tail + form) / (tail + count), 1.0), tail + count


def _moderated(fit: PanelFit) -> PanelFit:
    """Add each area's variance over that of its class, of a t with the same variance."""
    size, df = _sizes(fit)
    own = size / fit.patterns.size[fit.patterns.index]
    usual = float(np.exp(np.log(size).mean()))  # a mean would be that of one catastrophe
    return replace(fit, variance=own * df / (df - 2), df=df, usual=usual)
