"""The distribution of scores to come: Student's t, its own and common spread kept apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from pgi_analysis.panel.transforms import OWN, Transform

#: a variance-matched t needs more than two degrees of freedom
LEAST_DF = 2.5
#: and one that has a mean, more than one
LEAST_TAIL = 1.5
#: paths of this many areas fit into the cache of a processor
AREAS_AT_ONCE = 32
#: scales of the forecast, farther than which no path gets
FAR = 1e30


@dataclass(frozen=True, eq=False)
class Forecast:
    """Forecasts of one indicator for all areas of a panel.

    Attributes
    ----------
    location : array of shape (areas, horizons), points
        As all that follows, in points of the scale of `transform`.
    own_unit : array of shape (patterns, horizons, horizons), squared points
        Covariance of an area's own deviation before its own sigma².
    pattern : int array of shape (areas,)
        Which of `own_unit` is an area's.
    variance : array of shape (areas,)
        sigma².
    common : array of shape (horizons, horizons), squared points
        Covariance of the move that all areas share.
    df : array of shape (areas,)
        Of an area's own variance.
    doubt : array of shape (areas,)
        Variance of the logarithm of the panel's variance: how little it is known.
    transform : Transform
        The scale of the forecast; what is asked and told is in the scores' own points.
    within : array of shape (2, areas), optional
        Between which limits each area's scores are known to lie.
    """

    location: np.ndarray
    own_unit: np.ndarray
    pattern: np.ndarray
    variance: np.ndarray
    common: np.ndarray
    df: np.ndarray
    doubt: np.ndarray
    transform: Transform = OWN
    within: np.ndarray | None = None

    def __repr__(self) -> str:
        areas, horizons = self.location.shape
        return f"Forecast({areas} areas, {horizons} horizons)"

    @property
    def median(self) -> np.ndarray:
        """The median of each score to come, of shape (areas, horizons)."""
        if self.within is not None:
            return self.quantile(0.5)
        return self.transform.back(self.location)

    def shifted(self, points: np.ndarray | float) -> Forecast:
        """Return the forecasts with each median moved by points, its spread on the scale kept."""
        if self.transform.kind == "own":
            return replace(self, location=self.location + points)
        return replace(self, location=self.transform.to(self.median + points))

    @property
    def own(self) -> np.ndarray:
        """The own covariance U·sigma², of shape (areas, horizons, horizons)."""
        return self.own_unit[self.pattern] * self.variance[:, None, None]

    @property
    def total_variance(self) -> np.ndarray:
        """The variance of each score to come, of shape (areas, horizons)."""
        own = np.diagonal(self.own_unit, axis1=1, axis2=2)[self.pattern]
        return own * self.variance[:, None] + np.diagonal(self.common)

    @property
    def tail(self) -> np.ndarray:
        """The degrees of freedom of Student's t, ``1/(1/df + doubt/2)``, of shape (areas, 1).

        A variance with df degrees of freedom has a logarithm of variance 2/df: the two doubts add.
        """
        return np.maximum(1 / (1 / self._own_df + self.doubt / 2), LEAST_TAIL)[:, None]

    @property
    def scale(self) -> np.ndarray:
        """The scale of Student's t, of shape (areas, horizons).

        The areas' unequal variances leave the variance as it is; doubt about the panel's widens.
        """
        df = self._own_df[:, None]
        return np.sqrt(self.total_variance * ((df - 2) / df))

    @property
    def _own_df(self) -> np.ndarray:
        return np.maximum(self.df, LEAST_DF)

    def take(self, rows: np.ndarray) -> Forecast:
        """Return the forecasts of some areas."""
        return replace(
            self,
            location=self.location[rows],
            pattern=self.pattern[rows],
            variance=self.variance[rows],
            df=self.df[rows],
            doubt=self.doubt[rows],
            within=None if self.within is None else self.within[:, rows],
        )

    def with_area(self, row: int, location: np.ndarray, own: np.ndarray) -> Forecast:
        """Return the forecasts with another location and own covariance of one area."""
        moved, pattern = self.location.copy(), self.pattern.copy()
        moved[row], pattern[row] = location, len(self.own_unit)
        units = np.concatenate([self.own_unit, own[None] / self.variance[row]])
        return replace(self, location=moved, own_unit=units, pattern=pattern)

    def until(self, horizon: int) -> Forecast:
        """Return the forecasts of the first horizons alone, as if no more had been asked for."""
        first = slice(horizon)
        return replace(
            self,
            location=self.location[:, first],
            own_unit=self.own_unit[:, first, first],
            common=self.common[first, first],
        )

    def quantile(self, level: float | np.ndarray) -> np.ndarray:
        """Return the quantile of a level, or of each area's, of shape (areas, horizons)."""
        if self.within is not None:
            low, high = self._limits
            level = low + level * (high - low)
        if np.ndim(level):
            far = special.stdtrit(self.tail, level) * self.scale
            return self.transform.back(self.location + far)
        # few different df, and the inverse is slow
        tails, where = np.unique(self.tail, return_inverse=True)
        standard = special.stdtrit(tails, level)[where.reshape(-1)]
        return self.transform.back(self.location + standard[:, None] * self.scale)

    def prob_at(
        self,
        target: np.ndarray | float,
        *,
        direction: int | np.ndarray = 1,
        until: np.ndarray | None = None,
        lower: float | np.ndarray = -np.inf,
        upper: float | np.ndarray = np.inf,
    ) -> np.ndarray:
        """Return the probability that the target is met at each horizon.

        ``P(y ≥ T)`` for direction 1, ``P(y ≤ T)`` for −1, and of a range ``P(T ≤ y ≤ until)``.
        Beyond the ends of the scale it is known: a target at the poor end or below is met, one past
        the good end never is.

        Parameters
        ----------
        target : float or array of shape (areas,) or (areas, horizons)
        direction : {1, -1} or array of shape (areas, 1)
        until : array of shape (areas,) or (areas, horizons), optional
            The upper end of each target that is a range, from `target` on; NaN where it is none.
        lower, upper : float or array of shape (areas, 1)
            The ends of the scale.

        Returns
        -------
        array of shape (areas, horizons)
        """
        goal = _by_area(target)
        if until is not None and not np.isnan(until).all():
            ranged = ~np.isnan(_by_area(until))
            sign = np.where(ranged, 1, direction)
            ends = {"lower": lower, "upper": upper}
            reached = self.prob_at(target, direction=sign, **ends)
            kept = self.prob_at(until, direction=-np.ones_like(sign), **ends)
            return np.where(ranged, np.maximum(reached + kept - 1, 0.0), reached)
        z = direction * (self.location - self.transform.to(goal)) / self.scale
        p = special.stdtr(self.tail, z)
        if self.within is not None:
            low, high = self._limits
            outside = np.where(np.asarray(direction) > 0, 1 - high, low)
            p = np.clip((p - outside) / (high - low), 0.0, 1.0)
        return _at_ends(p, goal, direction, lower, upper)

    @property
    def _limits(self) -> np.ndarray:
        """The probabilities below the limits if there were none, of shape (2, areas, horizons)."""
        assert self.within is not None
        return special.stdtr(self.tail, (self.within[:, :, None] - self.location) / self.scale)

    def told(self, drawn: np.ndarray) -> np.ndarray:
        """Turn draws on the scale of the forecast, areas and horizons last, into scores.

        Within limits each keeps its rank.
        """
        if self.within is not None:
            low, high = self._limits
            below = special.stdtr(self.tail, (drawn - self.location) / self.scale)
            drawn = self.location + self.scale * special.stdtrit(
                self.tail, low + below * (high - low)
            )
        return self.transform.back(drawn)

    def paths(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Draw joint paths, of shape (size, areas, horizons).

        The common move is drawn once for all areas; one chi² a path and area makes the tails of
        its own part, ``own·√((df − 2)/χ²_df)``, and one a path for all, with 2/doubt degrees of
        freedom, those of the panel's variance: ``location + (move + own)·√(nu/χ²_nu)``.
        """
        areas, horizons = self.location.shape
        move = rng.standard_normal((size, 1, horizons)) @ covariance_root(self.common).T
        own = np.matmul(
            rng.standard_normal((size, areas, 1, horizons)),
            covariance_root(self.own_unit)[self.pattern].transpose(0, 2, 1),
        )[:, :, 0]
        df = self._own_df
        own *= np.sqrt((df - 2) / rng.chisquare(df, (size, areas)) * self.variance)[:, :, None]
        nu = doubt_df(self.doubt)
        wider = np.sqrt(nu / chi_square(rng.random((size, 1)), nu))
        return self.told(self.location + (move + own) * wider[:, :, None])

    def prob_by(
        self,
        target: np.ndarray | float,
        *,
        direction: int | np.ndarray = 1,
        until: np.ndarray | None = None,
        lower: float | np.ndarray = -np.inf,
        upper: float | np.ndarray = np.inf,
        size: int = 2000,
        seed: int = 0,
    ) -> np.ndarray:
        """Take the probability that the target is met at some horizon up to each.

        ``P(by h) = P(at h) + P(met before h, but not at h)``, the second term by simulated paths:
        it is the smaller one, and ``P(by h) ≥ P(at h)`` holds exactly. All areas get the same
        random numbers, and a horizon the same however many follow, so that a figure does not
        depend on what else is asked for; Monte Carlo error at most .5/√size.
        """
        ends = {"lower": lower, "upper": upper}
        at = self.prob_at(target, direction=direction, until=until, **ends)
        areas, horizons = self.location.shape
        goal = np.broadcast_to(_by_area(target), (areas, horizons))
        last = np.full((areas, 1), np.nan) if until is None else _by_area(until)
        sign = np.where(np.isnan(last), direction, 1.0)
        rng = np.random.default_rng(seed)
        mixing, wider = rng.random((2, size))
        shared, normal = rng.standard_normal((horizons, 2, size)).transpose(1, 0, 2)
        move = covariance_root(self.common) @ shared
        # few different df and doubts, and the inverse of χ² is slow
        own_df = self._own_df
        tails = {df: np.sqrt((df - 2) / chi_square(mixing, df)) for df in np.unique(own_df)}
        doubts = {one: doubt_df(one) for one in np.unique(self.doubt)}
        widths = {one: np.sqrt(nu / chi_square(wider, nu)) for one, nu in doubts.items()}
        kinds, which, count = np.unique(
            np.stack([self.pattern, own_df, self.doubt], axis=1),
            axis=0, return_inverse=True, return_counts=True,
        )  # fmt: skip
        parts = np.split(np.argsort(which.reshape(-1), kind="stable"), np.cumsum(count)[:-1])
        # deviations are symmetric, so that the same ones serve both directions
        reach = sign * (self.transform.to(goal) - self.location)
        beyond = np.where(np.isnan(last), np.inf, self.transform.to(last) - self.location)
        # a power of two, which rounds nothing, so that any unit fits into single precision
        unit = np.exp2(np.ceil(np.log2(self.scale.max())))
        reach, beyond = (_single(np.clip(to / unit, -FAR, FAR)) for to in (reach, beyond))
        move, spread = move / unit, _single(np.sqrt(self.variance)[:, None] / unit)
        more = np.empty((areas, horizons))
        for (pattern, df, doubt), rows in zip(kinds, parts, strict=True):
            width = widths[doubt]
            own = covariance_root(self.own_unit[int(pattern)]) @ normal * (tails[df] * width)
            drawn = _single(own), _single(move * width)
            for few in np.split(rows, range(AREAS_AT_ONCE, len(rows), AREAS_AT_ONCE)):
                more[few] = _met_before(*drawn, spread[few], reach[few], beyond[few])
        by = np.maximum.accumulate(np.minimum(at + more, 1.0), axis=1)
        # at the ends of the scale what holds of a horizon holds of all
        return np.where(np.isnan(last), _at_ends(by, goal, sign, **ends), np.where(at > 0, by, 0.0))


def last_seen(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each area's last score stands, to index scores of shape (areas, periods)."""
    return np.arange(len(y)), y.shape[1] - 1 - np.argmax(~np.isnan(y[:, ::-1]), axis=1)


def doubt_df(doubt: float | np.ndarray) -> np.ndarray:
    """Degrees of freedom that stand for a doubt; nearly none is a very large number."""
    return np.minimum(2 / np.maximum(doubt, 1e-9), 1e9)


def half_df(log_variance: float) -> float:
    """Return half the degrees of freedom of a scaled inverse χ² of that variance of its logarithm.

    ψ'(x) ≈ 1/x + 1/(2x²), solved for x.
    """
    return float((1 + np.sqrt(1 + 2 * log_variance)) / (2 * log_variance))


def log_mean_above(half: float) -> float:
    """Return the log-mean of a scaled inverse χ² with 2·half degrees of freedom, above its scale.

    ``log x − ψ(x)``.
    """
    return float(np.log(half) - special.digamma(half))


def chi_square(uniform: np.ndarray, df: float | np.ndarray) -> np.ndarray:
    """Turn uniform numbers into χ² ones."""
    return 2 * special.gammaincinv(df / 2, uniform)


def _met_before(
    own: np.ndarray, move: np.ndarray, spread: np.ndarray, reach: np.ndarray, beyond: np.ndarray
) -> np.ndarray:
    """Return the share of paths ``spread·own + move`` that lie in reach before a horizon.

    In reach is from `reach` to `beyond`, `FAR` where there is no other end. ``own`` and ``move``
    have the shape (horizons, size), ``spread`` (areas, 1), and what is in reach and what is given
    (areas, horizons).
    """
    ranged = (beyond < FAR).any()
    share = np.zeros(reach.shape)
    path = np.empty((len(reach), own.shape[1]), own.dtype)  # used again: fresh memory is slow
    within = np.empty(path.shape, bool)
    before = np.packbits(np.zeros_like(within), axis=1)  # a bit a path
    for h in range(len(own)):
        np.multiply(spread, own[h], out=path)
        path += move[h]
        np.greater_equal(path, reach[:, h, None], out=within)
        if ranged:
            within &= path <= beyond[:, h, None]
        met = np.packbits(within, axis=1)
        share[:, h] = np.bitwise_count(before & ~met).sum(axis=1)
        before |= met
    return share / own.shape[1]


def _single(numbers: np.ndarray) -> np.ndarray:
    """Return numbers in single precision: half the memory to go through, and enough to compare."""
    return numbers.astype(np.float32)


def _by_area(target: np.ndarray | float) -> np.ndarray:
    goal = np.asarray(target, float)
    return goal[:, None] if goal.ndim == 1 else goal


def _at_ends(
    p: np.ndarray,
    goal: np.ndarray,
    direction: int | np.ndarray,
    lower: float | np.ndarray,
    upper: float | np.ndarray,
) -> np.ndarray:
    poor, good = np.where(direction > 0, lower, upper), np.where(direction > 0, upper, lower)
    sure, never = direction * (goal - poor) <= 0, direction * (goal - good) > 0
    return np.where(sure, 1.0, np.where(never, 0.0, p))


def covariance_root(cov: np.ndarray) -> np.ndarray:
    """Return the Cholesky root; the last digits of a singular covariance are forgiven."""
    mean = np.diagonal(cov, axis1=-2, axis2=-1).mean(axis=-1)[..., None, None]
    ridge = np.maximum(1e-12 * mean, np.finfo(float).tiny)  # a covariance may be nil
    return np.linalg.cholesky(cov + ridge * np.eye(cov.shape[-1]))
