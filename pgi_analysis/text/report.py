"""A report as a whole: its title, its answer from several results, its sources."""

from __future__ import annotations

import re

import pandas as pd

from pgi_analysis.charts import Picture, gap_picture
from pgi_analysis.language import DASH
from pgi_analysis.results import DECIDED, PENDING, Deadlines, Gap, Projection, Tasks
from pgi_analysis.text import calendar, gap, projection, tables, tasks
from pgi_analysis.voice import Voice

#: where the years of a plan's title begin
YEARS = {
    "vi": r",? (?:giai đoạn|đến năm|trong năm|năm) \d{4}.*",
    "en": r",? (?:in|for|to|until|up to|by) \d{4}.*",
}
#: a title cut to so few words names no plan
LEAST_WORDS = 3


def title(page: str, voice: Voice) -> str:
    """Name a page, with the area and the quarter; without a dataset by its name alone."""
    if voice.ds is None:
        return voice.say(f"title.{page}")
    quarter = voice.report()
    if page == "quarterly_report":
        return voice.say("title.quarterly_report", plan=_short_title(voice), quarter=quarter)
    return voice.say("title.of", title=voice.say(f"title.{page}"), area=voice.area, quarter=quarter)


def _short_title(voice: Voice) -> str:
    """Name the plan without its years, which would be taken for those reported on."""
    own = voice.ds.require_plan().text("title", voice.language)
    short = re.sub(YEARS[voice.language], "", own)
    return short if len(short.split()) > LEAST_WORDS else own


def folder_title(voice: Voice) -> str:
    """Name the folder of a report."""
    index = voice.ds.require_plan().text("index", voice.language)
    said = voice.say("index.title", index=index, area=voice.area, quarter=voice.report())
    return " ".join(said.split())


def plan_title(voice: Voice) -> str:
    """Name the plan: its area, its index, and its own title."""
    plan = voice.ds.require_plan()
    index, own = (plan.text(key, voice.language) for key in ("index", "title"))
    return ": ".join(filter(None, [" ".join(filter(None, [index, voice.area])), own]))


def opening(voice: Voice) -> list[str]:
    """Say which plan is carried out by whom, in a sentence, and what was known when."""
    plan = voice.ds.require_plan()

    def text(key: str) -> str:
        return plan.text(key, voice.language)

    group = "carries_out." if text("carries_out.number") or text("carries_out.title") else ""
    about = {"agency": text("agency"), "quarter": voice.quarter()}
    said = voice.say("page.carries_out", what=_document(group, voice), **about)
    known = voice.say("page.as_of", day=voice.ds.vintage, quarter=voice.ds.quarter)
    issued, number = text("issued"), "" if text("issued") else text("carries_out.number")
    issued = issued or text("carries_out.issued")
    if issued and pd.Timestamp(issued).date() > voice.ds.vintage:
        key = "before_parent" if number else "before_plan"
        known += " " + voice.say(f"page.{key}", number=number, day=issued)
    return [said, known]


def _document(group: str, voice: Voice) -> str:
    """Cite a plan as Decree 30/2020/NĐ-CP asks: kind, number, date, issuer, subject.

    Parameters
    ----------
    group : str
        Empty for the plan itself, whose issuer is the one who reports; ``carries_out.`` for the
        plan that it carries out.
    """
    plan = voice.ds.require_plan()

    def text(key: str) -> str:
        return plan.text(group + key, voice.language)

    title, kind = text("title"), voice.say("page.plan")
    said = [voice.say("page.number", number=number) for number in filter(None, [text("number")])]
    said += [voice.say("page.dated", day=day) for day in filter(None, [text("issued")]) if said]
    said += [voice.say("page.by", agency=who) for who in filter(None, [text("agency")]) if group]
    if not said or not title:
        return " ".join([title or kind, *said])
    if not title.startswith(f"{kind} "):
        return voice.say("page.titled", title=title, document=" ".join(said))
    subject = title.removeprefix(f"{kind} ").removeprefix(voice.say("page.subject", subject=""))
    return " ".join([kind, *said, voice.say("page.subject", subject=subject)])


