"""Variance components of a panel: the covariance of an area's scores, and its fit.

    y_it = mu_t + x_i(t) + e_it
    Cov(x_i(s), x_i(t)) = level + wander · exp(−rate·|s − t|) + trend · T(s, t)
    Var(e_it)           = noise · m_t       (m = 1 for an official score, more for an interim one)

T is there only where own changes are seen to go on, see `trend`; areas may there have a size s_i,
by which all but the level is multiplied.

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

#: noise can be at most this share of the variance between areas
MOST_NOISE = 0.95
#: bounds of theta = (log V0, log(v / V0), logit q), V0 in units of the panel's own, see `units`
LOWER = np.array([-25.0, -7.0, -7.0])
UPPER = np.array([25.0, 2.0, 6.0])


class Components(NamedTuple):
    """Variances in squared points; ``rate`` per period. ``trend`` is of a change that goes on."""

    level: float
    wander: float
    rate: float
    noise: float
    trend: float = 0.0


class Cell(NamedTuple):
    """A trend: its ``share`` of the variance of changes, and how much of it goes on a period."""

    share: float
    lasting: float


#: changes that do not go on
NO_TREND = Cell(0.0, 0.9)


def components(theta: np.ndarray, permanent: float, share: float = 0.0) -> Components:
    """Turn (log V0, log(v/V0), logit q) and a trend's share of v into the variances of the kernel.

    ``noise = min(q·v/2, .95·V0)``, ``level = permanent·(V0 − noise)``, ``wander`` the rest of that
    and ``rate = −log(1 − (1 − q)·v / (2·wander))``, so that V0 is the variance between areas in a
    period, v that of one-period changes, and q the share of v that is passing noise. Of v only what
    is no trend counts there. ``permanent`` is the family's share of what never fades.

    Examples
    --------
    >>> components(np.array([0.0, 0.0, 0.0]), 0.5).noise      # V0 = v = 1 and q = 1/2
    0.25
    """
    between, all_change = np.exp(theta[0]), np.exp(theta[0] + theta[1])
    change, passing = all_change * (1 - share), special.expit(theta[2])
    noise = min(passing * change / 2, MOST_NOISE * between)
    lasting = max(between - noise, 1e-6 * between)
    wander = (1 - permanent) * lasting
    fade = min(max((1 - passing) * change, 1e-6 * change) / (2 * wander), 0.999)
    return Components(
        float(permanent * lasting),
        float(wander),
        float(-np.log1p(-fade)),
        float(noise),
        float(share * all_change),
    )


def trend_covariance(s: np.ndarray, t: np.ndarray, lasting: float, anchor: float) -> np.ndarray:
    """Return T(s, t), the covariance of an integrated velocity that fades, nil at the anchor.

    ``T = ½·(G(s − c) + G(t − c) − G(s − t))``, ``G(h) = f(h)/f(1)``,
    ``f(h) = lam·|h| − 1 + exp(−lam·|h|)``, ``lam = −log lasting``: of a change over one period the
    variance is 1, over two periods nearly 4.
    """
    fading = -np.log(lasting)

    def spread(h: np.ndarray | float) -> np.ndarray:
        away = fading * np.abs(h)
        return away - 1 + np.exp(-away)

    both = spread(s - anchor)[:, None] + spread(t - anchor)[None, :]
    return (both - spread(s[:, None] - t[None, :])) / (2 * spread(1.0))


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
    cell: Cell = NO_TREND,
) -> tuple[float, np.ndarray]:
    """Return the negative log posterior of theta, less constants, and its gradient.

    ``Σ_g ½·N_g·log|V_g| + ½·tr(V_g⁻¹·S_g) + ½·log|Σ_g N_g·V_g⁻¹| + ½·z_q² + ½·z_v²`` with
    V = K + noise·diag(m) and the mean path at its GLS value, unless `mean` (less ``centre``) is
    given. The third term makes up for the estimated mean path, as n − 1 does in a variance;
    without `restricted` it is left out. `between` is a normal prior of log V0: mean and deviation.
    """
    parts = components(theta, family.permanent, cell.share)
    unit = trend_covariance(times, times, cell.lasting, times.mean()) if cell.share else None
    each = embedded(covariance(parts, times, noise, unit, data.size), data.present)
    precision = np.linalg.inv(each)
    best_mean, mean_cov = gls_mean(precision, data)
    mean = best_mean if mean is None else mean
    spread = scatter(data, mean)
    logdet = 2 * np.log(np.diagonal(np.linalg.cholesky(each), axis1=1, axis2=2)).sum(axis=1)
    ratio = theta[1] + np.log1p(-cell.share)  # of what is no trend, of which q is a share
    z_noise = (theta[2] - family.noise_logit(ratio)) / family.noise_sd
    z_change = (theta[1] - family.change_log_mean) / family.change_log_sd
    value = (
        0.5 * (data.count @ logdet + np.einsum("gst,gts->", precision, spread))
        + 0.5 * z_noise**2
        + 0.5 * z_change**2
    )
    # dV enters through few numbers only; the mean path is at its optimum and adds nothing
    both = data.present[:, :, None] & data.present[:, None, :]
    outer = data.count[:, None, None] * precision - precision @ spread @ precision
    if restricted:
        value -= 0.5 * np.linalg.slogdet(mean_cov)[1]
        outer = outer - data.count[:, None, None] * (precision @ mean_cov @ precision)
    slopes = 0.5 * np.where(both, outer, 0.0)
    sized = data.size != 1
    slope = (slopes * data.size[:, None, None]).sum(axis=0) if sized.any() else slopes.sum(axis=0)
    lag = np.abs(times[:, None] - times[None, :])
    fading = np.exp(-parts.rate * lag)
    by_part = np.array(
        [
            slopes.sum() if sized.any() else slope.sum(),
            (slope * fading).sum(),
            -(slope * parts.wander * lag * fading).sum(),
            (np.diagonal(slope) * noise).sum(),
            *([] if unit is None else [(slope * unit).sum()]),
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
    jacobian = _jacobian(theta, family.permanent, cell.share)[: len(by_part)]
    return float(value), jacobian.T @ by_part + prior


def covariance(
    parts: Components,
    times: np.ndarray,
    noise: np.ndarray,
    unit: np.ndarray | None = None,
    size: np.ndarray | None = None,
) -> np.ndarray:
    """Return the covariance of an area's scores at `times`, of shape (periods, periods).

    With `unit`, T at these times, a trend is in it; with `size`, of shape (patterns,), one matrix
    for each, all but the level as many times as large.
    """
    moving = parts.wander * np.exp(-parts.rate * np.abs(times[:, None] - times[None, :]))
    if unit is not None:
        moving = moving + parts.trend * unit
    own = np.diag(parts.noise * noise)
    if size is None or (size == 1).all():
        return parts.level + moving + own
    return parts.level + size[:, None, None] * (moving + own)


def _jacobian(theta: np.ndarray, *shares: float, step: float = 1e-6) -> np.ndarray:
    """Return d components / d theta, of shape (5, 3), by central differences."""
    columns = [
        np.array(components(theta + step * e, *shares))
        - np.array(components(theta - step * e, *shares))
        for e in np.eye(3)
    ]
    return np.stack(columns, axis=1) / (2 * step)


def fit_theta(
    score: Callable[[np.ndarray], tuple[float, np.ndarray]],
    start: np.ndarray,
    *,
    lower: np.ndarray = LOWER,
    exact: bool = True,
) -> np.ndarray:
    """Minimise `score` (the `objective` of theta alone) from `start`; roughly if not `exact`."""
    found = optimize.minimize(
        score,
        np.clip(start, lower + 1e-3, UPPER - 1e-3),
        method="L-BFGS-B",
        jac=True,
        bounds=list(zip(lower, UPPER, strict=True)),
        options={"ftol": 1e-13 if exact else 1e-9, "gtol": 1e-6, "maxiter": 200 if exact else 50},
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
