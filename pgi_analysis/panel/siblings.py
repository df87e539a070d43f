"""What the indicators of one panel lend each other: the size of their variances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pgi_analysis.panel.families import Family
from pgi_analysis.panel.fitting import PanelFit, fit_panel

#: log-variances of sibling indicators differ by at least this variance
LEAST_APART = 0.1


def sibling_between(fits: Sequence[PanelFit], which: int) -> tuple[float, float] | None:
    """Give a prior of log V0 from the other indicators of a panel on the same scale.

    Their mean, and as variance what they differ by beyond their own uncertainty, at least .1, plus
    the uncertainty of the mean; None with fewer than two others.
    """
    others = [fit for i, fit in enumerate(fits) if i != which]
    if len(others) < 2:
        return None
    logs = np.array([fit.theta[0] for fit in others])
    own = np.array([fit.theta_cov[0, 0] for fit in others])
    apart = max(logs.var(ddof=1) - own.mean(), LEAST_APART)
    return float(logs.mean()), float(np.sqrt(apart + (apart + own.mean()) / len(logs)))


def sibling_family(fits: Sequence[PanelFit], which: int) -> Family:
    """Give an indicator's family; its v/V0 that of the others where none of its own is seen."""
    family = fits[which].family
    others = [f.theta[1] for i, f in enumerate(fits) if i != which and not f.prior_only]
    if not fits[which].prior_only or len(others) < 2:
        return family
    apart = max(float(np.var(others, ddof=1)), LEAST_APART) * (1 + 1 / len(others))
    return replace(
        family, change_log_mean=float(np.mean(others)), change_log_sd=float(np.sqrt(apart))
    )


def fit_siblings(panels: Sequence[tuple[np.ndarray, np.ndarray]], family: Family) -> list[PanelFit]:
    """Fit the indicators of one panel, each with what the others lend it.

    Parameters
    ----------
    panels : sequence of (y, times), see `fit_panel`
        On one scale, so that their variances between areas are of a size.
    family : Family
        The prior of them all.
    """
    alone = [fit_panel(y, times, family) for y, times in panels]
    return [
        fit_panel(y, times, sibling_family(alone, i), between=sibling_between(alone, i))
        for i, (y, times) in enumerate(panels)
    ]
