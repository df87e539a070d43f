"""A report as a whole: its title, its answer from several results, its sources."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from pgi_analysis.charts import Picture, gap_picture
from pgi_analysis.language import DASH, capital, small
from pgi_analysis.results import (
    DECIDED,
    PENDING,
    Gap,
    Parent,
    Projection,
    Ranks,
    Tasks,
    Trend,
    predecessors,
)
from pgi_analysis.text import area, gap, parent, projection, ranks, tables, tasks, trend
from pgi_analysis.voice import Goal, Voice, bracketed

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
        return voice.say("title.quarterly_report", plan=short_title(voice), quarter=quarter)
    return voice.say("title.of", title=voice.say(f"title.{page}"), area=voice.area, quarter=quarter)


def about(page: str, voice: Voice) -> str:
    """Say what a page is about."""
    yearly = voice.ds is not None and voice.ds.require_plan().reporting.yearly
    own = {"quarterly_report": "annual_report"} if yearly else {}
    return voice.say(f"about.{own.get(page, page)}")


def short_title(voice: Voice) -> str:
    """Name the plan without its years, which would be taken for those reported on."""
    own = voice.ds.require_plan().text("title", voice.language)
    if not own:
        return voice.say("page.targets_of", area=voice.area)
    short = re.sub(YEARS[voice.language], "", own)
    return _of_area(short if len(short.split()) > LEAST_WORDS else own, voice)


def _of_area(title: str, voice: Voice) -> str:
    """Name the area behind the title of a plan for many, of which each may be called so."""
    plan = voice.ds.require_plan()
    area = voice.bare(plan.area)
    return f"{title}, {area}" if title and plan.family and area not in title else title


def folder_title(voice: Voice) -> str:
    """Name the folder of a report."""
    about = {"area": voice.area, "quarter": voice.report()}
    if not voice.index:
        return voice.say("index.title_plain", **about)
    return voice.say("index.title", index=voice.index, **about)


def plan_title(voice: Voice) -> str:
    """Name the plan: its area, its index, and its own title."""
    plan = voice.ds.require_plan()
    whose = " ".join(filter(None, [voice.index, voice.bare(voice.area)]))
    return ": ".join(filter(None, [whose, plan.text("title", voice.language)]))


def early(voice: Voice) -> list[str]:
    """Say so where a report's cut-off lies before its plan was issued."""
    plan = voice.ds.require_plan()

    def text(key: str) -> str:
        return plan.text(key, voice.language)

    issued, number = text("issued"), "" if text("issued") else text("carries_out.number")
    issued = issued or text("carries_out.issued")
    if not issued or pd.Timestamp(issued).date() <= voice.ds.vintage:
        return []
    key = "before_parent" if number else "before_plan"
    return [voice.say(f"page.{key}", number=number, day=issued)]


def opening(voice: Voice, *, leads: bool = False) -> list[str]:
    """Say which plan is carried out by whom, in a sentence, and what was known when.

    The sentence that `leads` into the report ends as a report's does; it is empty where it would
    say no more than the title.
    """
    plan = voice.ds.require_plan()

    def text(key: str) -> str:
        return plan.text(key, voice.language)

    group = "carries_out." if text("carries_out.number") or text("carries_out.title") else ""
    about = {"what": document(group, voice), "quarter": voice.report()}
    if agency := voice.agency():
        said = voice.say(
            f"page.{'carries_out' if leads else 'carried_out'}", agency=agency, **about
        )
    else:
        untold = leads and not any(map(text, ("title", "number", "carries_out.title", group)))
        said = "" if untold else voice.say("page.reported", **about)
    known = voice.say("page.as_of", day=voice.ds.vintage, quarter=voice.ds.quarter)
    return [said, " ".join([known, *early(voice)])]


def standing(voice: Voice, *, agencies: bool = True) -> list[str]:
    """Say what has become of the plan, its area and its agencies, where something has."""
    ended = voice.ended_agencies() if agencies else {}
    return [
        *area.answer(predecessors(voice.ds), voice),
        *_replaced(voice),
        *(voice.say("caveat.agency", agency=one, day=day) for one, day in ended.items()),
    ]


def _replaced(voice: Voice) -> list[str]:
    """Name the plan that has replaced this one."""
    if not voice.ds.require_plan().text("replaced_by.title", voice.language):
        return []
    return [voice.say("page.replaced", document=document("replaced_by.", voice))]


