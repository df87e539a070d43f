"""The path that all areas share: how large its moves are, whether they pass, whether it drifts.

    mu_t = L_t + u_t,   Var(change of L over Δ) = c²·(1 − rho)·Δ,   Var u = c²·rho/2

so that c² is the variance of a one-period move and rho the share of it that passes. L drifts by
β ~ N(0, kappa·c²) a period. Both rho and kappa are averaged over a small grid, by what the
indicators of a panel say together, since each has only a handful of moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pgi_analysis.panel.families import Family

#: prior weight, in moves, of the pooled c²/v on one indicator, and of the family's on the pool
PRIOR_MOVES = 4.0
#: the drift falls by this factor a period
DAMPING = 0.9
#: one indicator counts for at most this many times its share in the pooled ratio
MOST_RATIO = 6.0
#: common shocks of several indicators go together: their likelihood is raised to this power
POOLED_POWER = 0.5


@dataclass(frozen=True)
class Grid:
    """The values of kappa and rho that are averaged over, and their prior probabilities."""

    drift: tuple[float, ...] = (0.0, 0.1, 0.3, 1.0, 3.0)
    drift_probability: tuple[float, ...] = (0.80, 0.08, 0.06, 0.04, 0.02)
    passing: tuple[float, ...] = (0.0, 0.4, 0.8)
    passing_probability: tuple[float, ...] = (0.25, 0.5, 0.25)

    def cells(self) -> np.ndarray:
        """Return (kappa, rho) of each cell, of shape (cells, 2)."""
        return np.array([(k, r) for k in self.drift for r in self.passing])

    def prior(self, *, drifting: bool) -> np.ndarray:
        """Return the prior of each cell; without `drifting` only kappa = 0 is possible."""
        drift = np.array(self.drift_probability) if drifting else np.array(self.drift) == 0
        weights = np.outer(drift, self.passing_probability).ravel()
        return weights / weights.sum()


GRID = Grid()


#: where own changes go on, so may the common one
TRENDING = Grid(
    drift=(0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0),
    drift_probability=(0.25, 0.05, 0.10, 0.15, 0.15, 0.15, 0.15),
)
#: with this probability of a trend a single move may drift
LIKELY_TREND = 0.3


@dataclass(frozen=True, eq=False)
class Moves:
    """The moves of one indicator's mean path: sizes, periods bridged, and the scale v.

    ``trend`` is the probability that own changes of the indicator go on, ``lasting`` how much of
    them does a period.
    """

    size: np.ndarray
    bridged: np.ndarray
    change: float
    trend: float = 0.0
    lasting: float = DAMPING

    def __len__(self) -> int:
        return len(self.size)

    @property
    def may_drift(self) -> bool:
        """Whether there are moves enough to tell a drift from."""
        return len(self) >= 2 or (len(self) == 1 and self.trend >= LIKELY_TREND)

    @property
    def damping(self) -> float:
        """The factor by which the drift falls a period."""
        return (1 - self.trend) * DAMPING + self.trend * self.lasting

    @property
    def mean_ratio(self) -> float:
        """The mean squared move a period, over v; at least one move is needed."""
        return float((self.size**2 / self.bridged).mean() / self.change)

    def covariance(self, cell: np.ndarray) -> np.ndarray:
        """Return Cov(moves)/c²: ``(1 − rho)·diag(Δ) + rho·(I − ½·neighbours) + kappa·ΔΔᵀ``."""
        drift, passing = cell
        n = len(self.size)
        neighbours = np.eye(n, k=1) + np.eye(n, k=-1)
        walk = np.diag((1 - passing) * self.bridged) + drift * np.outer(self.bridged, self.bridged)
        return walk + passing * (np.eye(n) - neighbours / 2)

    def fit(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return ``dᵀΩ⁻¹d`` and ``log|Ω|`` of each cell."""
        if not len(self):
            return np.zeros(len(cells)), np.zeros(len(cells))
        covs = np.stack([self.covariance(cell) for cell in cells])
        solved = np.linalg.solve(covs, np.broadcast_to(self.size[:, None], (*covs.shape[:2], 1)))
        return np.maximum(solved[:, :, 0] @ self.size, 0.0), np.linalg.slogdet(covs)[1]


@dataclass(frozen=True, eq=False)
class CommonPrior:
    """What the indicators of a panel say together: c²/v, and the probability of each cell.

    ``trending`` is the log-likelihood of the cells of `TRENDING`, where an indicator has a trend.
    """

    ratio: float
    probability: np.ndarray
    grid: Grid = GRID
    trending: np.ndarray | None = None

    def of(self, moves: Moves) -> tuple[np.ndarray, np.ndarray]:
        """Return the cells of one indicator, and the probability of each."""
        grid, probability = self.grid, self.probability
        if moves.trend and self.trending is not None:
            grid = TRENDING
            usual = np.zeros(len(TRENDING.cells()))
            usual[: len(self.probability)] = self.grid.prior(drifting=True)
            prior = (1 - moves.trend) * usual + moves.trend * grid.prior(drifting=True)
            probability = prior * np.exp(self.trending - self.trending.max())
        cells = grid.cells()
        if not moves.may_drift:
            probability = np.where(cells[:, 0] == 0, probability, 0.0)
            probability = probability / probability.sum()
        return cells, probability if grid is self.grid else probability / probability.sum()

    @property
    def passing(self) -> float:
        """The expected share of a common move that passes."""
        return float(self.probability @ self.grid.cells()[:, 1])


