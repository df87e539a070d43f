"""How the scores of one indicator move in a panel of areas: variances and mean path.

Arrays only: rows are areas, columns are periods, NaN is a missing score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import special

from pgi_analysis.panel.common import DAMPING, GRID, CommonPrior, Grid, Moves, pool_moves
from pgi_analysis.panel.components import (
    NO_TREND,
    Cell,
    Components,
    components,
    covariance,
    fit_theta,
    latent_covariance,
    objective,
    theta_covariance,
    trend_covariance,
)
from pgi_analysis.panel.families import Family
from pgi_analysis.panel.patterns import Patterns, embedded, given, gls_mean, patterns_of
from pgi_analysis.panel.transforms import OWN, Transform
from pgi_analysis.panel.units import POINTS, Unit, all_equal

#: an interim score's noise variance, over that of an official one: the values tried
INTERIM_NOISE = (1.0, 2.0, 4.0, 8.0, 16.0)
#: degrees of freedom tried for the spread of the areas' variances
TAIL_DF = np.array([2.5, 3, 3.5, 4, 5, 6, 8, 10, 15, 25, 50, 200.0])
#: how firmly the family's tail_df is believed: standard deviation of its logarithm
TAIL_LOG_SD = 0.7
#: an edition in which this share of areas repeat their last score exactly was not measured anew
CARRIED_SHARE = 0.9
#: fewer areas than this may repeat by chance
CARRIED_LEAST = 5


@dataclass(frozen=True, eq=False)
class PanelFit:
    """One indicator of a panel, fitted; scores and variances are in terms of its `unit`.

    Attributes
    ----------
    y : array of shape (areas, periods)
        The scores used: periods `carried` forward are left out.
    times : array of shape (periods,), in years
    noise : array of shape (periods,)
        Noise variance over that of an official score: 1, or more for an interim column.
    theta, theta_cov : arrays of shape (3,) and (3, 3)
        log V0, log(v/V0), logit q, and how well they are known.
    mean : array of shape (periods,)
        The mean path mu.
    variance, df : arrays of shape (areas,)
        Moderated sigma² (1 is the panel's) and its degrees of freedom.
    value : float
        The objective at theta.
    carried : tuple of float
        The times at which scores only repeat those before.
    unit : Unit
        What scores were measured by.
    cell : Cell
        The trend of own changes, see `trend`.
    cells : tuple of (float, PanelFit)
        Where there may be one: the fits averaged over, and the probability of each.
    trend : float
        The probability that own changes go on.
    transform : Transform
        The scale on which the scores are modelled, which they are on already.
    known_mean : array of shape (periods,), optional
        The mean of all areas where it was published, NaN elsewhere.
    usual : float
        How much areas vary on average, over what theta says.
    """

    y: np.ndarray
    times: np.ndarray
    noise: np.ndarray
    official: np.ndarray
    family: Family
    theta: np.ndarray
    theta_cov: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    df: np.ndarray
    value: float
    patterns: Patterns
    carried: tuple[float, ...] = ()
    unit: Unit = POINTS
    cell: Cell = NO_TREND
    cells: tuple[tuple[float, PanelFit], ...] = ()
    trend: float = 0.0
    usual: float = 1.0
    transform: Transform = OWN
    known_mean: np.ndarray | None = None

    def __repr__(self) -> str:
        return f"PanelFit({self.y.shape[0]} areas, {self.y.shape[1]} periods, {self.family.name})"

    @property
    def components(self) -> Components:
        """The variances of the kernel."""
        return components(self.theta, self.family.permanent, self.cell.share)

    @property
    def change(self) -> float:
        """The variance v of one-period changes after the common move, a trend apart."""
        return float(np.exp(self.theta[0] + self.theta[1])) * (1 - self.cell.share) * self.usual

    @property
    def moves(self) -> Moves:
        """The moves of the mean path between official periods."""
        path, times = self.mean[self.official], self.times[self.official]
        lasting = sum(p * one.cell.lasting for p, one in self.cells) or DAMPING
        return Moves(np.diff(path), np.diff(times), self.change, self.trend, lasting)

    @property
    def prior_only(self) -> bool:
        """Whether no area has two official scores, so that v and q are the family's."""
        return bool((~np.isnan(self.y[:, self.official])).sum(axis=1).max(initial=0) < 2)

    @property
    def doubt(self) -> float:
        """The variance of log V0 given v/V0 and q: about 2 over its degrees of freedom."""
        return float(1 / np.linalg.inv(self.theta_cov)[0, 0])

    def covariance(self, *, sized: bool = True) -> np.ndarray:
        """Return the covariance of an area's scores, of shape (periods, periods).

        One of each pattern, of shape (patterns, periods, periods), where areas have a size.
        """
        size = self.patterns.size if sized else None
        unit = self._trend(self.times, self.times)
        return covariance(self.components, self.times, self.noise, unit, size)

    def latent(self, s: np.ndarray, t: np.ndarray) -> np.ndarray:
        """Return the covariance of an area's scores at `s` and `t`, noise apart.

        Of shape (len(s), len(t)), or one of each pattern where areas have a size.
        """
        parts, unit, size = self.components, self._trend(s, t), self.patterns.size
        found = latent_covariance(parts, s, t)
        if unit is not None:
            found = found + parts.trend * unit
        if (size == 1).all():
            return found
        return parts.level + size[:, None, None] * (found - parts.level)

    def _trend(self, s: np.ndarray, t: np.ndarray) -> np.ndarray | None:
        if not self.cell.share:
            return None
        return trend_covariance(s, t, self.cell.lasting, self.times.mean())


def fit_panel(
    y: np.ndarray,
    times: np.ndarray,
    family: Family,
    *,
    interim: np.ndarray | None = None,
    unit: Unit = POINTS,
    between: tuple[float, float] | None = None,
    restricted: bool = True,
    theta: np.ndarray | None = None,
    mean: np.ndarray | None = None,
    known_mean: np.ndarray | None = None,
) -> PanelFit:
    """Fit the variances and the mean path of one indicator.

    Parameters
    ----------
    y : array of shape (areas, periods)
        Scores in points; NaN where there is none. An area may have none at all.
    times : array of shape (periods,)
        Increasing, in years; an interim column stands at year + quarter/4 of what it describes.
    interim : bool array of shape (periods,), optional
        The columns of interim scores. How much noisier they are is chosen by likelihood. The mean
        of such a column is its own, so that it tells nothing unless several areas are in it.
    unit : Unit
        What scores are measured by while they are fitted; `predict` gives points again.
    between : tuple, optional
        Mean and standard deviation of a normal prior of log V0, see `sibling_between`.
    restricted : bool
        Make up for the estimated mean path (REML), which matters where areas are few.
    theta, mean : arrays, optional
        Use these instead of estimating them (to compare implementations, or to hold them fixed).
    known_mean : array of shape (periods,), optional
        In points: the mean of all areas where it was published, NaN elsewhere. The mean path goes
        through it, so that areas known since they are good are not taken for all.

    Raises
    ------
    ValueError
        Wrong shapes, times that do not increase, a period without any score, fewer than two areas
        in every period, or areas that are all equal.
    """
    y, times = unit.strip(np.asarray(y, float)), np.asarray(times, float)
    interim = np.zeros(len(times), bool) if interim is None else np.asarray(interim, bool)
    _check(y, times, interim)
    fresh = ~_carried(y, interim)
    carried, y, times, interim = tuple(times[~fresh]), y[:, fresh], times[fresh], interim[fresh]
    data = patterns_of(y)
    start = _start(y, times, family) if theta is None else np.asarray(theta, float)
    found = []
    for factor in INTERIM_NOISE if interim.any() else INTERIM_NOISE[:1]:
        noise = np.where(interim, factor, 1.0)
        score = partial(
            objective,
            data=data, times=times, noise=noise, family=family,
            restricted=restricted, between=between,
        )  # fmt: skip
        best = fit_theta(score, start) if theta is None else start
        found.append((score(best)[0], best, noise, score))
    value, theta, noise, score = min(found, key=lambda item: item[0])
    fit = PanelFit(
        y, times, noise, ~interim, family, theta, theta_covariance(score, theta, family),
        np.zeros(len(times)), np.ones(len(y)), np.ones(len(y)), value, data, carried, unit,
    )  # fmt: skip
    if known_mean is not None and not np.isnan(known_mean).all():
        fit = replace(fit, known_mean=unit.strip(np.asarray(known_mean, float))[fresh])
    if mean is None:
        return _moderated(with_mean(fit))
    return _moderated(replace(fit, mean=np.asarray(mean, float)))


def with_mean(fit: PanelFit) -> PanelFit:
    """Return the fit with its mean path."""
    data = fit.patterns
    precision = np.linalg.inv(embedded(fit.covariance(), data.present))
    mean, cov = gls_mean(precision, data)
    if fit.known_mean is not None:
        mean, _ = given(mean, cov, fit.known_mean - data.centre)
    return replace(fit, mean=mean + data.centre)


def pool(fits: Sequence[PanelFit], *, grid: Grid = GRID) -> CommonPrior:
    """Pool the common moves of the indicators of one panel, all of one family."""
    return pool_moves([fit.moves for fit in fits], fits[0].family, grid=grid)


def _check(y: np.ndarray, times: np.ndarray, interim: np.ndarray) -> None:
    if y.ndim != 2 or times.shape != y.shape[1:] or interim.shape != times.shape:
        raise ValueError(
            f"y must have the shape (areas, periods) and times and interim (periods,), got "
            f"{y.shape}, {times.shape} and {interim.shape}."
        )
    if not (np.diff(times) > 0).all():
        raise ValueError(f"times must increase, got {times.tolist()}.")
    if interim.all():
        raise ValueError("interim must leave at least one official period.")
    counts = (~np.isnan(y)).sum(axis=0)
    if not counts.all():
        raise ValueError(f"every period needs a score, none at {times[counts == 0].tolist()}.")
    if counts.max() < 2:
        raise ValueError("a panel needs two areas in some period.")
    if all_equal(y):
        raise ValueError("the areas of a panel must differ, got the same score for all.")


def _carried(y: np.ndarray, interim: np.ndarray) -> np.ndarray:
    """Tell the official periods in which nearly all areas repeat the last fresh score exactly."""
    carried = np.zeros(y.shape[1], bool)
    last = None
    for t in np.flatnonzero(~interim):
        if last is not None:
            both = ~np.isnan(y[:, t] + y[:, last])
            same = (y[both, t] == y[both, last]).mean() if both.sum() >= CARRIED_LEAST else 0.0
            carried[t] = same >= CARRIED_SHARE
        last = last if carried[t] else t
    return carried


def _start(y: np.ndarray, times: np.ndarray, family: Family) -> np.ndarray:
    """Return moment estimates of theta; the family's where no change is seen."""
    deviation = y - np.nanmean(y, axis=0)
    between = np.nanmean(deviation**2)
    changes = np.diff(deviation, axis=1) / np.sqrt(np.diff(times))
    ratio = family.change_log_mean
    if (~np.isnan(changes)).any():
        ratio = np.clip(np.log(max(np.nanmean(changes**2) / between, 1e-6)), -6.5, 1.9)
    return np.array([np.log(between), ratio, family.noise_logit(ratio)])


def _moderated(fit: PanelFit) -> PanelFit:
    """Add each area's variance, moderated towards the panel's (Smyth 2004).

    With Q the quadratic form of an area's first differences and m their number,
    ``sigma² = (nu0 − 2 + Q)/(nu0 + m − 2)``, ``df = nu0 + m``; nu0 by marginal likelihood.
    """
    form, count = quadratic_form(fit)
    tail = tail_df(form, count, fit.family)
    return replace(fit, variance=(tail - 2 + form) / (tail + count - 2), df=tail + count)


def quadratic_form(fit: PanelFit) -> tuple[np.ndarray, np.ndarray]:
    """Return the quadratic form Q of each area's first differences, and their number m."""
    cov = fit.covariance(sized=False)
    form, count = np.zeros(len(fit.y)), np.zeros(len(fit.y))
    for present, rows in zip(fit.patterns.present, fit.patterns.rows(), strict=True):
        columns = np.flatnonzero(present)
        if len(columns) < 2:
            continue
        difference = np.diff(np.eye(len(columns)), axis=0)
        seen = (fit.y[np.ix_(rows, columns)] - fit.mean[columns]) @ difference.T
        precision = np.linalg.inv(difference @ cov[np.ix_(columns, columns)] @ difference.T)
        form[rows] = ((seen @ precision) * seen).sum(axis=1)
        count[rows] = len(columns) - 1
    return form, count


def tail_df(form: np.ndarray, count: np.ndarray, family: Family, *, matched: bool = True) -> float:
    """Choose nu0 from `TAIL_DF` by marginal likelihood and the family's prior.

    The panel's variance is the mean of the areas' if `matched`, else the scale of their t.
    """
    used = count > 0
    if not used.any():
        return 8.0
    q, m, nu = form[used], count[used], TAIL_DF[:, None]
    scale = nu - 2 if matched else nu
    log = (
        special.gammaln((nu + m) / 2)
        - special.gammaln(nu / 2)
        - m / 2 * np.log(scale)
        - (nu + m) / 2 * np.log1p(q / scale)
    ).sum(axis=1)
    log -= 0.5 * ((np.log(TAIL_DF) - np.log(family.tail_df)) / TAIL_LOG_SD) ** 2
    return float(TAIL_DF[np.argmax(log)])