def document(group: str, voice: Voice, *, unknown: str = "") -> str:
    """Cite a plan as Decree 30/2020/NĐ-CP asks: kind, number, date, issuer, subject.

    Parameters
    ----------
    group : str
        Empty for the plan itself, whose issuer is the one who reports; ``carries_out.`` for the
        plan that it carries out.
    unknown : str
        Stands for the number of a plan with a title that has none.
    """
    plan = voice.ds.require_plan()

    def text(key: str) -> str:
        return plan.text(group + key, voice.language)

    title, kind = text("title"), voice.say("page.plan")
    title = title if group else _of_area(title, voice)
    numbers = filter(None, [text("number") or (title and unknown)])
    said = [voice.say("page.number", number=number) for number in numbers]
    said += [voice.say("page.dated", day=day) for day in filter(None, [text("issued")]) if said]
    said += [voice.say("page.by", agency=who) for who in filter(None, [text("agency")]) if group]
    if not said and not title:
        return voice.say("page.targets_of", area=voice.area)
    if not said or not title:
        return " ".join([title or kind, *said])
    if not title.startswith(f"{kind} "):
        return voice.say("page.titled", title=title, document=" ".join(said))
    subject = title.removeprefix(f"{kind} ").removeprefix(voice.say("page.subject", subject=""))
    return " ".join([kind, *said, voice.say("page.subject", subject=subject)])


def answer(
    gaps: Gap,
    projected: Projection,
    aims: Ranks,
    above: Parent,
    moved: Trend,
    work: Tasks,
    voice: Voice,
) -> list[str]:
    """Answer a report's question: year by year in short, then the plan above, and the tasks.

    The probability of a target stands in the table that follows, and not here as well, but where a
    plan has targets on ranks alone.
    """
    lines = [*gap.headlines(gaps, voice), *gap.total(gaps, voice)]
    told = aims.table if gaps.table.empty else aims.table[~aims["state"].isin(PENDING)]
    lines += [ranks.told(row, voice) for row in told.itertuples()]
    lines += projection.jointly(projected, voice)
    aimed = parent.answer(above, voice)
    lines += [*aimed, *(trend.national(moved, voice) if aimed else [])]
    lines += [*projection.rough(projected, voice), *gap.doubtful(gaps, voice)]
    if gaps.over and aims.over and not voice.ds.beyond(voice.ds.calendar.on(voice.ds.due_day)):
        newest = voice.ds.calendar.write(voice.ds.releases)["period"].max()
        last = max([*gaps.years, *aims.years])
        lines.append(voice.say("headline.over", period=last, newest=newest))
    done = tasks.counted(work, voice)
    return [*lines, done] if done else lines


def rows(
    gaps: Gap, projected: Projection, aims: Ranks, voice: Voice
) -> Iterator[tuple[Any, dict[str, object]]]:
    """Go through the targets, those on ranks last: a row of results, and what is written of it.

    Of a target on a score the row is that of the projection, with the state of the gap.
    """
    scaled = _scaled(voice)
    mixed = len(gaps["period"].dropna().unique()) > 1  # then no heading tells of when a figure is
    for row, future in zip(gaps.table.itertuples(), projected.table.itertuples(), strict=True):
        decided = row.state in DECIDED or pd.isna(future.p_met)
        own = voice.on(future)
        yield (
            future._replace(state=row.state),
            {
                "indicator": voice.row(row.indicator) if row.stated else voice.aim(row),
                "picture": _picture(row, future, scaled.get(row.indicator), own),
                "value_of": tables.score(row, own, dated=mixed),
                "target": tables.target(row, own),
                "gap": tables.gap(row.gap, gap.turned(row), own),
                "told": own.state(row.state, stated=row.stated)
                if decided
                else own.outlook(future.p_met),
            },
        )
    for row, own in tables.each(aims.table, voice):
        yield (
            row,
            {
                "indicator": voice.say("ranks.row", name=small(voice.name(row.indicator))),
                "picture": DASH,
                "value_of": ranks.cell(row, voice),
                "target": ranks.short_goal(row, voice),
                "gap": DASH,
                "told": voice.state(row.state)
                if row.state not in PENDING
                else own.outlook(row.p_met),
            },
        )


def on_rank(row) -> bool:
    """Tell whether a row of results is of a target on a rank."""
    return hasattr(row, "n_areas") and hasattr(row, "best")


def place(row) -> str:
    """Name the row of a target on the opening page, for links to it."""
    kind = "rank" if on_rank(row) else "target"
    return re.sub(r"\s+", "-", f"{kind}-{row.indicator}-{row.target_period}")


