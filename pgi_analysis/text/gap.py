"""How far the targets are, and how they ended."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.language import DASH, capital
from pgi_analysis.results import DECIDED, NOT_COMPARABLE, PENDING, Gap
from pgi_analysis.text import tables
from pgi_analysis.voice import Goal, Voice, bracketed

NAME = "gap"


def answer(found: Gap, voice: Voice) -> list[str]:
    """Answer in a sentence or two whether the targets are met, the composite apart."""
    if (areas := found["area"].nunique()) > 1:
        return [_of_areas(found, areas, voice)]
    lines = []
    for year in found.years:
        parts, composites = _split(found.of_year(year).table, voice)
        if len(parts):
            lines += counted(parts, voice)
        for row in composites.itertuples():
            lines += _composite(row, voice)
    return lines


def total(found: Gap, voice: Voice) -> list[str]:
    """Say how the composites stand."""
    parts = (_split(found.of_year(year).table, voice)[1] for year in found.years)
    return [line for rows in parts for row in rows.itertuples() for line in _composite(row, voice)]


def headlines(found: Gap, voice: Voice) -> list[str]:
    """Answer in a sentence a target year whether the targets are met, composites left out."""
    parts = (_split(found.of_year(year).table, voice)[0] for year in found.years)
    return [counted(table, voice)[0] for table in parts if len(table)]


def _of_areas(found: Gap, areas: int, voice: Voice) -> str:
    """Count the targets of several areas by how they stand."""
    counts = found["state"].value_counts().items()
    said = ", ".join(f"{n} {voice.state(state)}" for state, n in counts)
    return voice.say("headline.of_areas", n=len(found), count=areas, states=said)


def _split(table: pd.DataFrame, voice: Voice) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the sub-indices from the composites."""
    whole = table["indicator"].isin(voice.weights)
    return table[~whole], table[whole]


def counted(parts: pd.DataFrame, voice: Voice) -> list[str]:
    """Count the targets of one year by how they stand; of one alone say how it stands."""
    if len(parts) == 1:
        return _sentences(parts, voice)
    state = parts["state"]
    index = voice.index if voice.ds else ""
    period, area = parts[["target_period", "area"]].iloc[0]
    counts = {"period": period, "area": area, "index": index}
    counts |= voice.parts(parts["indicator"])
    every = {"all": len(parts), **counts}
    decided = int(state.isin(DECIDED).sum())
    lines = []
    if decided:
        key = "decided_all" if decided == len(parts) else "decided_some"
        met, lost = int((state == "met").sum()), parts.loc[state == "missed", "indicator"]
        every["lost"] = voice.say("headline.lost", names=lost) if met and len(lost) else ""
        lines.append(voice.say(f"headline.{key}", met=met, known=decided, **every))
    for one in ("unpublished", NOT_COMPARABLE):
        if n := int((state == one).sum()):
            key = "ended" if voice.beyond(period) else one
            lines.append(voice.say(f"headline.{key}", n=n, **every))
    waiting = parts[state.isin(PENDING)]
    if len(waiting):
        reached = int((waiting["state"] == "reached").sum())
        key = "reached_all" if reached == len(waiting) else "open_some" if reached else "open"
        said = {"all": len(waiting), "reached": reached, "widest": _widest(waiting, voice)}
        said |= {"side": _side(waiting, voice)}
        said |= {"latest": voice.span(waiting["period"].min(), waiting["period"].max())}
        texts = (voice.say(f"headline.{one}", **said, **counts) for one in ("not_out", key))
        lines.append(" ".join(" ".join(texts).split()))  # an index without a name leaves a gap
    if (state == "no_observation").all():
        lines.append(voice.say("headline.nothing", **every))
    return [" ".join(line.split()) for line in lines]


def _side(waiting: pd.DataFrame, voice: Voice) -> str:
    """Say on which side of their targets scores lie that have not reached them."""
    best, ranged = set(waiting["direction"]), waiting["target_upper"].notna().any()
    key = "worse" if len(best) > 1 or ranged else "lower" if best == {1} else "higher"
    return voice.say(f"gap.{key}")


def _widest(waiting: pd.DataFrame, voice: Voice) -> str:
    """Say which gap is the widest; of unlike ones which is closed the least, if all are told."""
    if not voice.about(*waiting["indicator"]).alike:
        waiting = waiting[waiting["state"] != "reached"]
        told = [pd.notna(row.progress) and not only_baseline(row) for row in waiting.itertuples()]
        if len(waiting) < 2 or not all(told):
            return ""
        least = waiting.loc[waiting["progress"].idxmin()]
        key = "headline.least_share" if least["progress"] >= 0 else "gap.cell_worse"
        done = voice.say(key, progress=least["progress"])
        return voice.say("headline.least", name=voice.name(least["indicator"]), done=done)
    widest = waiting.loc[waiting["gap"].idxmax()]
    gap = short(widest["gap"], turned(widest), voice.about(widest["indicator"]))
    return voice.say("headline.widest", name=voice.name(widest["indicator"]), gap=gap)


