"""Areas grouped by their missing scores, and by how much they vary where that is asked for.

A count, a sum and a cross-product for each pattern, so that its cost does not depend on the number
of areas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: variances are told apart in powers of this
CLASS = 1.5


@dataclass(frozen=True, eq=False)
class Patterns:
    """Areas grouped by which periods they have.

    ``present`` (patterns, periods) is the mask of each pattern, ``index`` (areas,) tells each
    area's pattern; ``count`` (patterns,), ``total`` (patterns, periods) and ``cross`` (patterns,
    periods, periods) are the sums over its areas of 1, d and d·dᵀ, where d = y − ``centre`` with
    missing scores 0, and ``centre`` (periods,) is the mean of the present scores. ``size``
    (patterns,) is how much its areas vary, over the panel.
    """

    present: np.ndarray
    index: np.ndarray
    count: np.ndarray
    total: np.ndarray
    cross: np.ndarray
    centre: np.ndarray
    size: np.ndarray

    def rows(self) -> list[np.ndarray]:
        """Return the areas of each pattern."""
        order = np.argsort(self.index, kind="stable")
        return np.split(order, np.cumsum(self.count.astype(int))[:-1])


def patterns_of(y: np.ndarray, classes: np.ndarray | None = None) -> Patterns:
    """Group the areas of `y`, of shape (areas, periods), by their missing scores.

    `classes`, of shape (areas,), tells them apart further: whole numbers k for areas that vary
    `CLASS`^k times as much as the panel.
    """
    seen = ~np.isnan(y)
    codes = np.packbits(seen, axis=1)
    # one integer a row sorts far faster than a row of bytes
    wide = np.zeros((len(y), -(-codes.shape[1] // 8) * 8), np.uint8)
    wide[:, : codes.shape[1]] = codes
    keys = wide.view(np.uint64)
    if classes is not None:
        keys = np.column_stack([keys, classes.astype(np.int64).view(np.uint64)])
    keys = keys[:, 0] if keys.shape[1] == 1 else keys
    _, first, index, count = np.unique(
        keys, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    present = seen[first]
    periods = y.shape[1]
    filled = np.where(seen, y, 0.0)
    centre = filled.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    found = Patterns(
        present,
        index.reshape(-1),
        count.astype(float),
        np.empty((len(first), periods)),
        np.empty((len(first), periods, periods)),
        centre,
        np.ones(len(first)) if classes is None else CLASS ** classes[first].astype(float),
    )
    for g, rows in enumerate(found.rows()):
        deviation = np.where(present[g], filled[rows] - centre, 0.0)
        found.total[g] = deviation.sum(axis=0)
        found.cross[g] = deviation.T @ deviation
    return found


def embedded(matrix: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Restrict a (periods, periods) matrix, or one of each, to the patterns, 1 on other diagonals.

    The inverse and the determinant of what is left are then those of the present block alone.
    """
    both = present[:, :, None] & present[:, None, :]
    return np.where(both, matrix, np.eye(matrix.shape[-1]))


def gls_mean(precision: np.ndarray, data: Patterns) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean path less ``centre`` and its covariance, from precisions by pattern.

    ``mu = A⁻¹·Σ_g P_g·Σ_i d_i`` with ``A = Σ_g N_g·P_g``; a period nobody has gets a mean of 0
    and 10⁹ times the variance of the others.
    """
    both = data.present[:, :, None] & data.present[:, None, :]
    information = np.einsum("g,gst->st", data.count, np.where(both, precision, 0.0))
    ridge = 1e-9 * np.diagonal(information).mean() * np.eye(len(information))
    cov = np.linalg.inv(information + ridge)
    return cov @ np.einsum("gst,gt->s", precision, data.total), cov


def given(mean: np.ndarray, cov: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean path and its covariance once some of it is known; NaN where it is not."""
    for t in np.flatnonzero(~np.isnan(known)):
        if cov[t, t] > 0:
            gain = cov[:, t] / cov[t, t]
            mean, cov = mean + gain * (known[t] - mean[t]), cov - np.outer(gain, cov[t])
            mean[t], cov[t], cov[:, t] = known[t], 0.0, 0.0
    return mean, cov


def scatter(data: Patterns, mean: np.ndarray) -> np.ndarray:
    """Return the cross-products about `mean` (less ``centre``), by pattern."""
    shift = np.where(data.present, mean, 0.0)
    mixed = shift[:, :, None] * data.total[:, None, :]
    square = shift[:, :, None] * shift[:, None, :]
    return data.cross - mixed - mixed.transpose(0, 2, 1) + data.count[:, None, None] * square
