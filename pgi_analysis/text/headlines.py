"""What a page opens with: its title, whose plan it is, and its answer in a sentence or two."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.data import TASK_STATUS
from pgi_analysis.results import Projection, Trend
from pgi_analysis.text.footnotes import biased, few_areas
from pgi_analysis.text.wording import extreme, margin, sum_sentence
from pgi_analysis.text.work import due_report
from pgi_analysis.voice import Voice, likelihood


def title(page: str, voice: Voice) -> str:
    """Name a page, with the area and the quarter; without a dataset by its name alone."""
    if voice.ds is None:
        return voice.say(f"title.{page}")
    index = voice.ds.require_plan().text("index", voice.language)
    quarter = voice.quarter()
    if page == "quarterly_report":
        heading = voice.say("title.quarterly_report", index=index, quarter=quarter)
        return " ".join(f"{heading}: {voice.area}".split())  # an index without a name leaves a gap
    return voice.say("title.of", title=voice.say(f"title.{page}"), area=voice.area, quarter=quarter)


def opening(voice: Voice) -> list[str]:
    """Say whose plan this is and what was known when."""
    plan = voice.ds.require_plan()
    said = voice.say(
        "page.opening",
        agency=plan.text("agency", voice.language),
        title=plan.text("title", voice.language),
    )
    lines = [said]
    if number := plan.text("carries_out.number", voice.language):
        lines.append(
            voice.say(
                "page.carries_out",
                number=number,
                day=voice.day(plan.text("carries_out.issued", voice.language)),
                agency=plan.text("carries_out.agency", voice.language),
            )
        )
    known = voice.say("page.as_of", day=voice.day(voice.ds.vintage), quarter=voice.quarter())
    issued = plan.text("issued", voice.language) or plan.text("carries_out.issued", voice.language)
    if issued and pd.Timestamp(issued).date() > voice.ds.vintage:
        known += " " + voice.say("page.before_plan", day=voice.day(issued))
    return [" ".join(lines), known]


def gap_answer(gaps: pd.DataFrame, voice: Voice) -> list[str]:
    """Answer in a sentence or two whether the targets are met, the composite apart."""
    composites = set(voice.ds.indicators["part_of"].dropna())
    lines = []
    for period, table in gaps.groupby("target_period"):
        parts = table[~table["indicator"].isin(composites)]
        if len(parts):
            lines += _parts_answer(parts, int(period), voice)
        for row in table[table["indicator"].isin(composites)].itertuples():
            lines += _composite_answer(row, voice)
    return lines + doubtful(gaps, voice)


def total_answer(gaps: pd.DataFrame, voice: Voice) -> list[str]:
    """Say how the composites stand."""
    composites = set(voice.ds.indicators["part_of"].dropna())
    rows = gaps[gaps["indicator"].isin(composites)].itertuples()
    return [line for row in rows for line in _composite_answer(row, voice)]


def report_answer(gaps: pd.DataFrame, projection: Projection, voice: Voice) -> list[str]:
    """Answer a report's question: in short, then in a sentence an indicator."""
    composites = set(voice.ds.indicators["part_of"].dropna())
    parts = gaps[~gaps["indicator"].isin(composites)]
    lines = []
    for period, table in parts.groupby("target_period"):
        lines += _parts_answer(table, int(period), voice)[:1]
    made = projection.table.set_index(["indicator", "target_period"])["p_met"]
    own = set(voice.stated(gaps)["indicator"])
    for row in gaps.itertuples():
        p = made[row.indicator, row.target_period]
        lines.append(_one_answer(row, p, voice, stated=row.indicator in own))
    return [*lines, *_rough(projection, voice), *doubtful(gaps, voice)]


def _one_answer(row, p: float, voice: Voice, *, stated: bool) -> str:
    """Say of a target how it ended or how likely it is; a sum nobody promised is said to be one."""
    values = {"name": voice.name(row.indicator), "value": row.value, "target": row.target}
    values |= {"period": row.target_period}
    if row.state in ("met", "missed"):
        if not stated:
            return sum_sentence(row, row.period, voice)
        return voice.say(f"headline.one_{row.state}", **values)
    if pd.isna(p):
        return voice.say("headline.one_unknown", state=voice.say(f"state.{row.state}"), **values)
    said = {"likelihood": likelihood(p, voice), "p": voice.percent(p)}
    values["name"] = voice.aim(row.indicator)
    return voice.say("headline.one" if stated else "headline.one_sum", **values, **said)


def _rough(projection: Projection, voice: Voice) -> list[str]:
    """Say so where probabilities rest on one edition."""
    pending = projection.pending.table
    if not pending["prior_only"].any():
        return []
    high = any(
        biased(name, projection.forecasts[name].scores, voice) for name in pending["indicator"]
    )
    return [voice.say("headline.rough", high=voice.say("headline.rough_high") if high else "")]


def doubtful(gaps: pd.DataFrame, voice: Voice) -> list[str]:
    """Say which scores are doubtful."""
    names = gaps.loc[gaps["status"] == "doubtful", "indicator"]
    return [voice.say("headline.doubtful", names=voice.listed(names))] if len(names) else []


