"""Results as tables to read: columns named, numbers and dates written in the reader's language.

Each function takes a result and a `Voice`, and returns a frame of text.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pgi_analysis.charts import Picture, dots, gap_picture
from pgi_analysis.language import capital
from pgi_analysis.results import SHARES, Joint, Projection, Scenario, Scorecard, Trend, own_rises
from pgi_analysis.text.work import due_report, task_details
from pgi_analysis.voice import Voice, likelihood

DASH = "–"


def _frame(rows: list[dict[str, str]], voice: Voice, **fill: object) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.rename(columns={name: voice.say(f"column.{name}", **fill) for name in frame})


def _score(row, voice: Voice) -> str:
    """Write a score, starred where it is doubtful."""
    return voice.points(row.value) + (" *" if row.status == "doubtful" else "")


def _whole(value: object) -> str:
    return DASH if pd.isna(value) else str(int(value))


def gap_table(gaps: pd.DataFrame, voice: Voice) -> pd.DataFrame:
    """Write the result of `gap`."""
    return _frame(
        [
            {
                "indicator": voice.name(row.indicator),
                "baseline": voice.points(row.baseline),
                "value": _score(row, voice),
                "period": _whole(row.period),
                "target": voice.points(row.target),
                "gap": _gap(row.gap, voice),
                "progress": voice.share(row.progress),
                "required_pace": voice.points(row.required_pace, sign=True),
                "rank": _whole(row.rank),
                "state": voice.state(row.indicator, row.state),
            }
            for row in gaps.itertuples()
        ],
        voice,
    )


def _gap(gap: float, voice: Voice) -> str:
    """Write a gap as what is missing or beyond."""
    if pd.isna(gap):
        return DASH
    key = "short" if gap > 0 else "beyond" if gap < 0 else "even"
    said = voice.say(f"gap.{key}", gap=float(abs(gap)))
    return said.replace(" ", "\u00a0")  # stays on one line


def answer_table(gaps: pd.DataFrame, projection: Projection, voice: Voice) -> pd.DataFrame:
    """Write each target in one row, with a picture of the gap on the indicator's scale."""
    made = projection.table.set_index(["indicator", "target_period"])
    scale = voice.ds.indicators.set_index("indicator")
    rows = []
    for row in gaps.itertuples():
        future = made.loc[(row.indicator, row.target_period)]
        decided = row.state in ("met", "missed") or pd.isna(future["p_met"])
        ends = scale.loc[row.indicator]
        rows.append(
            {
                "indicator": voice.name(row.indicator),
                "picture": _gap_picture(row, future, ends["lower"], ends["upper"], voice),
                "value_of": _score(row, voice),
                "target": voice.points(row.target),
                "gap": _gap(row.gap, voice),
                "p_met": voice.state(row.indicator, row.state)
                if decided
                else voice.percent(future["p_met"]),
            }
        )
    if all(gaps["state"].isin(["met", "missed"])):
        rows = [{k if k != "p_met" else "state": v for k, v in row.items()} for row in rows]
    periods = gaps["period"].dropna().unique()
    return _frame(rows, voice, period=periods[0] if len(periods) == 1 else "").rename(
        columns=str.strip
    )


def picture_note(found: Projection, voice: Voice) -> str:
    """Explain the row pictures."""
    key = "note" if len(found.pending.table) else "note_decided"
    return voice.say(f"picture.{key}", level=voice.percent(found.level))


def _gap_picture(row, future: pd.Series, lower: float, upper: float, voice: Voice) -> Picture | str:
    """Draw baseline, score, target and what is projected; a dash where the scale is not known."""
    if pd.isna(lower) or pd.isna(upper) or lower >= upper:
        return DASH
    open_ = future["reason"] == ""
    said = {name: voice.points(getattr(row, name)) for name in ("baseline", "value", "target")}
    text = voice.say("picture.gap", low=voice.points(lower), high=voice.points(upper), **said)
    if open_:
        ends = {name: voice.points(future[name]) for name in ("lower", "upper")}
        text += " " + voice.say("picture.interval", **ends)
    return gap_picture(
        lower=float(lower),
        upper=float(upper),
        baseline=float(row.baseline),
        value=float(row.value),
        target=float(row.target),
        interval=(float(future["lower"]), float(future["upper"])) if open_ else None,
        text=text,
    )


