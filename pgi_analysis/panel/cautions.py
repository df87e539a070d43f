"""What a reader of forecasts must know about the panel behind them, as keys for the wording."""

from __future__ import annotations

import numpy as np

from pgi_analysis.panel.fitting import PanelFit

#: caution is due with fewer areas than this
FEW_AREAS = 10
#: and with own changes that go on more than this from one period to the next
TRENDING = 0.2
#: and with common moves whose mean square is more than this times that of own ones
SHOCK_DRIVEN = 1.0


def cautions(fit: PanelFit) -> tuple[str, ...]:
    """Return the cautions that are due.

    ``prior_only`` : no change has been seen, so that the variances are the family's.
    ``carried`` : some editions only repeat the one before.
    ``few_areas`` : fewer than ten areas.
    ``few_periods`` : the common move rests on one move or none.
    ``trending`` : own changes go on from one period to the next, too unlike to be carried on.
    ``trend`` : they go on, and are carried on, see `trend`.
    ``log_scale``, ``odds_scale`` : the model is on another scale, see `transforms`.
    ``shock_driven`` : common moves are larger than own ones, so that all areas miss together.
    """
    found = {
        "prior_only": fit.prior_only,
        "carried": bool(fit.carried),
        "few_areas": (~np.isnan(fit.y)).any(axis=1).sum() < FEW_AREAS,
        "few_periods": len(fit.moves) < 2,
        "trending": not fit.cells and persistence(fit) > TRENDING,
        "trend": fit.trend > 0.5,
        "log_scale": fit.transform.kind == "log",
        "odds_scale": fit.transform.kind == "odds",
        "shock_driven": bool(len(fit.moves)) and fit.moves.mean_ratio > SHOCK_DRIVEN,
    }
    return tuple(key for key, true in found.items() if true)


def persistence(fit: PanelFit) -> float:
    """Return the correlation of an area's own change with its next, pooled; 0 from too few.

    About −.4 where most of a change is noise (surveys), 0 in a random walk, above .3 in smooth
    series. Three changes of each area are the least that it is told from.
    """
    changes = np.diff((fit.y - fit.mean)[:, fit.official], axis=1)
    before, after = changes[:, :-1], changes[:, 1:]
    both = ~np.isnan(before + after)
    if changes.shape[1] < 3 or not both.any():
        return 0.0
    length = np.linalg.norm(before[both]) * np.linalg.norm(after[both])
    return float(before[both] @ after[both] / length) if length else 0.0
