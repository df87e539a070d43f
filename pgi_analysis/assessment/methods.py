"""The methods side by side: their names, what they can say, and what each of that means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from pgi_analysis.assessment import escap, eurostat, nutrition, pace_ratio, sdsn, statcan, weather
from pgi_analysis.assessment import un_progress_chart as un
from pgi_analysis.assessment.verdicts import NONE

#: what a verdict signals, the best first, and the symbol that says so without colour
SIGNALS = {
    "met": "✓",
    "on_track": "↑",
    "slow": "↗",
    "stalled": "→",
    "away": "↓",
    NONE: "–",
}


@dataclass(frozen=True, eq=False)
class Method:
    """A published method.

    Attributes
    ----------
    name : str
    run : callable
        Takes `Cases` and the method's options, gives ``verdict, rule, measure, score``.
    signals : mapping
        What each of its verdicts signals, the best first. The five signals are this package's, so
        that verdicts in different words can be compared; they are no part of the method.
    symbols : mapping
        Symbols of verdicts, where the method has its own.
    """

    name: str
    run: Callable[..., pd.DataFrame]
    signals: Mapping[str, str]
    symbols: Mapping[str, str] = field(default_factory=dict)

    def signal(self, verdict: str) -> str:
        """Return what a verdict signals."""
        return self.signals.get(verdict, NONE)


METHODS = {
    method.name: method
    for method in (
        Method("statcan", statcan.statcan, statcan.VERDICTS),
        Method("eurostat", eurostat.eurostat, eurostat.VERDICTS),
        Method("un_2022", un.un_2022, un.VERDICTS_2022),
        Method("un_2023", un.un_2023, un.VERDICTS_2023),
        Method("escap_status", escap.escap_status, escap.STATUS_VERDICTS),
        Method("escap_anticipated", escap.escap_anticipated, escap.ANTICIPATED_VERDICTS),
        Method("sdsn", sdsn.sdsn, sdsn.VERDICTS),
        Method("weather", weather.weather, weather.VERDICTS, weather.SYMBOLS),
        Method("nutrition", nutrition.nutrition, nutrition.VERDICTS),
        Method("pace_ratio", pace_ratio.pace_ratio, pace_ratio.VERDICTS),
    )
}
