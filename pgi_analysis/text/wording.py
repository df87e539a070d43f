"""From a row of a table to a sentence, in the language of the reader.

Sentences are made here and nowhere else, and here alone are numbers rounded. Functions take a
result and a `Voice`, and return plain text: whoever shows it escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from pgi_analysis.results import Projection, Scenario, Scorecard, Trend, needed_rise
from pgi_analysis.voice import Voice, likelihood


def gap_sentences(gaps: pd.DataFrame, voice: Voice) -> list[str]:
    """Say of each target how far it is."""
    return [_gap_sentence(row, voice) for row in gaps.itertuples()]


def sum_sentence(row, period: object, voice: Voice) -> str:
    """Say how a sum that the plan does not promise stands."""
    values = {"name": voice.aim(row.indicator), "value": row.value, "target": row.target}
    return voice.say("headline.one_sum_known", period=period, margin=margin(row, voice), **values)


def _is_sum(indicator: str, voice: Voice) -> bool:
    return indicator not in set(voice.ds.require_plan().targets["indicator"])


def _gap_sentence(row, voice: Voice) -> str:
    known = row.state in ("met", "missed", "reached", "open")
    if known and _is_sum(row.indicator, voice):
        return sum_sentence(row, row.period, voice)
    values = {"name": voice.name(row.indicator), "area": voice.area}
    values |= {n: getattr(row, n) for n in ("value", "period", "target", "target_period")}
    values |= {"gap": float(row.gap), "pace": "", "progress": ""}
    if row.state == "open" and row.target_period - row.period > 1:
        turn = voice.say("gap.up" if row.required_pace > 0 else "gap.down")
        values["pace"] = voice.say("gap.open_pace", direction=turn, pace=abs(row.required_pace))
    if row.state == "met":
        values["margin"] = margin(row, voice)
    if row.state == "missed" and pd.notna(row.progress):
        back = row.direction * (row.value - row.baseline) < 0
        if back or 0 <= row.progress < 1:
            key = "gap.missed_back" if back else "gap.missed_progress"
            share = voice.share(row.progress)
            values["progress"] = voice.say(key, progress=share, baseline=row.baseline)
    return voice.say(f"gap.{row.state}", **values)


def margin(row, voice: Voice) -> str:
    """Say on which side of the target a score lies, and how far."""
    difference = row.value - row.target
    side = "above" if difference > 0 else "below" if difference < 0 else "equal"
    return voice.say(f"gap.{side}", margin=float(abs(difference)))


def trend_sentences(found: Trend, voice: Voice) -> list[str]:
    """Say of each indicator how it moved, or that no trend can be told."""
    lines = []
    for row in found.table.itertuples():
        name = voice.name(row.indicator)
        moves = found.moves[found.moves["indicator"] == row.indicator]
        if row.n_obs == 0:
            lines.append(voice.say("trend.none", name=name))
        elif row.n_obs == 1:
            lines.append(
                voice.say(
                    "trend.one",
                    name=name,
                    period=row.last_period,
                    value=row.value,
                    area=voice.area,
                    place=row.place,
                    n_known=row.n_known,
                    rank=_published_rank(row.indicator, row.last_period, voice),
                )
            )
        else:
            line = _move_sentence(name, moves.iloc[-1], found.level, voice)
            if pd.notna(row.pace_lower):
                line += " " + voice.say(
                    "trend.pace",
                    n_obs=row.n_obs,
                    level=voice.percent(found.level),
                    pace=voice.points(row.pace, sign=True),
                    lower=voice.points(row.pace_lower, sign=True),
                    upper=voice.points(row.pace_upper, sign=True),
                )
            place = {"place": row.place, "n_known": row.n_known, "period": row.last_period}
            place["rank"] = _published_rank(row.indicator, row.last_period, voice)
            lines.append(line + " " + voice.say("trend.place", **place))
    return lines


def _published_rank(indicator: str, period: object, voice: Voice) -> str:
    """Say the rank that was published, which the place among known areas is not."""
    ranks = voice.ds.official_ranks()
    own = ranks[(ranks["area"] == voice.area) & (ranks["indicator"] == indicator)]
    known = own.loc[own["period"] == period, "rank"]
    if known.empty:
        return ""
    return voice.say("trend.rank", rank=int(known.iloc[0]), all=len(voice.ds.provinces))


def _move_sentence(name: str, move: pd.Series, level: float, voice: Voice) -> str:
    alone = move["n_areas"] < 2
    interval = ""
    if pd.notna(move["common_lower"]):
        bounds = {
            side: voice.points(move[f"common_{side}"], sign=True) for side in ("lower", "upper")
        }
        interval = voice.say("trend.interval", level=voice.percent(level), **bounds)
    return voice.say(
        "trend.move_alone" if alone else "trend.move",
        name=name,
        area=voice.area,
        from_period=move["from_period"],
        to_period=move["to_period"],
        change=_changed(move["change"], voice),
        n_areas=move["n_areas"],
        common=voice.points(move["common_move"], sign=True) + interval,
        own=voice.points(move["own_move"], sign=True),
    )


def _changed(change: float, voice: Voice) -> str:
    rounded = round(change, 2)
    key = "trend.rose" if rounded > 0 else "trend.fell" if rounded < 0 else "trend.same"
    return voice.say(key, change=abs(float(rounded)))


def national_sentences(voice: Voice) -> list[str]:
    """Say how the score at a published rank moved between comparable editions."""
    segments = voice.ds.segments()
    table = voice.ds.national.query("statistic == 'value_at_rank'").sort_values("period")
    lines = []
    for (indicator, rank), group in table.groupby(["indicator", "rank"]):
        group = group[group["period"].map(segments) == segments.iloc[-1]]
        if len(group) < 2:
            continue
        first, last = group.iloc[-2], group.iloc[-1]
        key = "trend.national" if last["value"] >= first["value"] else "trend.national_down"
        lines.append(
            voice.say(
                key,
                rank=rank,
                name=voice.name(indicator),
                start=float(first["value"]),
                end=float(last["value"]),
                from_period=first["period"],
                to_period=last["period"],
                change=_changed(last["value"] - first["value"], voice),
            )
        )
    return lines


def projection_sentences(found: Projection, voice: Voice) -> list[str]:
    """Say of each target how likely it is to be met."""
    lines = []
    for row in found.table.itertuples():
        values = {"name": voice.name(row.indicator), "area": voice.area, "target": row.target}
        values |= {"target_period": row.target_period}
        if row.reason == "decided" and _is_sum(row.indicator, voice):
            lines.append(sum_sentence(row, row.target_period, voice))
        elif row.reason == "decided":
            key = "decided_met" if row.p_met == 1 else "decided_missed"
            lines.append(voice.say(f"projection.{key}", value=row.value, **values))
        elif row.reason:
            lines.append(voice.say(f"projection.{row.reason}", **values))
        else:
            values |= {n: getattr(row, n) for n in ("median", "lower", "upper")}
            values |= {"p": voice.percent(row.p_met), "level": voice.percent(found.level)}
            likely = likelihood(row.p_met, voice)
            key = "open_sum" if _is_sum(row.indicator, voice) else "open"
            values["name"] = voice.aim(row.indicator)
            line = voice.say(f"projection.{key}", likelihood=likely, **values)
            if row.target_period - row.origin > 1:
                by = voice.percent(row.p_met_by)
                line += " " + voice.say("projection.by", target_period=row.target_period, p=by)
            lines.append(line)
    return lines


def reason_sentences(found: Projection, voice: Voice, *, p: float = 0.8) -> list[str]:
    """Say what makes each projection, what could be promised, and what the target would take."""
    pending = found.pending
    could = pending.attainable(p)["attainable"]
    takes = needed_rise(found, p=p)["needed_rise"]
    lines = []
    for row, value, rise in zip(pending.table.itertuples(), could, takes, strict=True):
        said = {"p": voice.percent(p)}
        key = "needed_never" if pd.isna(rise) else "needed" if rise else "needed_none"
        explained = voice.say(
            "projection.explain",
            name=voice.name(row.indicator),
            value=row.value,
            median=row.median,
            common=voice.points(row.common_part, sign=True),
            own=voice.points(row.own_part, sign=True),
        )
        could_be = voice.say("projection.attainable", value=float(value), **said)
        turn = voice.say("gap.up" if row.direction > 0 else "gap.down")
        would = voice.say(f"projection.{key}", turn=turn, rise=voice.points(abs(rise)), **said)
        lines.append(joined([explained, could_be, would]))
    return lines


def extreme(open_: pd.DataFrame, voice: Voice, *, best: bool) -> tuple[str, str]:
    """Give the highest or lowest probability as it is written, and all indicators that have it."""
    shown = open_["p_met"].map(voice.percent)
    at = open_["p_met"].idxmax() if best else open_["p_met"].idxmin()
    return shown[at], voice.listed(open_.loc[shown == shown[at], "indicator"])


def apart_sentences(found: Projection, voice: Voice) -> list[str]:
    """Say why a projected total differs from the sum of its projected parts, where it does."""
    table = found.pending.table
    lines = []
    for whole, weights in found.weights.items():
        parts = table[table["indicator"].isin(weights)]
        total = table.loc[table["indicator"] == whole, "median"]
        if len(total) != 1 or len(parts) < len(weights):
            continue
        summed = float((parts["median"] * parts["indicator"].map(weights)).sum())
        if voice.points(summed) != voice.points(total.iloc[0]):
            lines.append(voice.say("projection.total_apart", sum=summed))
    return lines


def joint_sentences(found: Projection, voice: Voice) -> list[str]:
    """Say how likely it is that all targets are met together."""
    open_periods = set(found.pending.table["target_period"])
    return [
        voice.say(
            "projection.joint",
            n=row.n_targets,
            p_all=voice.percent(row.p_all),
            p_none=voice.percent(row.p_none),
            expected=voice.points(row.expected),
        )
        for row in found.joint().table.itertuples()
        if row.n_targets > 1 and row.target_period in open_periods
    ]


def scenario_sentence(found: Scenario, voice: Voice) -> str:
    """Say what is assumed."""
    move = found.common_move
    common = "scenario.common_projected" if move is None else "scenario.common"
    return voice.say(
        "scenario.assumed",
        common=voice.say(common, move="" if move is None else voice.points(move, sign=True)),
        rise=voice.points(found.own_rise, sign=True),
        success=voice.percent(found.success),
    )


def scorecard_sentences(found: Scorecard, voice: Voice) -> list[str]:
    """Say how each model would have done, from what was known before the outcome."""
    table = voice.stated(found.table)
    if table.empty:
        return [voice.say("scorecard.none")]
    level = voice.percent(found.level)
    lines = [
        voice.say(
            "scorecard.summary",
            period=period,
            day=voice.day(day),
            model=voice.say(f"column.{model}").lower(),
            inside=int(group["inside"].sum()),
            all=len(group),
            level=level,
            expected=level,
        )
        for (period, day, model), group in table.groupby(
            ["target_period", "as_of", "model"], sort=False
        )
        if model == "panel"
    ]
    return [*lines, voice.say("scorecard.few")]


def joined(sentences: Iterable[str]) -> str:
    """Join sentences to a paragraph."""
    return " ".join(sentences)
