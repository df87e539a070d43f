"""How projections have done on a panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from pgi_analysis.data import decimals
from pgi_analysis.evaluation import MODELS, BackTest, panels, records
from pgi_analysis.language import DASH, number
from pgi_analysis.panel import family_named
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "backtest"
TABLES = {"brier": ("backtest_brier", "reliability")}
#: the share of outcomes that the intervals told of should hold
LEVEL = 0.8


def _model(model: str, voice: Voice) -> str:
    """Name a model; one of the reader's own goes by its label."""
    return voice.say(f"backtest.model.{model}") if model in MODELS else model


def methods(found: BackTest, voice: Voice) -> list[str]:
    """Explain the figures of a back-test."""
    lines = [voice.say(f"backtest.method.{name}") for name in ("score", "interval", "brier")]
    return [*lines, voice.say("assess.brier")]


def setting(found: BackTest, voice: Voice) -> list[str]:
    """Say what was replayed, on how much, and which prior family was used."""
    seen = found.forecasts
    said = voice.say(
        "backtest.setting",
        history=found.history,
        horizons=", ".join(map(str, found.horizons)),
        n=int(found["n"].iloc[0]),
        areas=seen["area"].nunique(),
        indicators=seen["indicator"].nunique(),
        first=int(seen["origin"].min()),
        last=int(seen["origin"].max()),
    )
    label = getattr(family_named(found.family), f"label_{voice.language}")
    return [said, voice.say("backtest.family", family=label)]


def answer(found: BackTest, voice: Voice) -> list[str]:
    """Say the verdict on the panel model."""
    return _verdicts(found, voice, ["panel"])


headline = answer


def sentences(found: BackTest, voice: Voice) -> list[str]:
    """Say the verdict on each model: its error, then its interval."""
    return _verdicts(found, voice, list(found["model"]))


def _verdicts(found: BackTest, voice: Voice, models: list[str]) -> list[str]:
    rows = found.table.merge(found.verdict, on="model")
    return [
        _verdict(row, found.reference, voice) for row in rows.itertuples() if row.model in models
    ]


def _verdict(row, reference: str, voice: Voice) -> str:
    name = _model(row.model, voice)
    if row.model == reference:
        error = voice.say("verdict.reference", model=name)
    else:
        ends = {"ratio": row.ratio, "lower": row.ratio_lower, "upper": row.ratio_upper}
        said = {"model": name, "reference": _model(reference, voice), "share": abs(1 - row.ratio)}
        error = voice.say(f"verdict.{row.accuracy}", **said, **ends)
    years = {"low": row.coverage_year_05, "high": row.coverage_year_95}
    return f"{error} {voice.say(f'verdict.{row.calibration}', coverage=row.coverage_80, **years)}"


def table(found: BackTest, voice: Voice) -> pd.DataFrame:
    """Write error and coverage, a row a model; errors with a decimal more than scores have."""
    digits = decimals(found["crps"])
    digits = max(digits, min(digits + 1, 3))
    return tables.frame(
        (
            {
                "model": _model(row.model, voice),
                "n": voice.count(row.n),
                "crps": number(row.crps, voice.language, digits=digits),
                "ratio": voice.decimal(row.ratio),
                "ratio_interval": DASH
                if row.model == found.reference
                else between(row.ratio_lower, row.ratio_upper, voice.decimal),
                "coverage_50": voice.percent(row.coverage_50),
                "coverage_80": voice.percent(row.coverage_80),
                "coverage_years": between(
                    row.coverage_year_05, row.coverage_year_95, voice.percent
                ),
                "coverage_95": voice.percent(row.coverage_95),
            }
            for row in found.table.itertuples()
        ),
        voice,
    )


_BRIER = [
    f"{part}_{event}" for event in ("at", "by") for part in ("brier", "reliability", "resolution")
]


