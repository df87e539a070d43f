"""Scores of probability forecasts, as bare formulas on arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special


def crps_student(
    observed: np.ndarray, location: np.ndarray, scale: np.ndarray, df: np.ndarray
) -> np.ndarray:
    """Return the continuous ranked probability score of a Student-t forecast.

    ``σ·[z(2F(z) − 1) + 2f(z)(ν + z²)/(ν − 1) − 2√ν·B(½, ν − ½) / ((ν − 1)·B(½, ν/2)²)]``,
    with F, f the standard t with ν > 1 degrees of freedom (Jordan, Krüger and Lerch 2019,
    Journal of Statistical Software 90:12).

    Examples
    --------
    >>> round(float(crps_student(0.0, 0.0, 1.0, 5.0)), 3)
    0.257
    """
    z = (observed - location) / scale
    log_density = (
        -(df + 1) / 2 * np.log1p(z**2 / df) - 0.5 * np.log(df) - special.betaln(0.5, df / 2)
    )
    constant = (
        2
        * np.sqrt(df)
        / (df - 1)
        * np.exp(special.betaln(0.5, df - 0.5) - 2 * special.betaln(0.5, df / 2))
    )
    inner = z * (2 * special.stdtr(df, z) - 1)
    return scale * (inner + 2 * np.exp(log_density) * (df + z**2) / (df - 1) - constant)


def crps_sample(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return the continuous ranked probability score of an empirical distribution.

    ``E|X − y| − ½·E|X − X'|`` with the fair denominator S·(S − 1) in the second term; `draws` has
    the draws on its first axis, the shape of `observed` on the others.
    """
    size = len(draws)
    ordered = np.sort(draws, axis=0)
    rank = np.arange(1 - size, size, 2).reshape(-1, *[1] * observed.ndim)
    apart = (rank * ordered).sum(axis=0) / (size * (size - 1))
    return np.abs(draws - observed).mean(axis=0) - apart


def coverage(pit: np.ndarray, level: float) -> float:
    """Return the share of outcomes inside the central interval of `level`, from their PIT."""
    return float((np.abs(np.asarray(pit) - 0.5) <= level / 2).mean())


def pit_histogram(pit: np.ndarray, *, bins: int = 10) -> pd.DataFrame:
    """Count probability integral transforms: ``lower, upper, share, expected``.

    A flat histogram is a calibrated forecast, a dome one too wide, a bowl one too narrow.
    """
    counts, edges = np.histogram(pit, bins=bins, range=(0, 1))
    share = counts / max(counts.sum(), 1)
    return pd.DataFrame(
        {"lower": edges[:-1], "upper": edges[1:], "share": share, "expected": 1 / bins}
    )


def reliability(p: np.ndarray, met: np.ndarray, *, bins: int = 10) -> pd.DataFrame:
    """Hold forecast probabilities against frequencies: ``lower, upper, n, forecast, observed``."""
    p, met = np.asarray(p, float), np.asarray(met, float)
    # a half that rounding has made .4999… is a half
    which = np.minimum(np.round(p * bins, 9).astype(int), bins - 1)
    n = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        forecast = np.bincount(which, p, bins) / n
        observed = np.bincount(which, met, bins) / n
    edges = np.linspace(0, 1, bins + 1)
    return pd.DataFrame(
        {
            "lower": edges[:-1],
            "upper": edges[1:],
            "n": n,
            "forecast": forecast,
            "observed": observed,
        }
    )


def brier(p: np.ndarray, met: np.ndarray, *, bins: int = 10) -> dict[str, float]:
    """Return the Brier score and Murphy's (1973) parts of it.

    ``brier = reliability − resolution + uncertainty + within``: reliability (0 is best) is the
    squared distance of forecast from frequency by bin, resolution (more is better) that of the
    bins' frequencies from the overall one, uncertainty ō(1 − ō), and ``within`` what the bins hide.

    Examples
    --------
    >>> brier([0.0, 0.0, 1.0, 1.0], [0, 0, 1, 1])["resolution"]
    0.25
    """
    p, met = np.asarray(p, float), np.asarray(met, float)
    table = reliability(p, met, bins=bins)
    table = table[table["n"] > 0]
    weight = table["n"] / table["n"].sum()
    base = met.mean()
    score = float(((p - met) ** 2).mean())
    reliable = float((weight * (table["forecast"] - table["observed"]) ** 2).sum())
    resolved = float((weight * (table["observed"] - base) ** 2).sum())
    uncertain = float(base * (1 - base))
    return {
        "brier": score,
        "reliability": reliable,
        "resolution": resolved,
        "uncertainty": uncertain,
        "within": score - reliable + resolved - uncertain,
        "forecast": float(p.mean()),
        "observed": float(base),
    }


def ratio_interval(
    score: np.ndarray,
    reference: np.ndarray,
    clusters: np.ndarray,
    rng: np.random.Generator,
    *,
    level: float = 0.9,
    size: int = 2000,
) -> tuple[float, float]:
    """Return a bootstrap interval of ``Σ score / Σ reference`` that draws whole clusters."""
    _, which = np.unique(clusters, return_inverse=True)
    above, below = np.bincount(which, score), np.bincount(which, reference)
    draws = rng.integers(len(above), size=(size, len(above)))
    ratios = above[draws].sum(axis=1) / below[draws].sum(axis=1)
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
