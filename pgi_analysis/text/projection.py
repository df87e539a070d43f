"""Where scores are heading, and how likely each target is to be met."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pgi_analysis.data import official_national
from pgi_analysis.evaluation import ANEW, merger_records, series_records
from pgi_analysis.language import DASH, small
from pgi_analysis.panel import family_named
from pgi_analysis.results import (
    DECIDED,
    NOT_COMPARABLE,
    PENDING,
    SHARES,
    Projection,
    needed_rise,
    own_rises,
)
from pgi_analysis.text import backtest, tables
from pgi_analysis.text.backtest import LEVEL
from pgi_analysis.text.gap import summed, turned
from pgi_analysis.text.trend import span
from pgi_analysis.voice import Goal, Voice

#: cautions that have a sentence, in the order in which they are said
CAUTIONS = (
    *("own_history", "few_periods", "carried", "selective", "trend", "trending"),
    *("log_scale", "odds_scale"),
    *("shock_driven", "beyond_zero", "self_assessed", "new_area", "known_total"),
)
#: those that name their indicators
NAMED = ("carried", "known_total", "selective", "trend", "log_scale", "odds_scale")


def answer(found: Projection, voice: Voice) -> list[str]:
    """Say in a sentence how many targets are likely to be met, or how they ended, year by year."""
    return tables.by_year(found, voice, _answer) or [voice.say("answer.projection_none")]


def _answer(found: Projection, voice: Voice) -> list[str]:
    table, lines = found.table[found["stated"]], []
    decided = table["state"].isin(DECIDED)
    met = int((table["state"] == "met").sum())
    if decided.sum() == 1:
        state = voice.say(f"state.{table.loc[decided, 'state'].iloc[0]}")
        lines.append(voice.say("answer.projection_decided_one", state=state))
    elif decided.any():
        key = "projection_decided" if decided.all() else "projection_some"
        n = int(decided.sum())
        lines.append(voice.say(f"answer.{key}", all=n, met=met, missed=n - met))
    open_ = table[table["state"].isin(PENDING)]
    if len(open_):  # counted as they are written, so that the counts agree with the table
        shown = [voice.on(row).shown(row.p_met) for row in open_.itertuples()]
        likely, unlikely = sum(p >= 0.66 for p in shown), sum(p < 0.33 for p in shown)
        counts = {"likely": likely, "unlikely": unlikely, "even": len(open_) - likely - unlikely}
        if len(table) > 1:
            said = [voice.say(f"answer.n_{key}", n=n) for key, n in counts.items() if n]
            every = max(counts.values()) == len(open_)
            key = f"projection_{max(counts, key=counts.__getitem__)}" if every else "projection"
            lines.append(voice.say(f"answer.{key}", all=len(open_), counts=", ".join(said)))
        lines += _range(found, voice)
    return lines


def headline(found: Projection, voice: Voice) -> list[str]:
    """Say in a paragraph what the result shows."""
    return [" ".join(answer(found, voice))]


def _range(found: Projection, voice: Voice) -> list[str]:
    """Say the highest and the lowest probability of the targets still open."""
    open_ = found.pending.table
    open_ = open_[open_["stated"]]
    (best, best_names), (worst, worst_names) = (_extreme(open_, voice, end) for end in (max, min))
    if best == worst:
        return [voice.say("answer.projection_one", best=best)]
    names = {"best_name": best_names, "worst_name": worst_names}
    return [voice.say("answer.projection_range", best=best, worst=worst, **names)]


def _extreme(open_: pd.DataFrame, voice: Voice, end) -> tuple[str, list[str]]:
    """Return the highest or lowest probability as written, and all indicators that have it."""
    written = {row: voice.on(row).chance(row.p_met) for row in open_.itertuples()}
    p = written[end(written, key=lambda row: row.p_met)]
    return p, [row.indicator for row, said in written.items() if said == p]


def sentences(found: Projection, voice: Voice) -> list[str]:
    """Say of each target how likely it is to be met."""
    return [_sentence(row, found, voice) for row in found.table.itertuples()]


def _sentence(row, found: Projection, voice: Voice) -> str:
    voice = voice.on(row)
    values = {"name": tables.named(row, found.table, voice), "level": found.level}
    values |= row._asdict() | {"target": Goal.of(row)}
    if row.state in DECIDED:
        if not row.stated:
            return summed(row, row.target_period, voice)
        return voice.say(f"projection.decided_{row.state}", **values)
    if row.state == "nowcast":
        known = found.forecasts[row.indicator].scores[int(row.target_period)]
        values |= {"name": voice.aim(row), "out": int(known.notna().sum())}
        return voice.say("projection.nowcast", **values)
    if row.state not in PENDING:
        ended = row.state == NOT_COMPARABLE and voice.beyond(row.target_period)
        return voice.say("projection.ended" if ended else f"projection.{row.state}", **values)
    key = "projection.open" if row.stated else "projection.open_sum"
    said = [voice.say(key, **values | {"name": voice.aim(row)})]
    if row.target_period - row.origin > 1 and row.p_met_by < 1:  # else it has been met already
        said.append(voice.say("projection.by", **values))
    return " ".join(said)


def reasons(found: Projection, voice: Voice, p: float = 0.8) -> list[str]:
    """Say what makes each projection, what could be promised, and what the target would take."""
    pending = found.pending
    could = pending.attainable(p)["attainable"]
    takes = needed_rise(found, p=p)["needed_rise"]
    lines = []
    rows = tables.each(pending.table, voice)
    for (row, own), value, rise in zip(rows, could, takes, strict=True):
        if pd.notna(row.target_upper):  # more is not better: neither level nor rise would help
            continue
        key = "needed_never" if pd.isna(rise) else "needed" if rise else "needed_none"
        up = row.direction > 0
        side = voice.say("gap.higher" if up else "gap.lower")
        known_total = "known_total" in row.cautions.split()
        why = "total" if known_total else "up" if row.own_part >= 0 else "down"
        back = own.say(f"projection.back_{why}")
        about = {"name": voice.name(row.indicator), "back": back}
        alone = "_alone" if "own_history" in row.cautions.split() else ""
        said = (
            own.say(f"projection.explain{alone}", **about, **row._asdict()),
            own.say(f"projection.attainable{'' if up else '_down'}", value=value, p=p),
            own.say(f"projection.{key}", side=side, rise=abs(rise), p=p),
        )
        lines.append(" ".join(said))
    return lines


def together(found: Projection, voice: Voice) -> list[str]:
    """Say how likely all targets are to be met, and why a total differs from its parts' sum."""
    return [*jointly(found, voice), *tables.by_year(found, voice, _apart)]


