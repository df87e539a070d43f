"""What the plan's area is: formed from others, at its end, or as it was beside others that merged.

What is said of scores of areas that merged is said of each of them, never of the new area.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from pgi_analysis.data import NEVER_ENDED
from pgi_analysis.language import DASH, capital
from pgi_analysis.results import Predecessors
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "predecessors"


def answer(found: Predecessors, voice: Voice) -> list[str]:
    """Say what the area was formed from, or that it has ended; nothing of one that goes on."""
    lines = _formed(found, voice) if voice.ds.descent.parts(voice.area) else []
    return [*lines, *_ended(voice)]


def _formed(found: Predecessors, voice: Voice) -> list[str]:
    """Say what a new area consists of, and that it does not compare with its parts."""
    ds, area = voice.ds, voice.area
    start, periods = (
        ds.descent.life(area)[0],
        sorted(map(ds.calendar.period, ds.releases["period"])),
    )
    after = [period for period in periods if ds.map_day(period) >= start]
    before = [period for period in periods if ds.map_day(period) < start]
    about = {"area": area, "day": start, "kind": _kind(voice)}
    about |= {"parts": voice.joined(map(voice.full, ds.descent.parts(area)))}
    about |= {"index": voice.index}
    lines = [capital(voice.say("area.formed", **about))]
    if not before:
        return lines
    about |= {"before": before[-1], "scores": _scores(found, voice), "period": DASH}
    if not after:
        lines.append(capital(voice.say("area.none_yet", **about)))
    else:
        lines.append(capital(voice.say("area.apart", **about | {"period": after[0]})))
        lines += _denominators(before[-1], after[0], voice)
    return lines


def _scores(found: Predecessors, voice: Voice) -> str:
    """Write the last score of each part, of the composite where there is one."""
    whole = [name for name in found.bands["indicator"] if name in found.ds.weights()]
    names = whole or list(found.bands["indicator"])
    if len(names) != 1:
        return ""
    own = voice.about(names[0])
    rows = found.table[found.table["indicator"] == names[0]]
    said = "; ".join(_score(row, own) for row in rows.itertuples())
    return f" ({said})"


def _score(row, voice: Voice) -> str:
    value = voice.say("area.unknown") if pd.isna(row.value) else voice.amount(row.value)
    return f"{voice.bare(row.area)} {value}"


def _denominators(before: int, after: int, voice: Voice) -> list[str]:
    """Say that ranks are among other numbers of areas than before."""
    n, m = voice.ds.n_areas(after), voice.ds.n_areas(before)
    return [voice.say("area.ranks", period=after, n=n, m=m)] if n != m else []


def _ended(voice: Voice) -> list[str]:
    """Say since when an area is no more, what became of it, and that its plan closes."""
    ds, area = voice.ds, voice.area
    end = ds.descent.life(area)[1]
    heirs = ds.descent.became(area)
    if end == NEVER_ENDED:
        return []
    own = ds.official()
    own = own.loc[own["area"] == area, "period"]
    about = {"area": area, "end": end, "index": voice.index}
    about |= {
        "day": end + pd.Timedelta(days=1),
        "period": voice.whole(ds.calendar.period(own.max())) if len(own) else DASH,
    }
    names = [voice.say("area.heir", area=heir, parts=_parts(heir, voice)) for heir in heirs]
    about["heirs"] = voice.joined(names)
    key = "split" if len(heirs) > 1 else "joined" if heirs else "ended"
    closing = "closed" if len(own) else "closed_without"
    return [capital(voice.say(f"area.{key}", **about)), voice.say(f"area.{closing}", **about)]


def _parts(heir: str, voice: Voice) -> str:
    """Say what an area was formed from, where that is several."""
    parts = voice.ds.descent.parts(heir)
    if len(parts) < 2:
        return ""
    return voice.say("area.heir_parts", parts=voice.joined(map(voice.full, parts)))


def _kind(voice: Voice) -> str:
    row = voice.ds.descent.row(voice.area, voice.ds.vintage or NEVER_ENDED)
    kind = None if row is None else row[f"kind_{voice.language}"]
    return kind.casefold() if isinstance(kind, str) else voice.nouns["locality"]


def table(found: Predecessors, voice: Voice) -> pd.DataFrame:
    """Write the scores of the parts from the lowest to the highest, a row an indicator."""
    return tables.frame(
        (
            {
                "indicator": voice.row(row.indicator),
                "period": voice.whole(row.period),
                "band": tables.interval(row.lowest, row.highest, own),
                "parts": "; ".join(
                    _score(part, own)
                    for part in found.table.itertuples()
                    if part.indicator == row.indicator
                ),
                **(
                    {"centre": own.points(row.centre)}
                    if found.bands["centre"].notna().any()
                    else {}
                ),
            }
            for row, own in tables.each(found.bands, voice)
        ),
        voice,
    )


def caveats(found: Predecessors, voice: Voice) -> list[str]:
    """Say what does not compare: ranks of an area that goes on, a baseline from before an area."""
    ds, area = voice.ds, voice.area
    periods = sorted(map(ds.calendar.period, ds.releases["period"]))
    lines = []
    changed = [pair for pair in pairwise(periods) if ds.n_areas(pair[0]) != ds.n_areas(pair[1])]
    if changed and not ds.descent.parts(area) and ds.descent.valid(area, ds.map_day(periods[-1])):
        before, after = changed[-1]
        runs = ds.segments()
        key = "goes_on" if runs[int(before)] == runs[int(after)] else "goes_on_broken"
        line = capital(voice.say(f"area.{key}", area=area))
        lines.append(" ".join([line, *_denominators(before, after, voice)]))
    start = ds.descent.life(area)[0]
    years = ds.require_plan().targets["baseline_period"].dropna()
    if early := sorted({ds.calendar.period(one) for one in years if ds.map_day(one) < start}):
        about = {"periods": voice.joined(map(str, early)), "kind": _kind(voice)}
        lines.append(voice.say("area.baseline", **about))
    return lines
