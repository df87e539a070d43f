"""Two simple models with the face of the panel model: no change, and a return to the panel mean.

They serve to compare with, in projections and in back-tests alike. Their variances are pooled over
the panel and lean on a prior family where it is short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pgi_analysis.faults import refuse
from pgi_analysis.panel.families import Family
from pgi_analysis.panel.forecast import Forecast, half_df, last_seen, log_mean_above
from pgi_analysis.panel.units import EQUAL, Unit, all_equal, unit_of

#: the prior weight, in common moves, of a family's common_ratio: no more, since the panel itself
#: shows its moves, and a family of another kind would make a poor model to compare with
COMMON_PRIOR_MOVES = 1

#: stands for variances known for sure
SURE = 1e9


@dataclass(frozen=True)
class Variances:
    """The variances of one indicator.

    ``between`` of areas in a period (V0), ``change`` of one-period changes after the common move
    (v), ``common`` of the common move itself (c²), all in squared points. ``change_log_sd`` tells
    how well v is known, ``tail_df`` how unequal areas are.
    """

    between: float
    change: float
    common: float
    change_log_sd: float
    tail_df: float
    n_areas: int
    n_changes: int

    @property
    def prior_only(self) -> bool:
        """Whether no change has been seen, so that `change` and `common` are the family's."""
        return self.n_changes == 0

    def at_nodes(self) -> list[tuple[float, Variances]]:
        """Spread v over its uncertainty: five Gauss-Hermite nodes (weight, variances)."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(5)
        # a change between two draws of the same spread cannot vary more than 2·V0
        changes = np.minimum(self.change * np.exp(self.change_log_sd * nodes), 2 * self.between)
        return [
            (w, replace(self, change=v, common=self.common * v / self.change))
            for w, v in zip(weights / weights.sum(), changes, strict=True)
        ]


def variances(y: np.ndarray, family: Family, *, times: np.ndarray | None = None) -> Variances:
    """Estimate the variances of an indicator, leaning on the family where data are few.

    ``log v`` combines the family's ``log V0 + M`` (variance S² + 2/(areas − 1)) with the pooled
    estimate from the panel's own changes (variance 2 over its degrees of freedom), by precision;
    ``c² = (g·v + Σd²) / (1 + m)`` with the m observed common moves d.

    Parameters
    ----------
    y : array of shape (areas, periods)
    times : array of shape (periods,), optional
        One period apart if left out; a change over more counts as that many independent ones.

    Raises
    ------
    InputError
        Fewer than two areas in every period, or all areas equal.
    """
    present = ~np.isnan(y)
    counts = present.sum(axis=0)
    n_areas = int(present.any(axis=1).sum())
    shared = counts >= 2
    if not shared.any():
        raise refuse("panel_too_small", got=n_areas)
    if all_equal(y[:, shared]):
        raise refuse("panel_constant")
    deviation = y[:, shared] - np.nanmean(y[:, shared], axis=0)
    between = np.nansum(deviation**2) / (counts[shared] - 1).sum()

    bridged = np.ones(y.shape[1] - 1) if times is None else np.diff(np.asarray(times, float))
    changes = np.diff(y, axis=1) / np.sqrt(bridged)
    seen = (~np.isnan(changes)).sum(axis=0)
    moves = np.nanmean(changes[:, seen >= 2], axis=0)
    own = changes[:, seen >= 2] - moves
    df_change = int((seen[seen >= 2] - 1).sum())

    prior_variance = family.change_log_sd**2 + 2 / (n_areas - 1)
    prior_log = np.log(between) + family.change_log_mean
    precision, log_change = 1 / prior_variance, prior_log
    if df_change and (pooled := np.nansum(own**2) / df_change) > EQUAL * between:
        weight = df_change / 2
        log_change = (prior_log * precision + np.log(pooled) * weight) / (precision + weight)
        precision += weight
    change = float(np.exp(log_change))
    common = (COMMON_PRIOR_MOVES * family.common_ratio * change + (moves**2).sum()) / (
        COMMON_PRIOR_MOVES + len(moves)
    )
    sd = float(np.sqrt(1 / precision))
    tail = float(family.tail_df)
    return Variances(
        float(between), change, float(common), sd, tail, n_areas, int(seen[seen >= 2].sum())
    )


def forecast_panel(
    model: str, y: np.ndarray, times: np.ndarray, at: np.ndarray, family: Family
) -> tuple[Forecast, Variances]:
    """Forecast every area from its own last score, by a named model.

    Parameters
    ----------
    model : {"ar1", "random_walk"}
    y : array of shape (areas, periods)
        Every area has a score.
    times : array of shape (periods,)
    at : array of shape (horizons,)
        Later than each area's last score.
    family : Family

    Returns
    -------
    Forecast
        In points.
    Variances
        In terms of the panel's own `units`.
    """
    unit = Unit(0.0, unit_of(y).size)  # no origin: a score that stays is to stay to the last digit
    z, where = unit.strip(y), last_seen(y)
    column = where[1]
    known = variances(z, family, times=times)
    made = forecast(
        model,
        known,
        last=z[where],
        steps=at[None, :] - times[column][:, None],
        centre=np.nanmean(z, axis=0)[column],
        centre_n=(~np.isnan(y)).sum(axis=0)[column].astype(float),
    )
    return unit.restore(made), known


def forecast(model: str, known: Variances, **where: np.ndarray) -> Forecast:
    """Forecast by a named model, with the uncertainty of its variances.

    v is not known but estimated, so the model is run over its distribution and the mixture is
    matched by one Student's t in the mean and variance of the log variance. A scaled inverse χ²
    with ν = 2x has log-variance ψ'(x) ≈ 1/x + 1/(2x²) and log-mean log x − ψ(x) above its scale;
    the log-variance to match is that of the nodes one period ahead, plus 2/(areas − 1) for V0 and
    2/ν0 for unequal areas (as Smyth 2004 matches moderated variances); the log-mean is that of each
    horizon.

    Parameters
    ----------
    model : {"ar1", "random_walk"}
    known : Variances
    **where
        The arrays that the model takes.
    """
    # how far v matters is seen one period ahead, whichever horizons are wanted
    where["steps"] = np.insert(where["steps"], 0, 1.0, axis=1)
    parts = [(w, MODELS[model](known=node, **where)) for w, node in known.at_nodes()]
    mean = sum(w * location for w, (location, _) in parts)
    covs = [(w, cov + _outer(location - mean)) for w, (location, cov) in parts]
    cov = sum(w * c for w, c in covs)
    logs = [(w, np.log(np.einsum("nhh->nh", c))) for w, c in covs]
    centre = sum(w * x for w, x in logs)
    spread = float(np.mean(sum(w * (x - centre) ** 2 for w, x in logs)[:, 0]))
    log_variance = spread + 2 / (known.n_areas - 1) + 2 / known.tail_df
    half = half_df(log_variance)
    # V0 given its estimate from few areas is more often larger than smaller
    centre = centre + log_mean_above((known.n_areas - 1) / 2) - log_mean_above(half)
    shrink = np.sqrt(np.exp(centre) / np.einsum("nhh->nh", cov))
    matched = (cov * _outer(shrink))[:, 1:, 1:]
    areas, horizons = matched.shape[:2]
    return Forecast(
        location=mean[:, 1:],
        own_unit=matched,
        pattern=np.arange(areas),
        variance=np.ones(areas),
        common=np.zeros((horizons, horizons)),
        df=np.full(areas, SURE),
        doubt=np.full(areas, 1 / half),
    )


def _outer(rows: np.ndarray) -> np.ndarray:
    return rows[:, :, None] * rows[:, None, :]


def random_walk(
    *, last: np.ndarray, steps: np.ndarray, known: Variances, **_: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Forecast no change: each area stays where it is, give or take.

    ``y_h ~ (y_0, (v + c²)·h)``, and Cov(y_h, y_k) = (v + c²)·min(h, k).

    Parameters
    ----------
    last : array of shape (areas,)
        Each area's last score.
    steps : array of shape (areas, horizons)
        Periods from an area's last score to each horizon.
    known : Variances

    Returns
    -------
    mean, cov : arrays of shape (areas, horizons) and (areas, horizons, horizons)
    """
    spread = np.minimum(steps[:, :, None], steps[:, None, :])
    mean = np.repeat(last[:, None], steps.shape[1], axis=1)
    return mean, (known.change + known.common) * spread


