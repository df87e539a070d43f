"""What back-tests on real panels have shown, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pgi_analysis.evaluation import BackTest, label_records, panels, records
from pgi_analysis.panel import family_named
from pgi_analysis.text.evaluation import sentences, setting
from pgi_analysis.voice import Voice

#: the share of outcomes that the intervals told of should hold
LEVEL = 0.8


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


def trial_sentences(trials: Mapping[str, BackTest], voice: Voice) -> list[str]:
    """Say how the panel model did on each, or that the panels are not at hand."""
    if not trials:
        return [voice.say("backtest.no_reference")]
    lines = []
    for name, found in trials.items():
        verdict = sentences(found, voice, models=("panel",))
        lines.append(f"{voice.say(f'backtest.panel.{name}')}: {setting(found, voice)} {verdict[0]}")
    return lines
