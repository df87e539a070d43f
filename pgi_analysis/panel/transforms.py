"""The scale on which an indicator is modelled: its own, or that of logarithms or of odds.

Scores that cannot be negative move in proportion to their size, shares move slowest near their
ends. Which it is, the own changes tell: d = Δg(y_it) − median_i, as Student's t, with the change of
variable g', so that the scales are compared on the same scores:

    LL(g) = max over s, nu ∈ {3, 5, 10, 50} of Σ log t_nu(d; s) + Σ_{t≥2} log g'(y_it)

Another scale than the scores' own is taken where ``LL(g) − LL(own) > 10``. Where the levels are so
much alike that g is nearly straight, nothing is compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

#: gain in log-likelihood from which another scale is taken
CLEAR_GAIN = 10.0
#: g' differs by this factor between the 5th and 95th percentile of levels, or g is nearly straight
BENT = 2.0
#: scores are kept this share of the scale inside its ends before odds are taken
INSIDE = 0.005
#: where more scores than this share are nearer to an end, odds would be those of the end alone
MOST_AT_ENDS = 0.05
#: degrees of freedom tried for the own changes, rounds that find their scale, and its least over
#: their root mean square
TAILS, ROUNDS, LEAST_SCALE = (3, 5, 10, 50), 12, 1e-3


@dataclass(frozen=True)
class Transform:
    """A scale: ``own``, ``log`` or ``odds`` between the ends ``lower`` and ``upper``."""

    kind: str = "own"
    lower: float = 0.0
    upper: float = 1.0

    def to(self, y: np.ndarray) -> np.ndarray:
        """Return scores on the scale, which rises with them."""
        if self.kind == "log":
            return np.log(np.maximum(y, np.finfo(float).tiny))
        if self.kind == "odds":
            return special.logit(self._share(y))
        return y

    def back(self, z: np.ndarray) -> np.ndarray:
        """Return the scores of values on the scale."""
        if self.kind == "log":
            return np.exp(z)
        if self.kind == "odds":
            return self.lower + (self.upper - self.lower) * special.expit(z)
        return z

    def moved(self, y: np.ndarray, by: np.ndarray) -> np.ndarray:
        """Return by how many points scores move when they move `by` on the scale."""
        return by if self.kind == "own" else self.back(self.to(y) + by) - y

    def log_slope(self, y: np.ndarray) -> np.ndarray:
        """Return log g' of scores."""
        if self.kind == "log":
            return -np.log(y)
        if self.kind == "odds":
            share = self._share(y)
            return -np.log(share * (1 - share) * (self.upper - self.lower))
        return np.zeros_like(y)

    def _share(self, y: np.ndarray) -> np.ndarray:
        return np.clip((y - self.lower) / (self.upper - self.lower), INSIDE, 1 - INSIDE)


#: scores as they are
OWN = Transform()


def choose(y: np.ndarray, ends: tuple[float, float] | None = None) -> Transform:
    """Choose the scale of an indicator by its own changes.

    Parameters
    ----------
    y : array of shape (areas, periods)
        Scores in points; NaN where there is none.
    ends : tuple, optional
        The declared ends of the scores, without which there are no odds.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> grown = np.exp(rng.normal(3, 1, (30, 1)) + rng.normal(0, 0.1, (30, 5)).cumsum(axis=1))
    >>> choose(grown).kind, choose(np.log(grown)).kind
    ('log', 'own')
    """
    levels = y[~np.isnan(y)]
    tried = [Transform("log")] if levels.min(initial=1.0) > 0 else []
    if ends is not None and np.isfinite(ends).all():
        share = (levels - ends[0]) / (ends[1] - ends[0])
        inside = (share >= INSIDE) & (share <= 1 - INSIDE)
        sound = ((share >= 0) & (share <= 1)).all() and inside.mean() >= 1 - MOST_AT_ENDS
        tried += [Transform("odds", *ends)] if sound else []
    tried = [one for one in tried if _is_bent(one, levels)]
    if not tried or y.shape[1] < 2:
        return OWN
    usual = _log_likelihood(y, OWN)
    gain, best = max((_log_likelihood(y, one) - usual, -i) for i, one in enumerate(tried))
    return tried[-best] if gain > CLEAR_GAIN else OWN


def _is_bent(one: Transform, levels: np.ndarray) -> bool:
    slopes = one.log_slope(np.quantile(levels, np.linspace(0.05, 0.95, 11)))
    return bool(np.ptp(slopes) > np.log(BENT))


def _log_likelihood(y: np.ndarray, one: Transform) -> float:
    """Return LL(g) of the scores that are not just the last one again."""
    change = np.diff(one.to(y), axis=1)
    seen = np.nan_to_num(np.diff(y, axis=1)) != 0
    if not seen.any():
        return 0.0
    middle = np.nanmedian(np.where(seen, change, np.nan)[:, seen.any(axis=0)], axis=0)
    change[:, seen.any(axis=0)] -= middle
    change = change[seen]
    least = LEAST_SCALE * np.sqrt((change**2).mean())
    if not least:
        return 0.0
    size = max(np.median(np.abs(change)) * 1.3, least)
    found = []
    for nu in TAILS:
        scale = size
        for _ in range(ROUNDS):
            weight = (nu + 1) / (nu + (change / scale) ** 2)
            scale = max(np.sqrt((weight * change**2).mean()), least)
        log = -(nu + 1) / 2 * np.log1p((change / scale) ** 2 / nu) - np.log(scale)
        found.append(log.sum() - len(change) * (np.log(nu) / 2 + special.betaln(nu / 2, 0.5)))
    slopes = one.log_slope(y[:, 1:])
    return max(found) + float(slopes[seen].sum())
