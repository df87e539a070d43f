"""A back-test in words and as a table to read; a `Voice` speaks, this module only says what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.evaluation import MODELS, BackTest
from pgi_analysis.language import number
from pgi_analysis.panel import family_named

if TYPE_CHECKING:
    from pgi_analysis.evaluation import LabelWorth
    from pgi_analysis.voice import Voice

DASH = "–"


def model_name(model: str, voice: Voice) -> str:
    """Name a model; one of the reader's own goes by its label."""
    return voice.say(f"backtest.model.{model}") if model in MODELS else model


def method(voice: Voice) -> list[str]:
    """Explain the figures of a back-test."""
    return [voice.say(f"backtest.method.{name}") for name in ("score", "interval", "brier")]


def setting(found: BackTest, voice: Voice) -> str:
    """Say what was replayed, on how much."""
    seen = found.forecasts
    return voice.say(
        "backtest.setting",
        history=found.history,
        horizons=", ".join(map(str, found.horizons)),
        n=_count(int(found.table["n"].iloc[0]), voice),
        areas=seen["area"].nunique(),
        indicators=seen["indicator"].nunique(),
        first=int(seen["origin"].min()),
        last=int(seen["origin"].max()),
    )


def sentences(found: BackTest, voice: Voice, *, models: tuple[str, ...] | None = None) -> list[str]:
    """Say the verdict on each model, or on those named: its error, then its interval."""
    lines = []
    table = found.table.merge(found.verdict, on="model")
    for row in table.itertuples():
        if models is not None and row.model not in models:
            continue
        name = model_name(row.model, voice)
        said = [_accuracy(row, found.reference, name, voice)]
        said.append(
            voice.say(
                f"verdict.{row.calibration}",
                coverage=voice.percent(row.coverage_80),
                low=voice.percent(row.coverage_year_05),
                high=voice.percent(row.coverage_year_95),
            )
        )
        lines.append(" ".join(said))
    return lines


def caution(found: BackTest, voice: Voice) -> str:
    """Say which prior family was used, and when it flatters."""
    label = getattr(family_named(found.family), f"label_{voice.language}")
    return voice.say("backtest.family", family=label)


def _accuracy(row, reference: str, name: str, voice: Voice) -> str:
    if row.model == reference:
        return voice.say("verdict.reference", model=name)
    return voice.say(
        f"verdict.{row.accuracy}",
        model=name,
        reference=model_name(reference, voice),
        share=voice.percent(abs(1 - row.ratio)),
        ratio=float(row.ratio),
        lower=float(row.ratio_lower),
        upper=float(row.ratio_upper),
    )


def score_table(found: BackTest, voice: Voice) -> pd.DataFrame:
    """Write error and coverage, a row a model."""
    return _frame(
        [
            {
                "model": model_name(row.model, voice),
                "n": _count(row.n, voice),
                "crps": number(row.crps, voice.language, digits=3),
                "ratio": voice.points(row.ratio),
                "ratio_interval": DASH
                if row.model == found.reference
                else _range(row.ratio_lower, row.ratio_upper, voice.points),
                "coverage_50": voice.percent(row.coverage_50),
                "coverage_80": voice.percent(row.coverage_80),
                "coverage_years": _range(row.coverage_year_05, row.coverage_year_95, voice.percent),
                "coverage_95": voice.percent(row.coverage_95),
            }
            for row in found.table.itertuples()
        ],
        voice,
    )


def brier_table(found: BackTest, voice: Voice) -> pd.DataFrame:
    """Write the Brier score and its parts, a row a model; empty where there were no events."""
    if "brier_at" not in found.table:
        return pd.DataFrame()
    names = [
        *("brier_at", "reliability_at", "resolution_at"),
        *("brier_by", "reliability_by", "resolution_by"),
    ]
    return _frame(
        [
            {"model": model_name(row["model"], voice)}
            | {name: number(row[name], voice.language, digits=3) for name in names}
            for row in found.table.to_dict("records")
        ],
        voice,
    )


def label_sentences(found: LabelWorth, panel: str, voice: Voice) -> list[str]:
    """Say what labels have been worth on a panel, named as the reader knows it."""
    by = found.methods.set_index("method")
    on_track, p, more = by["on_track_met"], by["on_track_p"], by["ratio"] - 1
    rises = sorted(found.cases["rise"].unique())
    return [
        voice.say(
            "assess.here",
            panel=panel,
            n=_count(len(found.cases), voice),
            length=found.length,
            rises="; ".join(number(rise, voice.language) for rise in rises),
        ),
        voice.say(
            "assess.here_on_track",
            low=voice.percent(on_track.min()),
            high=voice.percent(on_track.max()),
            p_low=voice.percent(p.min()),
            p_high=voice.percent(p.max()),
            other_low=voice.percent(by["other_met"].min()),
            other_high=voice.percent(by["other_met"].max()),
        ),
        voice.say(
            "assess.here_brier",
            low=voice.percent(more.min()),
            best=voice.say(f"assess.method.{more.idxmin()}"),
            high=voice.percent(more.max()),
            worst=voice.say(f"assess.method.{more.idxmax()}"),
        ),
    ]


def label_table(found: LabelWorth, voice: Voice) -> pd.DataFrame:
    """Write what each method's labels have been worth."""
    rows = [
        {
            "method": voice.say(f"assess.method.{row.method}"),
            "n": _count(row.on_track_n, voice),
            "met": voice.percent(row.on_track_met),
            "p_met": voice.percent(row.on_track_p),
            "label": number(row.brier_label, voice.language, digits=3),
            "p": number(row.brier_p, voice.language, digits=3),
            "ratio": number(row.ratio, voice.language),
            "interval": _range(row.ratio_lower, row.ratio_upper, voice.points),
        }
        for row in found.methods.itertuples()
    ]
    return _frame(rows, voice, "assess.column")


def as_text(found: BackTest, voice: Voice) -> str:
    """Write it all for a terminal: tables, what was replayed, and the verdict in words."""
    tables = [score_table(found, voice), brier_table(found, voice)]
    parts = [table.to_string(index=False) for table in tables if len(table)]
    words = [setting(found, voice), *sentences(found, voice), caution(found, voice)]
    return "\n\n".join([*parts, "\n".join(words)])


def _frame(
    rows: list[dict[str, str]], voice: Voice, words: str = "backtest.column"
) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.rename(columns={name: voice.say(f"{words}.{name}") for name in frame})


def _range(low: float, high: float, write: Callable[[float], str]) -> str:
    return f"{write(low)}–{write(high)}".replace(" ", "\u00a0")  # not to be broken


def _count(value: int, voice: Voice) -> str:
    return number(value, voice.language, digits=0)
