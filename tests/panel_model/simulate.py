"""Panels drawn from the model, for tests whose truth is known."""

import numpy as np

from pgi_analysis.panel import family_named
from pgi_analysis.panel.components import components, latent_covariance

#: share of the lasting differences between areas that never fades
PERMANENT = family_named("subnational_survey").permanent


def draw_panel(rng, *, theta, areas, periods, common=0.5, tail=25.0, passing=0.4):
    """Draw scores of shape (areas, periods): own deviations with t tails plus a common path."""
    parts = components(np.asarray(theta, float), PERMANENT)
    times = np.arange(periods, dtype=float)
    cov = latent_covariance(parts, times, times) + parts.noise * np.eye(periods)
    own = rng.standard_normal((areas, periods)) @ np.linalg.cholesky(cov).T
    own *= np.sqrt((tail - 2) / rng.chisquare(tail, (areas, 1)))
    c2 = common * np.exp(theta[0] + theta[1])
    level = np.cumsum(rng.standard_normal(periods) * np.sqrt(c2 * (1 - passing)))
    path = level + rng.standard_normal(periods) * np.sqrt(c2 * passing / 2)
    return 5.0 + path + own
