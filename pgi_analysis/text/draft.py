"""A report as the letter that an office numbers, signs and sends: its parts by Decree 30/2020.

What only a person can give stands as a `blank`, and what the results give stands in the sentences
and cells that the pages have. How it looks is the affair of the room `word`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from pgi_analysis.data import Dataset
from pgi_analysis.language import DASH, capital, small
from pgi_analysis.results import (
    PENDING,
    Deadlines,
    Gap,
    Parent,
    Projection,
    Ranks,
    Tasks,
    Trend,
    calendar,
    gap,
    parent,
    project,
    ranks,
    tasks,
    trend,
    years_of,
)
from pgi_analysis.text import calendar as calendar_text
from pgi_analysis.text import gap as gap_text
from pgi_analysis.text import parent as parent_text
from pgi_analysis.text import projection as projection_text
from pgi_analysis.text import ranks as ranks_text
from pgi_analysis.text import report, tables
from pgi_analysis.text import tasks as tasks_text
from pgi_analysis.text import trend as trend_text
from pgi_analysis.voice import Voice, bracketed

#: around what a person has to fill in: code points that stand for no letter in any text
OPEN, CLOSE = "\ufdd0", "\ufdd1"
#: the committees of provinces, which have no agency above them in a letter's head
_COMMITTEE = re.compile(r"(UBND|Ủy ban nhân dân|People's Committee)\b", re.IGNORECASE)
#: what stands between entries of a list in one text, as in the tables
_LIST = re.compile(r"\s*;\s*")


@dataclass(frozen=True, eq=False)
class Draft:
    """A letter: lines of its head and foot, and its body in parts.

    ``body`` and ``annex`` hold pairs of a kind and its content: ``chapter``, ``section``, ``item``,
    ``text``, ``point``, ``caption``, ``note`` and ``closing`` are texts, in an annex also ``head``
    and ``under``; ``table`` is a frame of texts. The annex is empty where the plan has no tasks.
    """

    left: list[str]
    right: list[str]
    kind: str
    subject: str
    to: str
    body: list[tuple[str, str | pd.DataFrame]]
    recipients: list[str]
    signer: list[str]
    annex: list[tuple[str, str | pd.DataFrame]] = field(default_factory=list)


def blank(key: str, voice: Voice, **values: object) -> str:
    """Write what a person has to fill in."""
    return f"{OPEN}{voice.say(f'draft.blank.{key}', **values)}{CLOSE}"


def _upper(text: str) -> str:
    """Write in capitals what nobody has to fill in."""
    parts = re.split(f"({OPEN}.*?{CLOSE})", text)
    return "".join(part if n % 2 else part.upper() for n, part in enumerate(parts))


@dataclass(frozen=True, eq=False)
class Found:
    """What a report is on."""

    gap: Gap
    projection: Projection
    ranks: Ranks
    parent: Parent
    trend: Trend
    tasks: Tasks
    calendar: Deadlines

    @classmethod
    def of(cls, ds: Dataset) -> Found:
        """Find it out."""
        results = (gap, project, ranks, parent, trend, tasks, calendar)
        return cls(*(result(ds) for result in results))


def written(voice: Voice, *, probabilities: bool = True, found: Found | None = None) -> Draft:
    """Write the letter.

    Parameters
    ----------
    voice : Voice
        With the dataset that the report is on.
    probabilities : bool
        Say how likely targets are to be met, in a section of its own.
    found : Found, optional
        The results, where they are known already.
    """
    found, office = found or Found.of(voice.ds), _Office(voice)
    tabled = [(kind, office.named(part)) for kind, part in _body(found, office, probabilities)]
    annex = [(kind, office.named(part)) for kind, part in _annex(found.tasks, office)]
    subject = office.say("subject", plan=report.short_title(voice), quarter=voice.report())
    return Draft(
        left=[*filter(None, [office.parent]), office.short_name, office.number],
        right=[*filter(None, [office.say("state"), office.say("motto")]), office.dated],
        kind=office.say("kind"),
        subject=subject,
        to=office.say("to", to=office.to),
        body=tabled,
        recipients=office.recipients,
        signer=office.signer,
        annex=annex,
    )


class _Office:
    """Who writes to whom: the plan's group ``[letter]``, and blanks for what it leaves open.

    What it says is of the agency that issued the plan. Where that has another name by now, its
    short name, recipients and signer are others too.
    """

    def __init__(self, voice: Voice) -> None:
        self.voice, self.plan = voice, voice.ds.require_plan()
        own = self.plan.text("agency", voice.language)
        self._same = voice.agency() == own
        self._ended = {
            voice.say("page.successor", agency=one): blank("successor", voice, agency=one)
            for one in voice.ended_agencies()
        }
        self.name = self.named(voice.agency()) or blank("agency", voice)
        to = self.named(voice.agency("reporting.reports_to"))
        self.to = to or blank("to", voice)
        committee = bool(_COMMITTEE.match(self.name))
        self.parent = self._text("parent") or ("" if committee else to or blank("parent", voice))
        self.parent = _upper(self.parent)
        short = self.plan.text("number", voice.language).partition("/")[2].partition("-")[2]
        short = short or ("UBND" if committee else "")
        self.short = self._text("short") or (short if self._same else "") or blank("short", voice)

    def say(self, key: str, **values: object) -> str:
        """Fill a text of the letter."""
        return self.voice.say(f"draft.{key}", **values)

    def named(self, part):
        """Put a blank for an agency whose name is not known, in a text or a table."""
        if isinstance(part, pd.DataFrame):
            return part.map(self.named).rename(columns=self.named)
        for said, open_ in self._ended.items():
            part = part.replace(said, open_)
        return part

    def _text(self, key: str) -> str:
        known = self._same and self.plan.text(f"letter.{key}", self.voice.language)
        return known or ""

    @property
    def short_name(self) -> str:
        """The agency as a head has it: its province stands with the agency above it."""
        area = self.say("of_area", area=self.voice.area)
        tail = area if self.parent.endswith(area.upper()) else ""
        return _upper(self.name.removesuffix(tail))

    @property
    def number(self) -> str:
        """The line of the letter's number."""
        return self.say("number", number=blank("number", self.voice), short=self.short)

    @property
    def day(self) -> dict[str, object]:
        """The day on which the letter is signed, of which the year alone is known."""
        parts = {name: blank(name, self.voice) for name in ("day", "month")}
        return parts | {"year": self.voice.ds.due_day.year}

    @property
    def dated(self) -> str:
        """The line of place and date."""
        own = self.voice.bare(self.voice.area) if self.voice.of_provinces else ""
        place = self._text("place") or own or blank("place", self.voice)
        return self.say("dated", place=place, **self.day)

    @property
    def recipients(self) -> list[str]:
        """Who gets the letter, a line each."""
        listed = _LIST.split(self._text("recipients").strip("; "))
        others = [one for one in listed if one] or [blank("recipients", self.voice)]
        kept = self._text("file_as") or blank("file_as", self.voice)
        lines = [self.say("as_above"), *others]
        return [
            self.say("recipients"),
            *(self.say("recipient", who=one) for one in lines),
            self.say("kept", units=kept),
        ]

    @property
    def signer(self) -> list[str]:
        """The lines above the signature, and the name under it."""
        titles = _LIST.split(self._text("signer_title").strip("; "))
        titles = [one for one in titles if one] or [blank("signer_title", self.voice)]
        return [*titles, self._text("signer") or blank("signer", self.voice)]