def answer(
    gaps: Gap, projected: Projection, work: Tasks, due: Deadlines, voice: Voice
) -> list[str]:
    """Answer a report's question: in short, a sentence an indicator, then tasks and deadlines."""
    lines = gap.headlines(gaps, voice)
    for row, future in zip(gaps.table.itertuples(), projected.table.itertuples(), strict=True):
        lines.append(_target(row, future, voice))
    lines += projection.rough(projected, voice) + gap.doubtful(gaps, voice)
    done = " ".join(filter(None, [tasks.counted(work, voice), calendar.due(due, voice)]))
    return [*lines, done] if done else lines


def _target(row, future, voice: Voice) -> str:
    """Say of a target how it ended or how likely it is; a sum nobody promised is said to be one."""
    voice, p = voice.on(future), future.p_met
    rank = gap.ranked(row, voice)
    values = row._asdict() | {"period": row.target_period, "p": p, "rank": rank}
    if row.state in DECIDED:
        if not row.stated:
            return gap.summed(row, row.period, voice)
        return voice.say(f"headline.one_{row.state}", name=voice.name(row.indicator), **values)
    if pd.isna(p):
        said = values | {"state": voice.say(f"state.{row.state}")}
        return voice.say("headline.one_unknown", name=voice.name(row.indicator), **said)
    key = "headline.one" if row.stated else "headline.one_sum"
    return voice.say(key, name=voice.aim(row), **values)


def table(gaps: Gap, projected: Projection, voice: Voice) -> pd.DataFrame:
    """Write each target in one row, with a picture of the gap on the indicator's scale."""
    scale = voice.ds.indicators.set_index("indicator")
    over = gaps["state"].isin(DECIDED).all()
    rows = []
    for row, future in zip(gaps.table.itertuples(), projected.table.itertuples(), strict=True):
        decided = row.state in DECIDED or pd.isna(future.p_met)
        ends, own = scale.loc[row.indicator], voice.on(future)
        rows.append(
            {
                "indicator": voice.row(row.indicator),
                "picture": _picture(row, future, ends["lower"], ends["upper"], own),
                "value_of": tables.score(row, own),
                "target": own.points(row.target),
                "gap": tables.gap(row.gap, row.direction, own),
                "state" if over else "p_met": voice.state(row.state, stated=row.stated)
                if decided
                else own.chance(future.p_met),
            }
        )
    periods = gaps["period"].dropna().unique()
    year = periods[0] if len(periods) == 1 else ""
    return tables.frame(rows, voice, period=year).rename(columns=str.strip)


def note(projected: Projection, voice: Voice) -> str:
    """Explain the pictures."""
    key = "note" if len(projected.pending.table) else "note_decided"
    return voice.say(f"picture.{key}", level=projected.level)


def _picture(row, future, lower: float, upper: float, voice: Voice) -> Picture | str:
    """Draw baseline, score, target and what is projected; a dash where the scale is not known."""
    if pd.isna(lower) or pd.isna(upper) or lower >= upper:
        return DASH
    open_ = future.state in PENDING
    ends = {"lower": float(lower), "upper": float(upper)}
    scores = {name: float(getattr(row, name)) for name in ("baseline", "value", "target")}
    text = voice.say("picture.gap", **ends, **scores)
    if open_:
        text += " " + voice.say("picture.interval", lower=future.lower, upper=future.upper)
    interval = (float(future.lower), float(future.upper)) if open_ else None
    return gap_picture(**ends, **scores, interval=interval, text=text)


def breaks(voice: Voice) -> list[str]:
    """Say which editions do not compare with earlier ones."""
    releases = voice.ds.releases
    breaks = releases.loc[releases["series_break"], "period"]
    return [voice.say("caveat.series_break", period=period) for period in breaks]


def sources(voice: Voice) -> list[str]:
    """List the sources of the plan and of the area's figures, each once."""
    ds, plan = voice.ds, voice.ds.require_plan()
    scores, ranks = ds.official(), ds.official_ranks()
    listed = [
        plan.text("source", voice.language),
        *plan.targets["source"],
        *scores.loc[scores["area"] == plan.area, "source"],
        *ranks.loc[ranks["area"] == plan.area, "source"],
        *ds.releases.sort_values("period")["source"].tail(2),
    ]
    parts = (re.split(r";\s+", entry) for entry in listed if isinstance(entry, str))
    found = (part.strip() for split in parts for part in split)
    return list(dict.fromkeys(filter(None, found)))
