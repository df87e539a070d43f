"""How far the targets are, and how they ended."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.language import capital
from pgi_analysis.results import DECIDED, PENDING, Gap
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice, bracketed

NAME = "gap"


def answer(found: Gap, voice: Voice) -> list[str]:
    """Answer in a sentence or two whether the targets are met, the composite apart."""
    lines = []
    for _, table in found.table.groupby("target_period"):
        parts, composites = _split(table, found)
        if len(parts):
            lines += counted(parts, voice)
        for row in composites.itertuples():
            lines += _composite(row, voice)
    return lines


def total(found: Gap, voice: Voice) -> list[str]:
    """Say how the composites stand."""
    _, composites = _split(found.table, found)
    return [line for row in composites.itertuples() for line in _composite(row, voice)]


def headlines(found: Gap, voice: Voice) -> list[str]:
    """Answer in a sentence a target year whether the targets are met, composites left out."""
    parts, _ = _split(found.table, found)
    return [counted(table, voice)[0] for _, table in parts.groupby("target_period")]


def _split(table: pd.DataFrame, found: Gap) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the sub-indices from the composites."""
    whole = table["indicator"].isin(found.ds.weights())
    return table[~whole], table[whole]


def counted(parts: pd.DataFrame, voice: Voice) -> list[str]:
    """Count the targets of one year by how they stand."""
    state = parts["state"]
    counts = {"period": int(parts["target_period"].iloc[0]), "area": voice.area}
    every = {"all": len(parts), **counts}
    decided = int(state.isin(DECIDED).sum())
    lines = []
    if decided:
        key = "decided_all" if decided == len(parts) else "decided_some"
        met = int((state == "met").sum())
        lines.append(voice.say(f"headline.{key}", met=met, known=decided, **every))
    for key in ("unpublished", "not_comparable"):
        if n := int((state == key).sum()):
            lines.append(voice.say(f"headline.{key}", n=n, **every))
    waiting = parts[state.isin(PENDING)]
    if len(waiting):
        reached = int((waiting["state"] == "reached").sum())
        key = "reached_all" if reached == len(waiting) else "open_some" if reached else "open"
        said = {"all": len(waiting), "reached": reached, "widest": _widest(waiting, reached, voice)}
        lines.append(voice.say(f"headline.{key}", **said, **counts))
    if (state == "no_observation").all():
        lines.append(voice.say("headline.nothing", **every))
    return lines


def _widest(waiting: pd.DataFrame, reached: int, voice: Voice) -> str:
    """Say which gap is the widest, where they are measured alike: euros no wider than years."""
    if not voice.about(*waiting["indicator"]).alike:
        return ""
    widest = waiting.loc[waiting["gap"].idxmax()]
    key = "headline.widest_some" if reached else "headline.widest"
    own = voice.about(widest["indicator"])
    return own.say(key, name=voice.name(widest["indicator"]), gap=widest["gap"])


def _composite(row, voice: Voice) -> list[str]:
    voice = voice.about(row.indicator)
    if row.state not in (*DECIDED, *PENDING):
        return []
    key = row.state if row.stated or row.state in PENDING else "known"
    values = {"latest": row.period, "margin": margin(row, voice)} | row._asdict()
    values["period"] = row.target_period
    said = voice.say(f"headline.{'total' if row.stated else 'sum'}_{key}", **values)
    published = row.status == "published"
    return [said] if published else [said, voice.say("headline.derived", area=voice.area)]


def doubtful(found: Gap, voice: Voice) -> list[str]:
    """Say which scores are doubtful."""
    names = found.table.loc[found["status"] == "doubtful", "indicator"]
    return [voice.say("headline.doubtful", names=names)] if len(names) else []


def sentences(found: Gap, voice: Voice) -> list[str]:
    """Say of each target how far it is."""
    return [_sentence(row, voice) for row in found.table.itertuples()]


def _sentence(row, voice: Voice) -> str:
    voice = voice.about(row.indicator)
    if row.state in (*DECIDED, *PENDING) and not row.stated:
        return summed(row, row.period, voice)
    values = {"name": voice.name(row.indicator), "pace": "", "margin": margin(row, voice)}
    values |= row._asdict() | {"progress": ""}
    if row.state == "open" and row.target_period - row.period > 1:
        turn = voice.say("gap.up" if row.required_pace > 0 else "gap.down")
        values["pace"] = voice.say("gap.open_pace", direction=turn, pace=abs(row.required_pace))
    if row.state == "missed" and pd.notna(row.progress):
        back = row.direction * (row.value - row.baseline) < 0
        if back or 0 <= row.progress < 1:
            key = "gap.missed_back" if back else "gap.missed_progress"
            values["progress"] = voice.say(key, progress=row.progress, baseline=row.baseline)
    return voice.say(f"gap.{row.state}", **values)