Part = tuple[str, str | pd.DataFrame]


def _body(found: Found, office: _Office, probabilities: bool) -> Iterator[Part]:
    voice = office.voice
    plan = office.plan
    carries_out = plan.text("carries_out.number", voice.language) or plan.text(
        "carries_out.title", voice.language
    )
    unknown = blank("plan_number", voice)
    own = report.document("", voice, unknown=unknown)
    above = report.document("carries_out.", voice, unknown=unknown) if carries_out else own
    about = {"agency": office.name, "quarter": voice.report()}
    yield "text", voice.say("page.carries_out", what=above, **about)
    yield "text", " ".join([voice.say("page.until", day=voice.ds.vintage), *report.early(voice)])
    for line in report.standing(voice, agencies=False):
        yield "text", line

    yield "chapter", office.say("chapter.direction")
    if carries_out and plan.text("title", voice.language):
        yield "text", office.say("own_plan", agency=capital(office.name), plan=own)
    for line in tasks_text.answer(found.tasks, voice) if len(found.tasks.table) else []:
        yield "text", line
    yield "text", office.say("documents", blank=blank("documents", voice))

    yield "chapter", office.say("chapter.results")
    sections = [("outcome", _outcome(found, voice, probabilities))]
    sections.append(("tasks", _work(found.tasks, voice)))
    sections.append(("outlook", _outlook(found, voice) if probabilities else iter(())))
    kept = [(key, parts) for key, made in sections if (parts := list(made))]
    for n, (key, parts) in enumerate(kept, start=1):
        title = office.say(f"section.{key}", index=voice.index or office.say("targets"))
        yield "section", f"{n}. {title}"
        yield from parts

    yield "chapter", office.say("chapter.obstacles")
    said = tasks_text.reported(found.tasks, voice, ("obstacle", "cause"))
    for line in said:
        yield "point", line
    if not said:
        none = [voice.say("draft.no_obstacles", day=found.tasks.day)] if len(found.tasks) else []
        yield "text", " ".join([*none, blank("obstacles", voice)])

    due = found.calendar.table["covers"]
    following = voice.report(due.iloc[0]) if len(due) else office.say("later")
    yield "chapter", office.say("chapter.ahead", quarter=following.upper())
    todo = tasks_text.ahead(found.tasks, voice)
    for line in todo:
        yield "point", line
    if not todo:
        yield "text", blank("ahead", voice)
    line = calendar_text.due(found.calendar, voice)
    if line and calendar_text.borrowed(voice):  # the days of another plan say nothing of this one
        line = voice.say("headline.due", next=blank("due", voice))
    if line:
        yield "text", line

    yield "chapter", office.say("chapter.proposals")
    asked = tasks_text.reported(found.tasks, voice, ("proposal",))
    for line in asked:
        yield "point", line
    if not asked:
        yield "text", blank("proposals", voice)
    yield "closing", office.say("closing", plan=report.short_title(voice), to=office.to, **about)


