"""What a notebook shows: headings, sentences, tables and figures, as escaped HTML.

A table carries its figures along as CSV, and the headline is marked, so that the report can collect
both from the executed notebook.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.charts import Picture
from pgi_analysis.data import Dataset, to_csv
from pgi_analysis.text import headlines, sources
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from pgi_analysis.results import Projection

DPI = 144
#: characters from which a cell's text is long
LONG_TEXT = 150
COLOURS = 64
NUMBER = " class='number'"
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
DRAWN = " class='drawn'"


class Page:
    """A page in one language. Its methods display; they return nothing.

    Parameters
    ----------
    ds : Dataset or None
        With a plan, as known at the quarter's deadline; None for a page about no plan.
    language : {"vi", "en"}
    """

    def __init__(self, ds: Dataset | None, language: str = "vi") -> None:
        self.voice = Voice(ds, language)
        self._waiting: tuple[str, str] | None = None

    def opening(self, name: str) -> None:
        """Show the title, and until when what was published counts."""
        title = headlines.title(name, self.voice)
        if self.voice.ds is None:  # a page about no plan
            lead = self.voice.say(f"about.{name}")
            html = f"{LAB_STYLE}<h1>{escape(title)}</h1><p class='lead'>{escape(lead)}</p>"
            self._show(html, title, role="title")
            return
        day = self.voice.say("page.until", day=self.voice.day(self.voice.ds.vintage))
        html = f"{LAB_STYLE}<h1>{escape(title)}</h1><p class='known'>{escape(day)}</p>"
        self._show(html, title, role="title")

    def heading(self, key: str) -> None:
        """Head the section that follows; a section without content gets no heading."""
        self._waiting = (key, self.voice.say(f"heading.{key}"))

    def answer(self, sentences: Iterable[str]) -> None:
        """Show the page's answer, which the index repeats."""
        lines = list(sentences)
        html = "".join(f"<p>{_strong(line)}</p>" for line in lines[1:])
        html = "".join(f"<p><strong>{escape(line)}</strong></p>" for line in lines[:1]) + html
        self._show(f"<div class='answer'>{html}</div>", "\n".join(lines), role="answer", text=lines)

    def text(self, sentences: Iterable[str]) -> None:
        """Show sentences, each a paragraph of its own."""
        lines = list(sentences)
        self._show("".join(f"<p>{escape(line)}</p>" for line in lines), "\n".join(lines))

    def points(self, sentences: Iterable[str], *, role: str = "") -> None:
        """Show sentences as a list; the part before a colon stands out.

        Under a role the report finds them again.
        """
        lines = list(sentences)
        about = {"role": role, "text": lines} if role else {}
        items = "".join(f"<li>{_linked(_strong(line))}</li>" for line in lines)
        self._show(f"<ul>{items}</ul>", "\n".join(lines), **about)

    def table(
        self,
        shown: pd.DataFrame,
        caption: str,
        data: pd.DataFrame | None = None,
        *,
        folded: bool = False,
        printed: bool = True,
        note: str = "",
    ) -> None:
        """Show a frame of text under a caption.

        Parameters
        ----------
        shown : DataFrame
            Cells of text, or `pictures.Picture`; nothing is shown where it is empty.
        caption : str
            Key of the caption.
        data : DataFrame, optional
            The figures, which go along as CSV under that key.
        folded : bool
            Fold the table under its caption on a screen; it is printed open.
        printed : bool
            Print the table; not where a folded one says it all.
        note : str
            What explains it, below the table.
        """
        if shown.empty:
            return
        said = self.voice.say(f"caption.{caption}")
        html = table_html(shown, said)
        if shown.map(lambda cell: str(cell).endswith(" *")).any(axis=None):
            html += f"<p class='source'>{escape(self.voice.say('page.star'))}</p>"
        if note:
            html += f"<p class='source'>{escape(note)}</p>"
        if not printed:
            html = f"<div class='screen'>{html}</div>"
        if folded:
            summary = escape(self.voice.say("page.figures", caption=said))
            html = f"<details class='data'><summary>{summary}</summary>{html}</details>"
        csv = None if data is None else to_csv(data)
        self._show(html, shown.to_string(index=False), role="table", csv=csv, name=caption)

    def figure(self, drawn: Axes | Figure | None, finding: str, alt: str) -> None:
        """Show a chart under the finding that titles it; ``alt`` tells it to the blind.

        Nothing is shown where nothing was drawn.
        """
        if drawn is None:
            return
        image = base64.b64encode(png(getattr(drawn, "figure", drawn))).decode()
        source = self._source()
        html = (
            f"<figure><figcaption>{escape(finding)}</figcaption>"
            f"<img style='max-width:36rem;width:100%' alt='{escape(alt, quote=True)}' "
            f"src='data:image/png;base64,{image}'>"
            f"<p class='source'>{escape(source)}</p></figure>"
        )
        self._show(html, f"{finding}. {alt}", role="figure")

    def _source(self) -> str:
        """Name the publisher of the scores, and say so where the area's total is our own sum."""
        ds = self.voice.ds
        publisher = ds.require_plan().text("publisher", self.voice.language) if ds else ""
        if not publisher:
            return ""
        scores = ds.official()
        own = scores[(scores["area"] == self.voice.area) & scores["indicator"].isin(ds.weights())]
        published = (own["status"] == "published").all()
        return self.voice.say(
            "page.source" if published else "page.source_summed", source=publisher
        )

    def fans(self, found: Projection) -> None:
        """Show the fan chart of every indicator that is projected."""
        from pgi_analysis.charts import plots
        from pgi_analysis.text import captions

        for indicator in dict.fromkeys(found.pending.table["indicator"]):
            chart = plots.projection(found, indicator, voice=self.voice, ax=plots.blank())
            self.figure(chart, *captions.fan(found, indicator, self.voice))

    def closing(self, caveats: Iterable[str], methods: Iterable[str]) -> None:
        """Show whose plan this is, caveats, methods and sources."""
        self.heading("about")
        self.text(headlines.opening(self.voice))
        self.heading("caveats")
        self.points(caveats)
        self.heading("method")
        self.points(methods)
        self.heading("sources")
        self.points(sources(self.voice))

    def _show(self, html: str, plain: str, *, csv: str | None = None, **about: object) -> None:
        from IPython.display import display

        if not plain:
            return
        if self._waiting:
            (key, text), self._waiting = self._waiting, None
            self._show(f"<h2 id='{escape(key)}'>{escape(text)}</h2>", text, role="heading")
        # «< 1%» and «> 99%» stay on one line
        html = html.replace("&lt; ", "&lt;\u00a0").replace("&gt; ", "&gt;\u00a0")
        bundle = {"text/html": html, "text/plain": plain}
        if csv is not None:
            bundle["text/csv"] = csv
        display(bundle, raw=True, metadata={"pgi": about} if about else {})


