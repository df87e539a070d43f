"""From a fitted panel to the distribution of scores to come."""

from __future__ import annotations

import numpy as np

from pgi_analysis.panel.common import CommonPrior, common_forecast
from pgi_analysis.panel.fitting import PanelFit, pool
from pgi_analysis.panel.forecast import Forecast
from pgi_analysis.panel.patterns import embedded, gls_mean


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
    move, move_cov = common_forecast(fit.moves, prior, at - fit.times[last])
    doubts = np.full(len(fit.y), fit.doubt if doubt else 0.0)
    if not fit.cells:
        deviation, own = _own(fit, at, last, doubt)
        location = deviation + (fit.mean[last] + move)
        made = Forecast(location, own, fit.patterns.index, fit.variance, move_cov, fit.df, doubts)
        return fit.unit.restore(made)
    found = [(p, one, *_own(one, at, last, doubt)) for p, one in fit.cells]
    location = sum(p * (deviation + one.mean[last]) for p, one, deviation, _ in found)
    own = np.zeros((*location.shape, len(at)))
    for p, one, deviation, unit in found:
        apart = deviation + one.mean[last] - location
        own += p * unit[one.patterns.index] * one.variance[:, None, None]
        own += p * apart[:, :, None] * apart[:, None, :]
    df = sum(p * one.df for p, one, *_ in found)
    each, one = np.arange(len(fit.y)), np.ones(len(fit.y))
    return fit.unit.restore(Forecast(location + move, own, each, one, move_cov, df, doubts))


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
        _, mean_cov = gls_mean(np.linalg.inv(cov), data)
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
    """Return the expected common move since each area's own last period, in points.

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
