"""What the labels of assessment methods have been worth, as statements about the future.

Targets are set in the past of a panel, the methods label them on the way, and what came is held
against the label, and against the probability that the projection gave on the same day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

from pgi_analysis.assessment import METHODS, NONE, Cases
from pgi_analysis.data import checked
from pgi_analysis.evaluation.backtests import checked_panel
from pgi_analysis.evaluation.predictive import History
from pgi_analysis.evaluation.rolling import panel_model, seen_from
from pgi_analysis.evaluation.scores import ratio_interval
from pgi_analysis.faults import Fault, refuse
from pgi_analysis.panel import family_named
from pgi_analysis.results import Result

#: how far above their baseline targets are set, in standard deviations between areas
RISES = (0.25, 0.5, 1.0)
#: how often the plans are halved by lot
LOTS = 10


@dataclass(frozen=True, eq=False)
class LabelWorth(Result):
    """What labels have been worth.

    Attributes
    ----------
    table : DataFrame
        A row a method and verdict: ``method, verdict, signal, n`` (targets with that label),
        ``met`` (share of them met at their period), ``p_met`` (mean probability that the projection
        gave them on the same day).
    methods : DataFrame
        A row a method: ``on_track_n`` targets that the newest score did not meet and the method
        called on track, ``on_track_met`` the share of them met at their period, ``on_track_p`` the
        projection's mean probability of the same, ``other_met`` the share met of the targets not
        met yet and not called so; ``brier_label`` and ``brier_p``, the Brier scores (mean squared
        error of a probability, 0 is best) of the probability read from the labels and of the
        projection's, over all ``n`` targets; ``ratio`` of the first to the second (above 1: the
        label tells less) with ``ratio_lower`` and ``ratio_upper``, its 90 % interval by bootstrap
        of whole plans; ``brier_base``, the score of the share of all targets met.
    cases : DataFrame
        Every target seen from an origin: ``indicator, area, baseline_period, origin,
        target_period, rise, target, reached`` (the newest score meets it), ``p_met, met`` and a
        column a method with its verdict.
    length, family, seed
        The settings that made it.
    notices : tuple of Fault
        What in the panel was accepted, but may be wrong.
    """

    methods: pd.DataFrame
    cases: pd.DataFrame = field(repr=False)
    length: int
    family: str
    seed: int
    notices: tuple[Fault, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"LabelWorth({len(self.methods)} methods, {len(self.cases)} targets)"


@checked
def label_worth(
    panel: pd.DataFrame,
    *,
    length: int = 5,
    rises: Sequence[float] = RISES,
    lower: float = 0.0,
    upper: float = 10.0,
    family: str = "generic",
    seed: int = 0,
) -> LabelWorth:
    """Label targets on their way with every method, and see which were met.

    For each indicator, area and period a target is set `length` periods ahead, by `rises` above
    the score of the time. At each period on the way the methods see the scores so far, and so does
    the projection. A target counts as met by the score of its own period. The probability read from
    a label is the share met in the other half of the plans (indicator and baseline period) with the
    same label, the same answer to whether the target is met already, and as many periods left;
    plans are halved by lot, ten times. The other half also holds later plans, which favours the
    labels; the projection has seen nothing later.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``, a row a score, higher is better.
    length : int
        Periods from the baseline to the target, from 2.
    rises : sequence of float
        Of the targets above the baseline, in standard deviations between areas.
    lower, upper : float
        Ends of the scale; targets above it are left out.
    family : str
        Prior family of the panel model. One learned on this very panel flatters.
    seed : int
        Of the halves and the bootstrap.

    Returns
    -------
    LabelWorth

    Raises
    ------
    InputError
        The panel breaks its contract, or is too short for a plan of that length.

    Examples
    --------
    >>> seen = product(range(6), range(6))
    >>> rows = [(f"a{i}", "x", 2020 + t, 3 + i / 2 + (i + t) % 2) for i, t in seen]
    >>> panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    >>> label_worth(panel, length=3)
    LabelWorth(10 methods, 108 targets)
    """
    checked, calendar, notices = checked_panel(panel)
    if not calendar.yearly:
        raise refuse("assess.yearly", got=calendar.kind)
    plans = [one for one in _plans(checked, length, rises, family, upper) if len(one[0])]
    cases = _labelled(plans, lower, upper) if plans else pd.DataFrame()
    clusters = _clusters(cases) if plans else np.zeros(1, int)
    if clusters.max() == 0:
        raise refuse("assess.plan_length", got=length, n=checked["period"].nunique())
    rng = np.random.default_rng(seed)
    halves = [_halves(clusters, rng) for _ in range(LOTS)]
    base = _read_error(pd.Series("", cases.index), cases, halves).mean()
    rows = [_worth(name, cases, clusters, halves, seed) for name in METHODS]
    methods = pd.DataFrame(rows).assign(brier_base=float(base))
    cases = calendar.write(cases)
    return LabelWorth(_by_verdict(cases), methods, cases, length, family, seed, notices)


def _plans(
    panel: pd.DataFrame, length: int, rises: Sequence[float], family: str, upper: float
) -> Iterator[tuple[pd.DataFrame, np.ndarray, np.ndarray]]:
    """Set targets and look at them from every origin: the table, the scores seen, their periods."""
    forecaster = panel_model(family_named(family))
    wide = {
        str(name): rows.pivot(index="area", columns="period", values="value").sort_index(axis=1)
        for name, rows in panel.groupby("indicator", sort=True)
    }
    for origin in sorted(panel["period"].unique())[1:]:
        ends = np.arange(origin + 1, origin + length)
        seen = {
            name: seen_from(y, origin, int((y.columns <= origin).sum()), ends - origin, 2)
            for name, y in wide.items()
        }
        seen = {name: y for name, y in seen.items() if y is not None}
        if not seen:
            continue
        histories = [
            History(name, y.to_numpy(), y.columns.to_numpy(float)) for name, y in seen.items()
        ]
        made = dict(zip(seen, forecaster(histories, ends.astype(float)), strict=True))
        for (name, y), step, rise in product(seen.items(), range(len(ends)), rises):
            start, end = ends[step] - length, ends[step]
            if start not in y.columns or end not in wide[name].columns:
                continue
            outcome = wide[name][end].reindex(y.index).to_numpy()
            target = (y[start] + rise * y[start].std()).to_numpy()
            below = made[name].cdf(np.repeat(target[:, None], len(ends), axis=1))[:, step]
            table = pd.DataFrame(
                {
                    "indicator": name,
                    "area": y.index,
                    "baseline_period": start,
                    "origin": origin,
                    "target_period": end,
                    "rise": rise,
                    "target": target,
                    "reached": y[origin].to_numpy() >= target,
                    "p_met": 1 - below,
                    "met": outcome >= target,
                }
            )
            known = (target <= upper) & ~np.isnan(outcome + target + y[origin].to_numpy())
            yield table[known], y.to_numpy()[known], y.columns.to_numpy(float)


def _labelled(
    plans: Sequence[tuple[pd.DataFrame, np.ndarray, np.ndarray]], lower: float, upper: float
) -> pd.DataFrame:
    """Return the targets with the verdict of each method in a column of its name."""
    parts = []
    for table, scores, periods in plans:
        terms = {name: table[name] for name in ("baseline_period", "target", "target_period")}
        cases = Cases.of_series(scores, periods, lower=lower, upper=upper, **terms)
        verdicts = {name: one.run(cases)["verdict"].astype(str) for name, one in METHODS.items()}
        parts.append(table.assign(**{name: v.to_numpy() for name, v in verdicts.items()}))
    return pd.concat(parts, ignore_index=True)


def _by_verdict(cases: pd.DataFrame) -> pd.DataFrame:
    """Hold the share met against the mean probability, by method and verdict."""
    parts = []
    for name, method in METHODS.items():
        found = cases.groupby(name).agg(
            n=("met", "size"), met=("met", "mean"), p_met=("p_met", "mean")
        )
        listed = [*method.signals, NONE]
        found = found.reindex([verdict for verdict in listed if verdict in found.index])
        signals = [method.signal(verdict) for verdict in found.index]
        found = found.rename_axis("verdict").reset_index().assign(method=name, signal=signals)
        parts.append(found)
    return pd.concat(parts, ignore_index=True)["method verdict signal n met p_met".split()]


def _worth(
    name: str,
    cases: pd.DataFrame,
    clusters: np.ndarray,
    halves: Sequence[np.ndarray],
    seed: int,
) -> dict[str, object]:
    """Score the best reading of a method's labels, fitted on one half and tried on the other."""
    open_ = cases[~cases["reached"]]
    called = open_[name].map(METHODS[name].signal) == "on_track"
    met = cases["met"].to_numpy(float)
    left = (cases["target_period"] - cases["origin"]).astype(str)
    label = cases[name] + " " + left + " " + cases["reached"].astype(str)
    of_label = _read_error(label, cases, halves)
    of_p = (cases["p_met"].to_numpy() - met) ** 2
    rng = np.random.default_rng(seed)
    low, high = ratio_interval(of_label, of_p, clusters, rng)
    return {
        "method": name,
        "on_track_n": int(called.sum()),
        "on_track_met": open_.loc[called, "met"].mean(),
        "on_track_p": open_.loc[called, "p_met"].mean(),
        "other_met": open_.loc[~called, "met"].mean(),
        "n": len(met),
        "brier_label": float(of_label.mean()),
        "brier_p": float(of_p.mean()),
        "ratio": float(of_label.sum() / of_p.sum()),
        "ratio_lower": low,
        "ratio_upper": high,
    }


def _read_error(label: pd.Series, cases: pd.DataFrame, halves: Sequence[np.ndarray]) -> np.ndarray:
    """Return the squared error, by target, of the probability read from a label, mean over lots."""
    met = cases["met"].to_numpy(float)
    read = [_from_other_half(label, met, half) for half in halves]
    return np.mean([(p - met) ** 2 for p in read], axis=0)


def _from_other_half(label: pd.Series, met: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Read from each label the share met with it in the other half; a new label gives one half."""
    p = np.full(len(met), 0.5)
    for one in (False, True):
        share = pd.Series(met[half == one]).groupby(label.to_numpy()[half == one]).mean()
        read = label[half != one].map(share).fillna(0.5)
        p[half != one] = read
    return p


def _clusters(cases: pd.DataFrame) -> np.ndarray:
    """Return each plan a number: areas share the moves of an indicator, so they are one."""
    return cases.groupby(["indicator", "baseline_period"]).ngroup().to_numpy()


def _halves(clusters: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put each plan into one of two halves by lot."""
    n = clusters.max() + 1
    return (rng.permutation(n) < n // 2)[clusters]
