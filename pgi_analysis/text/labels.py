"""What the labels of assessment methods have been worth."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pgi_analysis.evaluation import LabelWorth, label_records
from pgi_analysis.language import number
from pgi_analysis.results import Result
from pgi_analysis.text import tables
from pgi_analysis.text.backtest import between
from pgi_analysis.voice import Voice

NAME = "labels"
TABLES = {"table": ("labels", "methods")}


def answer(found: LabelWorth, voice: Voice, panel: str = "") -> list[str]:
    """Say what labels have been worth on a panel: one that has a name in the words, or «this»."""
    by = found.methods.set_index("method")
    more = by["ratio"] - 1
    rises = "; ".join(number(rise, voice.language) for rise in sorted(set(found.cases["rise"])))
    said = voice.say(f"backtest.panel.{panel}" if panel else "lab.panel")
    setting = {"panel": said, "n": len(found.cases), "length": found.length}
    named = {
        "best": voice.say(f"assess.method.{more.idxmin()}"),
        "worst": voice.say(f"assess.method.{more.idxmax()}"),
    }
    return [
        voice.say("assess.here", rises=rises, **setting),
        _shares(by, voice),
        voice.say("assess.here_brier", **_span(more), **named),
    ]


def _shares(by: pd.DataFrame, voice: Voice) -> str:
    if not by[["on_track_met", "other_met"]].notna().any().all():
        return voice.say("assess.here_undivided")
    spans = {
        **_span(by["on_track_met"]),
        **_span(by["on_track_p"], "p_"),
        **_span(by["other_met"], "other_"),
    }
    return voice.say("assess.here_on_track", **spans)


def record(found: Result | None, voice: Voice) -> list[str]:
    """Say in two sentences what labels have been worth on real panels, whatever is at hand."""
    less = _span(one.ratio - 1 for one in label_records())
    return [voice.say("assess.worth_on_track", **_met()), voice.say("assess.worth_brier", **less)]


def _met() -> dict[str, float]:
    """Return how long plans were, and the shares met on all panels, of those on track or not."""
    told = label_records()
    met = _span(one.on_track_met for one in told)
    return {"length": told[0].length} | met | _span((one.other_met for one in told), "other_")


def _span(numbers: Iterable[float], of: str = "") -> dict[str, float]:
    ordered = sorted(one for one in numbers if one == one)  # a method may call none on track
    return {f"{of}low": ordered[0], f"{of}high": ordered[-1]}


def table(found: LabelWorth, voice: Voice) -> pd.DataFrame:
    """Write what each method's labels have been worth."""
    return tables.frame(
        (
            {
                "method": voice.say(f"assess.method.{row.method}"),
                "on_track_n": voice.count(row.on_track_n),
                "on_track_met": voice.percent(row.on_track_met),
                "on_track_p": voice.percent(row.on_track_p),
                "brier_label": voice.fine(row.brier_label),
                "brier_p": voice.fine(row.brier_p),
                "ratio": voice.decimal(row.ratio),
                "ratio_interval": between(row.ratio_lower, row.ratio_upper, voice.decimal),
            }
            for row in found.methods.itertuples()
        ),
        voice,
    )
