"""The rows above a table: which of them name its columns, and what a cell of a table says.

A header stands in one row, two or three; below it may stand second names, units or the numbers of
the columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from pgi_analysis.data.areas import listed
from pgi_analysis.data.grids import Cell, Row, filled
from pgi_analysis.data.headers import part_head, period_head, plain, role
from pgi_analysis.data.numbers import read_numbers

#: rows in which a header is looked for, and part of a table's columns that it names
_TOP, _NAMED = 30, 0.6

_FLAGGED = re.compile(r"(.*[0-9%:])\s+([a-z]{1,3})")

_NUMBERED = re.compile(r"[(\[]?([A-Za-z]|[0-9]{1,2})[)\]]?(?: ?=.*)?")

LINES = {
    name: re.compile(rf"\(?(?:{words})\s*:\s*(.+)", re.IGNORECASE)
    for name, words in (
        ("unit", "đơn vị(?: tính)?|đvt|units?"),
        ("source", "nguồn(?: số liệu)?|(?:data )?sources?"),
        ("updated", "last updated?(?: date)?|ngày cập nhật|ngày công bố"),
    )
}


def of_time(cell: Cell) -> bool:
    """Tell whether a cell is a period, or a part of a year."""
    return period_head(cell) is not None or part_head(cell) is not None


@cache
def is_missing(cell: Cell) -> bool:
    """Tell whether a cell says that there is no figure.

    Examples
    --------
    >>> is_missing(":"), is_missing("Chưa có"), is_missing(0)
    (True, True, False)
    """
    return isinstance(cell, str) and (not cell or cell.casefold() in listed("missing"))


def unflagged(cell: Cell) -> tuple[Cell, str]:
    """Take the letters off a figure that Eurostat writes behind it.

    Examples
    --------
    >>> unflagged("12.3 bp"), unflagged(": c"), unflagged(4.5)
    (('12.3', 'bp'), (':', 'c'), (4.5, ''))
    """
    found = _FLAGGED.fullmatch(cell) if isinstance(cell, str) else None
    return (found[1].rstrip(), found[2]) if found else (cell, "")


def is_figure(cell: Cell) -> bool:
    """Tell whether a cell holds a number, however written."""
    if not isinstance(cell, str):
        return True
    bare = unflagged(cell)[0]
    refused = read_numbers([bare], "percent")[1]
    return not is_missing(bare) and (not refused or refused[0][0] == "thousands")


def is_unit(cell: Cell) -> bool:
    """Tell whether a cell below a header is a unit: all its words are, or one of them in brackets.

    Examples
    --------
    >>> is_unit("tỷ đồng"), is_unit("(% of GDP)"), is_unit("Số hộ nghèo")
    (True, True, False)
    """
    text = str(cell).casefold()
    said = [word in listed("units") for word in re.split(r"[^\w%$€£°]+", text) if word]
    return any(said) and (all(said) or (text[0] in "([" and text[-1] in ")]"))


def header_row(rows: Sequence[Row], chosen: Mapping[str, str]) -> int:
    """Find the row that names the columns: one that is understood, else one wide as the table."""
    widest = max(len(filled(cells)) for _, cells in rows[: 10 * _TOP])
    wide = None
    for at, (_, cells) in enumerate(rows[:_TOP]):
        held = filled(cells)
        known = [c for c in held if of_time(c) or role(str(c)) or plain(str(c)) in chosen]
        words = [cell for cell in held if isinstance(cell, str) and not is_figure(cell)]
        under_names = at > 0 and all(map(of_time, held))
        several = len(set(map(str, held)))
        if len(known) >= 2 and (words or under_names) and several > 1:
            return at
        if wide is None and several >= max(2, _NAMED * widest) and 2 * len(words) > len(held):
            wide = at
    return wide or 0


def second_header(header: Sequence[Cell], below: Sequence[Row]) -> str | None:
    """Tell what the row below a header is: ``levels`` of it, a ``second`` name, or ``units``."""
    if not below:
        return None
    cells = below[0][1]
    held = {i: cell for i, cell in enumerate(cells) if cell != ""}
    over = {i: header[i] if i < len(header) else "" for i in held}
    if any(is_figure(cell) and not of_time(cell) for cell in held.values()):
        return None
    figures = {
        i
        for _, row in below[1:11]
        for i, cell in enumerate(row)
        if cell != "" and is_figure(cell) and not of_time(cell)
    }
    measured = [cell for i, cell in held.items() if i in figures]
    known = "" not in over.values() and len(set(map(str, over.values()))) == len(over)
    if measured and known and all(map(is_unit, measured)):
        return "units"
    for i, cell in held.items():  # a row of the table has a name where its header names areas
        alone = list(over.values()).count(over[i]) == 1
        if (
            alone
            and role(str(over[i]))
            and cell != over[i]
            and not (role(str(cell)) or of_time(cell))
        ):
            return None
    bare = figures - held.keys()  # such as a total beside periods, named in the upper row alone
    named = bool(held) and all(map(of_time, held.values()))
    if not figures or not all(named and header[i : i + 1] not in ([], [""]) for i in bare):
        return None
    if any(name == "" or list(over.values()).count(name) > 1 for name in over.values()):
        return "levels"
    spoken = {i for i, cell in held.items() if not is_missing(cell) and not of_time(cell)}
    return "second" if figures <= spoken else None


def is_upper(cells: Sequence[Cell], header: list[Cell]) -> bool:
    """Tell whether the row above a header groups its columns; a title or a unit does not."""
    over = [i for i, cell in enumerate(cells) if cell != "" and header[i : i + 1] != [cell]]
    open_ = (None, "value", "rank")
    named = [i for i, cell in enumerate(header) if cell != "" and role(str(cell)) in open_]
    if any(pattern.match(str(cells[i])) for i in over for pattern in LINES.values()):
        return False
    if not set(over) <= set(named):
        beside = [header[i] if i < len(header) else "" for i in over if i not in named]
        return any(header.count(header[i]) > 1 for i in named) or (
            len(over) > 1 and not filled(beside)  # names of the columns that periods do not head
        )
    return len(over) > 1 or over[:1] == named[:1] != [0]


def spread(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Cell]:
    """Let a header stand above all columns up to the next, where the row below names them."""
    said: list[Cell] = []
    for i, cell in enumerate(lower):
        own = upper[i] if i < len(upper) else ""
        stub = own != "" and cell in ("", own)  # merged downwards, or as if
        before = said[-1] if said and not (i and lower[i - 1] == "") else ""
        said.append("" if stub else own if own != "" else before if cell != "" else "")
    return said


def lowest_two(
    top: Sequence[Cell], middle: Sequence[Cell], low: Sequence[Cell]
) -> tuple[list[Cell], list[Cell]]:
    """Make two rows of headers of three; what tells the period stands above."""
    width = max(map(len, (top, middle, low)))
    top, middle, low = ([*cells, *[""] * (width - len(cells))] for cells in (top, middle, low))
    over, under = [], []
    for above, own, lowest in zip(spread(top, middle), spread(middle, low), low, strict=True):
        if of_time(above) and own != "" and not of_time(own):
            apart = lowest not in ("", own) and role(str(lowest)) != "value"
            own, lowest, above = above, f"{own}: {lowest}" if apart else own, ""
        over.append(next((one for one in (own, above) if one != ""), lowest))
        under.append(lowest)
    return over, under


def numbers_columns(cells: Sequence[Cell], after: Sequence[Cell], names: Sequence[str]) -> bool:
    """Tell whether a row below a header numbers the columns: 1, 2, 3 or A, B, 1, 2, 3=1+2.

    Examples
    --------
    >>> names = ["STT", "Tỉnh", "x", "y", "z"]
    >>> numbers_columns(["A", "B", 1, 2, "3=1+2"], [1, "Huế", 7, 8, 15], names)
    True
    >>> numbers_columns(["A", 1, 2], ["B", 2, 3], ["Country", "2022", "2023"])
    False
    """
    marks = [_NUMBERED.fullmatch(str(cell)) for cell in cells[: len(names)]]
    if len(names) < 3 or len(marks) < len(names) or not all(marks):
        return False
    if len(str(after[0])) == 1 and str(after[0]).isalpha():  # areas A, B, C
        return False
    said = [mark[1].upper() for mark in marks]
    letters = [one for one in said if one.isalpha()]
    numbers = [str(n + 1) for n in range(len(said) - len(letters))]
    return said == [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(letters)], *numbers]
