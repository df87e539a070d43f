"""Files as people keep them (CSV from any system) to tables of cells.

Whatever wrote the file, the same content gives the same table: cells are text, an empty cell is
``None``, and the index is the row number that a spreadsheet shows.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import stat
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pgi_analysis.data.formats import LARGEST, refuse_format
from pgi_analysis.data.headers import periods_across
from pgi_analysis.faults import INVISIBLE, Fault, InputError, closest

Read = tuple[pd.DataFrame, list[Fault]]

#: what cannot be seen and says nothing at the end of a figure, unlike what turns the direction of
#: writing, which shows 4.84 as 48.4; at its beginning a soft hyphen may be a minus
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_END = rf"(?:(?![\u202b\u202e\u2067]){INVISIBLE.pattern}|\s)*"
_BEGINNING = rf"(?:(?!\u00ad)(?![\u202b\u202e\u2067]){INVISIBLE.pattern}|\s)*"


def clean(text: str) -> str:
    r"""Normalise to NFC; drop what cannot be seen, and spaces of any kind around.

    Inside a figure it stays, so that the figure is refused: what was meant is not known. A soft
    hyphen before one is a minus.

    Examples
    --------
    >>> clean(" Lạng\u200b Sơn\u00a0"), clean("\ufeff4,84\u200b"), clean("\u00ad1")
    ('Lạng Sơn', '4,84', '-1')
    """
    if text.isascii() and text.isprintable():  # as most cells are
        return text.strip()
    plain = text.replace("\u00a0", " ")
    if INVISIBLE.search(plain):
        bare = INVISIBLE.sub("", plain)
        if any(map(str.isdigit, bare)) and not any(map(str.isalpha, bare)):
            plain = re.sub(f"^{_BEGINNING}\u00ad", "-", plain)
            bare = re.sub(f"^{_BEGINNING}|{_END}$", "", plain)
        plain = bare
    return unicodedata.normalize("NFC", plain).strip()


def read_csv(path: Path, label: str) -> Read:
    """Read a CSV file separated by commas, semicolons or tabs, with or without a BOM.

    Returns
    -------
    DataFrame
        Cells of text; the index's name is ``label``, by which faults name the file.
    list of Fault
        The rows that are longer than the header; the table lacks them.

    Raises
    ------
    InputError
        The file is missing, no text in UTF-8, or its header does not name the columns.
    """
    return parse_csv(read_bytes(path, label), label)


def parse_csv(raw: bytes, label: str) -> Read:
    """Read the content of a CSV file, as `read_csv` does."""
    return to_table(label, _rows(decode(raw, label), label))


def _rows(text: str, label: str) -> Iterator[tuple[int, list[str]]]:
    """Go through the rows of a CSV file, the lines of which are never all there at once."""
    lines, row = (one[0] for one in _LINE.finditer(text)), 0
    try:
        for row, cells in enumerate(csv.reader(lines, delimiter=_separator(text), strict=True), 1):
            yield row, cells
    except csv.Error:
        raise InputError([Fault("quotes", label, row + 1)]) from None


def _separator(text: str) -> str:
    header_line = (text.lstrip("\r\n").splitlines() or [""])[0]
    return max(",;\t", key=header_line.count)


class Style(NamedTuple):
    """How a CSV file is written."""

    separator: str = ","
    decimal: str = "."
    encoding: str = "utf-8"
    newline: str = "\n"


def csv_style(path: Path) -> Style:
    """Tell how a CSV file is written, so that it can be written again in the same way.

    A file with semicolons comes from an Excel that writes decimal commas.
    """
    if not path.exists():
        return Style()
    text, raw = read_text(path, path.name), path.read_bytes()
    separator = _separator(text)
    plain = not raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return Style(
        separator,
        "," if separator == ";" else ".",
        "utf-8" if plain else "utf-8-sig",
        "\r\n" if "\r\n" in text else "\n",
    )


def read_text(path: Path, label: str) -> str:
    """Read a text file in UTF-8, or in UTF-16 with its mark, as Excel's «Unicode text» has.

    Raises
    ------
    InputError
        The file is missing, cannot be opened, or is no such text.
    """
    return decode(read_bytes(path, label), label)


def decode(raw: bytes, label: str) -> str:
    """Turn bytes into text, as `read_text` does."""
    refuse_format(raw, label, "text")
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise InputError([Fault("not_utf8", label, row)]) from None
    if "\x00" in text:
        raise InputError([Fault("not_text", label)])
    return text


def read_bytes(path: Path, label: str) -> bytes:
    """Return what a file holds, or raise for one that is missing, huge, or cannot be opened."""
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode) and not stat.S_ISDIR(kind.st_mode):
            raise InputError([Fault("file_special", label)])  # it might never end
        if kind.st_size > LARGEST:
            raise InputError([Fault("file_huge", label, values={"most": LARGEST >> 20})])
        return path.read_bytes()
    except FileNotFoundError:
        fault = Fault("file_missing", label, values={"folder": path.parent})
    except OSError as error:
        fault = Fault("file_unreadable", label, values={"got": error.strerror})
    raise InputError([fault])


def unpacked(path: Path) -> bytes:
    """Return what a file holds, unpacked if it is a ``.gz``, as `read_bytes` does."""
    raw = read_bytes(path, path.name)
    if path.suffix.lower() != ".gz":
        return raw
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            raw = packed.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        fault = Fault("file_unreadable", path.name, values={"got": error})
        raise InputError([fault]) from None
    if len(raw) > LARGEST:
        raise InputError([Fault("file_huge", path.name, values={"most": LARGEST >> 20})])
    return raw


def misnamed(found: Iterable[str], absent: Collection[str]) -> Iterator[tuple[str, str]]:
    """Find the files or sheets that were probably meant to have the name of an absent one.

    Examples
    --------
    >>> list(misnamed(["rank.csv", "Progress.xlsx", "notes.txt"], ["ranks", "progress"]))
    [('rank.csv', 'ranks'), ('Progress.xlsx', 'progress')]
    """
    for name in found:
        if guess := closest(name.split(".")[0], absent):
            yield name, guess


def to_table(name: str, numbered: Iterable[tuple[int, Sequence[str | float]]]) -> Read:
    """Make a table of numbered rows, the first with content being the header.

    Raises
    ------
    InputError
        There is no row, or the header does not name the columns.
    """
    texts = _Cleaned()  # the same text is kept once, however often it stands there
    cleaned = (
        (row, [texts[cell] if isinstance(cell, str) else cell for cell in cells])
        for row, cells in numbered
    )
    filled = ((row, cells) for row, cells in cleaned if _filled(cells))
    header_row, header = next(filled, (0, []))
    if not header:
        raise InputError([Fault("file_empty", name)])
    first = header[0]
    _refuse_wide(name, header_row, header)
    width = len(header)
    header = [str(cell).lower() for cell in header]
    while not header[-1]:
        header.pop()
    if len(header) == 1:
        raise InputError([Fault("header_single", name, header_row, values={"got": first})])
    faults = [
        Fault("column_twice", name, header_row, column)
        for column in dict.fromkeys(header)
        if column and header.count(column) > 1
    ]
    faults += [
        Fault("column_unnamed", name, header_row, values={"position": position})
        for position, column in enumerate(header, start=1)
        if not column
    ]
    if faults:
        raise InputError(faults)
    columns: list[list[object]] = [[] for _ in header]
    rows = []
    for row, cells in filled:
        if len(cells) > width or _filled(cells[len(header) :]):
            _refuse_wide(name, row, cells)
            counts = {"got": len(cells), "expected": len(header)}
            faults.append(Fault("row_too_long", name, row, values=counts))
            continue
        for column, cell in zip_longest(columns, cells[: len(header)], fillvalue=""):
            column.append(None if cell == "" else cell)
        rows.append(row)
    named = dict(zip(header, columns, strict=True))
    table = pd.DataFrame(named, index=pd.Index(rows, dtype=int), dtype=object)
    table.index.name = name  # the file, for the faults found later
    return table, faults


class _Cleaned(dict):
    """Texts by how they stand in a file."""

    def __missing__(self, text: str) -> str:
        self[text] = clean(text)
        return self[text]


def _filled(cells: Sequence[str | float]) -> bool:
    """Tell whether some cell holds something; a typed 0 does."""
    return any(cell != "" for cell in cells)


def _refuse_wide(name: str, row: int, cells: Sequence[str | float]) -> None:
    """Refuse a table whose periods stand side by side."""
    if ends := periods_across(cells):
        values = {"first": ends[0], "last": ends[1]}
        raise InputError([Fault("table_wide", name, row, values=values)])
