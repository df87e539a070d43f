"""Series without areas to compare them with, each projected from its own history.

    y_t = L_t + u_t,    the path of `common`: what passes of a move (rho), a damped drift (kappa)

The series stands where the areas' mean path stood, and c² is its own: of each cell of the grid
``(4·s² + dᵀΩ⁻¹d)/(4 + m)``, with s² the mean squared change a period. What the moves of one series
cannot tell, whether moves pass or go on, is asked of all single series of the panel together; s²,
which has a unit, of the series of one indicator alone. With M changes behind s², the score to come
is Student's t with M degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pgi_analysis.panel.common import GRID, CommonPrior, Moves, cell_probability, common_forecast
from pgi_analysis.panel.forecast import Forecast, last_seen

#: changes of an indicator from which their size can be told
LEAST_CHANGES = 2
#: stands for degrees of freedom that are no matter
MANY = 1e9


def changes(y: np.ndarray, times: np.ndarray) -> tuple[float, int]:
    """Return the mean squared change a period, in squared points, and how many were seen.

    Examples
    --------
    >>> changes(np.array([[3.0, 4.0, np.nan, 8.0]]), np.array([2020.0, 2021, 2022, 2023]))
    (4.5, 2)
    """
    squares = np.concatenate([size**2 / bridged for size, bridged in _steps(y, times)])
    return float(squares.mean()) if len(squares) else 0.0, len(squares)


def pool_series(panels: Sequence[tuple[np.ndarray, np.ndarray]]) -> CommonPrior:
    """Pool what the single series of a panel tell of how moves go; see `forecast_series`.

    Parameters
    ----------
    panels : sequence of (y, times)
        Of each indicator: scores of shape (areas, periods), and the periods.
    """
    return CommonPrior(1.0, cell_probability([m for one in panels for m in _moves(*one)]))


def no_change() -> CommonPrior:
    """Return the path that stays where it is: no move passes, and nothing drifts."""
    return CommonPrior(1.0, (GRID.cells() == 0).all(axis=1).astype(float))


def forecast_series(
    y: np.ndarray, times: np.ndarray, at: np.ndarray, prior: CommonPrior
) -> Forecast:
    """Forecast each series of an indicator from its own scores.

    Parameters
    ----------
    y : array of shape (areas, periods)
        Every area has a score, and there are at least `LEAST_CHANGES` changes, not all nil.
    times : array of shape (periods,)
    at : array of shape (horizons,)
        Later than each area's last score.
    prior : CommonPrior
        From `pool_series`, or `no_change`.
    """
    last = last_seen(y)
    found = [
        common_forecast(moves, prior, at - times[column])
        for moves, column in zip(_moves(y, times), last[1], strict=True)
    ]
    return Forecast(
        location=y[last][:, None] + np.stack([mean for mean, _ in found]),
        own_unit=np.stack([cov for _, cov in found]),
        pattern=np.arange(len(y)),
        variance=np.ones(len(y)),
        common=np.zeros((len(at), len(at))),
        df=np.full(len(y), MANY),
        doubt=np.full(len(y), 2 / changes(y, times)[1]),
    )


def _steps(y: np.ndarray, times: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the changes of each area, and the periods that they bridge."""
    return [(np.diff(row[~np.isnan(row)]), np.diff(times[~np.isnan(row)])) for row in y]


def _moves(y: np.ndarray, times: np.ndarray) -> list[Moves]:
    """Return the moves of each area's series, their scale that of all of them."""
    scale, _ = changes(y, times)
    return [Moves(size, bridged, scale) for size, bridged in _steps(y, times)]
