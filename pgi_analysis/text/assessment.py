"""What the published assessment methods say of each target."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pgi_analysis.assessment import METHODS, NONE, NOT_YEARLY, SIGNALS, Verdicts
from pgi_analysis.language import capital
from pgi_analysis.results import DECIDED, PENDING, Projection
from pgi_analysis.text import labels, tables
from pgi_analysis.voice import Voice

#: rules that are a method's ordinary way, not worth a word of their own
ORDINARY = ("ratio", "growth", "projected", "status", "rate", "direction", "target_met")


NAME = "assessment"


def label(row, voice: Voice) -> str:
    """Write the verdict of a row of `assess` in the method's words, behind its symbol."""
    own = METHODS[row.method].symbols.get(row.verdict)
    none = row.verdict == NONE
    key = f"signal.{NONE}" if none else f"verdict.{row.method}.{row.verdict}"
    return f"{own or SIGNALS[row.signal]} {voice.about(row.indicator).say(f'assess.{key}')}"


def table(found: Verdicts, voice: Voice, projected: Projection | None = None) -> pd.DataFrame:
    """Write the verdicts, a row a method and a column an indicator; empty where none can judge.

    Parameters
    ----------
    found : Verdicts
        Of one area.
    voice : Voice
    projected : Projection, optional
        Its probabilities make the last row.
    """
    if len(set(found["area"])) > 1:
        return list_table(found, voice)
    if (found["verdict"] == NONE).all():
        return pd.DataFrame()
    named = _names(found, voice)
    head = voice.column("method")
    rows = []
    for method, group in found.table.groupby("method", sort=False):
        cells = {named[_key(row)]: label(row, voice) for row in group.itertuples()}
        rows.append({head: _method(method, found, voice)} | cells)
    if projected is not None:
        over = projected["state"].isin(DECIDED).all()
        said = {
            named[_key(row)]: _outcome(row, voice)
            for row in projected.table.itertuples()
            if _key(row) in named
        }
        rows.append({head: voice.say("assess.row_outcome" if over else "assess.row_p")} | said)
    return pd.DataFrame(rows)


def legend(found: Verdicts, voice: Voice) -> list[str]:
    """Explain the symbols."""
    shown = [f"{symbol} {voice.say(f'assess.signal.{name}')}" for name, symbol in SIGNALS.items()]
    return [voice.say("assess.legend", symbols="; ".join(shown))]


def list_table(found: Verdicts, voice: Voice) -> pd.DataFrame:
    """Write the verdicts, a row a target and method, with the rule that fired."""
    named, several = _names(found, voice), len(set(found["area"])) > 1
    return tables.frame(
        (
            {
                **({"area": row.area} if several else {}),
                "indicator": named[_key(row)],
                "method": _method(row.method, found, voice),
                "verdict": label(row, voice),
                "rule": voice.say(f"assess.rule.{row.rule}"),
            }
            for row in found.table.itertuples()
        ),
        voice,
    )


def _method(name: str, found: Verdicts, voice: Voice) -> str:
    """Name a method; one that counts from elsewhere than usual, with where it counts from."""
    asked = found.options
    if not asked.keys() & {"window", "variant"}:
        return voice.say(f"assess.method.{name}")
    if asked.get("variant", name) != name:
        return voice.say(f"assess.window.{asked['variant']}")
    years = asked.get("window", 5)
    return voice.say(f"assess.window.{'whole' if years is None else 'years'}", years=years)


def _key(row) -> tuple[str, int]:
    return row.indicator, row.target_period


def _names(found: Verdicts, voice: Voice, *, aims: bool = False) -> dict[tuple[str, int], str]:
    """Name each target by its indicator, and by its year where there are several."""
    targets = found[["indicator", "target_period", "stated"]].drop_duplicates()
    several = targets["indicator"].duplicated(keep=False)
    return {
        _key(row): (voice.aim(row) if aims else voice.name(row.indicator))
        + (f", {row.target_period}" if more else "")
        for row, more in zip(targets.itertuples(), several, strict=True)
    }


def _outcome(row, voice: Voice) -> str:
    """Write how a target ended, or how likely it is to be met."""
    return (
        voice.state(row.state, stated=row.stated)
        if row.state in DECIDED
        else voice.on(row).chance(row.p_met)
    )


def headline(found: Verdicts, voice: Voice) -> list[str]:
    """Say what a label is."""
    return [voice.say("assess.label_only")]