def ar1(
    *,
    last: np.ndarray,
    steps: np.ndarray,
    known: Variances,
    centre: np.ndarray,
    centre_n: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Forecast a return to the panel mean: an AR(1) of the deviations, the same for all areas.

    ``d_h = φ^h·d_0``, φ = 1 − v/(2·V0), since a stationary AR(1) has v = 2·V0·(1 − φ). The own part
    has Cov = V0·(φ^|h−k| − φ^(h+k)); the uncertain mean adds (1 − φ^h)(1 − φ^k)·V0/n; the common
    move adds c²·min(h, k).

    Parameters
    ----------
    last, steps, known
        As for `random_walk`.
    centre, centre_n : arrays of shape (areas,)
        The panel mean in the period of each area's last score, and of how many areas.

    Returns
    -------
    mean, cov : arrays of shape (areas, horizons) and (areas, horizons, horizons)
    """
    phi = np.clip(1 - known.change / (2 * known.between), 0.0, 0.999)
    h, k = steps[:, :, None], steps[:, None, :]
    own = known.between * (phi ** np.abs(h - k) - phi ** (h + k))
    of_mean = (1 - phi**h) * (1 - phi**k) * known.between / centre_n[:, None, None]
    mean = centre[:, None] + phi**steps * (last - centre)[:, None]
    return mean, own + of_mean + known.common * np.minimum(h, k)


MODELS: dict[str, Callable[..., tuple[np.ndarray, np.ndarray]]] = {
    "ar1": ar1,
    "random_walk": random_walk,
}