def trend_table(found: Trend, voice: Voice) -> pd.DataFrame:
    """Write the moves between editions, or the standing where there is no move."""
    if found.moves.empty:
        return _frame(
            [
                {
                    "indicator": voice.name(row.indicator),
                    "period": _whole(row.last_period),
                    "value": voice.points(row.value),
                    "place": _whole(row.place),
                    "n_known": _whole(row.n_known),
                    "n_obs": _whole(row.n_obs),
                }
                for row in found.table.itertuples()
            ],
            voice,
        )
    return _frame(
        [
            {
                "indicator": voice.name(row.indicator),
                "moves": f"{row.from_period}–{row.to_period}",
                "change": voice.points(row.change, sign=True),
                "common_move": voice.points(row.common_move, sign=True),
                "interval": _interval(row.common_lower, row.common_upper, voice, sign=True),
                "own_move": voice.points(row.own_move, sign=True),
                "n_areas": _whole(row.n_areas),
            }
            for row in found.moves.itertuples()
        ],
        voice,
        level=voice.percent(found.level),
    )


def _interval(lower: float, upper: float, voice: Voice, *, sign: bool = False) -> str:
    if pd.isna(lower):
        return DASH
    to = " đến " if voice.language == "vi" else " to "
    return voice.points(lower, sign=sign) + to + voice.points(upper, sign=sign)


def projection_table(
    found: Projection, voice: Voice, *, no_change: Projection | None = None
) -> pd.DataFrame:
    """Write the result of `project`, with the probabilities of the other model where given."""
    rows = []
    other = no_change.table["p_met"] if no_change is not None else None
    for row in found.table.itertuples():
        open_ = row.reason == ""
        rows.append(
            {
                **_which(row._asdict(), found.table),
                "indicator": voice.name(row.indicator),
                "value": voice.points(row.value),
                "target": voice.points(row.target),
                "median": voice.points(row.median) if open_ else DASH,
                "interval": _interval(row.lower, row.upper, voice) if open_ else DASH,
                "p_met": voice.percent(row.p_met),
                "likelihood": likelihood(row.p_met, voice) if open_ else _decided(row, voice),
                **({} if other is None else {"no_change": voice.percent(other[row.Index])}),
                "n_areas": _whole(row.n_areas),
            }
        )
    return _frame(rows, voice, level=voice.percent(found.level))


def scenario_table(found: Scenario, voice: Voice) -> pd.DataFrame:
    """Write what becomes of each target under assumptions, beside the projection without them."""
    rows = [
        {
            **_which(row._asdict(), found.table),
            "indicator": voice.name(row.indicator),
            "target": voice.points(row.target),
            "median": voice.points(row.median),
            "interval": _interval(row.lower, row.upper, voice),
            "p_met": voice.percent(row.p_met),
            "p_now": voice.percent(row.p_met_now),
        }
        for row in found.table.itertuples()
    ]
    return _frame(rows, voice, level=voice.percent(found.level))


def own_rise_table(found: Projection, voice: Voice, *, success: float) -> pd.DataFrame:
    """Write how likely each target is to be met if the area adds a part of the gap by itself.

    Parameters
    ----------
    success : float
        Probability that the own rise comes about.
    """
    made = own_rises(found, success=success)
    rows = [
        {
            **_which(row, made),
            "indicator": voice.name(row["indicator"]),
            "gap": _gap(row["gap"], voice),
            "p_now": voice.percent(row["p_met"]),
            **{f"rise_{share:.0%}": voice.percent(row[share]) for share in SHARES},
        }
        for row in made.to_dict("records")
    ]
    return _frame(rows, voice)