def _outcome(found: Found, voice: Voice, probabilities: bool) -> Iterator[Part]:
    """Say how the targets stand, and set them out in a table for each target year."""
    lines = [*gap_text.headlines(found.gap, voice), *gap_text.total(found.gap, voice)]
    past = found.ranks.table[~found.ranks["state"].isin(PENDING)]
    lines += [ranks_text.told(row, voice) for row in past.itertuples()]
    if len(found.parent.table):
        ended = set(found.parent["state"]) - set(PENDING)
        lines += parent_text.answer(found.parent, voice, ended)
        lines += [] if probabilities else _aimed(found.parent, voice)
        lines += trend_text.national(found.trend, voice)
    for line in lines:
        yield "text", line
    ahead, over = years_of(found.gap, found.ranks)
    for n, year in enumerate([*ahead, *over], start=1):
        yield from _year(n, found.gap.of_year(year), found.ranks.of_year(year), year, voice)
    for notice in voice.ds.notices:  # to be looked at by who signs, and taken out
        yield "note", f"{OPEN}{notice.text(voice.language)}{CLOSE}"


def _aimed(above: Parent, voice: Voice) -> list[str]:
    """Name the open targets of the plan above, without how likely they are."""
    own = Voice(above.ds.of_parent(), voice.language)
    number = above.ds.require_plan().text("carries_out.number", voice.language)
    pending = above.ranks.table[above.ranks["state"].isin(PENDING)]
    return [
        own.on(row).say("draft.parent_open", number=number, **ranks_text.blanks(row, own))
        for row in pending.itertuples()
    ]