def _composite(row, voice: Voice) -> list[str]:
    voice = voice.about(row.indicator)
    if row.state not in (*DECIDED, *PENDING):
        return []
    key = row.state if row.stated or row.state in PENDING else "known"
    whole = voice.ds.weights()
    inner = {part for parts in whole.values() for part in parts}
    if not row.stated and row.indicator in inner:
        return []  # the sum that it goes into is told
    named = voice.say("page.total") if len(whole) == 1 else voice.name(row.indicator)
    values = {"latest": row.period, "margin": margin(row, voice), "total": named} | row._asdict()
    values |= {"target": Goal.of(row)}
    values |= {"period": row.target_period, "rank": ranked(row, voice, "rank_here")}
    said = voice.say(f"headline.{'total' if row.stated else 'sum'}_{key}", **values)
    return [said] if row.status == "published" else [said, _derived(row, voice)]


def _derived(row, voice: Voice) -> str:
    """Say that a total is our own sum, and whose total the publisher gives."""
    releases = voice.ds.releases.set_index("period")["ranked_areas"]
    ranked_areas = releases.get(row.period)
    top = pd.notna(ranked_areas) and ranked_areas < voice.ds.n_areas(row.period)
    about = {"publisher": voice.publisher, "area": voice.area, "ranked": ranked_areas}
    return voice.say("headline.derived_top" if top else "headline.derived", **about)


def ranked(row, voice: Voice, key: str = "rank") -> str:
    """Say the published rank of a score, where there is one."""
    rank = getattr(row, "rank", None)
    if pd.isna(rank):
        return ""
    return voice.say(f"gap.{key}", rank=rank, all=voice.ds.n_areas(row.period), period=row.period)


def doubtful(found: Gap, voice: Voice) -> list[str]:
    """Say which scores are doubtful, be it to their source or by what they look like."""
    table = found.table[found["period"].notna()]
    keys = zip(table["area"], table["indicator"], table["period"].map(int), strict=True)
    doubted = pd.Series([key in found.ds.doubted for key in keys], table.index, dtype=bool)
    names = table.loc[table["status"].eq("doubtful") | doubted, "indicator"].drop_duplicates()
    about = {"names": names, "publisher": voice.publisher, "main": voice.main}
    return [voice.say("headline.doubtful", **about)] if len(names) else []


def sentences(found: Gap, voice: Voice) -> list[str]:
    """Say of each target how far it is."""
    return _sentences(found.table, voice)


def _sentences(table: pd.DataFrame, voice: Voice) -> list[str]:
    return [_sentence(row, table, voice) for row in table.itertuples()]


def _sentence(row, table: pd.DataFrame, voice: Voice) -> str:
    voice = voice.about(row.indicator)
    if row.state in (*DECIDED, *PENDING) and not row.stated:
        return summed(row, row.period, voice)
    values = {"name": tables.named(row, table, voice), "margin": margin(row, voice)}
    values |= row._asdict() | {"pace": "", "progress": "", "target": Goal.of(row)}
    if pd.notna(row.target_upper) and row.state in ("met", "reached"):
        return voice.say(f"gap.{row.state}_within", **values)
    if row.state == "open" and row.target_period - row.period > 1:
        turn = voice.say("gap.up" if row.required_pace > 0 else "gap.down")
        values["pace"] = voice.say("gap.open_pace", direction=turn, pace=abs(row.required_pace))
    if row.state == "missed" and pd.notna(row.progress):
        back = row.progress < 0
        if back or 0 <= row.progress < 1:
            down = "_down" if row.target < row.baseline else ""
            key = "gap.missed_back" if back else f"gap.missed_progress{down}"
            start = {"baseline": row.baseline, "baseline_period": row.baseline_period}
            values["progress"] = voice.say(key, progress=row.progress, **start)
    if row.state == NOT_COMPARABLE and voice.beyond(row.target_period):
        return voice.say("gap.ended", **values | {"name": voice.aim(row)})
    return voice.say(f"gap.{row.state}", **values)


def summed(row, period: object, voice: Voice) -> str:
    """Say how a sum that the plan does not promise stands."""
    voice = voice.about(row.indicator)
    values = row._asdict() | {"name": voice.aim(row), "period": period, "rank": ranked(row, voice)}
    return voice.say("headline.one_sum_known", margin=margin(row, voice), **values)


def margin(row, voice: Voice) -> str:
    """Say on which side of the target a score lies, and how far."""
    end = row.target_upper if row.value > row.target_upper else row.target  # False without one
    difference = row.value - end
    if difference > 0 and end < row.target_upper:
        return voice.say("gap.inside")
    side = "above" if difference > 0 else "below" if difference < 0 else "equal"
    return voice.say(f"gap.{side}", margin=abs(difference))