def joint_table(found: Joint, voice: Voice) -> pd.DataFrame:
    """Write how many targets of an area are met together."""
    rows = [
        {
            **({"area": row.area} if len(set(found.table["area"])) > 1 else {}),
            "year": _whole(row.target_period),
            "n_targets": _whole(row.n_targets),
            "p_all": voice.percent(row.p_all),
            "p_none": voice.percent(row.p_none),
            "expected": voice.points(row.expected),
        }
        for row in found.table.itertuples()
    ]
    return _frame(rows, voice)


def _which(row: Mapping[str, object], table: pd.DataFrame) -> dict[str, str]:
    """Name the area of a target where a table has several, and its year where it needs one."""
    named = {"area": row["area"]} if len(set(table["area"])) > 1 else {}
    if table.duplicated(["area", "indicator"]).any():
        named["year"] = _whole(row["target_period"])
    return named


def likelihood_table(found: Projection, voice: Voice) -> pd.DataFrame:
    """Write how likely each target is to be met: in words, as a number, as dots of a hundred."""
    rows = [
        {
            "indicator": voice.name(row.indicator),
            "likelihood": likelihood(row.p_met, voice),
            "p_met": voice.percent(row.p_met),
            "of_100": _dots(row.p_met, voice),
        }
        for row in found.pending.table.itertuples()
    ]
    return _frame(rows, voice)


def _dots(probability: float, voice: Voice) -> Picture:
    shown = voice.percent(probability).removesuffix("%").strip()
    return dots(probability, voice.say("picture.of_100", n=shown))


def _decided(row, voice: Voice) -> str:
    if row.reason == "decided":
        return voice.state(row.indicator, "met" if row.p_met == 1 else "missed")
    return voice.say("state.no_observation")


def scorecard_table(found: Scorecard, voice: Voice) -> pd.DataFrame:
    """Write earlier projections of every model beside the outcome."""
    rows = []
    for (indicator, _), group in found.table.groupby(["indicator", "target_period"], sort=False):
        first = group.iloc[0]
        row = {"indicator": voice.name(indicator), "target": voice.points(first["target"])}
        for made in group.itertuples():
            interval = _interval(made.lower, made.upper, voice)
            row[made.model] = f"{voice.percent(made.p_met)} ({interval})"
        star = " *" if first["outcome_status"] == "doubtful" else ""
        row["outcome"] = voice.points(first["outcome"]) + star
        row["state"] = voice.state(indicator, "met" if first["met"] else "missed")
        rows.append(row)
    return _frame(rows, voice)


def task_states(table: pd.DataFrame, voice: Voice) -> pd.DataFrame:
    """Write the state last reported of each unit's tasks, in short."""
    rows = [
        {
            "unit": row[f"lead_unit_{voice.language}"],
            "indicator": voice.name(row["indicator"]),
            "report_state": voice.say(f"task.{row['status']}")
            + ("" if pd.isna(row["percent"]) else f", {voice.share(row['percent'] / 100)}"),
        }
        for row in table.to_dict("records")
    ]
    return _frame(rows, voice)


def task_table(table: pd.DataFrame, voice: Voice) -> pd.DataFrame:
    """Write the tasks by lead unit, with the state last reported."""
    language = voice.language
    rows = []
    for unit, group in table.groupby(f"lead_unit_{language}", sort=False):
        for row in group.to_dict("records"):
            with_whom = row[f"cooperating_units_{language}"]
            more = task_details(row, voice)
            rows.append(
                {
                    "unit": unit,
                    "indicator": voice.name(row["indicator"]),
                    "task": row[f"task_{language}"],
                    "cooperating": DASH if pd.isna(with_whom) else with_whom,
                    "report_state": "; ".join([voice.say(f"task.{row['status']}"), *more]),
                }
            )
    return _frame(rows, voice)


def calendar_table(table: pd.DataFrame, voice: Voice) -> pd.DataFrame:
    """Write what is due when."""
    return _frame(
        [
            {
                "due": voice.day(row["due"]),
                "what": capital(due_report(row, voice)),
            }
            for _, row in table.iterrows()
        ],
        voice,
    )
