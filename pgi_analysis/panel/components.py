"""Variance components of a panel: the covariance of an area's scores, and its fit.

    y_it = mu_t + x_i(t) + e_it
    Cov(x_i(s), x_i(t)) = level + wander · exp(−rate·|s − t|)
    Var(e_it)           = noise · m_t       (m = 1 for an official score, more for an interim one)

The likelihood needs only a count, a sum and a cross-product for each pattern of missing scores, so
that its cost does not depend on the number of areas.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from pgi_analysis.panel.families import Family
from pgi_analysis.panel.patterns import Patterns, embedded, gls_mean, scatter

#: share of the variance between areas, noise apart, that never fades
PERMANENT = 0.5
#: noise can be at most this share of the variance between areas
MOST_NOISE = 0.95
#: bounds of theta = (log V0, log(v / V0), logit q), V0 in units of the panel's own, see `units`
LOWER = np.array([-25.0, -7.0, -7.0])
UPPER = np.array([25.0, 2.0, 6.0])


class Components(NamedTuple):
    """Variances in squared points; ``rate`` per period."""

    level: float
    wander: float
    rate: float
    noise: float


def components(theta: np.ndarray) -> Components:
    """Turn (log V0, log(v/V0), logit q) into the variances of the kernel.

    ``noise = min(q·v/2, .95·V0)``, ``level = wander = (V0 − noise)/2`` and
    ``rate = −log(1 − (1 − q)·v / (2·wander))``, so that V0 is the variance between areas in a
    period, v that of one-period changes, and q the share of v that is passing noise.

    Examples
    --------
    >>> components(np.array([0.0, 0.0, 0.0])).noise      # V0 = v = 1 and q = 1/2
    0.25
    """
    between, change = np.exp(theta[0]), np.exp(theta[0] + theta[1])
    share = special.expit(theta[2])
    noise = min(share * change / 2, MOST_NOISE * between)
    lasting = max(between - noise, 1e-6 * between)
    wander = (1 - PERMANENT) * lasting
    fade = min(max((1 - share) * change, 1e-6 * change) / (2 * wander), 0.999)
    return Components(
        float(PERMANENT * lasting), float(wander), float(-np.log1p(-fade)), float(noise)
    )


def latent_covariance(parts: Components, s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return Cov(x(s), x(t)), of shape (len(s), len(t))."""
    return parts.level + parts.wander * np.exp(-parts.rate * np.abs(s[:, None] - t[None, :]))


def objective(
    theta: np.ndarray,
    data: Patterns,
    times: np.ndarray,
    noise: np.ndarray,
    family: Family,
    *,
    restricted: bool = True,
    between: tuple[float, float] | None = None,
    mean: np.ndarray | None = None,
) -> tuple[float, np.ndarray]:
    """Return the negative log posterior of theta, less constants, and its gradient.

    ``Σ_g ½·N_g·log|V_g| + ½·tr(V_g⁻¹·S_g) + ½·log|Σ_g N_g·V_g⁻¹| + ½·z_q² + ½·z_v²`` with
    V = K + noise·diag(m) and the mean path at its GLS value, unless `mean` (less ``centre``) is
    given. The third term makes up for the estimated mean path, as n − 1 does in a variance;
    without `restricted` it is left out. `between` is a normal prior of log V0: mean and deviation.
    """
    parts = components(theta)
    cov = latent_covariance(parts, times, times) + np.diag(parts.noise * noise)
    each = embedded(cov, data.present)
    precision = np.linalg.inv(each)
    best_mean, mean_cov = gls_mean(precision, data)
    mean = best_mean if mean is None else mean
    spread = scatter(data, mean)
    logdet = 2 * np.log(np.diagonal(np.linalg.cholesky(each), axis1=1, axis2=2)).sum(axis=1)
    z_noise = (theta[2] - family.noise_logit(theta[1])) / family.noise_sd
    z_change = (theta[1] - family.change_log_mean) / family.change_log_sd
    value = (
        0.5 * (data.count @ logdet + np.einsum("gst,gts->", precision, spread))
        + 0.5 * z_noise**2
        + 0.5 * z_change**2
    )
    # dV enters through four numbers only; the mean path is at its optimum and adds nothing
    both = data.present[:, :, None] & data.present[:, None, :]
    outer = data.count[:, None, None] * precision - precision @ spread @ precision
    if restricted:
        value -= 0.5 * np.linalg.slogdet(mean_cov)[1]
        outer = outer - data.count[:, None, None] * (precision @ mean_cov @ precision)
    slope = 0.5 * np.where(both, outer, 0.0).sum(axis=0)
    lag = np.abs(times[:, None] - times[None, :])
    fading = np.exp(-parts.rate * lag)
    by_part = np.array(
        [
            slope.sum(),
            (slope * fading).sum(),
            -(slope * parts.wander * lag * fading).sum(),
            (np.diagonal(slope) * noise).sum(),
        ]
    )
    prior = np.array(
        [
            0.0,
            z_change / family.change_log_sd - z_noise * family.noise_slope / family.noise_sd,
            z_noise / family.noise_sd,
        ]
    )
    if between is not None:
        z_between = (theta[0] - between[0]) / between[1]
        value += 0.5 * z_between**2
        prior[0] += z_between / between[1]
    return float(value), _jacobian(theta).T @ by_part + prior


def _jacobian(theta: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Return d components / d theta, of shape (4, 3), by central differences."""
    columns = [
        (np.array(components(theta + step * e)) - np.array(components(theta - step * e)))
        for e in np.eye(3)
    ]
    return np.stack(columns, axis=1) / (2 * step)


def fit_theta(
    score: Callable[[np.ndarray], tuple[float, np.ndarray]], start: np.ndarray
) -> np.ndarray:
    """Minimise `score` (the `objective` of theta alone) from `start`."""
    found = optimize.minimize(
        score,
        np.clip(start, LOWER + 1e-3, UPPER - 1e-3),
        method="L-BFGS-B",
        jac=True,
        bounds=list(zip(LOWER, UPPER, strict=True)),
        options={"ftol": 1e-13, "gtol": 1e-6, "maxiter": 200},
    )
    return found.x


def theta_covariance(
    score: Callable[[np.ndarray], tuple[float, np.ndarray]], theta: np.ndarray, family: Family
) -> np.ndarray:
    """Return the covariance of theta: the inverse Hessian of `score`, by gradient differences.

    Its eigenvalues are kept from falling below the family's own precision, since the cap on noise
    makes kinks where a difference means nothing.
    """
    step = 1e-4
    slopes = [score(theta + step * e)[1] - score(theta - step * e)[1] for e in np.eye(3)]
    hessian = np.stack(slopes) / (2 * step)
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    values = np.maximum(values, 0.25 / max(family.change_log_sd, family.noise_sd) ** 2)
    return (vectors / values) @ vectors.T
