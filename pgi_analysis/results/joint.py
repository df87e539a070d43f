"""Several targets of one area together: they share the country's moves and the area's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from pgi_analysis.data import leaf_weights
from pgi_analysis.panel import LEAST_DF, Forecast, chi_square, covariance_root, doubt_df
from pgi_analysis.results.base import DECIDED, PENDING, Result
from pgi_analysis.results.forecasting import IndicatorForecast
from pgi_analysis.results.gaps import shortfall
from pgi_analysis.results.open_targets import scale_ends

#: paths drawn together; the Monte Carlo error of a probability is at most .5/√PATHS
PATHS = 20_000
#: correlation of the common shocks of two indicators
COMMON_CORRELATION = 0.3
#: correlation of own changes where the panel is too short to show it (.05 to .07 in the PCI)
OWN_CORRELATION = 0.06
#: pairs of changes below which it counts as too short
LEAST_PAIRS = 30
#: share of the panel's own correlations in the matrix used; the rest is their mean
OWN_WEIGHT = 0.7


@dataclass(frozen=True, eq=False)
class Joint(Result):
    """How many of an area's targets are met, and its composites.

    Attributes
    ----------
    table : DataFrame
        One row an area and target period: ``n_targets``, ``p_all`` (all met), ``p_none``,
        ``expected`` (number met on average).
    counts : DataFrame
        ``area, target_period, k, probability``: exactly k met.
    composites : DataFrame
        Composites as the sum of their projected parts: ``area, indicator, target_period, target,
        median, lower, upper, p_met``.
    """

    counts: pd.DataFrame
    composites: pd.DataFrame
    level: float

    def __repr__(self) -> str:
        return f"Joint({len(self.table)} area(s), {len(self.composites)} composite(s))"


def own_correlation(forecasts: Sequence[IndicatorForecast]) -> np.ndarray:
    """Estimate how the own changes of indicators go together, of shape (K, K).

    Pooled correlation of one-period changes less their common move, over areas and periods; the
    matrix is ``.7·R + .3·(its mean off the diagonal)``. Pairs too few to tell, or without areas to
    tell a common move from, count as .06.
    """
    changes = []
    for made in forecasts:
        step = made.scores.diff(axis=1).iloc[:, 1:]
        changes.append((step - step.mean()).stack())  # noqa: PD013, a Series by area and period
    k = len(changes)
    found = np.eye(k)
    for i in range(k):
        for j in range(i):
            both = pd.concat([changes[i], changes[j]], axis=1, join="inner").dropna()
            few = len(both) < LEAST_PAIRS or not both.std().all()
            found[i, j] = found[j, i] = OWN_CORRELATION if few else both.corr().iloc[0, 1]
    if k < 2:
        return found
    equal = found[~np.eye(k, dtype=bool)].mean()
    mixed = OWN_WEIGHT * found + (1 - OWN_WEIGHT) * equal
    np.fill_diagonal(mixed, 1.0)
    return _nearest(mixed)


def _nearest(matrix: np.ndarray) -> np.ndarray:
    """Lift negative eigenvalues, which pairwise correlations may have, and restore the diagonal."""
    values, vectors = np.linalg.eigh(matrix)
    lifted = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    scale = np.sqrt(np.diag(lifted))
    return lifted / np.outer(scale, scale)


def draw_together(
    parts: Sequence[Forecast], own: np.ndarray, *, size: int = PATHS, seed: int = 0
) -> list[np.ndarray]:
    """Draw paths of several indicators of one area, each of shape (size, horizons).

    Own shocks go together as `own` says, common ones with correlation .3; the tails are shared, so
    that an odd year is odd for every indicator.

    Parameters
    ----------
    parts : forecasts of one area each
    own : array of shape (K, K)
    """
    rng = np.random.default_rng(seed)
    k, longest = len(parts), max(part.location.shape[1] for part in parts)
    shared = np.full((k, k), COMMON_CORRELATION)
    np.fill_diagonal(shared, 1.0)
    own_z = np.einsum("ij,sjh->sih", np.linalg.cholesky(own), _normal(rng, size, k, longest))
    common_z = np.einsum("ij,sjh->sih", np.linalg.cholesky(shared), _normal(rng, size, k, longest))
    mixing, wider = rng.random(size), rng.random(size)
    paths = []
    for i, part in enumerate(parts):
        h = part.location.shape[1]
        df, nu = max(float(part.df[0]), LEAST_DF), doubt_df(float(part.doubt[0]))
        tail = np.sqrt(part.variance[0] * (df - 2) / chi_square(mixing, df))
        deviation = own_z[:, i, :h] @ covariance_root(part.own_unit[part.pattern[0]]).T
        move = common_z[:, i, :h] @ covariance_root(part.common).T
        both = move + deviation * tail[:, None]
        drawn = part.location[0] + both * np.sqrt(nu / chi_square(wider, nu))[:, None]
        paths.append(part.told(drawn[:, None])[:, 0])
    return paths


def _normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return special.ndtri(rng.random(shape))


def joint(
    table: pd.DataFrame,
    targets: pd.DataFrame,
    forecasts: Mapping[str, IndicatorForecast],
    weights: Mapping[str, Mapping[str, float]],
    level: float,
) -> Joint:
    """Put the targets of each area and period together, decided ones included.

    Composites are left out of the count, since their parts are in it. See `Projection.joint`.
    """
    summary, counts, sums = [], [], []
    for (area, period), rows in table.groupby(["area", "target_period"], sort=False):
        single = rows[~rows["indicator"].isin(weights)]
        usable = single[single["state"].isin([*PENDING, *DECIDED])]
        if usable.empty:
            continue
        scores = _scores_to_come(usable, forecasts, int(period))
        met = np.stack([_met(row, scores[row.indicator]) for row in usable.itertuples()])
        k = met.sum(axis=0)
        share = _share(k, usable["state"])
        place = {"area": area, "target_period": period}
        summary.append(
            place
            | {"n_targets": len(usable), "p_all": share[-1], "p_none": share[0]}
            | {"expected": float(usable["p_met"].sum())}  # whatever goes together
        )
        counts += [place | {"k": i, "probability": p} for i, p in enumerate(share)]
        for row in rows[rows["indicator"].isin(weights)].itertuples():
            parts = leaf_weights(weights, row.indicator)
            if set(parts) <= set(scores):
                total = sum(w * scores[name] for name, w in parts.items())
                low, high = scale_ends(targets.loc[[row.Index]])[:, 0]
                sums.append(_composite(row, np.clip(total, low, high), level))
    names = "area indicator target_period target median lower upper p_met".split()
    return Joint(
        pd.DataFrame(summary, columns="area target_period n_targets p_all p_none expected".split()),
        pd.DataFrame(counts, columns="area target_period k probability".split()),
        pd.DataFrame(sums, columns=names),
        level,
    )


def _scores_to_come(
    rows: pd.DataFrame, forecasts: Mapping[str, IndicatorForecast], period: int
) -> dict[str, np.ndarray]:
    """Draw the scores of the target period together; a known score is a constant."""
    open_ = rows[rows["state"].isin(PENDING)]
    made = [
        forecasts[name].now if state == "nowcast" else forecasts[name]
        for name, state in zip(open_["indicator"], open_["state"], strict=True)
    ]
    singles = [
        one.forecast.take(np.array([one.scores.index.get_loc(area)])).until(_step(one, period) + 1)
        for one, area in zip(made, open_["area"], strict=True)
    ]
    paths = draw_together(singles, own_correlation(made)) if made else []
    found = {
        name: path[:, _step(one, period)]
        for name, one, path in zip(open_["indicator"], made, paths, strict=True)
    }
    known = rows[rows["state"].isin(DECIDED)]
    return found | {
        name: np.full(PATHS, value)
        for name, value in zip(known["indicator"], known["value"], strict=True)
    }


def drawn_share(met: np.ndarray) -> float:
    """Return the share of draws that meet a target; what none shows is rare, not impossible."""
    rare = 0.5 / met.size
    return float(np.clip(met.mean(), rare, 1 - rare))


def _share(k: np.ndarray, states: pd.Series) -> np.ndarray:
    """Return how often each number of targets is met; what no draw shows is rare, not impossible.

    Certain is only that targets decided stay as they are.
    """
    share = np.bincount(k, minlength=len(states) + 1) / k.size
    met, ahead = int((states == "met").sum()), int(states.isin(PENDING).sum())
    if ahead:
        possible = slice(met, met + ahead + 1)
        share[possible] = np.maximum(share[possible], 0.5 / k.size)
    return share / share.sum()


def _step(made: IndicatorForecast, period: int) -> int:
    """Return the place of a period in a forecast."""
    return int(np.searchsorted(made.at, period))


def _composite(row, total: np.ndarray, level: float) -> dict[str, object]:
    met = _met(row, total)
    lower, median, upper = np.quantile(total, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return {
        "area": row.area,
        "indicator": row.indicator,
        "target_period": row.target_period,
        "target": row.target,
        "median": median,
        "lower": lower,
        "upper": upper,
        "p_met": drawn_share(met) if np.ptp(total) else float(met.mean()),
    }


def _met(row, scores: np.ndarray) -> np.ndarray:
    """Tell which scores meet the target of a row."""
    aim = {name: getattr(row, name) for name in ("target", "target_upper", "direction")}
    return shortfall(pd.DataFrame([aim]), scores[None])[0] <= 0