def answer(found: Verdicts, voice: Voice, projected: Projection) -> list[str]:
    """Say whether the methods agree, or that none can judge."""
    own = found.table[found["stated"]]
    judged = own[own["verdict"] != NONE]
    if judged.empty:
        if (own["rule"] == NOT_YEARLY).any():
            return [voice.say("assess.none_yearly")]
        one = (own["rule"] == "too_few_points").all() and projected["p_met"].notna().any()
        return [voice.say("assess.none" if one else "assess.none_at_all")]
    said = judged["signal"].replace("met", "on_track")  # no contradiction
    views = said.groupby([judged["indicator"], judged["target_period"]]).nunique()
    split = int((views > 1).sum())
    key = ("disagree" if split else "agree") + ("_one" if len(views) == 1 else "")
    several = len(judged["method"].unique()) > 1
    lines = [voice.say(f"assess.{key}", n=split, all=len(views))] if several else []
    every = len(own[["indicator", "target_period"]].drop_duplicates())
    if len(views) < every:
        lines.insert(0, voice.say("assess.partly", n=len(views), all=every))
    lines.append(voice.say("assess.label_only"))
    if projected["state"].isin(DECIDED).all():
        lines.append(voice.say("assess.decided"))
    return lines


def sentences(found: Verdicts, voice: Voice, projected: Projection) -> list[str]:
    """Say of each target how many methods say what, and how likely it is to be met.

    Nothing is said where no method can judge any of them.
    """
    if (found["verdict"] == NONE).all():
        return []
    made = {_key(row): row for row in projected.table.itertuples()}
    aims = _names(found, voice, aims=True)
    lines = []
    for key, group in found.table.groupby(["indicator", "target_period"], sort=False):
        likely = _likely(made[key], voice) if key in made else ""
        lines.append(f"{_counted(group, aims[key], voice)} {likely}".strip())
    return lines


def _counted(group: pd.DataFrame, name: str, voice: Voice) -> str:
    """Say how many methods say what of one target."""
    voice, judged = voice.about(group["indicator"].iloc[0]), group[group["verdict"] != NONE]
    counts = judged["signal"].value_counts()
    counts = counts.reindex([s for s in SIGNALS if s in counts.index])
    values = {"name": name, "n": len(judged)}
    if judged.empty:
        rule = voice.say(f"assess.rule.{group['rule'].mode()[0]}")
        return voice.say("assess.counted_none", rule=rule, **values)
    signal = voice.say(f"assess.signal.{counts.index[0]}")
    if len(judged) == 1:
        who = voice.say(f"assess.method.{judged['method'].iloc[0]}")
        return voice.say("assess.counted_one", method=who, signal=signal, **values)
    if len(counts) == 1:
        key = "assess.counted_met" if counts.index[0] == "met" else "assess.counted_all"
        return voice.say(key, signal=signal, **values)
    parts = [
        voice.say("assess.count", n=n, signal=voice.say(f"assess.signal.{signal}"))
        for signal, n in counts.items()
    ]
    return voice.say("assess.counted", counts=", ".join(parts), **values)


def _likely(row, voice: Voice) -> str:
    if row.state in DECIDED:
        return voice.say("assess.outcome", state=voice.state(row.state, stated=row.stated))
    return voice.on(row).say("assess.probability", p=row.p_met) if row.state in PENDING else ""


def special(found: Verdicts, voice: Voice) -> list[str]:
    """Say which special rules led to verdicts, or kept a method from giving one."""
    rows = found.table[~found["rule"].isin(ORDINARY)]
    named = _names(found, voice)
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (method, rule), group in rows.groupby(["method", "rule"], sort=False):
        shown = tuple(named[_key(row)] for row in group.itertuples())
        said = _method(method, found, voice)
        together.setdefault((rule, shown), []).append(said)
    every = found["method"].nunique()
    lines = [
        voice.say(
            "assess.special",
            rule=capital(voice.say(f"assess.rule.{rule}")),
            names=_listed(shown, len(named), "every_indicator", voice),
            methods=_listed(methods, every, "every_method", voice),
        )
        for (rule, shown), methods in together.items()
    ]
    return lines or [voice.say("assess.no_special")]


def _listed(shown: Sequence[str], every: int, key: str, voice: Voice) -> str:
    return voice.say(f"assess.{key}") if len(shown) == every else "; ".join(shown)


def methods(found: Verdicts, voice: Voice) -> list[str]:
    """Say in a sentence how each method judges, and where that was read."""
    lines = [
        f"{voice.say(f'assess.method.{name}')}: {voice.say(f'assess.how.{name}')}"
        for name in METHODS
    ]
    return [*lines, voice.say("assess.left_out")]


def worth(found: Verdicts, voice: Voice) -> list[str]:
    """Say what such labels have been worth on which panels, for a page on methods."""
    return labels.record(found, voice)
