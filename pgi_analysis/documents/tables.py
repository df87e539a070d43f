"""The tables of targets in a document: which column holds what, and the target in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pgi_analysis.documents.aims import Aim, aims_of, number
from pgi_analysis.documents.diacritics import plain

_RANK = re.compile(r"hang\b|thu bac|vi tri|\bbac\b")
_RISE = re.compile(r"\bt.ng\b|giam|chenh")
_TARGET = re.compile(r"muc tieu|ke hoach|phan dau|target|chi tieu (?:nam|den|20)|du kien|can dat")
_BASELINE = re.compile(r"goc|ket qua|hien trang|thuc hien|dat duoc|baseline|da dat|thuc trang")
_INDICATOR = re.compile(r"chi so|chi tieu|noi dung|indicator|linh vuc|tieu chi|truc\b")
#: a cell that holds a figure, and no year
_VALUE = re.compile(r"(?!(?:19|20)\d\d$)[-+≥≤ ]*\d[\d.,]*\s*(?:%|điểm)?")
_FIGURE = re.compile(r"[^\d+-]*([-+]?\d[\d.,]*)\s*(%|điểm)?[^\d]*")


@dataclass(frozen=True)
class Column:
    """What a column holds (``indicator``, ``baseline``, ``target``, ``rise``), and of what year."""

    what: str
    place: int
    year: int | None = None
    rank: bool = False


def columns_of(cells: Sequence[str], above: Sequence[str], start: int | None) -> dict[int, Column]:
    """Tell which columns of a table of targets hold what, by their heads in one row or two."""
    if any(_VALUE.fullmatch(cell.strip()) for cell in cells):
        return {}
    found: dict[int, Column] = {}
    for place, cell in enumerate(cells):
        over = above[place] if len(above) == len(cells) and above[place] != cell else ""
        bare = plain(f"{over} {cell}")
        year = int((re.findall(r"(20\d\d)", bare) or ["0"])[-1]) or None
        named = any(one.what == "indicator" for one in found.values())
        if _RISE.search(bare) and not _TARGET.search(bare):
            what = "rise"
        elif _TARGET.search(bare) or (named and re.search("chi tieu", bare)):
            what = "target"
        elif _BASELINE.search(bare):
            what = "baseline"
        elif _INDICATOR.search(bare) and not year and not named:
            what = "indicator"
        elif year and start:
            what = "target" if year >= start else "baseline"
        else:
            continue
        if what == "target" and year and start and year < start:
            continue  # of a plan before
        found[place] = Column(what, place, year, bool(_RANK.search(bare)))
    kinds = {one.what for one in found.values()}
    return found if {"target", "indicator"} <= kinds else {}


def aims_in(cells: Sequence[str], columns: dict[int, Column], year: int | None) -> Iterator[Aim]:
    """Make targets of the cells of a row, each with the baseline and rise beside it."""
    targets = [one for one in columns.values() if one.what == "target"]
    for column in targets:
        cell = cells[column.place].strip()
        if not re.search(r"\d", cell):
            continue
        lead = "hạng" if column.rank and not re.search(r"[^\W\d]", cell) else "đạt"
        found, left = aims_of(
            f"{lead} {cell} {'' if column.rank else ' điểm' * cell.isdigit()}", column.year or year
        )
        for aim in found[:1]:
            aim.doubts += ["part"] * bool(left or len(found) > 1)
            if column.year:
                aim.period, aim.doubts = column.year, [one for one in aim.doubts if one != "year"]
            same = [one for one in columns.values() if one.rank == column.rank]
            _beside(
                aim,
                cells,
                same,
                alone=len([one for one in targets if one.rank == column.rank]) == 1,
            )
            yield aim


def figures_left(cells: Sequence[str], columns: dict[int, Column]) -> list[str]:
    """Return the figures with decimals in columns that are not understood."""
    return [
        cell
        for place, cell in enumerate(cells)
        if place not in columns and re.search(r"\d[.,]\d", cell)
    ]


def _beside(aim: Aim, cells: Sequence[str], columns: list[Column], *, alone: bool) -> None:
    """Add the baseline and rise of the same row: the last baseline, the rise of the only target."""
    before = [one for one in columns if one.what == "baseline"]
    before.sort(key=lambda one: one.year or 0)
    rises = [one for one in columns if one.what == "rise"] if alone else []
    known = {}
    for column in (*before[-1:], *rises[:1]):
        found = _FIGURE.fullmatch(cells[column.place].strip())
        if not found:
            continue
        try:
            known[column.what] = number(found[1].rstrip(".,"))
        except ValueError:
            continue
        aim.texts[column.what] = found[1]
        if column.what == "baseline":
            aim.since = column.year
    aim.figures = known | aim.figures
