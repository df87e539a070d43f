"""How results show themselves in a notebook: a sentence, then a table to read.

The language is that of messages, since a result that shows itself has nobody to ask.
"""

from __future__ import annotations

from html import escape

from pgi_analysis.language import DASH
from pgi_analysis.notebook.page import LAB_STYLE
from pgi_analysis.notebook.tables import table_html
from pgi_analysis.results import Result, html
from pgi_analysis.text import figures, has, headline, standing, tell
from pgi_analysis.voice import bracketed

#: rows shown; the table itself has them all
MOST = 20


@html.register
def show(found: Result) -> str:
    """Show sentences and a captioned table; a column without any figure is left out."""
    voice = found._voice
    said = "".join(f"<p>{escape(line)}</p>" for line in headline(found, voice))
    frame = tell(found, "table", voice)
    full = frame.loc[:, (frame != DASH).any()] if len(frame) else frame
    key = f"caption.{figures(found)[0]}"
    caption = voice.say(key, unit=bracketed(voice.unit)) if voice.knows(key) else ""
    table = table_html(full.head(MOST), caption) if len(full) else ""
    more = len(full) - MOST
    rest = f"<p>{escape(voice.say('lab.more', n=more))}</p>" if more > 0 else ""
    notes = tell(found, "cautions", voice) if has(found, "cautions") else []
    notes += standing(found, voice)
    notes += [notice.text(voice.language) for notice in getattr(found, "notices", ())]
    doubts = "".join(f"<li>{escape(note)}</li>" for note in notes)
    listed = f"<ul class='pgi-notices'>{doubts}</ul>" if doubts else ""
    return f"{LAB_STYLE}<div class='pgi-result'>{said}{table}{rest}{listed}</div>"