def table_html(frame: pd.DataFrame, caption: str) -> str:
    """Write a frame of text as an HTML table; its first column heads the rows.

    Examples
    --------
    >>> table_html(pd.DataFrame({"a": ["<b>"], "n": ["1,00"]}), "t").count("&lt;b&gt;")
    1
    """
    kinds = [_kind(frame[name]) for name in frame]
    head = "".join(
        f"<th scope='col'{kind}>{escape(str(name))}</th>"
        for name, kind in zip(frame, kinds, strict=True)
    )
    rows = []
    for first, *rest in frame.itertuples(index=False):
        cells = "".join(
            f"<td data-label='{escape(str(name))}'{kind}>{_cell(cell)}</td>"
            for name, kind, cell in zip(frame.columns[1:], kinds[1:], rest, strict=True)
        )
        rows.append(f"<tr><th scope='row'>{escape(str(first))}</th>{cells}</tr>")
    body = "".join(rows)
    drawn = DRAWN in kinds
    # a table of long texts may break across printed pages; one with pictures is tight on phones
    texts = frame.map(lambda cell: len(str(cell)) > LONG_TEXT).any(axis=None)
    size = " class='compact'" if drawn else " class='long'" if texts else ""
    return (
        f"<table{size}><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _kind(cells: pd.Series) -> str:
    """Tell a column of pictures, of numbers, or of text by a class."""
    if any(isinstance(cell, Picture) for cell in cells):
        return DRAWN
    return NUMBER if all(_is_number(str(cell)) for cell in cells) else ""


def _cell(cell: object) -> str:
    return cell.svg if isinstance(cell, Picture) else escape(str(cell))


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


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[+−<>]? ?[\d.,]+ ?[%*]?|–", cell))


def _strong(line: str) -> str:
    head, colon, rest = line.partition(": ")
    if colon and len(head) < 70 and not head.startswith("http"):
        return f"<strong>{escape(head)}:</strong> {escape(rest)}"
    return escape(line)


def _linked(html: str) -> str:
    return re.sub(r"(https?://[^\s<;)]+[^\s<;).,])", r"<a href='\1'>\1</a>", html)
