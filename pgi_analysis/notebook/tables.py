"""A frame of text or pictures as an HTML table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import zip_longest

import pandas as pd

from pgi_analysis.charts import Picture

#: characters from which a cell's text is long
LONG_TEXT = 150
NUMBER, DRAWN = " class='number'", " class='drawn'"


def table_html(frame: pd.DataFrame, caption: str, places: Sequence[str] = ()) -> str:
    """Write a frame of text as an HTML table; its first column heads the rows.

    Rows that have `places` can be linked to by them.

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
    for (first, *rest), place in zip_longest(frame.itertuples(index=False), places):
        cells = "".join(
            f"<td data-label='{escape(str(name))}'{kind}>{_cell(cell)}</td>"
            for name, kind, cell in zip(frame.columns[1:], kinds[1:], rest, strict=True)
        )
        known = f" id='{escape(place)}'" if place else ""
        rows.append(f"<tr{known}><th scope='row'>{escape(str(first))}</th>{cells}</tr>")
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


def _is_number(cell: str) -> bool:
    about = r"[^\W\d]+ [\d.,]+%"  # about 20%
    return bool(re.fullmatch(rf"[+−<>]? ?[\d.,]+ ?[%*]?|{about}|–", cell))
