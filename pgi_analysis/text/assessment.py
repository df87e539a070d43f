"""Verdicts in words and as a table to read; a `Voice` speaks, this module only says what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.assessment import METHODS, NONE, SIGNALS
from pgi_analysis.language import capital

if TYPE_CHECKING:
    from pgi_analysis.voice import Voice

#: rules that are a method's ordinary way, not worth a word of their own
ORDINARY = ("ratio", "growth", "projected", "status", "rate", "direction", "target_met")


def label(row, voice: Voice) -> str:
    """Write the verdict of a row of `assess` in the method's words, behind its symbol."""
    own = METHODS[row.method].symbols.get(row.verdict)
    key = NONE if row.verdict == NONE else f"{row.method}.{row.verdict}"
    return f"{own or SIGNALS[row.signal]} {voice.say(f'assess.verdict.{key}')}"


def verdict_table(
    found: pd.DataFrame, voice: Voice, projected: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Write the verdicts, a row a method and a column an indicator; empty where none can judge.

    Parameters
    ----------
    found : DataFrame
        From `assess`, of one area.
    voice : Voice
    projected : DataFrame, optional
        The table of `project`; its probabilities make the last row.
    """
    if (found["verdict"] == NONE).all():
        return pd.DataFrame()
    rows = []
    columns = _columns(found, voice.name)
    for method, group in found.groupby("method", sort=False):
        cells = {
            columns[row.indicator, row.target_period]: label(row, voice)
            for row in group.itertuples()
        }
        rows.append(
            {voice.say("assess.column.method"): voice.say(f"assess.method.{method}")} | cells
        )
    if projected is not None:
        cells = {
            columns[row.indicator, row.target_period]: _likely(row.indicator, row, voice)
            for row in projected.itertuples()
            if (row.indicator, row.target_period) in columns
        }
        decided = (projected["reason"] == "decided").all()
        head = voice.say("assess.row_outcome" if decided else "assess.row_p")
        rows.append({voice.say("assess.column.method"): head} | cells)
    return pd.DataFrame(rows)


def verdict_list(found: pd.DataFrame, voice: Voice) -> pd.DataFrame:
    """Write the verdicts, a row a target and method, with the rule that fired."""
    names = _columns(found, voice.name)
    rows = [
        {
            voice.say("column.indicator"): names[row.indicator, row.target_period],
            voice.say("assess.column.method"): voice.say(f"assess.method.{row.method}"),
            voice.say("assess.column.verdict"): label(row, voice),
            voice.say("assess.column.rule"): voice.say(f"assess.rule.{row.rule}"),
        }
        for row in found.itertuples()
    ]
    return pd.DataFrame(rows)


def _columns(found: pd.DataFrame, name: Callable[[str], str]) -> dict[tuple[str, int], str]:
    """Name each target by its indicator, and by its year where there are several."""
    targets = found[["indicator", "target_period"]].drop_duplicates()
    several = targets["indicator"].duplicated(keep=False)
    return {
        (row.indicator, row.target_period): name(row.indicator)
        + (f", {row.target_period}" if more else "")
        for row, more in zip(targets.itertuples(), several, strict=True)
    }


def _likely(indicator: str, row, voice: Voice) -> str:
    if row.reason == "decided":
        return voice.state(indicator, "met" if row.p_met == 1 else "missed")
    return voice.percent(row.p_met)


def answer(found: pd.DataFrame, voice: Voice, projected: pd.DataFrame) -> list[str]:
    """Say whether the methods agree, or that none can judge."""
    found = voice.stated(found)
    judged = found[found["verdict"] != NONE]
    if judged.empty:
        one = (found["rule"] == "too_few_points").all() and projected["p_met"].notna().any()
        return [voice.say("assess.none" if one else "assess.none_at_all")]
    said = judged["signal"].replace("met", "on_track")  # no contradiction
    views = said.groupby([judged["indicator"], judged["target_period"]]).nunique()
    split = int((views > 1).sum())
    key = ("disagree" if split else "agree") + ("_one" if len(views) == 1 else "")
    several = len(judged["method"].unique()) > 1
    lines = [voice.say(f"assess.{key}", n=split, all=len(views))] if several else []
    every = len(found[["indicator", "target_period"]].drop_duplicates())
    if len(views) < every:
        lines.insert(0, voice.say("assess.partly", n=len(views), all=every))
    lines.append(voice.say("assess.label_only"))
    if (projected["reason"] == "decided").all():
        lines.append(voice.say("assess.decided"))
    return lines


def sentences(found: pd.DataFrame, voice: Voice, projected: pd.DataFrame) -> list[str]:
    """Say of each target how many methods say what, and how likely it is to be met.

    Nothing is said where no method can judge any of them.
    """
    if (found["verdict"] == NONE).all():
        return []
    made = projected.set_index(["indicator", "target_period"])
    aims = _columns(found, voice.aim)
    lines = []
    for (indicator, period), group in found.groupby(["indicator", "target_period"], sort=False):
        judged = group[group["verdict"] != NONE]
        counts = judged["signal"].value_counts()
        counts = counts.reindex([s for s in SIGNALS if s in counts.index])
        values = {"name": aims[indicator, period], "n": len(judged)}
        if judged.empty:
            rule = voice.say(f"assess.rule.{group['rule'].mode()[0]}")
            line = voice.say("assess.counted_none", rule=rule, **values)
        elif len(judged) == 1:
            row = judged.iloc[0]
            who = voice.say(f"assess.method.{row['method']}")
            said = voice.say(f"assess.signal.{row['signal']}")
            line = voice.say("assess.counted_one", method=who, signal=said, **values)
        elif len(counts) == 1 and counts.index[0] == "met":
            line = voice.say("assess.counted_met", **values)
        elif len(counts) == 1:
            said = voice.say(f"assess.signal.{counts.index[0]}")
            line = voice.say("assess.counted_all", signal=said, **values)
        else:
            parts = [
                voice.say("assess.count", n=n, signal=voice.say(f"assess.signal.{signal}"))
                for signal, n in counts.items()
            ]
            line = voice.say("assess.counted", counts=", ".join(parts), **values)
        lines.append(f"{line} {_probability(made, (indicator, period), voice)}".strip())
    return lines


def _probability(made: pd.DataFrame, key: tuple[str, int], voice: Voice) -> str:
    if key not in made.index or pd.isna(made.loc[key, "p_met"]):
        return ""
    row = made.loc[key]
    if row["reason"] == "decided":
        return voice.say("assess.outcome", state=_likely(key[0], row, voice))
    return voice.say("assess.probability", p=voice.percent(row["p_met"]))


def special_sentences(found: pd.DataFrame, voice: Voice) -> list[str]:
    """Say which special rules led to verdicts, or kept a method from giving one."""
    special = found[~found["rule"].isin(ORDINARY)]
    names = _columns(found, voice.name)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (method, rule), group in special.groupby(["method", "rule"], sort=False):
        shown = tuple(names[row.indicator, row.target_period] for row in group.itertuples())
        together.setdefault((rule, shown), []).append(method)
    lines = [
        voice.say(
            "assess.special",
            rule=capital(voice.say(f"assess.rule.{rule}")),
            names=_listed(shown, len(names), "every_indicator", voice),
            methods=_listed(
                [voice.say(f"assess.method.{method}") for method in methods],
                found["method"].nunique(),
                "every_method",
                voice,
            ),
        )
        for (rule, shown), methods in together.items()
    ]
    return lines or [voice.say("assess.no_special")]


def _listed(shown: Sequence[str], every: int, key: str, voice: Voice) -> str:
    return voice.say(f"assess.{key}") if len(shown) == every else "; ".join(shown)


def legend(voice: Voice) -> str:
    """Explain the symbols."""
    shown = [
        f"{symbol} {voice.say(f'assess.signal.{signal}')}" for signal, symbol in SIGNALS.items()
    ]
    return voice.say("assess.legend", symbols="; ".join(shown))


def method_sentences(voice: Voice) -> list[str]:
    """Say in a sentence how each method judges, and where that was read."""
    return [
        f"{voice.say(f'assess.method.{name}')}: {voice.say(f'assess.how.{name}')}"
        for name in METHODS
    ]