def summed(row, period: object, voice: Voice) -> str:
    """Say how a sum that the plan does not promise stands."""
    voice = voice.about(row.indicator)
    values = row._asdict() | {"name": voice.aim(row), "period": period}
    return voice.say("headline.one_sum_known", margin=margin(row, voice), **values)


def margin(row, voice: Voice) -> str:
    """Say on which side of the target a score lies, and how far."""
    difference = row.value - row.target
    side = "above" if difference > 0 else "below" if difference < 0 else "equal"
    return voice.say(f"gap.{side}", margin=abs(difference))


def short(gap: float, voice: Voice) -> str:
    """Write a gap as what is missing or beyond, in the midst of a sentence."""
    if pd.isna(gap):
        return voice.say("changes.gap_none")
    return voice.say("changes.short" if gap > 0 else "changes.beyond", gap=abs(gap))


def caption(found: Gap, voice: Voice) -> tuple[str, str]:
    """Caption the chart: what it finds, and its text for those who cannot see it."""
    own = found.table[found["stated"]]
    missing = int(own["state"].isin(["open", "missed"]).sum())
    known = missing + int(own["state"].isin(["reached", "met"]).sum())
    missed = (own["state"] == "missed").sum() == missing
    key = ("gap_title_missed" if missed else "gap_title") if missing else "gap_title_none"
    finding = voice.say(f"plot.{key}", area=voice.area, n=missing, all=known)
    if not known:
        finding = voice.say("caption.gap", unit=bracketed(voice.unit))
    elif len(own) == 1:
        row = own.iloc[0]
        name = voice.name(row["indicator"])
        said = short(row["gap"], voice.about(row["indicator"]))
        finding = voice.say("plot.gap_title_one", name=name, gap=said)
    return finding, voice.say("plot.gap_alt", sentences=" ".join(sentences(found, voice)))


def table(found: Gap, voice: Voice) -> pd.DataFrame:
    """Write the gaps, a row a target."""
    return tables.frame(
        (
            {
                "indicator": voice.row(row.indicator),
                "baseline": own.points(row.baseline),
                "value": tables.score(row, own),
                "period": voice.whole(row.period),
                "target": own.points(row.target),
                "gap": tables.gap(row.gap, own),
                "progress": voice.share(row.progress),
                "required_pace": own.signed(row.required_pace),
                "rank": voice.whole(row.rank),
                "state": voice.state(row.state, stated=row.stated),
            }
            for row, own in tables.each(found.table, voice)
        ),
        voice,
    )


def caveats(found: Gap, voice: Voice) -> list[str]:
    """Say which scores are doubtful or derived, and which targets are only sums."""
    lines = []
    doubts: dict[tuple[object, str], list[str]] = {}
    scores = found.ds.official().set_index(["area", "indicator", "period"])
    for row in found.table.itertuples():
        for period in dict.fromkeys([row.period, row.baseline_period]):
            key = (row.area, row.indicator, period)
            if pd.isna(period) or key not in scores.index:
                continue
            score = scores.loc[key]
            note = score[f"note_{voice.language}"]
            note = "" if pd.isna(note) else capital(str(note))
            if score["status"] == "doubtful":
                doubts.setdefault((period, note), []).append(row.indicator)
            elif score["status"] == "derived":
                values = {"name": voice.name(row.indicator), "value": score["value"], "note": note}
                key = "caveat.derived" if note else "caveat.summed"
                own = voice.about(row.indicator)
                lines.append(own.say(key, period=period, **values).strip())
    for (period, note), names in doubts.items():
        lines.append(voice.say("caveat.doubtful", names=names, period=period, note=note).strip())
    sums = found.table[~found["stated"]]
    return lines + [
        own.say("caveat.composite", target=row.target) for row, own in tables.each(sums, voice)
    ]


def methods(found: Gap, voice: Voice) -> list[str]:
    """Say how it was reckoned."""
    return [voice.say("method.gap")]
