"""From a fitted panel to the distribution of scores to come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pgi_analysis.panel.common import CommonPrior, common_forecast
from pgi_analysis.panel.fitting import PanelFit, pool, with_mean
from pgi_analysis.panel.forecast import Forecast, half_df, log_mean_above
from pgi_analysis.panel.patterns import embedded, given, gls_mean

#: of the family's changes, where no change has been seen
NODES = 7


def predict(
    fit: PanelFit,
    at: np.ndarray,
    *,
    common: CommonPrior | None = None,
    doubt: bool = True,
) -> Forecast:
    """Forecast every area at the times `at`.

    ``W = (K + R)⁻¹k*``, ``location = mu_n + move + (y − mu)·W``, own covariance
    ``(K** + noise·I − k*ᵀW + B·Cov(mu)·Bᵀ)·sigma_i²`` with ``B = e_n − Wᵀ`` for the uncertain mean
    path: one solve a pattern of missing scores.

    Parameters
    ----------
    fit : PanelFit
    at : array of shape (horizons,)
        Increasing times, later than the last official period of the fit.
    common : CommonPrior, optional
        From `pool`; this indicator's own moves alone if left out.
    doubt : bool
        Widen for the uncertain V0 and mean path, which matters where areas are few.
    """
    at = np.asarray(at, float)
    last = np.flatnonzero(fit.official)[-1]
    if not (at.size and (np.diff(np.r_[fit.times[last], at]) > 0).all()):
        raise ValueError(f"at must increase from after {fit.times[last]:g}, got {at.tolist()}.")
    prior = pool([fit]) if common is None else common
    if fit.prior_only and doubt:
        return replace(fit.unit.restore(_integrated(fit, at, last, prior)), transform=fit.transform)
    move, move_cov = common_forecast(fit.moves, prior, at - fit.times[last])
    doubts = np.full(len(fit.y), fit.doubt if doubt else 0.0)
    if not fit.cells:
        deviation, own = _own(fit, at, last, doubt)
        location = deviation + (fit.mean[last] + move)
        made = Forecast(location, own, fit.patterns.index, fit.variance, move_cov, fit.df, doubts)
        return replace(fit.unit.restore(made), transform=fit.transform)
    found = [(p, one, *_own(one, at, last, doubt)) for p, one in fit.cells]
    location = sum(p * (deviation + one.mean[last]) for p, one, deviation, _ in found)
    own = np.zeros((*location.shape, len(at)))
    for p, one, deviation, unit in found:
        apart = deviation + one.mean[last] - location
        own += p * unit[one.patterns.index] * one.variance[:, None, None]
        own += p * apart[:, :, None] * apart[:, None, :]
    df = sum(p * one.df for p, one, *_ in found)
    each, one = np.arange(len(fit.y)), np.ones(len(fit.y))
    made = Forecast(location + move, own, each, one, move_cov, df, doubts)
    return replace(fit.unit.restore(made), transform=fit.transform)


def _integrated(fit: PanelFit, at: np.ndarray, last: int, prior: CommonPrior) -> Forecast:
    """Forecast where no change has been seen, over all changes that the family thinks likely.

    log(v/V0) runs over Gauss-Hermite nodes of the family's N(M, S²), logit q at its mean given
    each, and one Student's t matches the mixture: its mean, and mean and variance of the logarithm
    of its variance one period ahead, whichever horizons are wanted.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    family, ahead = fit.family, np.r_[fit.times[last] + 1, at]
    locations, owns, commons = [], [], []
    for node in nodes:
        # a change between two draws of the same spread cannot vary more than 2·V0
        ratio = min(family.change_log_mean + family.change_log_sd * node, np.log(2))
        theta = np.array([fit.theta[0], ratio, family.noise_logit(ratio)])
        one = with_mean(replace(fit, theta=theta))
        deviation, own = _own(one, ahead, last, doubt=True)
        move, cov = common_forecast(one.moves, prior, ahead - fit.times[last])
        locations.append(deviation + one.mean[last] + move)
        owns.append(own[fit.patterns.index] * fit.variance[:, None, None])
        commons.append(cov)
    weights = weights / weights.sum()
    location = np.einsum("k,kih->ih", weights, locations)
    apart = np.array(locations) - location
    own = np.einsum("k,kihj->ihj", weights, owns)
    own += np.einsum("k,kih,kij->ihj", weights, apart, apart)
    common = np.einsum("k,khj->hj", weights, commons)
    logs = np.log(np.einsum("kihh->kih", owns) + np.einsum("khh->kh", commons)[:, None] + apart**2)
    centre = np.einsum("k,kih->ih", weights, logs)
    spread = np.einsum("k,ki->", weights, (logs - centre)[:, :, 0] ** 2) / len(fit.y)
    half = half_df(spread + fit.doubt)
    # V0 given its estimate from few areas is more often larger than smaller
    centre = centre + log_mean_above(1 / fit.doubt) - log_mean_above(half)
    total = np.einsum("ihh->ih", own) + np.diagonal(common)
    shrink = np.exp((centre - np.log(total)).mean(axis=0) / 2)
    both = np.outer(shrink, shrink)
    areas = len(fit.y)
    return Forecast(
        location[:, 1:],
        (own * both)[:, 1:, 1:],
        np.arange(areas),
        np.ones(areas),
        (common * both)[1:, 1:],
        fit.df,
        np.full(areas, 1 / half),
    )


def _own(fit: PanelFit, at: np.ndarray, last: int, doubt: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each area will be from the mean path's last point, and with what covariance.

    Of shape (areas, horizons), and (patterns, horizons, horizons) before the area's own variance.
    """
    data, parts = fit.patterns, fit.components
    cov = embedded(fit.covariance(), data.present)
    ahead = fit.latent(fit.times, at)
    known = np.where(data.present[:, :, None], ahead, 0.0)
    weights = np.linalg.solve(cov, known)
    noise = parts.noise * np.eye(len(at))
    own = fit.latent(at, at) + data.size[:, None, None] * noise
    own = own - known.transpose(0, 2, 1) @ weights
    if doubt:
        mean, mean_cov = gls_mean(np.linalg.inv(cov), data)
        if fit.known_mean is not None:
            _, mean_cov = given(mean, mean_cov, fit.known_mean - data.centre)
        loading = -weights
        loading[:, last] += 1.0
        own = own + loading.transpose(0, 2, 1) @ mean_cov @ loading
    found = np.empty((len(fit.y), len(at)))
    for g, rows in enumerate(data.rows()):
        deviation = np.where(data.present[g], fit.y[rows] - fit.mean, 0.0)
        found[rows] = deviation @ weights[g]
    return found, own


def shared_change(
    fit: PanelFit, at: np.ndarray, since: np.ndarray, *, common: CommonPrior
) -> np.ndarray:
    """Return the expected common move since each area's own last period, in points of the fit.

    Parameters
    ----------
    fit, at, common
        As for `predict`.
    since : array of shape (areas,)
        The period of each area's last score.

    Returns
    -------
    array of shape (areas, horizons)
    """
    path, times = fit.mean[fit.official], fit.times[fit.official]
    move, _ = common_forecast(fit.moves, common, at - times[-1])
    # a period carried forward is not in the fit: the one before it stands for it
    column = np.searchsorted(times, since, side="right") - 1
    return ((path[-1] - path[column])[:, None] + move[None, :]) * fit.unit.size