def table(gaps: Gap, projected: Projection, aims: Ranks, voice: Voice) -> pd.DataFrame:
    """Write each target in one row, with a picture of the gap where one can be drawn.

    Targets on ranks come last.
    """
    if gaps.table.empty:
        return ranks.table(aims, voice)
    over = gaps["state"].isin(DECIDED).all() and aims["state"].isin(DECIDED).all()
    written = [cells for _, cells in rows(gaps, projected, aims, voice)]
    end = {"told": "state" if over else "p_met"}
    if not any(isinstance(cells["picture"], Picture) for cells in written):  # nothing to draw
        end["picture"] = ""
    written = [
        {key: cell for name, cell in cells.items() if (key := end.get(name, name))}
        for cells in written
    ]
    periods = gaps["period"].dropna().unique()
    year = periods[0] if len(periods) == 1 else ""
    return tables.frame(written, voice, period=year).rename(columns=str.strip)


def note(projected: Projection, voice: Voice) -> str:
    """Explain the pictures."""
    scaled = _scaled(voice)
    own = {indicator in scaled for indicator in voice.ds.require_plan().targets["indicator"]}
    span = "both" if len(own) > 1 else "whole" if True in own else "own"
    key = "note" if len(projected.pending.table) else "note_decided"
    return voice.say(f"picture.{key}", level=projected.level, span=voice.say(f"picture.{span}"))


def _scaled(voice: Voice) -> dict[str, tuple[float, float]]:
    """Return the ends of the scale of each indicator that has both."""
    known = voice.ds.indicators.dropna(subset=["lower", "upper"])
    ends = zip(known["indicator"], known["lower"], known["upper"], strict=True)
    return {str(name): (float(low), float(high)) for name, low, high in ends if low < high}


def _picture(row, future, scale: tuple[float, float] | None, voice: Voice) -> Picture | str:
    """Draw baseline, score, target and what is projected, on the scale or the span of these.

    A dash where there is no scale, and no two figures that differ.
    """
    open_ = future.state in PENDING
    scores = {name: float(getattr(row, name)) for name in ("baseline", "value", "target")}
    interval = (float(future.lower), float(future.upper)) if open_ else None
    figures = [*scores.values(), float(row.target_upper), *(interval or ())]
    known = [figure for figure in figures if math.isfinite(figure)]
    lower, upper = scale or (min(known), max(known))
    if lower >= upper:
        return DASH
    ends = {"lower": lower, "upper": upper}
    told = scores | {"target": Goal.of(row)}
    text = voice.say("picture.gap" if scale else "picture.gap_own", **ends, **told)
    scores["target_upper"] = float(row.target_upper)
    if open_:
        text += " " + voice.say("picture.interval", lower=future.lower, upper=future.upper)
    return gap_picture(**ends, **scores, interval=interval, text=text)


def of_period(period: object) -> str:
    """Name a period in the name of a table, which is a file's too: 03/2025 is 03-2025.

    Examples
    --------
    >>> of_period(2025), of_period("03/2025")
    ('2025', '03-2025')
    """
    return re.sub(r"[^\w.]+", "-", str(period))


def _target_periods(voice: Voice) -> dict[str, object]:
    """Return the target periods of the plan by what tables are named after."""
    plan, write = voice.ds.require_plan(), voice.calendar.period
    known = {*plan.targets["target_period"], *plan.rank_targets["target_period"]}
    return {of_period(write(number)): write(number) for number in known}


def caption(name: str, voice: Voice) -> str:
    """Caption a table by its name, with the target year where it is on one of several."""
    stem, _, year = name.partition("-")
    year = year and _target_periods(voice).get(year, year)
    key = f"caption.{stem}"
    said = voice.say(key, unit=bracketed(voice.unit)) if voice.knows(key) else stem
    return voice.say("page.of_year", text=said, year=year) if year else said


def breaks(voice: Voice) -> list[str]:
    """Say which editions do not compare with earlier ones."""
    releases = voice.ds.calendar.write(voice.ds.releases)
    breaks = releases.loc[releases["series_break"], "period"]
    return [voice.say("caveat.series_break", period=period) for period in breaks]


def sources(voice: Voice) -> list[str]:
    """List the sources of the plan and of the area's figures, each once."""
    ds, plan = voice.ds, voice.ds.require_plan()
    scores, ranks = ds.official(), ds.official_ranks()
    listed = [
        plan.text("source", voice.language),
        *plan.targets["source"],
        *plan.rank_targets["source"],
        *(plan.parent.rank_targets["source"] if plan.parent else ()),
        *(plan.parent.targets["source"] if plan.parent else ()),
        *scores.loc[scores["area"] == plan.area, "source"],
        *ranks.loc[ranks["area"] == plan.area, "source"],
        *ds.releases.sort_values("period")["source"].tail(2),
    ]
    parts = (re.split(r";\s+", entry) for entry in listed if isinstance(entry, str))
    found = (part.strip() for split in parts for part in split)
    named = (capital(part) if " " in part and "://" not in part else part for part in found)
    return list(dict.fromkeys(filter(None, named))) or [voice.say("page.no_source")]