def jointly(found: Projection, voice: Voice) -> list[str]:
    """Say how likely all targets of a year are to be met, and how many can be expected to be."""
    return tables.by_year(found, voice, _jointly)


def _jointly(found: Projection, voice: Voice) -> list[str]:
    pending = found.pending.table
    rough = pending.groupby("target_period")["prior_only"].any()
    lines = []
    for row in found.joint().table.itertuples():
        if row.n_targets > 1 and row.target_period in rough.index:
            met = max(round(row.expected), 1)
            key = "about" if round(row.expected) else "under"
            said = row._asdict() | {"met": voice.say(f"projection.met_{key}", n=met)}
            said |= voice.parts(set(found.table["indicator"]) - set(found.weights))
            own = replace(voice, rough=bool(rough[row.target_period]))
            lines.append(own.say("projection.joint", **said))
    return lines


def _apart(found: Projection, voice: Voice) -> list[str]:
    """Say why a projected total differs from the sum of its projected parts, where it does."""
    table = found.pending.table
    lines = []
    for whole, weights in found.weights.items():
        parts = table[table["indicator"].isin(weights)]
        total = table.loc[table["indicator"] == whole, "median"]
        if total.empty or len(parts) < len(weights):
            continue
        added = float((parts["median"] * parts["indicator"].map(weights)).sum())
        own = voice.about(whole)
        if own.points(added) != own.points(total.iloc[0]):
            lines.append(own.say("projection.total_apart", sum=added))
    return lines


def caption(found: Projection, voice: Voice) -> tuple[str, str]:
    """Caption the chart of prediction intervals; nothing where no target is projected or over."""
    if not found["state"].isin([*PENDING, *DECIDED]).any():
        return "", ""
    alt = voice.say("plot.projection_alt", sentences=" ".join(sentences(found, voice)))
    ahead = len(found.pending.table)
    key = "intervals_title" if ahead else "decided_title"
    return voice.say(f"plot.{key}", level=found.level), alt