def work_answer(tasks: pd.DataFrame, calendar: pd.DataFrame, voice: Voice) -> list[str]:
    """Say how many tasks have been reported on, and what is due next."""
    lines = []
    if len(tasks):
        reported = int((tasks["status"] != "none").sum())
        states = tasks["status"].value_counts()
        counted = [
            f"{voice.say(f'task.{state}')} {states[state]}"
            for state in TASK_STATUS
            if state in states
        ]
        said = f" ({', '.join(counted)})" if counted else ""
        lines.append(voice.say("headline.work", reported=reported, all=len(tasks), states=said))
    if len(calendar):
        first = calendar.iloc[0]
        what, due = due_report(first, voice), voice.day(first["due"])
        key = "due" if "reporting" in voice.ds.require_plan().about else "due_assumed"
        lines.append(voice.say(f"headline.{key}", what=what, day=due))
    return [" ".join(lines)] if lines else []


def _parts_answer(parts: pd.DataFrame, period: int, voice: Voice) -> list[str]:
    state = parts["state"]
    counts = {"period": period, "all": len(parts), "area": voice.area}
    decided = int(state.isin(["met", "missed"]).sum())
    lines = []
    if decided:
        key = "decided_all" if decided == len(parts) else "decided_some"
        met = int((state == "met").sum())
        lines.append(voice.say(f"headline.{key}", met=met, known=decided, **counts))
    for key in ("unpublished", "not_comparable"):
        if n := int((state == key).sum()):
            lines.append(voice.say(f"headline.{key}", n=n, **counts))
    waiting = parts[state.isin(["open", "reached"])]
    if len(waiting):
        counts["all"] = len(waiting)
        reached = int((waiting["state"] == "reached").sum())
        widest = waiting.loc[waiting["gap"].idxmax()]
        name, short = voice.name(widest["indicator"]), float(widest["gap"])
        key = "reached_all" if reached == len(waiting) else "open_some" if reached else "open"
        lines.append(voice.say(f"headline.{key}", name=name, gap=short, reached=reached, **counts))
    if (state == "no_observation").all():
        lines.append(voice.say("headline.nothing", **counts))
    return lines


def _composite_answer(row, voice: Voice) -> list[str]:
    if row.state not in ("met", "missed", "open", "reached"):
        return []
    stated = row.indicator in set(voice.ds.require_plan().targets["indicator"])
    said = voice.say(
        f"headline.{'total' if stated else 'sum'}_{row.state}",
        value=row.value,
        target=row.target,
        gap=float(row.gap),
        latest=row.period,
        period=row.target_period,
        margin=margin(row, voice),
    )
    published = row.status == "published"
    return [said] if published else [said, voice.say("headline.derived", area=voice.area)]


def trend_answer(found: Trend, voice: Voice) -> list[str]:
    """Say in a sentence or two how the area moved, or why that cannot be told."""
    if found.moves.empty:
        key = "trend_one" if (found.table["n_obs"] > 0).any() else "trend_none"
        return [voice.say(f"answer.{key}", area=voice.area)]
    newest = found.moves["to_period"].max()
    last = found.moves[found.moves["to_period"] == newest]
    counts = {"from_period": last["from_period"].max(), "to_period": newest, "all": len(last)}
    rose = int((last["change"] > 0).sum())
    lines = [voice.say("answer.trend", area=voice.area, rose=rose, **counts)]
    own = last["own_move"].dropna()
    if len(own) and (count := few_areas(found, voice)):
        lines.append(voice.say("answer.trend_few", area=voice.area, count=count))
    elif len(own):
        more = int((own > 0).sum())
        lines.append(voice.say("answer.trend_own", own=more, known=len(own)))
    return lines


def projection_answer(found: Projection, voice: Voice) -> list[str]:
    """Say in a sentence how many targets are likely to be met, or how they ended."""
    table, lines = voice.stated(found.table), []
    decided = table[table["reason"] == "decided"]
    open_ = table.loc[table["reason"] == "", "p_met"]
    if len(decided) == 1:
        state = voice.say("state.met" if decided["p_met"].iloc[0] == 1 else "state.missed")
        lines.append(voice.say("answer.projection_decided_one", state=state))
    elif len(decided):
        key = "projection_decided" if len(decided) == len(table) else "projection_some"
        met = int(decided["p_met"].sum())
        counts = {"all": len(decided), "met": met, "missed": len(decided) - met}
        lines.append(voice.say(f"answer.{key}", **counts))
    if len(open_):
        shown = open_.astype(float).round(2)  # as written, so that the counts agree with the table
        likely, unlikely = int((shown >= 0.66).sum()), int((shown < 0.33).sum())
        counts = {"likely": likely, "unlikely": unlikely, "even": len(open_) - likely - unlikely}
        if len(table) > 1:
            all_low, all_high = unlikely == len(open_), likely == len(open_)
            key = "projection_low" if all_low else "projection_high" if all_high else "projection"
            lines.append(voice.say(f"answer.{key}", all=len(open_), **counts))
        lines += likelihood_range(found, voice)
    return lines or [voice.say("answer.projection_none")]


def likelihood_range(found: Projection, voice: Voice) -> list[str]:
    """Say the highest and the lowest probability of the targets still open."""
    open_ = voice.stated(found.pending.table)
    if open_.empty:
        return []
    best, best_names = extreme(open_, voice, best=True)
    worst, worst_names = extreme(open_, voice, best=False)
    if best == worst:
        return [voice.say("answer.projection_one", best=best)]
    said = {"best": best, "worst": worst, "best_name": best_names, "worst_name": worst_names}
    return [voice.say("answer.projection_range", **said)]
