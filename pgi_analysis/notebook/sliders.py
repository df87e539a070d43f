"""What-if with sliders, in JupyterLab; a table where there is nobody to move them."""

from __future__ import annotations

import math
import os
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.charts import fan_picture
from pgi_analysis.language import capital
from pgi_analysis.results import Projection, Scenario, what_if
from pgi_analysis.voice import Voice, bracketed

if TYPE_CHECKING:
    from ipywidgets import Widget

STEPS = 100


def interactive() -> bool:
    """Tell whether somebody can move a slider: ipywidgets is there, and a Jupyter page is open.

    Jupyter names the session of a page in ``JPY_SESSION_NAME``; papermill opens no page.
    """
    return "JPY_SESSION_NAME" in os.environ and find_spec("ipywidgets") is not None


def sliders(projection: Projection, voice: Voice, *, success: float = 1.0) -> Widget:
    """Make the sliders with the probability and the fan chart that follow them."""
    import ipywidgets as w

    pending = projection.pending.table
    names = [(_name(row, pending, voice), row.Index) for row in pending.itertuples()]
    wide = w.Layout(width="30em")
    indicator = w.Dropdown(options=names, description="", layout=wide)
    assume = w.Checkbox(value=False, description=voice.say("sliders.assume"), indent=False)
    assume.layout.width = "30em"
    common, rise, chance, target = (
        w.FloatSlider(readout=False, layout=w.Layout(width="18em")) for _ in range(4)
    )
    chance.min, chance.max, chance.step, chance.value = 0.0, 1.0, 0.05, success
    readouts = {slider: w.Label() for slider in (common, rise, chance, target)}
    answer, chart = w.HTML(), w.HTML()
    settled = {"ends": (0.0, 1.0), "one": projection}

    def choose(_=None) -> None:
        """Set the sliders to an indicator as it is projected."""
        settled["one"] = one = projection.only([indicator.value])
        row = one.table.iloc[0]
        reach = _reach(row)
        moved = float(row["common_part"]) if pd.notna(row["common_part"]) else 0.0
        low, high = one.ends(indicator.value)
        goals = (max(low, row["target"] - reach), min(high, row["target"] + reach))
        settled["ends"] = (
            max(low, min(row["value"], row["lower"], row["target"]) - reach / 2),
            min(high, max(row["value"], row["upper"], row["target"]) + reach / 2),
        )
        for slider, ends, value in (
            (common, (moved - reach, moved + reach), moved),
            (rise, sorted((-row["direction"] * reach / 2, row["direction"] * reach)), 0.0),
            (target, goals, float(row["target"])),
        ):
            with slider.hold_trait_notifications():
                slider.min, slider.max = -math.inf, math.inf
                slider.min, slider.max, slider.value = *ends, value
                slider.step = _step(reach)
        follow()

    def follow(_=None) -> None:
        """Answer what the sliders ask."""
        common.disabled = not assume.value
        found = what_if(
            settled["one"],
            common_move=common.value if assume.value else None,
            own_rise=rise.value,
            success=chance.value,
            target=target.value,
        )
        own = voice.about(settled["one"].table["indicator"].iloc[0])
        for slider, label in readouts.items():
            unit = "" if voice.unit else own.unit if slider is target else own.step
            written = voice.percent if slider is chance else own.points
            label.value = f"{written(slider.value)} {'' if slider is chance else unit}".strip()
        answer.value = _answer(found, voice)
        chart.value = _chart(found, settled["ends"], voice)

    indicator.observe(choose, "value")
    for control in (assume, *readouts):
        control.observe(follow, "value")
    choose()
    rows = []
    units = {"common_move": voice.step, "own_rise": voice.step, "success": "", "target": voice.unit}
    for (name, unit), (slider, label) in zip(units.items(), readouts.items(), strict=True):
        said = voice.say(f"sliders.{name}", unit=bracketed(unit))
        rows.append(w.HBox([w.Label(said, layout=w.Layout(width="17em")), slider, label]))
    return w.VBox([indicator, assume, *rows, answer, chart])


def _name(row, pending: pd.DataFrame, voice: Voice) -> str:
    """Name a target: by its area and year too where several share the indicator."""
    parts = [voice.name(row.indicator)]
    if len(set(pending["area"])) > 1:
        parts.insert(0, row.area)
    if pending.duplicated(["area", "indicator"], keep=False)[row.Index]:
        parts.append(str(row.target_period))
    return ", ".join(parts)


def _reach(row: pd.Series) -> float:
    """Return how far the sliders go: as far as the gap, or as what is uncertain."""
    return float(max(2 * abs(row["gap"]), row["upper"] - row["lower"]))


def _step(reach: float) -> float:
    """Return the round number nearest below a hundredth of the reach."""
    return 10.0 ** math.floor(math.log10(reach / STEPS)) if reach > 0 else 0.01


def _answer(found: Scenario, voice: Voice) -> str:
    row = next(found.table.itertuples())
    voice = voice.on(next(found.projection.pending.table.itertuples()))
    answer = voice.say("plot.projection_title_one", p=voice.chance(row.p_met))
    against = voice.say("sliders.against", level=found.level, **row._asdict())
    return (
        f"<div class='pgi-answer' style='font-size:1.5em;font-weight:bold'>{escape(answer)}</div>"
        f"<div>{escape(capital(against))}</div>"
    )


def _chart(found: Scenario, ends: tuple[float, float], voice: Voice) -> str:
    row = next(found.table.itertuples())
    voice = voice.about(row.indicator)
    drawn = found.fan(found.projection.table.index[0])
    wide = drawn.quantiles
    reached = (wide.min(axis=None), wide.max(axis=None), drawn.target)  # beyond the usual
    said = voice.say("sliders.chart", name=voice.name(row.indicator), **row._asdict())
    picture = fan_picture(
        drawn,
        ends=(min(ends[0], *reached), max(ends[1], *reached)),
        write=voice.points,
        text=said,
    )
    return f"{picture.svg}<div>{escape(voice.say('sliders.bands'))}</div>"
