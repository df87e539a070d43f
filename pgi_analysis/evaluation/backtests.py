"""How projections would have done on a panel: the panel model and reference models, scored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from pgi_analysis.data import Calendar, calendar_of, checked, plain
from pgi_analysis.evaluation import references, scores, verification
from pgi_analysis.evaluation.predictive import Forecaster
from pgi_analysis.evaluation.rolling import Rolled, panel_model, roll
from pgi_analysis.faults import Fault, InputError, did_you_mean, refuse
from pgi_analysis.panel import Family, family_named
from pgi_analysis.results import Result

#: the models tested, in this order; `own_drift` only where the history is long enough
MODELS = ("panel", "random_walk", "ar1", "change_bootstrap", "climatology", "own_drift")
#: targets tried, as steps over an area's last score in standard deviations between areas
STEPS = (0.0, 0.5, 1.0)
#: with one period there is no change to learn from: these know a prior family, or need none
FROM_ONE_PERIOD = ("panel", "random_walk", "ar1", "climatology")
#: draws of the change bootstrap
DRAWS = 200


@dataclass(frozen=True, eq=False)
class BackTest(Result):
    """How the projections of several models would have done.

    Attributes
    ----------
    table : DataFrame
        A row a model, see `backtest`.
    verdict : DataFrame
        ``model, accuracy, calibration``: ``better``, ``no_clear_difference`` or ``worse`` than
        `reference`, and ``too_narrow``, ``fits`` or ``too_wide`` for the 80 % interval.
    pit : DataFrame
        ``model, lower, upper, share, expected``: how often the outcome fell into each tenth of the
        forecast distribution. Flat is calibrated, a dome is too wide, a bowl too narrow.
    reliability : DataFrame
        ``model, event, lower, upper, n, forecast, observed``: probabilities against frequencies.
    forecasts, events : DataFrame
        Every forecast and every event, see `rolling.Rolled`.
    history, horizons, family, reference, seed
        The settings that made it; `reference` is the model that ratios are to.
    notices : tuple of Fault
        What in the panel was accepted, but may be wrong.
    """

    verdict: pd.DataFrame
    pit: pd.DataFrame
    reliability: pd.DataFrame
    forecasts: pd.DataFrame = field(repr=False)
    events: pd.DataFrame = field(repr=False)
    history: int
    horizons: tuple[int, ...]
    family: str
    reference: str
    seed: int
    notices: tuple[Fault, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        n = int(self.table["n"].iloc[0])
        return f"BackTest({len(self.table)} models, {n} forecasts each, history {self.history})"


@checked
def backtest(
    panel: pd.DataFrame,
    *,
    history: int = 3,
    horizons: int | Sequence[int] = (1, 2, 3),
    family: str = "generic",
    models: Sequence[str] | Mapping[str, Forecaster] | None = None,
    seed: int = 0,
    progress: Callable[[list[int]], Iterable[int]] = iter,
) -> BackTest:
    """Project from every past period of a panel, and score the projections on what came.

    From each origin a model sees the last `history` periods and nothing later. All models are
    scored on the same outcomes: areas with a score at the origin and at the horizon.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``, a row a score, the indicators on one scale, since their
        errors are averaged; interim scores (where there is a column ``status``) are left out. Which
        way is better does not matter: there are no targets, and a rise is a rise.
    history : int
        Periods that a model sees, from 1.
    horizons : sequence of int
        Periods ahead of the origin, from 1.
    family : str
        Prior family of the panel model. One that was learned on this very panel flatters: then
        name another.
    models : sequence of str or mapping from a name to a forecaster, optional
        By default all of `MODELS` that can forecast from so short a history. The reference model
        comes along in any case: ``random_walk``, or ``climatology`` where `history` is 1.
    seed : int
        Of all that is drawn.
    progress : callable
        Wraps the list of origins, as ``tqdm`` does.

    Returns
    -------
    BackTest
        Its ``table`` has the columns

        - ``model``, ``n`` (outcomes);
        - ``crps``: mean continuous ranked probability score in points, an error (less is better);
        - ``ratio``, ``ratio_lower``, ``ratio_upper``: of the score to that of the reference model
          (below 1 is better), with its 90 % interval by bootstrap of whole indicators and origins;
        - ``coverage_50``, ``coverage_80``, ``coverage_95``: share of outcomes inside the interval;
        - ``coverage_year_05``, ``coverage_year_95``: quantiles of the 80 % coverage between years;
        - ``brier_at``, ``reliability_at``, ``resolution_at``: Brier score and two parts of it for
          «the score rises by 0, ½ or 1 standard deviation *at* the horizon»; reliability is 0 at
          best, of resolution more is better;
        - ``brier_by``, ``reliability_by``, ``resolution_by``: the same for *by* the horizon,
          missing for models that forecast each horizon alone.

    Raises
    ------
    InputError
        The panel breaks its contract or has scores of fewer than two areas, or an argument does
        not fit: a history that leaves no period to forecast, an unknown model or family.

    Examples
    --------
    >>> rows = [(f"a{i}", "x", 2020 + t, i + (i + t) % 2) for i in range(6) for t in range(5)]
    >>> panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    >>> backtest(panel, history=2, horizons=[1], models=["panel", "ar1"])
    BackTest(3 models, 18 forecasts each, history 2)
    """
    learned = family_named(family)
    checked, calendar, notices = checked_panel(panel)
    ahead = _horizons(horizons)
    _check_history(checked, history, ahead)
    reference = "climatology" if history == 1 else "random_walk"
    forecasters = _forecasters(models, history, reference, learned, seed)
    rolled = roll(
        checked,
        forecasters,
        history=history,
        horizons=ahead,
        steps=STEPS,
        seed=seed,
        progress=progress,
    )
    summed = verification.summary(rolled, reference=reference, seed=seed)
    return BackTest(
        table=summed.merge(_events(rolled), on="model", how="left"),
        verdict=verification.verdict(summed),
        pit=_pit(rolled.table),
        reliability=_reliability(rolled.events),
        forecasts=calendar.write(rolled.table),
        events=calendar.write(rolled.events),
        history=history,
        horizons=ahead,
        family=family,
        reference=reference,
        seed=seed,
        notices=notices,
    )


def checked_panel(panel: pd.DataFrame) -> tuple[pd.DataFrame, Calendar, tuple[Fault, ...]]:
    """Check a panel and keep its official scores; periods become numbers of their calendar.

    What may be wrong in it comes along.
    """
    rows, renamed = plain.panel(panel)
    notices = (*renamed, *plain.panel_notices(rows))
    rows = rows[rows["status"].ne("interim").fillna(True)].dropna(subset=["value"])
    if rows.empty:
        raise refuse("panel_empty")
    if rows["area"].nunique() < 2:
        raise refuse("panel_too_small", got=rows["area"].nunique())
    calendar = calendar_of(rows)
    kinds = {"area": str, "indicator": str, "period": int, "value": float}
    return calendar.count(rows)[list(kinds)].astype(kinds), calendar, notices


def _horizons(got: Sequence[int]) -> tuple[int, ...]:
    listed = [got] if isinstance(got, int | np.integer) else list(got)
    sound = all(isinstance(one, int | np.integer) and one >= 1 for one in listed)
    if not listed or not sound or len(set(listed)) < len(listed):
        raise refuse("backtest.horizons", got=listed)
    return tuple(sorted(int(one) for one in listed))


def parse_horizons(text: str) -> tuple[int, ...]:
    """Read horizons as they are typed.

    Examples
    --------
    >>> parse_horizons("1,2, 3")
    (1, 2, 3)
    """
    try:
        return _horizons([int(part) for part in text.replace(";", ",").split(",")])
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise refuse("backtest.horizons", got=text) from None


def _check_history(panel: pd.DataFrame, history: int, horizons: tuple[int, ...]) -> None:
    """Refuse a history that leaves no origin, and say how long it may be."""
    most = 0
    for _, rows in panel.groupby("indicator"):
        periods = np.sort(rows["period"].unique())
        origins = np.isin(periods[:, None] + np.array(horizons), periods).any(axis=1)
        most = max(most, int((np.flatnonzero(origins) + 1).max(initial=0)))
    n = panel["period"].nunique()
    asked = ", ".join(map(str, horizons))
    if most == 0:
        raise refuse("backtest.no_horizon", got=asked, n=n)
    if history > most:
        raise refuse("backtest.history", got=history, n=n, horizons=asked, most=most)


def _forecasters(
    models: Sequence[str] | Mapping[str, Forecaster] | None,
    history: int,
    reference: str,
    family: Family,
    seed: int,
) -> dict[str, Forecaster]:
    known: dict[str, Forecaster] = {
        "panel": panel_model(family),
        "random_walk": references.simple_model("random_walk", family),
        "ar1": references.simple_model("ar1", family),
        "change_bootstrap": partial(
            references.change_bootstrap, rng=np.random.default_rng(seed), size=DRAWS
        ),
        "climatology": references.climatology,
        "own_drift": references.own_drift,
    }
    if isinstance(models, Mapping):
        return {reference: known[reference], **models}
    able = FROM_ONE_PERIOD if history == 1 else MODELS
    able = [m for m in able if m != "own_drift" or history >= references.LEAST_FOR_DRIFT]
    asked = able if models is None else [models] if isinstance(models, str) else list(models)
    for name in asked:
        if name not in MODELS:
            guess = did_you_mean(str(name), MODELS)
            raise refuse("backtest.model", got=name, known=", ".join(MODELS), hint=guess)
        if name not in able:
            least = references.LEAST_FOR_DRIFT if name == "own_drift" else 2
            raise refuse("backtest.model_history", model=name, low=least, got=history)
    return {name: known[name] for name in dict.fromkeys([*asked, reference])}


def _events(rolled: Rolled) -> pd.DataFrame:
    """Return the Brier score and its parts, a row a model and the event in the columns' names."""
    if rolled.events.empty:
        return pd.DataFrame({"model": rolled.table["model"].unique()})
    long = verification.event_summary(rolled)
    wide = long.pivot(index="model", columns="event", values=["brier", "reliability", "resolution"])
    named = {"met": "at", "met_by": "by"}
    order = [(part, event) for event in named for part in ("brier", "reliability", "resolution")]
    wide = wide.reindex(columns=pd.MultiIndex.from_tuples(order))
    wide.columns = [f"{part}_{named[event]}" for part, event in order]
    return wide.reset_index()


def _pit(table: pd.DataFrame) -> pd.DataFrame:
    parts = [
        scores.pit_histogram(one["pit"].to_numpy()).assign(model=name)
        for name, one in table.groupby("model", sort=False)
    ]
    return pd.concat(parts, ignore_index=True)[["model", "lower", "upper", "share", "expected"]]


def _reliability(events: pd.DataFrame) -> pd.DataFrame:
    columns = "model event lower upper n forecast observed".split()
    parts = []
    for name, one in events.groupby("model", sort=False):
        for event in ("met", "met_by"):
            seen = one.dropna(subset=[f"p_{event}"])
            if len(seen):
                found = scores.reliability(seen[f"p_{event}"], seen[event])
                parts.append(found.assign(model=name, event=event))
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