def turned(row) -> int:
    """Return which way a target is to be met: 1 upwards, −1 downwards, 0 inside a range."""
    if pd.isna(row.target_upper):
        return int(row.direction)
    return int(row.value < row.target) - int(row.value > row.target_upper)


def short(gap: float, direction: int, voice: Voice) -> str:
    """Write a gap as how far the score lies above or below, in the midst of a sentence.

    Parameters
    ----------
    direction : {1, -1, 0}
        As `turned` returns it.
    """
    if pd.isna(gap):
        return voice.say("changes.gap_none")
    return voice.say(f"gap.{tables.side(gap, direction)}", gap=abs(gap))


def caption(found: Gap, voice: Voice) -> tuple[str, str]:
    """Caption the chart: what it finds, and its text for those who cannot see it.

    Nothing is said, and so nothing drawn, where no score is known.
    """
    if found["value"].isna().all():
        return "", ""
    own = found.table[found["stated"]]
    missing = int(own["state"].isin(["open", "missed"]).sum())
    known = missing + int(own["state"].isin(["reached", "met"]).sum())
    missed = (own["state"] == "missed").sum() == missing
    met = (own["state"] == "met").sum() == known
    key = ("gap_title_missed" if missed else "gap_title") if missing else "gap_title_none"
    key = "gap_title_met" if met else key
    finding = capital(voice.say(f"plot.{key}", area=_whose(found, voice), n=missing, all=known))
    if not known:
        finding = voice.say("caption.gap", unit=bracketed(voice.unit))
    elif len(own) == 1:
        row = own.iloc[0]
        name = voice.name(row["indicator"])
        said = short(row["gap"], turned(row), voice.about(row["indicator"]))
        finding = voice.say("plot.gap_title_one", name=name, gap=said)
    return finding, voice.say("plot.gap_alt", sentences=" ".join(sentences(found, voice)))


def _whose(found: Gap, voice: Voice) -> str:
    """Return the area that all targets are of; of several, say how many there are."""
    areas = found["area"].unique()
    return areas[0] if len(areas) == 1 else voice.say("page.counted", n=len(areas))


def table(found: Gap, voice: Voice) -> pd.DataFrame:
    """Write the gaps, a row a target; the pace a year only where a target is years ahead."""
    years = found["target_period"] - found["period"]
    return tables.frame(
        (
            {
                **tables.which(row, found.table, voice),
                "indicator": voice.row(row.indicator),
                "baseline": own.points(row.baseline),
                "value": tables.score(row, own),
                "period": voice.whole(row.period),
                "target": tables.target(row, own),
                "gap": tables.gap(row.gap, turned(row), own),
                "progress": _progress(row, voice),
                **({"required_pace": _pace(row, own)} if (years > 1).any() else {}),
                **({"rank": rank(row, voice)} if voice.ds else {}),
                "state": own.state(row.state, stated=row.stated),
            }
            for row, own in tables.each(found.table, voice)
        ),
        voice,
    )


def _progress(row, voice: Voice) -> str:
    """Write the share of the way; back beyond the start it is said in words."""
    if only_baseline(row) or pd.isna(row.progress):
        return DASH
    return voice.share(row.progress) if row.progress >= 0 else voice.say("gap.cell_worse")


def rank(row, voice: Voice) -> str:
    """Write the published rank of a score in a cell."""
    return DASH if pd.isna(row.rank) else f"{row.rank}/{voice.ds.n_areas(row.period)}"


def _pace(row, voice: Voice) -> str:
    return voice.signed(row.required_pace) if row.state == "open" else DASH


def table_note(found: Gap, voice: Voice) -> str:
    """Explain a share that cannot be told yet: it is not that nothing was done."""
    waits = any(only_baseline(row) for row in found.table.itertuples())
    return voice.say("gap.no_progress") if waits else ""


def only_baseline(row) -> bool:
    """Tell whether the newest score is the baseline itself."""
    known = pd.notna(row.period) and pd.notna(row.baseline_period)
    return bool(known and row.period == row.baseline_period)


def caveats(found: Gap, voice: Voice) -> list[str]:
    """Say which scores are doubtful or derived, and which targets are only sums."""
    if found.ds is None:
        return []
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
        about = {"names": names, "publisher": voice.publisher}
        lines.append(voice.say("caveat.doubtful", period=period, note=note, **about).strip())
    sums = found.table[~found["stated"]]
    return lines + [
        own.say("caveat.composite", target=row.target) for row, own in tables.each(sums, voice)
    ]


def methods(found: Gap, voice: Voice) -> list[str]:
    """Say how it was reckoned."""
    return [voice.say("method.gap")]
