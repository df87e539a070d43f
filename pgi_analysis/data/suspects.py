"""Scores so far from all others that one of them, or an edition, would spoil every interval.

Per indicator, with ``l = y − median of the areas in the period`` (of all scores where fewer than
five areas have one): a score stands out where ``|l|`` is more than `FAR_LEVEL` times the median
``|l|``, or where it is more than `FAR_OWN` times the usual distance from the median of the area's
*other* scores. Where all scores have one sign, so must their logarithms, by half as many times: so
a large country beside small ones does not stand out. A zero stands out where nearly all other
scores keep clear of zero, or where it is far from the area's own scores.

An edition stands out where the areas together move more than `MOVED` times as far as they are
apart, and as they move between other editions.

Everything is relative, so units do not matter. On the scores of the PCI, the HFI and the CPI
(20,000) one is pointed out, a zero; see ``tests/test_suspects.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pandas as pd

from pgi_analysis.faults import Fault

#: times the median distance from other areas, from the area's other scores, of a zero from those
FAR_LEVEL, FAR_OWN, FAR_ZERO = 12.0, 30.0, 10.0
#: an indicator with a larger share of zeros has them by nature
FEW_ZEROS = 1 / 3
#: the smallest other score lies this many median distances from zero, where zeros are not natural
CLEAR = 1.5
#: areas with which the median of a period means something, and scores of an indicator
ENOUGH_AREAS, ENOUGH_SCORES = 5, 6
#: with so many distances their median counts double
FEW = 12
#: how far the areas must move together, and how many of them at least
MOVED, ENOUGH_TOGETHER = 4.0, 3
#: cells named in one notice
SHOWN = 5


def suspects(panel: pd.DataFrame) -> pd.Series:
    """Tell which scores stand out: ``far``, ``zero``, or empty.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``, each key once.

    Returns
    -------
    Series
        On the index of `panel`.

    Examples
    --------
    >>> rows = [(f"a{i}", "x", 2020 + t, 5 + i / 4 + t % 2 / 2) for i in range(6) for t in range(3)]
    >>> panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    >>> panel.loc[4, "value"] = 5750.0
    >>> suspects(panel)[lambda kind: kind != ""].to_dict()
    {4: 'far'}
    """
    found = pd.Series("", index=panel.index, dtype=str)
    for _, rows in panel.dropna(subset=["value"]).groupby("indicator", sort=False):
        if len(rows) < ENOUGH_SCORES:
            continue
        areas, periods = pd.factorize(rows["area"])[0], pd.factorize(rows["period"], sort=True)[0]
        y = np.full((areas.max() + 1, periods.max() + 1), np.nan)
        y[areas, periods] = rows["value"].to_numpy(float)
        y /= np.nanmax(np.abs(y)) or 1.0  # whatever the unit, squares stay in range
        kinds = np.where(_zeros(y), "zero", np.where(_far(y), "far", ""))
        found[rows.index] = kinds[areas, periods]
    return found


def _far(y: np.ndarray) -> np.ndarray:
    """Tell which scores are far from the others, on their own scale and on that of logarithms."""
    signs = np.unique(np.sign(y[~np.isnan(y) & (y != 0)]))
    far = _outlying(y, FAR_LEVEL, FAR_OWN)
    if len(signs) == 1 and far.any():
        logs = np.log(np.where(y == 0, np.nan, np.abs(y)))
        far &= _outlying(logs, FAR_LEVEL / 2, FAR_OWN / 2) | (y == 0)
    return far


def _outlying(y: np.ndarray, far_level: float, far_own: float) -> np.ndarray:
    level = _level(y)
    out = np.abs(level) > far_level * _scale(level, y)
    first, left = _from_own(level), np.where(out, np.nan, level)
    scale = _scale(first, y)
    while True:  # the farthest of an area first: it draws the others' median towards itself
        distance = np.abs(np.nan_to_num(_from_own(left)))
        rows, worst = np.arange(len(y)), distance.argmax(axis=1)
        # of two scores both are as far from the other: it is the one farther from other areas
        tied = np.where(distance == distance[rows, worst][:, None], np.abs(left), -np.inf)
        worst = np.nan_to_num(tied, nan=-np.inf).argmax(axis=1)
        new = distance[rows, worst] > far_own * scale
        if not new.any():
            return out
        out[rows[new], worst[new]] = True
        left[rows[new], worst[new]] = np.nan


def _zeros(y: np.ndarray) -> np.ndarray:
    """Tell which zeros are no scores by the look of the others."""
    zero, other = y == 0, np.abs(y[~np.isnan(y) & (y != 0)])
    signs = np.unique(np.sign(y[~np.isnan(y) & (y != 0)]))
    if len(signs) != 1 or not 0 < zero.sum() <= FEW_ZEROS * (zero.sum() + len(other)):
        return np.zeros_like(zero)
    level = _level(np.where(zero, np.nan, y))
    if other.min() > CLEAR * _scale(level, y):
        return zero
    own = _level(y)
    apart = np.abs(np.nan_to_num(_from_own(own)))
    return zero & (apart > FAR_ZERO * _scale(_from_own(own), y))


def _level(y: np.ndarray) -> np.ndarray:
    """Return the scores against the median of their period, where that means something."""
    enough = (~np.isnan(y)).sum(axis=0) >= ENOUGH_AREAS
    middle = np.array([np.nanmedian(column) for column in y.T[enough]])
    level = y - np.nanmedian(y)
    level[:, enough] = y[:, enough] - middle
    return level


def _from_own(level: np.ndarray) -> np.ndarray:
    """Return each score's distance from the median of the area's other scores, NaN for a lone one.

    The median of the others is found in the row's sorted scores, of which one is left out.
    """
    n, width = (~np.isnan(level)).sum(axis=1), level.shape[1]
    order = np.argsort(level, axis=1, kind="stable")  # NaN last
    ranked = np.take_along_axis(level, order, axis=1)
    place = np.argsort(order, axis=1, kind="stable")
    others = (n - 1)[:, None]

    def of_others(k: np.ndarray) -> np.ndarray:
        at = np.clip(k + (k >= place), 0, width - 1)
        return np.take_along_axis(ranked, at, axis=1)

    middle = (of_others((others - 1) // 2) + of_others(others // 2)) / 2
    return np.where(others > 0, level - middle, np.nan)


def _scale(distance: np.ndarray, y: np.ndarray) -> float:
    """Return the median size of distances, wider where it rests on few.

    Where most are zero it is their ninth decile, and where those are too, a fiftieth of a score.
    """
    size = np.abs(distance[~np.isnan(distance)])
    if not size.size:
        return np.inf
    tiny = 1e-9 * np.nanmax(np.abs(y))
    for found in (*np.quantile(size, [0.5, 0.9]), 0.02 * np.nanmedian(np.abs(y))):
        if found > tiny:
            return float(found) * (1 + FEW / size.size)
    return np.inf


def moved(panel: pd.DataFrame, runs: Mapping[int, int]) -> Iterator[pd.Series]:
    """Find the editions of an indicator on another level than the one before: both by period.

    Between `runs` of editions that cannot be compared levels may differ.

    Examples
    --------
    >>> rows = [(f"a{i}", t, (5 + i) * (50 if t == 2 else 1)) for i in range(6) for t in range(3)]
    >>> (found,) = moved(pd.DataFrame(rows, columns=["area", "period", "value"]), {})
    >>> found.to_dict()
    {1: 7.5, 2: 375.0}
    """
    wide = panel.pivot_table(index="area", columns="period", values="value", aggfunc="last")
    apart = (wide - wide.median()).abs().median().median() * 1.4826
    moves = {}
    for pair in pairwise(wide.columns):
        both = wide[list(pair)].dropna()
        if len(both) >= ENOUGH_TOGETHER and runs.get(pair[0]) == runs.get(pair[1]):
            moves[pair] = both
    sizes = {pair: abs((both[pair[1]] - both[pair[0]]).median()) for pair, both in moves.items()}
    for pair, size in sizes.items():
        others = [one for other, one in sizes.items() if other != pair]
        if apart > 0 and size > MOVED * max(apart, np.median(others or [0.0])):
            yield moves[pair].median()


def suspect_notices(
    panel: pd.DataFrame,
    file: str,
    rows: pd.Series | None = None,
    runs: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Fault]:
    """Point at the scores and editions that stand out, one notice an indicator and kind.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``.
    file : str
        Its name for the reader.
    rows : Series, optional
        The row of the file in which each score stands; the index of `panel` if left out.
    runs : mapping
        The run of comparable editions that each period is in, where there are several.
    """
    kinds = suspects(panel)
    found = panel[kinds != ""].assign(kind=kinds)
    for (indicator, kind), cells in found.groupby(["indicator", "kind"], sort=False):
        lines = [int(row) for row in (cells.index if rows is None else rows[cells.index])]
        others = panel.loc[(panel["indicator"] == indicator) & (kinds == ""), "value"].dropna()
        shown = [
            f"{one.area} {one.period}: {one.value:g}" for one in cells.head(SHOWN).itertuples()
        ]
        values = {
            "cells": "; ".join(shown) + ("; …" if len(cells) > SHOWN else ""),
            "indicator": indicator,
            "low": f"{others.min():g}",
            "high": f"{others.max():g}",
        }
        yield Fault(f"suspect.{kind}", file, lines[0], "value", values, tuple(lines[1:]))
    for indicator, own in panel.dropna(subset=["value"]).groupby("indicator", sort=False):
        for levels in moved(own, runs):
            before, period = levels.index
            cells = own.index[own["period"] == period]
            first, *also = (int(row) for row in (cells if rows is None else rows[cells]))
            values = {"indicator": indicator, "period": period, "before": before}
            values |= {"earlier": f"{levels[before]:.4g}", "level": f"{levels[period]:.4g}"}
            yield Fault("suspect.level", file, first, "value", values, tuple(also))