def fans_caption(found: Projection, voice: Voice) -> tuple[str, str]:
    """Caption the fan charts of all targets still open."""
    said = " ".join(sentences(found.pending, voice))
    return _finding(found, voice), voice.say("plot.fans_alt", sentences=said).strip()


def _finding(found: Projection, voice: Voice) -> str:
    made = found.pending.table
    made = made[made["stated"]]
    if made.empty:
        return voice.say("plot.decided_title")
    p, names = _extreme(made, voice, max)
    key = "projection_title" if len(made) > 1 else "projection_title_one"
    return voice.say(f"plot.{key}", names=names, p=p)


def fan_caption(found: Projection, voice: Voice) -> tuple[str, str]:
    """Caption the fan chart of one indicator, the only one of the projection."""
    said = voice.say("plot.fan_alt", sentences=" ".join(sentences(found, voice)))
    row = found.table.iloc[-1]
    about = {"name": voice.name(row["indicator"]), "p": row["p_met"]}
    return voice.on(row).say("plot.fan_title", **about), said


def table(found: Projection, voice: Voice, no_change: Projection | None = None) -> pd.DataFrame:
    """Write the projections, with the probabilities of the other model where given."""
    rows = []
    for row, own in tables.each(found.table, voice):
        open_ = row.state in PENDING
        other = {}
        if no_change is not None:
            other = {"no_change": own.chance(no_change.table.at[row.Index, "p_met"])}
        rows.append(
            {
                **tables.which(row, found.table, voice),
                "indicator": voice.row(row.indicator),
                "value": own.points(row.value),
                "target": tables.target(row, own),
                "median": own.points(row.median) if open_ else DASH,
                "interval": tables.interval(row.lower, row.upper, own) if open_ else DASH,
                "p_met": own.chance(row.p_met),
                "likelihood": own.likelihood(row.p_met)
                if open_
                else own.state(row.state, stated=row.stated),
                **other,
                "n_areas": voice.whole(row.n_areas),
            }
        )
    return tables.frame(rows, voice, level=found.level)


def pending_table(
    found: Projection, voice: Voice, no_change: Projection | None = None
) -> pd.DataFrame:
    """Write the projections of the targets still open."""
    return table(found.pending, voice, no_change)


def own_rise_table(found: Projection, voice: Voice, success: float = 1.0) -> pd.DataFrame:
    """Write how likely each target is to be met if the area adds a part of the gap by itself.

    Parameters
    ----------
    success : float
        Probability that the own rise comes about.
    """
    made = own_rises(found, success=success)
    return tables.frame(
        (
            {
                **tables.which(row, made, voice),
                "indicator": voice.row(row.indicator),
                "gap": tables.gap(row.gap, turned(pending), own),
                "p_met_now": own.chance(row.p_met),
                **{f"rise_{part:.0%}": own.chance(made.at[row.Index, part]) for part in SHARES},
            }
            for row, (pending, own) in zip(
                made.itertuples(), tables.each(found.pending.table, voice), strict=True
            )
        ),
        voice,
    )


def caveats(found: Projection, voice: Voice) -> list[str]:
    """Say what makes the projections uncertain."""
    made = found.pending.table
    if made.empty or found.model != "panel":
        return []
    lines = []
    if made["prior_only"].any():
        label = getattr(family_named(found.family), f"label_{voice.language}")
        lines.append(voice.say("caveat.prior_only", family=label))
    scores = {name: found.forecasts[name].scores for name in made["indicator"]}
    known = [int(table.iloc[:, -1].notna().sum()) for table in scores.values()]
    there = [voice.ds.n_areas(t.columns[-1]) if voice.ds else len(t) for t in scores.values()]
    every = max(there)  # plain tables list no areas but those of their rows
    if min(known) < every / 2:
        key = "few_areas" if voice.of_provinces else "few_areas_any"
        lines.append(voice.say(f"caveat.{key}", count=span(known, voice), all=every))
    return lines + _biased(found, voice) + cautions(found, voice)


def cautions(found: Projection, voice: Voice) -> list[str]:
    """Say what the model itself says of its projections."""
    made = found.pending.table
    seen = set(" ".join(made["cautions"]).split())
    held = [one.coverage_80 for one in series_records()]
    values = {"level": LEVEL, "low": min(held), "high": max(held)}
    values["held"] = min(one.coverage_80 for one in merger_records() if one.way == ANEW)
    lines = []
    for key in CAUTIONS:
        if key in NAMED and key in seen:
            own = made[made["cautions"].str.split().map(lambda keys, key=key: key in keys)]
            values["names"] = own["indicator"].unique()
        lines += [voice.say(f"caveat.{key}", **values)] if key in seen else []
    if len(made) and not voice.calendar.yearly:
        lines.append(voice.say("caveat.within_year"))
    return lines + damped(found, voice)