def brier_table(found: BackTest, voice: Voice) -> pd.DataFrame:
    """Write the Brier score and its parts, a row a model; empty where there were no events."""
    if "brier_at" not in found.table:
        return pd.DataFrame()
    return tables.frame(
        (
            {"model": _model(row["model"], voice)} | {n: voice.fine(row[n]) for n in _BRIER}
            for row in found.table.to_dict("records")
        ),
        voice,
    )


def track_record(found: BackTest, voice: Voice) -> list[str]:
    """Say how such projections have done on real panels, from one edition and from as many."""
    return list(dict.fromkeys(record(1, voice) + record(found.history, voice)))


def trials(found: BackTest, voice: Voice, others: Mapping[str, BackTest]) -> list[str]:
    """Say how the panel model did on other panels, or that they are not at hand."""
    if not others:
        return [voice.say("backtest.no_reference")]
    lines = []
    for panel, one in others.items():
        said = f"{setting(one, voice)[0]} {answer(one, voice)[0]}"
        lines.append(f"{voice.say(f'backtest.panel.{panel}')}: {said}")
    return lines


def record(n_obs: int, voice: Voice) -> list[str]:
    """Say how such projections have done on real panels, and what is not known.

    Parameters
    ----------
    n_obs : int
        Editions known; the record of the longest history that is no longer is told.
    voice : Voice

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
    told = _told(history)
    values: dict[str, object] = {"n": history, "level": LEVEL}
    for one in told:
        values[f"{one.panel}_less"] = 1 - one.ratio
        values[f"{one.panel}_coverage"] = one.coverage_80
    values["low"] = min(one.coverage_year_05 for one in told)
    values["high"] = max(one.coverage_year_95 for one in told)
    return [voice.say("backtest.record", **values), voice.say("backtest.unknown")]


def brief(n_obs: int, voice: Voice) -> list[str]:
    """Say what `record` says in one sentence, without naming the panels."""
    histories = sorted({one.history for one in records() if one.history <= n_obs})
    if not histories:
        return []
    if histories[-1] == 1:
        right, wrong = _families()
        shares = {"level": LEVEL, "right": right.coverage_80, "wrong": wrong.coverage_80}
        return [voice.say("backtest.brief_one", **shares)]
    told = _told(histories[-1])
    less, held = [1 - one.ratio for one in told], [one.coverage_80 for one in told]
    ends = {"less_low": min(less), "less_high": max(less), "low": min(held), "high": max(held)}
    return [voice.say("backtest.brief", n=histories[-1], level=LEVEL, **ends)]


def _told(history: int) -> list:
    """Return the records of panels that the family used had not seen."""
    return [
        one
        for one in records()
        if one.history == history and one.held_out and one.panel in panels()
    ]


def _families() -> tuple:
    """Return the best and the worst case on the PCI: with one edition all hangs on the family."""
    pci = [one for one in records() if one.history == 1 and one.panel == "pci"]
    return tuple(next(one for one in pci if one.held_out == apart) for apart in (False, True))


def _from_one(voice: Voice) -> list[str]:
    right, wrong = _families()
    label = getattr(family_named(wrong.family), f"label_{voice.language}")
    shares = {"level": LEVEL, "right": right.coverage_80, "wrong": wrong.coverage_80}
    said = voice.say("backtest.record_one", family=label, **shares)
    return [said, voice.say("backtest.unknown_one")]


def as_text(found: BackTest, voice: Voice) -> str:
    """Write it all for a terminal: tables, what was replayed, and the verdict in words."""
    frames = [table(found, voice), brier_table(found, voice)]
    parts = [frame.to_string(index=False) for frame in frames if len(frame)]
    replayed, family = setting(found, voice)
    return "\n\n".join([*parts, "\n".join([replayed, *sentences(found, voice), family])])


def between(low: float, high: float, write: Callable[[float], str]) -> str:
    """Write two ends with a dash, not to be broken."""
    return f"{write(low)}–{write(high)}".replace(" ", "\u00a0")
