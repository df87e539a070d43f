"""What is said of a result: a file a subject, and in each the same verbs.

``answer``
    what a page opens with, in a sentence or two; ``headline``, where there is one, is what the
    result shows of it in a notebook
``sentences``
    a sentence a row
``caption``
    of its chart: what it finds, and its text for those who cannot see it
``table``
    its figures as a frame of text, with a ``note`` below it where it needs one
``caveats``, ``methods``
    what a reader must know to trust it

Every verb takes the result and a `Voice`, some a second result beside it, and returns plain text:
whoever shows it escapes it. Further texts of a subject go by names of their own, and are asked for
in the same way: ``tell(projection, "reasons", voice)``.
"""

from __future__ import annotations

from types import ModuleType

import pandas as pd

from pgi_analysis.assessment import Verdicts
from pgi_analysis.evaluation import BackTest, LabelWorth
from pgi_analysis.faults import did_you_mean, refuse
from pgi_analysis.results import (
    Changes,
    Deadlines,
    Gap,
    Joint,
    Levels,
    Parent,
    Predecessors,
    Projection,
    Ranks,
    Result,
    Scenario,
    Scorecard,
    Tasks,
    Trend,
    predecessors,
)
from pgi_analysis.text import (
    area,
    assessment,
    backtest,
    calendar,
    changes,
    gap,
    joint,
    labels,
    levels,
    parent,
    projection,
    ranks,
    report,
    scenario,
    scorecard,
    tasks,
    trend,
)
from pgi_analysis.text.backtest import as_text
from pgi_analysis.text.founding import understood
from pgi_analysis.voice import Voice

SUBJECTS: dict[type[Result], ModuleType] = {
    Gap: gap,
    Trend: trend,
    Projection: projection,
    Joint: joint,
    Levels: levels,
    Parent: parent,
    Predecessors: area,
    Ranks: ranks,
    Scenario: scenario,
    Scorecard: scorecard,
    Changes: changes,
    Tasks: tasks,
    Deadlines: calendar,
    Verdicts: assessment,
    BackTest: backtest,
    LabelWorth: labels,
}

__all__ = [
    "SUBJECTS",
    "as_text",
    "assessment",
    "calendar",
    "figures",
    "has",
    "headline",
    "labels",
    "projection",
    "report",
    "standing",
    "tasks",
    "tell",
    "understood",
]


def has(found: Result, verb: str) -> bool:
    """Tell whether there is such a text of a result."""
    return hasattr(SUBJECTS[type(found)], verb)


def tell(found: Result, verb: str, voice: Voice, *beside: object):
    """Say something of a result, by the name of the verb.

    Parameters
    ----------
    found : Result
    verb : str
        ``answer``, ``sentences``, ``table`` and so on: a function of the result's subject.
    voice : Voice
    *beside : Result
        What the subject takes beside the result.

    Raises
    ------
    InputError
        There is no such text of this result.
    """
    subject = SUBJECTS[type(found)]
    known = [name for name in vars(subject) if _is_verb(subject, name)]
    if verb not in known:
        hint = did_you_mean(verb, known)
        values = {"got": verb, "result": type(found).__name__, "known": ", ".join(known)}
        raise refuse("text_unknown", hint=hint, **values)
    return getattr(subject, verb)(found, voice, *beside)


def _is_verb(subject: ModuleType, name: str) -> bool:
    thing = getattr(subject, name)
    own = getattr(thing, "__module__", "") == subject.__name__
    return callable(thing) and own and not name.startswith("_")


def headline(found: Result, voice: Voice) -> list[str]:
    """Say in a line or two what a result shows."""
    if has(found, "headline"):
        return tell(found, "headline", voice)
    return tell(found, "answer", voice)[:1]


def standing(found: Result, voice: Voice) -> list[str]:
    """Say beside a result what has become of the plan and its area, and what does not compare."""
    if voice.ds is None or voice.ds.plan is None:
        return []
    return [*report.standing(voice, agencies=False), *area.caveats(predecessors(voice.ds), voice)]


def figures(found: Result, which: str = "table") -> tuple[str, pd.DataFrame | None]:
    """Return the name of a table of a result, and its figures where they go along with it."""
    subject = SUBJECTS[type(found)]
    if which in getattr(subject, "TABLES", {}):
        name, attribute = subject.TABLES[which]
        return name, getattr(found, attribute) if attribute else None
    if isinstance(found, Projection):
        name = "projection" if found.model == "panel" else "projection_no_change"
        return (which, None) if which == "own_rise" else (name, found.table)
    return subject.NAME, found.table