def damped(found: Projection, voice: Voice) -> list[str]:
    """Say how much of a drift that all areas share is carried on, where that is least."""
    kept = []
    for row in found.pending.table.itertuples():
        made = found.forecasts[row.indicator]
        if row.state == "nowcast" or made.damping == 1:
            continue
        steps = int(row.target_period) - int(made.at[0]) + 1
        reach = sum(made.damping**step for step in range(1, steps + 1))
        kept.append((reach / steps, row.target_period))
    share, period = min(kept, default=(1.0, None))
    return [voice.say("caveat.damping", share=share, period=period)] if share < 1 else []


def _biased(found: Projection, voice: Voice, *, corrected: bool = True) -> list[str]:
    """Say where the areas known are the better ones, unless that is part of the projection."""
    if voice.ds is None:  # plain tables hold no figures for all areas together
        return []
    made = {name: found.forecasts[name] for name in found.pending.table["indicator"]}
    return [
        line
        for name, one in made.items()
        if "selective" not in one.cautions
        for line in biased(name, one.scores, voice, corrected=corrected)
    ]


def biased(
    indicator: str, scores: pd.DataFrame, voice: Voice, *, corrected: bool = True
) -> list[str]:
    """Compare the mean of the areas known with that of all, or the score at a middle rank.

    By a published mean of all the projection goes; that it does is said only if `corrected`.
    """
    national = official_national(voice.ds)
    period, known = scores.columns[-1], scores.iloc[:, -1].dropna()
    every = voice.ds.n_areas(period)
    same = (national["indicator"] == indicator) & (national["period"] == period)
    about = national[same]
    mean = about[about["statistic"] == "mean"].tail(1)
    mean = mean[mean["status"].isin(["published", "derived"])]
    middle = about[
        (about["statistic"] == "value_at_rank") & about["rank"].between(every * 0.4, every * 0.6)
    ]
    # the mean itself, where it was published: a middle rank only stands in for it
    key, held = ("biased", middle) if mean.empty else ("biased_mean", mean)
    own = voice.about(indicator)
    if held.empty or len(known) > every * 0.9:
        return []
    if (known.mean() - held["value"].iloc[-1]) * (-1 if own.falls else 1) <= 0:
        return []
    if key == "biased_mean" and not corrected:
        return []
    row = held.iloc[-1]
    values = {"n": len(known), "name": small(voice.name(indicator))}
    values |= {"mean": known.mean(), "all": every}
    values |= {"period": voice.calendar.period(period), "rank": row["rank"], "value": row["value"]}
    return [own.say(f"caveat.{key}", **values)]


def rough(found: Projection, voice: Voice) -> list[str]:
    """Say so where probabilities rest on one edition."""
    pending = found.pending.table
    if not pending["prior_only"].any():
        return []
    high = _biased(found, voice, corrected=False)
    return [voice.say("headline.rough", high=voice.say("headline.rough_high") if high else "")]


def methods(found: Projection, voice: Voice) -> list[str]:
    """Say how it was reckoned."""
    alone = _own_history(found)
    if found.model == "panel":
        some = found.pending.table["cautions"].str.contains("own_history").any()
        used = [*([] if alone else ["panel"]), *(["own_history"] if some else [])]
        used += ["interval", "scale"]
    else:
        used = [f"{found.model}_own" if alone else found.model]
    return [voice.say(f"method.{name}", level=found.level) for name in used]


def track_record(found: Projection, voice: Voice) -> list[str]:
    """Say in short how such projections have done on real panels, for a report.

    Those from a series' own history have a record of their own, which is with the caveats.
    """
    if _own_history(found):
        return []
    return backtest.brief(found.least_known, voice)


def _own_history(found: Projection) -> bool:
    """Tell whether all that is projected is projected from its own history alone."""
    made = found.pending.table
    return bool(len(made)) and bool(made["cautions"].str.contains("own_history").all())


def full_record(found: Projection, voice: Voice) -> list[str]:
    """Say how such projections have done on which panels, for a page on methods."""
    return backtest.record(found.least_known, voice)
