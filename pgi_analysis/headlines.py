"""What a page opens with: its title, whose plan it is, and its answer in a sentence or two."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.projection import Projection
from pgi_analysis.trends import Trend
from pgi_analysis.voice import Voice


def title(page: str, voice: Voice) -> str:
    """Name a page, with the area and the quarter."""
    index = voice.ds.require_plan().text("index", voice.language)
    quarter = voice.quarter()
    if page == "quarterly_report":
        heading = voice.say("title.quarterly_report", index=index, quarter=quarter)
        return f"{heading}: {voice.area}"
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
    """Answer in a sentence or two whether the targets are met."""
    composites = set(voice.ds.indicators["part_of"].dropna())
    lines = []
    for period, table in gaps.groupby("target_period"):
        parts = table[~table["indicator"].isin(composites)]
        decided = parts[parts["state"].isin(["met", "missed"])]
        counts = {"period": period, "all": len(parts), "area": voice.area}
        met = int((decided["state"] == "met").sum())
        if len(parts) == 0:
            lines.append(voice.say("headline.no_parts"))
        elif len(decided) == len(parts):
            lines.append(voice.say("headline.decided_all", met=met, **counts))
        elif len(decided):
            lines.append(voice.say("headline.decided_some", met=met, known=len(decided), **counts))
        else:
            lines.append(_open_answer(parts, counts, voice))
        for row in table[table["indicator"].isin(composites)].itertuples():
            if row.state in ("met", "missed"):
                key = f"headline.total_{row.state}"
                lines.append(voice.say(key, value=row.value, target=row.target))
    doubtful = int((gaps["status"] == "doubtful").sum())
    if doubtful:
        lines.append(voice.say("headline.doubtful", n=doubtful, all=len(gaps)))
    return lines


def _open_answer(parts: pd.DataFrame, counts: dict[str, object], voice: Voice) -> str:
    seen = parts.dropna(subset=["value"])
    if seen.empty:
        return voice.say("headline.nothing", **counts)
    widest = seen.loc[seen["gap"].idxmax()]
    reached = int((seen["state"] == "reached").sum())
    key = "reached_all" if reached == len(parts) else "open_some" if reached else "open"
    return voice.say(
        f"headline.{key}",
        latest=seen["period"].max(),
        name=voice.name(widest["indicator"]),
        gap=float(widest["gap"]),
        reached=reached,
        **counts,
    )


def trend_answer(found: Trend, voice: Voice) -> list[str]:
    """Say in a sentence how the area moved, or why that cannot be told."""
    if found.moves.empty:
        key = "trend_one" if (found.table["n_obs"] > 0).any() else "trend_none"
        return [voice.say(f"answer.{key}", area=voice.area)]
    last = found.moves.drop_duplicates("indicator", keep="last")
    return [
        voice.say(
            "answer.trend",
            area=voice.area,
            from_period=last["from_period"].max(),
            to_period=last["to_period"].max(),
            rose=int((last["change"] > 0).sum()),
            own=int((last["own_move"] > 0).sum()),
            all=len(last),
        )
    ]


def projection_answer(found: Projection, voice: Voice) -> list[str]:
    """Say in a sentence how many targets are likely to be met, or how they ended."""
    table, lines = found.table, []
    decided = table[table["reason"] == "decided"]
    open_ = table.loc[table["reason"] == "", "p_met"]
    if len(decided):
        key = "projection_decided" if len(decided) == len(table) else "projection_some"
        met = int(decided["p_met"].sum())
        counts = {"all": len(decided), "met": met, "missed": len(decided) - met}
        lines.append(voice.say(f"answer.{key}", **counts))
    if len(open_):
        likely, unlikely = int((open_ >= 0.66).sum()), int((open_ < 0.33).sum())
        counts = {"likely": likely, "unlikely": unlikely, "even": len(open_) - likely - unlikely}
        if len(table) > 1:
            lines.append(voice.say("answer.projection", all=len(open_), **counts))
        lines += likelihood_range(found, voice)
    return lines or [voice.say("answer.projection_none")]


def likelihood_range(found: Projection, voice: Voice) -> list[str]:
    """Say the highest and the lowest probability of the targets still open."""
    open_ = found.table[found.table["reason"] == ""]
    if open_.empty:
        return []
    best, worst = open_.loc[open_["p_met"].idxmax()], open_.loc[open_["p_met"].idxmin()]
    said = {"best": voice.percent(best["p_met"]), "worst": voice.percent(worst["p_met"])}
    said |= {"best_name": voice.name(best["indicator"])}
    said |= {"worst_name": voice.name(worst["indicator"])}
    key = "projection_range" if len(open_) > 1 else "projection_one"
    return [voice.say(f"answer.{key}", **said)]