def _year(n: int, gaps: Gap, aims: Ranks, year: object, voice: Voice) -> Iterator[Part]:
    """Set out the targets of a year in a table, those on ranks last; the cells are the pages'."""
    since = gaps["baseline_period"].dropna().unique()
    one = len(since) == 1
    rows, newest, doubtful, out = [], set(), False, False
    for row, own in tables.each(gaps.table, voice):
        ended = pd.notna(row.period) and row.period == row.target_period
        first = gap_text.only_baseline(row)
        moved = pd.notna(row.gap) and pd.notna(row.baseline) and not first
        if pd.notna(row.gap) and not ended:
            newest.add(row.period)
        value = DASH if first and not ended else tables.score(row, own, dated=not ended)
        out |= ended
        doubtful |= row.status == "doubtful"
        start = own.points(row.baseline)
        if not one and pd.notna(row.baseline_period):
            start += f" ({voice.whole(row.baseline_period)})"
        start += " *" if row.status == "doubtful" and value == DASH else ""
        rows.append(
            {
                "indicator": voice.row(row.indicator) if row.stated else voice.aim(row),
                "baseline": start,
                "target": tables.target(row, own),
                "outcome": value,
                "moved": own.signed(row.value - row.baseline) if moved else DASH,
                "gap": tables.gap(row.gap, gap_text.turned(row), own).replace("\u00a0", " "),
                "rank": gap_text.rank(row, voice),
                "state": capital(own.state(row.state, stated=row.stated)),
            }
        )
    for row in aims.table.itertuples():
        rows.append(
            {
                "indicator": voice.say("ranks.row", name=small(voice.name(row.indicator))),
                **dict.fromkeys(("baseline", "outcome", "moved", "gap"), DASH),
                "target": ranks_text.short_goal(row, voice),
                "rank": ranks_text.cell(row, voice),
                "state": capital(voice.state(row.state)),
            }
        )
    always = ("indicator", "target", "outcome", "state")
    kept = [k for k in rows[0] if k in always or any(row[k] != DASH for row in rows)]
    since_one = voice.whole(since[0]) if one else ""
    heads = {name: voice.column(name) for name in kept}
    waiting = not out and any(row["outcome"] != DASH for row in rows)
    key = "latest" if waiting else "outcome"
    heads["outcome"] = voice.say(f"draft.column.{key}", year=year)
    heads["target"] = voice.say("draft.column.target", year=year)
    if "moved" in heads:
        heads["moved"] = voice.say("draft.column.moved")
    if one and "baseline" in heads:
        heads["baseline"] = voice.say("draft.column.baseline", year=since_one)
    unit = bracketed(voice.unit) if len(gaps.table) else ""
    yield "caption", voice.say("draft.table", n=n, year=year, unit=unit)
    number = voice.say("draft.column.number")
    yield (
        "table",
        pd.DataFrame(
            {number: str(place)} | {heads[name]: row[name] for name in kept}
            for place, row in enumerate(rows, start=1)
        ),
    )
    if newest:
        span = voice.span(min(newest), max(newest)) if len(newest) > 1 else max(newest)
        yield "note", voice.say("draft.newest", year=year, period=span)
    if doubtful:
        yield "note", voice.say("draft.star", publisher=voice.publisher)


def _work(work: Tasks, voice: Voice) -> Iterator[Part]:
    """Say how far each task is, by indicator."""
    listed = tasks_text.of_indicators(work, voice)
    letters = voice.say("draft.letters")
    for n, (name, lines) in enumerate(listed.items()):
        letter = letters[n] if n < len(letters) else str(n + 1)
        yield "item", voice.say("draft.item", letter=letter, name=name)
        yield from (("point", line) for line in lines)
    if not listed:
        yield "text", blank("tasks", voice)


def _outlook(found: Found, voice: Voice) -> Iterator[Part]:
    """Say how likely the targets are to be met that are still open."""
    lines = projection_text.sentences(found.projection.pending, voice)
    waiting = found.ranks.table[found.ranks["state"].isin(PENDING)]
    lines += [ranks_text.told(row, voice) for row in waiting.itertuples()]
    lines += parent_text.answer(found.parent, voice, PENDING)
    lines += projection_text.jointly(found.projection, voice)
    lines += projection_text.rough(found.projection, voice)
    return (("text", line) for line in lines)


def _annex(work: Tasks, office: _Office) -> Iterator[Part]:
    """Set out all tasks on pages of their own."""
    table = tasks_text.annexed_table(work, office.voice)
    if len(table):
        yield "head", office.say("annex")
        yield "head", report.caption("tasks", office.voice)
        number = office.number.partition(" ")[2]
        about = {"number": number, "agency": office.name}
        yield "under", office.say("attached", **about, **office.day)
        yield "table", table
