"""How a letter looks by Annex I of Decree 30/2020: A4, Times New Roman, numbered pages.

Lengths are in millimetres, sizes of letters in points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pgi_analysis.data import save_timeless
from pgi_analysis.text import draft
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
LOCALES = {"vi": "vi-VN", "en": "en-GB"}
#: A4, and the margins of the Decree
LONG, SHORT = 297, 210
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
#: the two columns of head and foot
HEAD, FOOT = (65, 100), (85, 80)
#: points of the line under the agency and the motto
RULE = 4
#: what small and capital letters of a table's text take, the edges of a cell, and how many letters
#: go on one line
LETTER, CAPITAL, EDGES, LONGEST_WORD = 2.0, 3.0, 3, 16
#: a column of no longer texts is centred
CENTRED = 16
#: the share of a text on the longer one of two lines, and the power by which columns share room
TWO_LINES, SHARED = 0.65, 0.7
#: a millimetre in the unit of Word
TWIPS = 1440 / 25.4
#: a row of no longer texts stays on one page
WHOLE = 800
#: the limit of a document's title and author
MOST = 255
_BLANK = re.compile(f"{draft.OPEN}(.*?){draft.CLOSE}", re.DOTALL)
#: what XML has no letters for
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

#: styles by name: size, bold, italic, place on the line, first line's indent, space before, after
_STYLES: dict[str, tuple[float, bool, bool, str, float, float, float]] = {
    "Normal": (14, False, False, "LEFT", 0, 0, 0),
    "Body Text": (14, False, False, "JUSTIFY", 10, 0, 6),
    "List": (14, False, False, "JUSTIFY", 10, 0, 6),
    "Heading 1": (14, True, False, "LEFT", 10, 6, 6),
    "Heading 2": (14, True, False, "LEFT", 10, 6, 6),
    "Heading 3": (14, False, True, "LEFT", 10, 0, 6),
    "Caption": (13, True, False, "CENTER", 0, 6, 6),
    "Letter Head": (12, False, False, "CENTER", 0, 0, 0),
    "Letter Motto": (13, True, False, "CENTER", 0, 0, 0),
    "Letter Date": (13, False, True, "CENTER", 0, 0, 0),
    "Letter Title": (14, True, False, "CENTER", 0, 0, 0),
    "Letter To": (14, False, False, "CENTER", 0, 12, 12),
    "Letter Closing": (14, False, False, "JUSTIFY", 10, 0, 6),
    "Letter Copies": (11, False, False, "LEFT", 0, 0, 0),
    "Letter Signer": (14, True, False, "CENTER", 0, 0, 0),
    "Table Text": (12, False, False, "LEFT", 0, 0, 0),
    "Note": (12, False, True, "LEFT", 0, 3, 6),
    "Header": (14, False, False, "CENTER", 0, 0, 0),
}
#: those that stay with what follows
_KEPT = (
    *("Heading 1", "Heading 2", "Heading 3", "Caption"),
    *("Letter Closing", "Letter Copies", "Letter Signer"),
)
#: the style of each kind of part
_KINDS = {
    "text": "Body Text",
    "point": "List",
    "chapter": "Heading 1",
    "section": "Heading 2",
    "item": "Heading 3",
    "caption": "Caption",
    "note": "Note",
    "closing": "Letter Closing",
    "head": "Letter Title",
    "under": "Letter Date",
}


def save_draft(path: Path, voice: Voice, *, probabilities: bool = True) -> None:
    """Write a report's draft: whole or not at all, and the same bytes for the same report.

    Parameters
    ----------
    path : Path
    voice : Voice
        With the dataset that the report is on.
    probabilities : bool
        Say how likely targets are to be met.
    """
    import docx

    letter = draft.written(voice, probabilities=probabilities)
    document = docx.Document()
    _prepare(document, letter, voice)
    _head(document, letter)
    _parts(document, letter.body, SHORT - LEFT - RIGHT)
    _foot(document, letter)
    if letter.annex:
        _landscape(document)
        _parts(document, letter.annex, LONG - LEFT - RIGHT)
    save_timeless(document, path)


def to_fill(path: Path) -> dict[str, int]:
    """Count what still stands in yellow in a draft, in its order.

    Parameters
    ----------
    path : Path
        A draft as it was made, or as somebody has edited it.
    """
    import docx
    from docx.enum.text import WD_COLOR_INDEX
    from docx.text.run import Run

    document = docx.Document(str(path))
    runs = (Run(one, document._body) for one in document.element.body.iter(_tag("w:r")))
    marked = (run.text for run in runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW)
    return dict(Counter(text for text in marked if text.strip()))


def _tag(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)


def _prepare(document: Document, letter: draft.Draft, voice: Voice) -> None:
    """Set page, styles and properties; what the library's template says of itself goes."""
    _page(document.sections[0], SHORT, LONG)
    _number(document.sections[0])
    root = document.styles.element
    for style in list(document.styles):  # an office sees the letter's own, not 160 of a template
        if style.name not in (*_STYLES, "Table Grid") and not style.element.default:
            root.remove(style.element)
    for name, rule in _STYLES.items():
        _style(document, name, *rule)
    for link in list(root.iter(_tag("w:link"))):
        link.getparent().remove(link)
    for fonts in root.iter(_tag("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(_tag(f"w:{script}"), FONT)
    for spoken in root.iter(_tag("w:lang")):
        spoken.attrib.clear()
        spoken.set(_tag("w:val"), LOCALES[voice.language])
    about = document.core_properties
    about.author, about.title = (_plain(one)[:MOST] for one in (voice.agency(), letter.subject))
    about.language = LOCALES[voice.language]
    about.comments = about.last_modified_by = ""
    for holder in (document.part.package, document.part):
        for key, link in list(holder.rels.items()):
            if link.reltype.endswith(("/thumbnail", "/stylesWithEffects", "/customXml")):
                del holder.rels[key]


def _plain(text: str) -> str:
    return _ILLEGAL.sub("", _BLANK.sub(r"[\1]", text))


def _style(
    document: Document,
    name: str,
    size: float,
    bold: bool,
    italic: bool,
    place: str,
    indent: float,
    before: float,
    after: float,
) -> None:
    """Make a style anew, whatever the template has under its name; a heading keeps its level."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor

    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"] if name != "Normal" else None
    for group in (style.element.pPr, style.element.rPr):
        for one in list(group if group is not None else ()):
            if one.tag != _tag("w:outlineLvl"):
                group.remove(one)
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.bold, style.font.italic = bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    lines = style.paragraph_format
    lines.alignment, lines.line_spacing = WD_ALIGN_PARAGRAPH[place], 1.0
    lines.first_line_indent = Mm(indent)
    lines.space_before, lines.space_after = Pt(before), Pt(after)
    lines.keep_with_next = name in _KEPT


def _page(section: Section, width: float, height: float) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(TOP / 2)


def _number(section: Section) -> None:
    """Show the numbers of pages in the middle of the top margin, but for the first."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Header"
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()._r
        part = _new("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(_tag("w:fldCharType"), kind)
        run.append(part)


def _new(name: str, **values: object) -> Any:
    """Make an element that the library has no name for."""
    from docx.oxml import OxmlElement

    element = OxmlElement(name)
    for key, value in values.items():
        element.set(_tag(f"w:{key}"), str(value))
    return element


def _landscape(document: Document) -> None:
    """Begin pages across, with numbers of their own."""
    from docx.enum.section import WD_SECTION

    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, LONG, SHORT)
    section._sectPr.append(_new("w:pgNumType", start=1))


def _write(paragraph: Paragraph, text: str, *, bold: bool | None = None) -> Paragraph:
    """Write a text; what a person has to fill in stands in yellow, in brackets."""
    from docx.enum.text import WD_COLOR_INDEX

    for place, part in enumerate(_BLANK.split(text)):
        if part:
            run = paragraph.add_run(_ILLEGAL.sub("", f"[{part}]" if place % 2 else part))
            run.bold = bold
            if place % 2:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    return paragraph


def _lines(cell: _Cell, lines: Iterable[tuple[str, str]]) -> None:
    """Fill a cell with lines, each in its style."""
    first = cell.paragraphs[0]
    for n, (text, style) in enumerate(lines):
        paragraph = cell.add_paragraph() if n else first
        paragraph.style = style
        _write(paragraph, text)


def _columns(document: Document, widths: Sequence[float]) -> list[_Cell]:
    """Set two columns without lines."""
    table = document.add_table(1, len(widths))
    _widen(table, widths)
    return list(table.rows[0].cells)


def _widen(table: Any, widths: Sequence[float]) -> None:
    from docx.shared import Mm

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _rule(paragraph: Paragraph, width: float, share: float) -> None:
    """Draw a line of a share of the width: an empty line with an edge."""
    from docx.shared import Mm, Pt

    lines = paragraph.paragraph_format
    lines.left_indent = lines.right_indent = Mm(width * (1 - share) / 2)
    lines.line_spacing, lines.space_after = Pt(RULE), Pt(RULE)
    edges = _new("w:pBdr")
    edges.append(_new("w:bottom", val="single", sz=6, space=1, color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(
        edges, *("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    )


def _head(document: Document, letter: draft.Draft) -> None:
    """Set out who writes, the country's motto, number and date; then what it is, and to whom."""
    left, right = _columns(document, HEAD)
    *above, agency, number = letter.left
    _lines(left, [*((one, "Letter Head") for one in above), (agency, "Letter Head")])
    for run in left.paragraphs[-1].runs:
        run.bold = True
    _rule(left.add_paragraph(style="Letter Head"), HEAD[0], 0.4)
    _write(left.add_paragraph(style="Letter Head"), number)
    *state, dated = letter.right
    if state:
        _lines(right, zip(state, ("Letter Head", "Letter Motto"), strict=True))
        for run in right.paragraphs[0].runs:
            run.bold = True
        _rule(right.add_paragraph(style="Letter Head"), HEAD[1], 0.62)
        _write(right.add_paragraph(style="Letter Date"), dated)
    else:
        _lines(right, [(dated, "Letter Date")])
    document.add_paragraph(style="Letter Title")
    for text in (letter.kind, letter.subject):
        _write(document.add_paragraph(style="Letter Title"), text)
    width = SHORT - LEFT - RIGHT
    _rule(document.add_paragraph(style="Letter Title"), width, 0.35)
    _write(document.add_paragraph(style="Letter To"), letter.to)


def _foot(document: Document, letter: draft.Draft) -> None:
    """Set out who gets a copy, and who signs, with room for the signature."""
    document.add_paragraph(style="Letter Copies")
    left, right = _columns(document, FOOT)
    _lines(left, ((line, "Letter Copies") for line in letter.recipients))
    for run in left.paragraphs[0].runs:
        run.bold = run.italic = True
    *titles, name = letter.signer
    lines = [*titles, *[""] * 4, name]
    _lines(right, ((line, "Letter Signer") for line in lines))


def _parts(document: Document, parts: Iterable[draft.Part], width: float) -> None:
    for kind, content in parts:
        if isinstance(content, pd.DataFrame):
            _table(document, content, width)
        else:
            dash = "- " if kind == "point" else ""
            _write(document.add_paragraph(style=_KINDS[kind]), dash + content)


def _table(document: Document, frame: pd.DataFrame, width: float) -> None:
    """Set out a table; its header stands again on every page."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = document.add_table(len(frame) + 1, frame.shape[1], style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    edges = _new("w:tblCellMar")
    for side in ("left", "right"):
        edges.append(_new(f"w:{side}", w=round(EDGES / 2 * TWIPS), type="dxa"))
    table._tbl.tblPr.append(edges)
    _widen(table, _widths(frame, width))
    table.rows[0]._tr.get_or_add_trPr().append(_new("w:tblHeader"))
    for n, name in enumerate(frame):
        cells = [name, *frame[name]]
        short = all(len(_plain(text)) <= CENTRED for text in cells[1:])
        for place, (text, cell) in enumerate(zip(cells, table.columns[n].cells, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Text"
            _write(paragraph, text, bold=True if place == 0 else None)
            if short or place == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for row in table.rows:
        if max(len(cell.text) for cell in row.cells) < WHOLE:
            row._tr.get_or_add_trPr().insert(0, _new("w:cantSplit"))


def _word(text: str) -> float:
    """Return the width that the longest word of a text takes."""
    words = (
        sum(CAPITAL if letter.isupper() else LETTER for letter in word[:LONGEST_WORD])
        for word in text.split()
    )
    return max(words, default=LETTER)


def _widths(frame: pd.DataFrame, width: float) -> list[float]:
    """Give each column room for its longest word, and share the rest by what its texts lack.

    A text lacks what it takes to stand on two lines; a long one gets less than its share, so that
    short ones are not broken at every word.
    """
    texts = [[_plain(text) for text in (name, *frame[name])] for name in frame]
    least = [EDGES + max(map(_word, column)) for column in texts]
    if sum(least) > width:
        return [width * one / sum(least) for one in least]
    whole = [EDGES + TWO_LINES * LETTER * max(map(len, column)) for column in texts]
    lacking = [max(all_ - one, 0) ** SHARED for all_, one in zip(whole, least, strict=True)]
    extra = (width - sum(least)) / (sum(lacking) or 1)
    return [one + extra * more for one, more in zip(least, lacking, strict=True)]
