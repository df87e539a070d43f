"""Editions that show the best areas only: what their absence says of the others.

Made from what is published alone, the path of all areas is that of the best, and an area that drops
out of them seems to have stayed: probabilities come out too high. An absent score is not unknown,
it lies beyond the cutoff. So the absent ones are drawn, given the model, and the model fitted
given them, in turns (Gibbs); the forecast is the mean of several such, its variance that within
them and between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import special

from pgi_analysis.panel.families import Family
from pgi_analysis.panel.fitting import PanelFit, fit_panel
from pgi_analysis.panel.forecast import Forecast
from pgi_analysis.panel.units import unit_of

#: turns before the draws are kept, the draws kept, and sweeps of the absent scores in a turn
TURNS, DRAWS, SWEEPS = 6, 5, 2


def completed(
    y: np.ndarray,
    times: np.ndarray,
    family: Family,
    cutoffs: np.ndarray,
    *,
    best: int = 1,
    there: np.ndarray | bool = True,
    seed: int = 0,
) -> list[np.ndarray]:
    """Draw the absent scores of editions that show the best areas only.

    Parameters
    ----------
    y : array of shape (areas, periods)
        Scores on the scale on which they are modelled; NaN where there is none.
    times : array of shape (periods,)
    family : Family
    cutoffs : array of shape (periods,)
        Beyond which the absent scores of an edition lie; NaN where it shows all areas, and what is
        absent is not known.
    best : {1, -1}
        Whether the best are the highest, or the lowest.
    there : bool array of shape (areas, periods), optional
        Whether an area was there at all.
    seed : int

    Returns
    -------
    list of arrays
        `DRAWS` times the scores, with the absent ones of these editions filled in.
    """
    rng = np.random.default_rng(seed)
    y, cutoffs = best * y, best * cutoffs  # the best are the highest
    absent = np.isnan(y) & ~np.isnan(cutoffs) & there
    full = y.copy()
    for t in np.flatnonzero(absent.any(axis=0)):
        far = np.abs(rng.standard_normal(absent[:, t].sum())) * np.nanstd(y[:, t]) * 1.5
        full[absent[:, t], t] = cutoffs[t] - far
    unit, found = unit_of(full), []
    for turn in range(TURNS + DRAWS):
        fit = fit_panel(full, times, family, unit=unit)
        full = _drawn(fit, full, absent, cutoffs, rng)
        if turn >= TURNS:
            found.append(best * full)
    return found


def _drawn(
    fit: PanelFit,
    full: np.ndarray,
    absent: np.ndarray,
    cutoffs: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw each absent score given the other scores of its area, below the cutoff."""
    if fit.carried:  # an edition that only repeats the one before is not in the fit
        return full
    away = fit.unit.strip(full) - fit.mean
    limit = fit.unit.strip(cutoffs) - fit.mean
    missing, cov = np.isnan(away), fit.covariance()
    for _ in range(SWEEPS):
        for t in np.flatnonzero(absent.any(axis=0)):
            rows = np.flatnonzero(absent[:, t])
            for pattern in np.unique(missing[rows], axis=0):
                own = rows[(missing[rows] == pattern).all(axis=1)]
                seen = np.flatnonzero(~pattern)
                here = int(np.searchsorted(seen, t))
                row = np.linalg.inv(cov[np.ix_(seen, seen)])[here]
                others = away[np.ix_(own, seen)] @ row - away[own, t] * row[here]
                middle, spread = -others / row[here], np.sqrt(fit.variance[own] / row[here])
                share = special.ndtr((limit[t] - middle) / spread)
                u = np.clip(rng.random(len(own)) * share, 1e-12, 1 - 1e-12)
                away[own, t] = middle + spread * special.ndtri(u)
    return np.where(absent, (away + fit.mean) * fit.unit.size + fit.unit.origin, full)


def mixed(made: Sequence[Forecast]) -> Forecast:
    """Return the mean of forecasts, its variance that within them and between them."""
    if len(made) == 1:
        return made[0]
    location = np.mean([one.location for one in made], axis=0)
    own = np.mean([one.own for one in made], axis=0)
    apart = np.array([one.location for one in made]) - location
    own = own + np.einsum("kih,kij->ihj", apart, apart) / len(made)
    areas = len(location)
    return replace(
        made[0],
        location=location,
        own_unit=own,
        pattern=np.arange(areas),
        variance=np.ones(areas),
        common=np.mean([one.common for one in made], axis=0),
        df=np.mean([one.df for one in made], axis=0),
        doubt=np.mean([one.doubt for one in made], axis=0),
    )
