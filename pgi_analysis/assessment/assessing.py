"""Targets put before the published methods: one row a target and method."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import get_args

import numpy as np
import pandas as pd

from pgi_analysis.assessment.cases import Cases
from pgi_analysis.assessment.methods import METHODS, SIGNALS, Method
from pgi_analysis.assessment.verdicts import NONE, NOT_YEARLY
from pgi_analysis.data import (
    Calendar,
    Dataset,
    Directions,
    before_break,
    calendar_of,
    checked,
    directions,
    plain,
    scale_faults,
    schema,
    with_composites,
)
from pgi_analysis.faults import Fault, InputError, did_you_mean, gather, refuse
from pgi_analysis.results import Result, comparable_scores, own_baselines

COLUMNS = (
    "area indicator baseline_period target_period period value target target_upper direction "
    "method verdict signal rule measure score stated"
).split()


@dataclass(frozen=True, eq=False)
class Verdicts(Result):
    """What the published methods say of targets, see `assess`.

    ``notices`` are what in a panel and its targets was accepted, but may be wrong; ``options`` what
    the one method named was given.
    """

    ds: Dataset | None = field(default=None, repr=False)
    notices: tuple[Fault, ...] = field(default=(), repr=False)
    options: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"Verdicts({len(self.table)} verdicts of {self.table['method'].nunique()} methods)"


@checked
def assess(
    data: Dataset | pd.DataFrame,
    targets: pd.DataFrame | None = None,
    *,
    method: str | Sequence[str] | None = None,
    direction: Directions | None = None,
    **options: object,
) -> Verdicts:
    """Return the verdicts of the published assessment methods, with the rule that fired.

    A verdict is a method's fixed rule applied to the scores known; none is a probability. What the
    verdicts have been worth is measured in `evaluation.label_worth`.

    Parameters
    ----------
    data : Dataset or DataFrame
        A dataset with a plan; or a panel (area, indicator, period, value) with `targets`; or a
        table of cases: ``value, period, direction`` and where there are such ``baseline,
        baseline_period, target, target_period, limit, lower, upper, area, indicator``. A case has
        two scores, too few for methods that use whole series; shares of a scale
        (``escap_anticipated``, ``nutrition``) need its ends.
    targets : DataFrame, optional
        With a panel: area, indicator, target, target_period, direction and where there are such
        baseline, baseline_period, lower and upper.
    method : str or sequence of str, optional
        ``statcan`` (Statistics Canada, Open SDG), ``eurostat``, ``un_2022`` and ``un_2023`` (UN
        Progress Chart), ``escap_status`` and ``escap_anticipated`` (UN ESCAP as UNICEF publishes
        it), ``sdsn`` (arrows of the Sustainable Development Report), ``weather`` (symbols of the
        German strategy), ``nutrition`` (UNICEF), ``pace_ratio``; all if left out. What each does is
        in its module of `assessment`.
    direction : {1, -1} or mapping from an indicator to it, optional
        Of rows that have no column ``direction`` (1: higher is better, −1: lower is better), which
        is never guessed.
    **options
        Of the one method named, such as ``window=15`` for ``eurostat``; see its function.

    Returns
    -------
    Verdicts
        Its table has a row a target and ``method``: ``verdict``, in the method's own words;
        ``signal``: what that says in words common to all (``met``, ``on_track``, ``slow``,
        ``stalled``, ``away``, ``not_assessed``); ``rule``: what led to it; ``measure``: the number
        its thresholds are on; ``score``: where the method has one; and ``baseline_period,
        target_period, period, value, target, target_upper, direction``: what was assessed, and
        ``stated`` as in `gap`. Scores after the target period are left out. No method knows a
        target that is a range: it is not assessed.

    Raises
    ------
    InputError
        A faulty table, a direction that is missing or, with a panel, contradicts a target and its
        baseline, periods shorter than years, an unknown method or option, or options for more than
        one method.

    Warns
    -----
    DataWarning
        The target of a case is worse than its baseline.

    Examples
    --------
    Half of the time is over, and three quarters of the way done.

    >>> case = pd.DataFrame({"baseline": [4.0], "baseline_period": 2020, "value": 5.5,
    ...                      "period": 2022, "target": 6.0, "target_period": 2024})
    >>> found = assess(case, method=["statcan", "sdsn", "weather"], direction=1)
    >>> found[["method", "verdict", "signal", "rule"]].to_numpy().tolist()
    ... # doctest: +NORMALIZE_WHITESPACE
    [['statcan', 'substantial_progress', 'on_track', 'ratio'],
     ['sdsn', 'on_track_or_maintaining', 'on_track', 'ratio'],
     ['weather', 'not_assessed', 'not_assessed', 'too_few_points']]
    """
    chosen = _chosen(method)
    checked = _checked_options(chosen, options)
    table, cases, calendar, notices = _read(data, targets, direction)
    if not (calendar.yearly or isinstance(data, Dataset)):
        raise refuse("assess.yearly", got=calendar.kind)
    known = table.assign(period=cases.period, value=cases.value)
    known = known.astype({"period": "Int64"}).reindex(columns=COLUMNS[:9])
    known["stated"] = table.get("stated", True)
    parts, met = [], cases.met()
    for one in chosen:
        if not calendar.yearly:  # a report is whole, and says why there are no labels
            none = {"verdict": NONE, "signal": NONE, "rule": NOT_YEARLY, "measure": np.nan}
            parts.append(known.assign(method=one.name, **none, score=np.nan)[COLUMNS])
            continue
        found = one.run(cases, **checked)
        added = {
            "method": one.name,
            "verdict": found["verdict"],
            "signal": _signals(one, found, met),
        }
        added |= {name: found[name] for name in ("rule", "measure", "score")}
        words = dict.fromkeys(("verdict", "signal", "rule"), str)
        parts.append(known.assign(**added).astype(words)[COLUMNS])
    together = calendar.write(pd.concat(parts, ignore_index=True))
    order = np.arange(len(together)).reshape(len(parts), -1).T.ravel()
    if len(parts) > 1:
        together = together.iloc[order].reset_index(drop=True)
    ranges = together["target_upper"].notna()
    together.loc[ranges, ["verdict", "signal", "rule"]] = NONE, NONE, "range"
    together.loc[ranges, ["measure", "score"]] = np.nan
    return Verdicts(together, data if isinstance(data, Dataset) else None, notices, checked)


def _signals(method: Method, found: pd.DataFrame, met: np.ndarray) -> pd.Categorical:
    """Return what the verdicts signal: «met» where the target is, «on track» where it is not.

    A method calls a target met or on track alike, or met by a zero that it replaced.
    """
    order = list(SIGNALS)
    verdicts = found["verdict"].cat
    codes = np.array([order.index(method.signal(name)) for name in verdicts.categories])
    signals = codes[verdicts.codes]
    fine = np.isin(signals, [order.index("met"), order.index("on_track")])
    told = np.where(met, order.index("met"), order.index("on_track"))
    return pd.Categorical.from_codes(np.where(fine, told, signals), order)


def parse_options(texts: Iterable[str]) -> dict[str, object]:
    """Read options as they are typed on a command line.

    Raises
    ------
    InputError
        A text that is not like ``name=value``.

    Examples
    --------
    >>> parse_options(["window=15", "variant=eustat", "percentage=true", "floor=4,5"])
    {'window': 15, 'variant': 'eustat', 'percentage': True, 'floor': 4.5}
    """
    options: dict[str, object] = {}
    for text in texts:
        name, equals, typed = (part.strip() for part in text.partition("="))
        if not (name and equals and typed):
            raise refuse("assess.option_form", got=text)
        options[name.replace("-", "_")] = _value(typed)
    return options


def _value(typed: str) -> object:
    words = {"true": True, "false": False, "none": None}
    if typed.lower() in words:
        return words[typed.lower()]
    for kind in (int, float):
        with suppress(ValueError):
            return kind(typed.replace(",", "."))
    return typed


def _chosen(method: str | Sequence[str] | None) -> list[Method]:
    listed = isinstance(method, Iterable) and not isinstance(method, str)
    asked = METHODS if method is None else list(method) if listed else [method]
    if not asked:
        raise refuse("assess.method", got="", known=", ".join(METHODS), hint="")
    for name in asked:
        if name not in METHODS:
            guess = did_you_mean(str(name), METHODS)
            raise refuse("assess.method", got=name, known=", ".join(METHODS), hint=guess)
    return [METHODS[name] for name in dict.fromkeys(asked)]


def _checked_options(chosen: Sequence[Method], options: Mapping[str, object]) -> dict[str, object]:
    """Refuse options that the method does not have, or values that they cannot take."""
    if not options:
        return {}
    if len(chosen) > 1:
        raise refuse("assess.options", got=", ".join(options))
    (method,) = chosen
    known = {
        name: parameter
        for name, parameter in inspect.signature(method.run, eval_str=True).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    for name, value in options.items():
        if name not in known:
            values = {"method": method.name, "known": ", ".join(known) or "–", "got": name}
            raise refuse("assess.option", hint=did_you_mean(name, known), **values)
        _check_option(name, value, get_args(known[name].annotation) or (known[name].annotation,))
    return dict(options)


def _check_option(name: str, value: object, allowed: tuple[object, ...]) -> None:
    """Refuse a value that is none of the words, or none of the kinds, that an option takes."""
    if all(isinstance(one, str) for one in allowed):
        if value not in allowed:
            guess = did_you_mean(str(value), allowed)
            known = ", ".join(map(str, allowed))
            raise refuse("assess.value", name=name, got=repr(value), known=known, hint=guess)
    elif bool in allowed:
        if not isinstance(value, bool):
            raise refuse("assess.value", name=name, got=repr(value), known="True, False", hint="")
    elif not (value is None and type(None) in allowed):
        kind = Real if float in allowed else Integral
        sound = isinstance(value, kind) and not isinstance(value, bool) and math.isfinite(value)
        if not sound:
            key = "number" if kind is Real else "whole"
            raise refuse(f"assess.{key}", name=name, got=repr(value))


def _read(
    data: Dataset | pd.DataFrame, targets: pd.DataFrame | None, direction: Directions | None
) -> tuple[pd.DataFrame, Cases, Calendar, plain.Notices]:
    if isinstance(data, Dataset):
        if targets is not None:
            raise refuse("targets_unused")
        if direction is not None:
            raise refuse("direction.unused")
        return *_of_plan(data), data.calendar, ()
    if targets is not None:
        return _of_panel(data, targets, direction)
    table = schema.require("cases", data)
    calendar = calendar_of(table)
    table = calendar.count(table)
    lost = table.index[table["target"].notna() & table["target_period"].isna()]
    if len(lost):
        faults = [Fault("cell_empty", "cases", row, "target_period") for row in lost]
        raise InputError(gather(faults))
    columns, ends = ["value", "baseline", "target"], (table["lower"], table["upper"])
    if faults := list(scale_faults(table.rename_axis("cases"), columns, *ends)):
        raise InputError(gather(faults))
    table = directions.with_directions(table, direction, "cases")
    # statistical offices apply the global targets to those who had met them from the start as well
    plain.warn(directions.backward_cases(table))
    late = table["period"] > table["target_period"]
    table[["value", "period"]] = table[["value", "period"]].mask(late.fillna(False))
    return table, Cases.of(**{name: table[name] for name in _CASE}), calendar, ()


_CASE = (
    "value period baseline baseline_period target target_period direction limit lower upper"
).split()


def _of_panel(
    panel: pd.DataFrame, targets: pd.DataFrame, direction: Directions | None
) -> tuple[pd.DataFrame, Cases, Calendar, plain.Notices]:
    scores, renamed = plain.panel(panel)
    table, more = plain.targets(targets, scores, direction)
    calendar = calendar_of(scores)
    scores, table = calendar.count(scores), calendar.count(table)
    scores = scores[scores["status"].ne("interim").fillna(True)]
    whole = table[~before_break(table, scores)]
    keys = whole.reset_index(names="case")[["case", "area", "indicator", "target_period"]]
    table = table.assign(baseline=table["baseline"].where(table.index.isin(whole.index)))
    rows = keys.merge(scores[["area", "indicator", "period", "value"]], on=["area", "indicator"])
    known = rows[rows["period"] <= rows["target_period"]]
    return table, _cases(table, known), calendar, (*renamed, *more)


def _of_plan(ds: Dataset) -> tuple[pd.DataFrame, Cases]:
    plan = ds.require_plan()
    table = with_composites(plan.targets, ds.indicators).assign(area=plan.area)
    table["baseline_period"] = own_baselines(ds, plan.area, table)
    table["baseline"] = table["baseline"].where(table["baseline_period"].notna())
    scale = ds.indicators.set_index("indicator")
    for name in ("direction", "lower", "upper"):
        table[name] = table["indicator"].map(scale[name])
    parts = [
        comparable_scores(ds, plan.area, row)[["period", "value"]].assign(case=row.Index)
        for row in table.itertuples()
    ]
    return table, _cases(
        table, pd.concat(parts) if parts else pd.DataFrame(columns=["case", "period", "value"])
    )


def _cases(table: pd.DataFrame, scores: pd.DataFrame) -> Cases:
    """Make the cases; a baseline that the panel does not hold counts as a score."""
    late = (table["baseline_period"] > table["target_period"]).fillna(False)
    stated = table[~late].reset_index(names="case")[["case", "baseline_period", "baseline"]]
    stated = stated.set_axis(["case", "period", "value"], axis=1).dropna()
    known = scores[["case", "period", "value"]].dropna()
    rows = pd.concat([known, stated], ignore_index=True)
    rows = rows.astype({"case": int, "period": float, "value": float})
    return Cases.of_panel(table, rows.drop_duplicates(["case", "period"]))
