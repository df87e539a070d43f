"""How results show themselves in a notebook: a sentence, then a table to read.

The language is that of messages, since a result that shows itself has nobody to ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.notebook.page import LAB_STYLE, table_html
from pgi_analysis.results import Changes, Gap, Joint, Projection, Scenario, Scorecard, Trend
from pgi_analysis.text import headlines, tables, wording
from pgi_analysis.text import work as work_wording
from pgi_analysis.voice import Voice, own_voice

if TYPE_CHECKING:
    from pgi_analysis.evaluation import BackTest, LabelWorth

#: rows shown; the table itself has them all
MOST = 20


def html(lines: Iterable[str], frame: pd.DataFrame, voice: Voice, caption: str = "") -> str:
    """Write sentences and a captioned table; a column without any figure is left out."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    full = frame.loc[:, (frame != tables.DASH).any()] if len(frame) else frame
    named = voice.say(f"caption.{caption}") if caption else ""
    table = table_html(full.head(MOST), named) if len(full) else ""
    more = len(full) - MOST
    rest = f"<p>{escape(voice.say('lab.more', n=more))}</p>" if more > 0 else ""
    return f"{LAB_STYLE}<div class='pgi-result'>{said}{table}{rest}</div>"


def gap(found: Gap) -> str:
    """Show the gaps."""
    voice = own_voice(found.ds)
    lines = headlines.gap_answer(found.table, voice)
    return html(lines[:1], tables.gap_table(found.table, voice), voice, "gap")


def trend(found: Trend) -> str:
    """Show the trend."""
    voice = own_voice(found.ds)
    if found.ds is None:
        values = {"area": found.area, "n": len(found.table)}
        lines = [voice.say("lab.trend" if len(found.moves) else "lab.standing", **values)]
    else:
        lines = headlines.trend_answer(found, voice)[:1]
    return html(lines, tables.trend_table(found, voice), voice, "trend")


def projection(found: Projection) -> str:
    """Show the projection."""
    voice = own_voice(found.ds)
    line = " ".join(headlines.projection_answer(found, voice))
    return html([line], tables.projection_table(found, voice), voice, "projection")


def scenario(found: Scenario) -> str:
    """Show what becomes of the projection."""
    voice = own_voice(found.projection.ds)
    lines = [wording.scenario_sentence(found, voice)]
    return html(lines, tables.scenario_table(found, voice), voice, "projection")


def joint(found: Joint) -> str:
    """Show how many targets are met together."""
    voice = own_voice(None)
    return html([voice.say("lab.joint")], tables.joint_table(found, voice), voice)


def changes(found: Changes) -> str:
    """Show what has changed."""
    voice = own_voice(found.ds)
    return html(work_wording.change_sentences(found, voice), pd.DataFrame(), voice)


def scorecard(found: Scorecard) -> str:
    """Show earlier projections beside the outcome."""
    voice = own_voice(found.ds)
    lines = wording.scorecard_sentences(found, voice)
    return html(lines[:1], tables.scorecard_table(found, voice), voice, "scorecard")


def backtest(found: BackTest) -> str:
    """Show how the models did."""
    from pgi_analysis.text import evaluation

    voice = own_voice(None)
    lines = evaluation.sentences(found, voice, models=("panel",))
    return html(lines, evaluation.score_table(found, voice), voice, "backtest")


def label_worth(found: LabelWorth) -> str:
    """Show what labels have been worth."""
    from pgi_analysis.text import evaluation

    voice = own_voice(None)
    lines = evaluation.label_sentences(found, voice.say("lab.panel"), voice)
    return html(lines[:1], evaluation.label_table(found, voice), voice, "labels")
