"""A page of a notebook: what results say, as escaped HTML.

A table carries its figures along as CSV, and the headline is marked, so that the report can collect
both from the executed notebook.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from pgi_analysis.charts import Picture
from pgi_analysis.data import Dataset, checked, to_csv
from pgi_analysis.faults import did_you_mean, refuse
from pgi_analysis.language import LANGUAGES, words
from pgi_analysis.notebook.tables import table_html
from pgi_analysis.results import (
    Changes,
    Gap,
    Parent,
    Projection,
    Ranks,
    Result,
    Tasks,
    Trend,
    gap,
    predecessors,
    years_of,
)
from pgi_analysis.text import figures, has, report, tell
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 144
COLOURS = 64
#: JupyterLab sets every cell to the right and keeps tables narrow; pages have a style of their own
LAB_STYLE = """<style>
.jp-RenderedHTMLCommon table th, .jp-RenderedHTMLCommon table td {
  text-align: left !important; vertical-align: top; white-space: normal; }
.jp-RenderedHTMLCommon table .number { text-align: right !important; }
.jp-RenderedHTMLCommon table td.number { white-space: nowrap; }
.jp-RenderedHTMLCommon table th[scope=row] { min-width: 9em; }
.jp-RenderedHTMLCommon table caption { text-align: left; font-weight: bold; }
.jp-RenderedHTMLCommon figure img { background: white; }
</style>"""


class Page:
    """A page in one language. Its methods show what a result says; they return nothing.

    Parameters
    ----------
    ds : Dataset or None
        With a plan, as known for a quarter's report; None for a page about no plan.
    language : {"vi", "en"}, optional
        By default the first that the names of the dataset are in.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> ds = pgi.load("data", plan="lang-son-transport-2024").at("2024Q4")
    >>> page = pgi.Page(ds, "en")
    >>> page.answer(pgi.gap(ds))  # a notebook shows it in a box  # doctest: +ELLIPSIS
    {'text/html': "<div class='answer'><p><strong>The PGI results of 2024 have not been...
    """

    @checked
    def __init__(self, ds: Dataset | None, language: str = "") -> None:
        self._voice = Voice(ds, language or (ds.language if ds else LANGUAGES[0]))
        self._waiting: tuple[str, str] | None = None
        self._year: object = None
        self._explained = False
        self._noticed: list[str] = []
        self._folded: list[dict[str, object]] | None = None

    @checked
    def opening(self, name: str) -> None:
        """Show the title, and until when what was published counts.

        Raises
        ------
        InputError
            There is no page of that name, or it is of a plan and there is none.
        """
        voice = self._voice
        _require(name, _pages(voice))
        if voice.ds is None and name == "quarterly_report":
            raise refuse("plan_needed")
        title = report.title(name, voice)
        if voice.ds is None:  # a page about no plan
            kind, lead = "lead", voice.say(f"about.{name}")
        else:
            kind, lead = "known", voice.say("page.until", day=voice.ds.vintage)
        html = f"{LAB_STYLE}<h1>{escape(title)}</h1>"
        if name == "quarterly_report" and (said := report.opening(voice, leads=True)[0]):
            html += f"<p>{escape(said)}</p>"
        html += f"<p class='{kind}'>{escape(lead)}</p>"
        if voice.ds is not None and (lines := report.standing(voice)):
            html += "".join(f"<p>{escape(line)}</p>" for line in lines)
        self._show(html, title, role="title", language=voice.language)

    @checked
    def heading(self, key: str) -> None:
        """Head the section that follows; a section without content gets no heading.

        Raises
        ------
        InputError
            There is no section of that name; a Markdown cell heads one of your own.
        """
        pages = _pages(self._voice) - {"quarterly_report"}
        _require(key, pages | set(words(self._voice.language)["heading"]))
        own = f"heading.{key}"  # a section that a page of its own is about is headed as that is
        self._waiting = (key, self._voice.say(own if self._voice.knows(own) else f"title.{key}"))

    @checked
    def answer(self, found: Result, *beside: Result) -> None:
        """Show the answer to the page's question, which the index repeats.

        Doubtful scores are named with it, whatever the result; on a page about no plan, which has
        no closing, so is what was accepted of its tables but may be wrong.
        """
        doubtful = tell(gap(self._voice.ds), "doubtful", self._voice) if self._voice.ds else []
        self._answer([*tell(found, "answer", self._of(found), *beside), *doubtful])
        known = () if self._voice.ds else getattr(found, "notices", ())
        told = dict.fromkeys(one.text(self._voice.language) for one in known)
        if new := [line for line in told if line not in self._noticed]:
            self._noticed += new
            self._points(new)

    @checked
    def summary(
        self,
        gaps: Gap,
        projection: Projection,
        ranks: Ranks,
        parent: Parent,
        trend: Trend,
        tasks: Tasks,
    ) -> None:
        """Show a report's answer from several results."""
        found = (gaps, projection, ranks, parent, trend, tasks)
        self._answer(report.answer(*found, self._voice))

    @checked
    def each_year(self, *found: Result) -> Iterator[Any]:
        """Go through the target years, the nearest first, with what each result says of it.

        Where there are several years, each is headed; those that are over are folded as long as
        another is shown.

        Yields
        ------
        Result, or a tuple of them
        """
        ahead, over = years_of(*found)
        several = len(ahead) + len(over) > 1
        for year in [*ahead, *over]:
            parts = tuple(one.of_year(year) for one in found)
            self._year = year if several else None
            title = self._voice.say("page.year_targets", year=year)
            fold = year in over and year != (ahead or over)[0]
            if fold:
                self._flush()
                self._folded = []
            elif several:
                self._show(f"<h3>{escape(title)}</h3>", title)
            yield parts if len(parts) > 1 else parts[0]
            if fold:
                self._unfold(title)
        self._year = None

    def annex(self) -> None:
        """Head what follows as an annex; it begins on a printed page of its own."""
        text = self._voice.say("heading.annex")
        self._show(f"<h2 id='annex' class='annex'>{escape(text)}</h2>", text, role="heading")

    @checked
    def targets(self, gaps: Gap, projection: Projection, ranks: Ranks) -> None:
        """Show each target in a row: where it stands, and how likely it is to be met."""
        shown = report.table(gaps, projection, ranks, self._voice)
        drawn = any(isinstance(cell, Picture) for cell in shown.to_numpy().ravel())
        drawn = drawn and not self._explained
        note = report.note(projection, self._voice) if drawn else ""
        told = report.rows(gaps, projection, ranks, self._voice)
        self._table(shown, "answer", note=note, places=[report.place(row) for row, _ in told])
        self._explained |= bool(drawn)

    @checked
    def decisions(self, tasks: Tasks) -> None:
        """Show in a box what is in the way of the tasks, and what is proposed."""
        if lines := tell(tasks, "decisions", self._voice):
            items = "".join(f"<li>{_strong(line)}</li>" for line in lines)
            self._show(f"<div class='answer'><ul>{items}</ul></div>", "\n".join(lines))

    @checked
    def text(self, found: Result, which: str = "answer", *beside: object) -> None:
        """Show sentences on a result, each a paragraph of its own: its answer, or those named."""
        lines = tell(found, which, self._of(found), *beside)
        self._show("".join(f"<p>{escape(line)}</p>" for line in lines), "\n".join(lines))

    @checked
    def points(self, found: Result, which: str = "sentences", *beside: object) -> None:
        """Show sentences on a result as a list: a sentence a row, or those named."""
        role = "changes" if isinstance(found, Changes) else ""
        self._points(tell(found, which, self._of(found), *beside), role=role)

    @checked
    def table(
        self,
        found: Result,
        which: str = "table",
        *beside: object,
        folded: bool = False,
        printed: bool = True,
    ) -> None:
        """Show a result as a table, its figures along with it; nothing where it is empty.

        Parameters
        ----------
        found : Result
        which : str
            A table of its own name, such as ``likelihood`` of a projection.
        *beside : Result
            What it is compared with.
        folded : bool
            Fold the table under its caption on a screen; it is printed open.
        printed : bool
            Print the table; not where a folded one says it all.
        """
        verb = which if which == "table" else f"{which}_table"
        name, data = figures(found, which)
        note = f"{which}_note"
        self._table(
            tell(found, verb, self._of(found), *beside),
            name,
            data,
            folded=folded,
            printed=printed,
            note=tell(found, note, self._of(found)) if has(found, note) else "",
        )

    @checked
    def figure(self, found: Result) -> None:
        """Show the chart of a result under its finding; nothing where nothing is drawn."""
        voice = self._of(found)
        self._figure(found.figure(voice), *tell(found, "caption", voice))

    @checked
    def fans(self, found: Projection) -> None:
        """Show the fan charts of all targets still open as one figure."""
        voice = self._of(found)
        self._figure(found.fans(voice), *tell(found, "fans_caption", voice))

    @checked
    def each_fan(self, found: Projection) -> None:
        """Show the fan chart of every target still open, each with its sentence."""
        from pgi_analysis.charts import fans, style

        for index in found.pending.table.drop_duplicates("indicator", keep="last").index:
            drawn = fans.fan(found.fan(index), self._voice, style.blank())
            said = tell(found.only([index]), "fan_caption", self._voice)
            self._figure(drawn.figure, *said)

    @checked
    def sliders(self, found: Projection, *, success: float = 1.0) -> None:
        """Show sliders to try assumptions with; where nobody can move them, a table of own rises.

        Parameters
        ----------
        success : float
            Probability that an own rise comes about; with the sliders, where they start.
        """
        from pgi_analysis.notebook import sliders

        voice = self._voice
        if found.pending.table.empty:
            self._text([voice.say("sliders.nothing")])
        elif sliders.interactive():
            from IPython.display import display

            display(sliders.sliders(found, voice, success=success))
        else:
            self._text([voice.say("sliders.static", success=success)])
            self.table(found, "own_rise", success)
        self._text([voice.say("sliders.caution")])

    @checked
    def closing(self, *found: Result, brief: bool = False) -> None:
        """Show whose plan this is, caveats and methods of the results used, and sources.

        What is to be known of the scores themselves is said whatever the results.

        Parameters
        ----------
        *found : Result
        brief : bool
            Leave the plan to the opening, and the methods to the pages in depth.
        """
        voice = self._voice
        used = [gap(voice.ds), *(one for one in found if not isinstance(one, Gap))]
        caveats = [
            line for one in used if has(one, "caveats") for line in tell(one, "caveats", voice)
        ]
        methods = [
            line for one in found if has(one, "methods") for line in tell(one, "methods", voice)
        ]
        self.heading("about")
        self._text(report.early(voice) if brief else report.opening(voice))
        caveats += tell(predecessors(voice.ds), "caveats", voice)
        self.heading("caveats")
        notices = [notice.text(voice.language) for notice in voice.ds.notices]
        self._points([*caveats, *report.breaks(voice), *notices])
        if brief:
            self._text([voice.say("page.in_depth")])
        else:
            self.heading("method")
            self._points(methods)
        self.heading("sources")
        self._points(report.sources(voice))

    def _of(self, found: Result) -> Voice:
        """Return who speaks of a result: where the page is about no plan, one who knows it."""
        return self._voice if self._voice.ds else found.spoken(self._voice.language)

    def _answer(self, lines: list[str]) -> None:
        first = "".join(f"<p><strong>{escape(line)}</strong></p>" for line in lines[:1])
        html = first + "".join(f"<p>{_strong(line)}</p>" for line in lines[1:])
        self._show(f"<div class='answer'>{html}</div>", "\n".join(lines), role="answer", text=lines)

    def _text(self, lines: list[str]) -> None:
        self._show("".join(f"<p>{escape(line)}</p>" for line in lines), "\n".join(lines))

    def _points(self, lines: list[str], *, role: str = "") -> None:
        """Show a list; the part before a colon stands out. Under a role the report finds it."""
        about = {"role": role, "text": lines} if role else {}
        items = "".join(f"<li>{_linked(_strong(line))}</li>" for line in lines)
        self._show(f"<ul>{items}</ul>", "\n".join(lines), **about)

    def _table(
        self,
        shown: pd.DataFrame,
        name: str,
        data: pd.DataFrame | None = None,
        *,
        folded: bool = False,
        printed: bool = True,
        note: str = "",
        places: Sequence[str] = (),
    ) -> None:
        """Show a frame of text or pictures under its caption, its figures along as CSV."""
        if shown.empty:
            return
        name = f"{name}-{report.of_period(self._year)}" if self._year is not None else name
        said = report.caption(name, self._voice)
        html = table_html(shown, said, places)
        if shown.map(lambda cell: str(cell).endswith(" *")).any(axis=None):
            html += f"<p class='source'>{escape(self._voice.say('page.star'))}</p>"
        if note:
            html += f"<p class='source'>{escape(note)}</p>"
        if not printed:
            html = f"<div class='screen'>{html}</div>"
        if folded:
            summary = escape(self._voice.say("page.figures", caption=said))
            html = f"<details class='data'><summary>{summary}</summary>{html}</details>"
        csv = None if data is None else to_csv(data)
        self._show(html, shown.to_string(index=False), role="table", csv=csv, name=name)

    def _figure(self, drawn: Figure | None, finding: str, alt: str) -> None:
        """Show a chart under the finding that titles it; ``alt`` tells it to the blind."""
        if drawn is None or not finding:
            return
        kind = " class='year'" if self._year is not None else ""
        if kind:
            finding = self._voice.say("page.of_year", text=finding, year=self._year)
        image = base64.b64encode(png(drawn)).decode()
        html = (
            f"<figure{kind}><figcaption>{escape(finding)}</figcaption>"
            f"<img style='max-width:36rem;width:100%' alt='{escape(alt, quote=True)}' "
            f"src='data:image/png;base64,{image}'>"
            f"<p class='source'>{escape(self._source())}</p></figure>"
        )
        self._show(html, f"{finding}. {alt}", role="figure")

    def _source(self) -> str:
        """Name the publisher of the scores, and say so where the area's total is our own sum."""
        voice, ds = self._voice, self._voice.ds
        if ds is None:
            return ""
        if not voice.known_publisher:
            return voice.say("page.source_plain")
        scores = ds.official()
        own = scores[(scores["area"] == voice.area) & scores["indicator"].isin(ds.weights())]
        published = (own["status"] == "published").all()
        return voice.say(
            "page.source" if published else "page.source_summed", source=voice.known_publisher
        )

    def _flush(self) -> None:
        """Show the heading that waits for what follows."""
        if self._waiting:
            (key, text), self._waiting = self._waiting, None
            self._show(f"<h2 id='{escape(key)}'>{escape(text)}</h2>", text, role="heading")

    def _unfold(self, title: str) -> None:
        """Show what was held back under a title to be opened; figures go along as they would."""
        held, self._folded = self._folded or [], None
        html = "".join(str(one["html"]) for one in held)
        if held:
            folded = f"<details class='data'><summary>{escape(title)}</summary>{html}</details>"
            self._show(f"<div class='screen'>{folded}</div>", title)
        for one in held:
            if one.get("csv"):
                self._show("<span hidden></span>", **{k: v for k, v in one.items() if k != "html"})

    def _show(self, html: str, plain: str, *, csv: str | None = None, **about: object) -> None:
        from IPython.display import display

        if not plain:
            return
        if self._folded is not None:
            self._folded.append({"html": html, "plain": plain, "csv": csv, **about})
            return
        self._flush()
        # «< 1%» and «> 99%» stay on one line
        html = html.replace("&lt; ", "&lt;\u00a0").replace("&gt; ", "&gt;\u00a0")
        bundle = {"text/html": html, "text/plain": plain}
        if csv is not None:
            bundle["text/csv"] = csv
        display(bundle, raw=True, metadata={"pgi": about} if about else {})


def _pages(voice: Voice) -> set[str]:
    """Name the pages there are; of one about no plan it must be told what it is about."""
    said = words(voice.language)
    return set(said["title"]) & set(said["about"] if voice.ds is None else said["title"]) - {"of"}


def _require(name: str, known: set[str]) -> None:
    """Refuse a name of which there is no text; those for what falls are no names of their own."""
    names = sorted(one for one in known if not one.endswith("_falls"))
    if name not in names:
        hint = did_you_mean(name, names)
        raise refuse("part_unknown", got=name, known=", ".join(names), hint=hint)


def png(figure: Figure) -> bytes:
    """Draw a figure as a PNG of few colours, which is half the size and looks the same."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    FigureCanvasAgg(figure)
    raw, small = io.BytesIO(), io.BytesIO()
    figure.savefig(raw, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    Image.open(raw).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        small, format="png", optimize=True
    )
    return small.getvalue()


def _strong(line: str) -> str:
    head, colon, rest = line.partition(": ")
    if colon and len(head) < 70 and not head.startswith("http"):
        return f"<strong>{escape(head)}:</strong> {escape(rest)}"
    return escape(line)


def _linked(html: str) -> str:
    return re.sub(r"(https?://[^\s<;)]+[^\s<;).,])", r"<a href='\1'>\1</a>", html)