def cell_probability(moves: Sequence[Moves], *, grid: Grid = GRID) -> np.ndarray:
    """Return how likely each cell is by what several paths say together.

    ``p(cell) ∝ prior · Π |Ω|^(−1/2)·(dᵀΩ⁻¹d)^(−m/2)`` over paths of two moves or more; without any
    there is no drift.
    """
    log, several = _log_likelihood(moves, grid)
    probability = grid.prior(drifting=several)
    probability = probability * np.exp(log - log[probability > 0].max())
    return probability / probability.sum()


def _log_likelihood(moves: Sequence[Moves], grid: Grid) -> tuple[np.ndarray, bool]:
    """Return the log-likelihood of each cell, and whether any path has two moves."""
    several = [m for m in moves if len(m) >= 2 and m.change > 0]
    cells = grid.cells()
    log = np.zeros(len(cells))
    for m in several:
        square, logdet = m.fit(cells)
        # the small term keeps a path that fits to the last digit from deciding all
        log -= logdet / 2 + len(m) / 2 * np.log(square + 1e-3 * m.change * len(m))
    log *= POOLED_POWER if len(several) > 1 else 1.0
    return log, bool(several)


def pool_moves(moves: Sequence[Moves], family: Family, *, grid: Grid = GRID) -> CommonPrior:
    """Pool the common moves of the indicators of one panel.

    ``c²/v = (4·g0 + ½·Σ min(Q/v, 6m)) / (4 + ½·Σm)`` with g0 the family's common_ratio and Q the
    mean of ``dᵀΩ⁻¹d`` over cells.
    """
    used = [m for m in moves if len(m)]
    trending = _log_likelihood(used, TRENDING)[0] if any(m.trend for m in moves) else None
    said = CommonPrior(np.nan, cell_probability(used, grid=grid), grid, trending)
    count, pooled = sum(len(m) for m in used), 0.0
    for m in used:
        cells, probability = said.of(m) if m.trend else (grid.cells(), said.probability)
        pooled += min(probability @ m.fit(cells)[0] / m.change, MOST_RATIO * len(m))
    ratio = (PRIOR_MOVES * family.common_ratio + pooled / 2) / (PRIOR_MOVES + count / 2)
    return replace(said, ratio=float(ratio))


def common_forecast(
    moves: Moves, prior: CommonPrior, horizons: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Forecast the move of the mean path from its last official period.

    Given a cell, the move to come f and the moves seen d are jointly normal: ``E f = X·Ω⁻¹·d`` and
    ``Cov f = c²·(F − X·Ω⁻¹·Xᵀ)`` with ``c² = (4·ratio·v + dᵀΩ⁻¹d)/(4 + m)``, where

        F_hk = (1 − rho)·min(h, k) + rho/2·(1 + [h = k]) + kappa·g_h·g_k
        X_hj = kappa·g_h·Δ_j − rho/2·[j last],        g_h = Σ_{k≤h} b^k

    with b = .9, or where own changes go on, (1 − tr)·.9 + tr·(what lasts of them a period).

    Returns
    -------
    mean : array of shape (horizons,), points
    cov : array of shape (horizons, horizons), squared points, the spread between cells included
    """
    cells, probability = prior.of(moves)
    damping = moves.damping
    reach = (damping - damping ** (horizons + 1)) / (1 - damping)
    walk = np.minimum(horizons[:, None], horizons[None, :])
    same = np.eye(len(horizons))
    squares, _ = moves.fit(cells)
    scale = (PRIOR_MOVES * prior.ratio * moves.change + squares) / (PRIOR_MOVES + len(moves))
    mean, cov = np.zeros(len(horizons)), np.zeros((len(horizons), len(horizons)))
    second = np.zeros_like(cov)
    for weight, c2, cell in zip(probability, scale, cells, strict=True):
        drift, passing = cell
        future = (1 - passing) * walk + passing / 2 * (1 + same) + drift * np.outer(reach, reach)
        expected = np.zeros(len(horizons))
        if len(moves):
            across = drift * np.outer(reach, moves.bridged)
            across[:, -1] -= passing / 2
            gain = np.linalg.solve(moves.covariance(cell), across.T).T
            expected, future = gain @ moves.size, future - gain @ across.T
        mean += weight * expected
        cov += weight * c2 * future
        second += weight * np.outer(expected, expected)
    return mean, cov + second - np.outer(mean, mean)
