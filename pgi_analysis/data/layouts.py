"""What a grid of cells is: where its header stands, and what each of its columns holds.

A table is long (a row a figure), or its figures stand side by side: by period, by indicator or by
area, under one header row or two. Which it is, the header tells, and where it does not, an option
of the reader's. Nothing is guessed that can be read in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from pgi_analysis.data.grids import Cell, Grid, Row, filled
from pgi_analysis.data.header_rows import (
    LINES,
    header_row,
    is_figure,
    is_missing,
    is_unit,
    is_upper,
    lowest_two,
    numbers_columns,
    of_time,
    second_header,
    spread,
    unflagged,
)
from pgi_analysis.data.headers import part_head, period_head, plain, role, tongue
from pgi_analysis.faults import Fault, InputError, did_you_mean, refuse

#: how a reader says that each sheet, or file, is of the area that it is named for
_SHEET = "sheet"
#: columns that decide nothing, so that of several one may be taken
_ASIDE = ("note", "source", "updated", "ordinal", "rank")
#: columns that a reader may name
CHOSEN = ("area", "indicator", "period", "value", "unit", "status", "released", "group")
#: sheets named by a program, not by a person
_UNNAMED = re.compile(r"(?:sheet|trang tính|trang|feuil|tabelle|data|bảng)\s*[0-9]*", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What a reader says of a table where it does not tell itself.

    Attributes
    ----------
    sheets : sequence of str
        The sheets to read, by default all that hold a table.
    columns : mapping
        From what a column is (a name of `CHOSEN`) to its header.
    area, indicator, period : str, optional
        What all rows are about that do not say it.
    where : mapping
        From a column to its value in the rows to read; empty for blank cells, ``*`` for all.
    without : sequence of str
        Areas, indicators or columns to leave out.
    """

    sheets: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    area: str | None = None
    indicator: str | None = None
    period: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    without: Sequence[str] = ()


@dataclass(frozen=True)
class Column:
    """A column: its place from 0, its header, the one above, a second name and the unit below."""

    place: int
    name: str
    above: Cell = ""
    second: str = ""
    role: str | None = None
    unit: str = ""

    @property
    def period(self) -> object | None:
        """The period that its header names."""
        own = period_head(self.name)
        return period_head(self.above) if own is None else own

    @property
    def part(self) -> tuple[str, int] | None:
        """The month or quarter that its header names."""
        return part_head(self.name) or part_head(self.above)

    @property
    def across(self) -> str:
        """What its header names beside the period."""
        words = [str(one) for one in (self.above, self.name) if one != "" and not of_time(one)]
        return next((one for one in reversed(words) if role(one) != "value"), "".join(words[-1:]))


@dataclass(frozen=True)
class Layout:
    """A grid that is understood.

    Attributes
    ----------
    kind : str
        ``long``, or what stands side by side: ``periods``, ``indicators``, ``areas`` or ``both``
        (periods, and indicators or areas).
    at : dict
        From what a column is to the column.
    values : list of Column
        The columns of figures.
    further, aside : list of Column
        Those that may tell rows apart, and those that are not read, such as ranks beside scores.
    given : dict
        What holds for all rows: area, indicator, period, unit.
    """

    grid: Grid
    kind: str
    at: dict[str, Column]
    values: list[Column]
    further: list[Column]
    body: list[Row]
    above: list[Row]
    given: dict[str, object]
    aside: list[Column] = field(default_factory=list)

    @property
    def across(self) -> str | None:
        """What the headers of the figures name beside periods, ``area`` or ``indicator``."""
        return across_of(self.kind, {*self.at, *({"area", "indicator"} & self.given.keys())})


def pairs(options: Sequence[str]) -> dict[str, str]:
    """Read options such as ``area=Country,period=Year``; a comma within a name stays.

    Raises
    ------
    InputError
        One has no ``=``.

    Examples
    --------
    >>> pairs(["area=Country,period=Year", "Sex="])
    {'area': 'Country', 'period': 'Year', 'Sex': ''}
    """
    found: dict[str, str] = {}
    for option in options:
        for part in re.split(rf",(?=\s*(?:{'|'.join(CHOSEN)})\s*=)", option):
            name, sign, value = part.partition("=")
            if not sign or not name.strip():
                raise refuse("table.pair", got=part)
            found[name.strip()] = value.strip()
    return found


def understand(grid: Grid, asked: Asked) -> Layout:
    """Tell what the columns of a grid are.

    Raises
    ------
    InputError
        It is no table of figures, or can be read in more than one way; the options that settle it
        are named.
    """
    if grid.lost:
        raise InputError(grid.lost)
    top, first, columns = _columns(grid, asked)
    body, above = grid.rows[first:], grid.rows[:top]
    if not body:
        raise InputError([Fault("no_rows", grid.label)])
    values, kind = _side_by_side(columns, plain(asked.columns.get("value", "")))
    at = _roles(grid, [one for one in columns if one not in values], body, bool(values))
    if values:
        at.pop("value", None)
    elif "value" in at:
        values, kind = [at.pop("value")], "long"
    area = (grid.sheet or grid.stem) if asked.columns.get("area") == _SHEET else asked.area
    given: dict[str, object] = {
        name: said
        for name, said in (("area", area), ("indicator", asked.indicator))
        if said is not None
    }
    body = _headed(body, at, given, kind)
    free = [c for c in columns if c not in values and c.role is None and c not in at.values()]
    if asked.area is None and "area_code" in at:
        at.setdefault("area", at["area_code"])
    elif "area" not in at and "area_code" in at:  # regions beside the one area, as in Open SDG
        free.append(at.pop("area_code"))
    if not values:
        values = [c for c in free if _holds_figures(c, body)]
        free = [c for c in free if c not in values]
        kind = _across(grid, at, given, values)
    known = at.keys() | given.keys()
    if kind == "both" and {"area", "indicator"} <= known:
        raise _unclear("table.value_unclear", grid, values)
    named = asked.indicator is not None or asked.columns.get("area") == "*"
    if across_of(kind, known) == "area" and not named:
        raise _unclear("table.areas_across", grid, values)
    given |= _from_around(grid, kind, at, values, free, given, above, asked)
    aside = [c for c in columns if c not in (*values, *free, *at.values()) and c.role == "rank"]
    return Layout(grid, kind, at, values, free, body, above, given, aside)


def stacked(grid: Grid) -> list[Grid]:
    """Part a sheet on which tables stand below each other, each with a header and a title."""
    if not grid.rows:
        return [grid]
    header = header_row(grid.rows, {})
    names = {i: plain(str(cell)) for i, cell in enumerate(grid.rows[header][1]) if role(str(cell))}
    starts = [
        at
        for at, (_, cells) in enumerate(grid.rows)
        if at > header + 2
        and any(i < len(cells) and plain(str(cells[i])) == name for i, name in names.items())
        and not any(is_figure(cell) and not of_time(cell) for cell in filled(cells))
    ]
    if not starts:
        return [grid]
    titled, begins = [header > 0], [0]
    for at in starts:  # each with the lines right above it
        begin = at
        while len(set(map(str, filled(grid.rows[begin - 1][1])))) == 1:
            begin -= 1
        titled.append(begin < at)
        begins.append(begin)
    parts = []
    for own, begin, end in zip(titled, begins, [*begins[1:], len(grid.rows)], strict=True):
        rows, sheet = grid.rows[begin:end], grid.sheet
        if own and any(titled[1:]) and not _periods_in(sheet):
            sheet = ""  # the titles tell what each is of
        elif not own and begin:  # it goes on from the one before, as on a printed page
            rows = [*grid.rows[:header], *rows]
        parts.append(replace(grid, rows=rows, sheet=sheet))
    return parts


def _headed(
    body: list[Row], at: dict[str, Column], given: Mapping[str, object], kind: str
) -> list[Row]:
    """Give the rows what a line above each block of them says: the indicator, the area, the period.

    That lines do so, and do not just part provinces by region, is told by names that come again
    below the next one.
    """
    stub = at.get("area") or at.get("indicator")
    if stub is None:
        return body
    width, rows, head = max(len(cells) for _, cells in body), [], ""
    under: dict[str, set[tuple[str, str]]] = {}
    for number, cells in body:
        if len(words := set(map(str, filled(cells)))) == 1:
            head = words.pop()
            continue
        rows.append((number, [*cells, *[""] * (width - len(cells)), head]))
        when = at["period"].place if "period" in at else stub.place
        under.setdefault(head, set()).add((str(cells[stub.place]), str(cells[when])))
    names = [name for block in under.values() for name in block]
    if "" in under or len(under) < 2 or len(set(names)) == len(names):
        return body
    lacking = {"area", "indicator"} - at.keys() - given.keys()
    if all(of_time(one) for one in under):
        tells = "" if "period" in at or kind in ("periods", "both") else "period"
    else:
        tells = lacking.pop() if len(lacking) == 1 and (kind == "periods" or "value" in at) else ""
    if not tells:
        return body
    at[tells] = Column(width, stub.name, role=tells)
    return rows


def _columns(grid: Grid, asked: Asked) -> tuple[int, int, list[Column]]:
    """Find the header; return its first row, the first row below, and its columns."""
    rows = grid.rows
    for name in asked.columns.keys() - set(CHOSEN):
        hint = did_you_mean(name, CHOSEN)
        raise refuse("table.no_such_part", got=name, known=", ".join(CHOSEN), hint=hint)
    if not rows:
        raise InputError([Fault("file_empty", grid.label)])
    chosen = {plain(n): role for role, n in asked.columns.items() if n not in ("*", _SHEET)}
    at = header_row(rows, chosen)
    header, below = rows[at][1], rows[at + 1 :]
    last = max(i for i, cell in enumerate(header) if cell != "") + 1
    upper: list[Cell] = [""] * last
    second: list[Cell] = [""] * last
    top, first = at, at + 1
    units: list[Cell] = [""] * last
    kind = second_header(header, below) if below else None
    if kind == "second":
        second, first = below[0][1], first + 1
    over, under = header, below[0][1] if below else []
    if kind != "levels" and at and is_upper(rows[at - 1][1], list(header)):
        kind, top, over, under = "levels", at - 1, rows[at - 1][1], header
    elif kind == "levels":
        first += 1
    while kind == "levels" and second_header(under, rows[first:]) == "levels":
        over, under = lowest_two(over, under, rows[first][1])
        first += 1
    if kind == "levels":
        last = max(last, *(i + 1 for i, cell in enumerate(under) if cell != ""))
        over, under = ([*cells, *[""] * last][:last] for cells in (over, under))
        upper = spread(over, under)
        header = [own if own != "" else above for above, own in zip(over, under, strict=True)]
    names = [*map(str, header[:last])]
    if second_header(header, rows[first:]) == "units":
        units, first = [*rows[first][1], *units], first + 1
    if first + 1 < len(rows) and numbers_columns(rows[first][1], rows[first + 1][1], names):
        first += 1
    columns, used = _named_columns(names, upper, second, units, chosen)
    faults = []
    for name in (part for key, part in chosen.items() if key not in used):
        hint = did_you_mean(asked.columns[name], names)
        values = {"got": asked.columns[name], "known": ", ".join(filter(None, names)), "hint": hint}
        faults.append(Fault("table.no_column", grid.label, rows[at][0], values=values))
    seen: dict[tuple[str, str], Column] = {}
    for column in columns:
        key = (str(column.above), column.name)
        if column.name and key in seen:
            faults.append(Fault("column_twice", grid.label, rows[at][0], column.name))
        seen[key] = column
    width = max(i + 1 for _, cells in rows[at:] for i, c in enumerate(cells) if c != "")
    if width > last:
        long = [(n, cells) for n, cells in rows[first:] if len(filled(cells[last:]))]
        counts = {"got": len(long[0][1]), "expected": last}
        faults += [Fault("row_too_long", grid.label, number, values=counts) for number, _ in long]
    if len(filled(names)) < 2:
        faults = [Fault("header_single", grid.label, rows[at][0], values={"got": names[0]})]
    if faults:
        raise InputError(faults)
    if not any(column.period is not None for column in columns):
        columns = _named_and_dated(columns)
    return top, first, columns


def _named_columns(
    names: Sequence[str],
    upper: Sequence[Cell],
    second: Sequence[Cell],
    units: Sequence[Cell],
    chosen: Mapping[str, str],
) -> tuple[list[Column], set[str]]:
    """Make columns of the rows of a header; return them, and which that were chosen are there."""
    columns, used = [], set()
    groups: dict[str, set[str]] = {}
    for name, over in zip(names, upper, strict=False):
        if name and role(name) is None and not of_time(name) and not of_time(over):
            groups.setdefault(name, set()).add(str(over))
    under_several = any(len(over) > 1 for over in groups.values())
    for place, name in enumerate(names):
        over = upper[place] if place < len(upper) else ""
        below_ = str(second[place]) if place < len(second) else ""
        number = str(place + 1)
        called = next((key for key in (plain(name), number, plain(str(over))) if key in chosen), "")
        used.add(called)
        told = chosen.get(called) or (role(name) if name else role(str(over)))
        if told is None and of_time(name) and role(str(over)) == "rank":
            told = "rank"
        if over != "" and name and not called and not of_time(over) and not role(str(over)):
            if told == "value":  # «Điểm» below the name of each indicator
                name, over, told = str(over), "", None
            elif told is None and not of_time(name) and under_several:
                name = f"{over}: {name}"
        unit = str(units[place] if place < len(units) else "").strip("()[] ")
        columns.append(Column(place, name, over, below_, told, unit))
    return columns, used


def _named_and_dated(columns: Sequence[Column]) -> list[Column]:
    """Part headers such as ``hdi_2021`` or «Score 2022», where the same word has several years."""
    found = {
        column.place: (match["before"] or match["after"], match["year"] or match["first"])
        for column in columns
        if column.role in (None, "rank") and (match := _DATED.fullmatch(column.name))
    }
    years: dict[str, set[str]] = {}
    for name, year in found.values():
        years.setdefault(name, set()).add(year)
    parted = []
    for column in columns:
        name, year = found.get(column.place, ("", ""))
        if len(years.get(name, ())) > 1:
            kind = "rank" if role(name) == "rank" else None
            column = replace(column, name=year, above=name, role=kind)
        parted.append(column)
    return parted


_YEAR = "(?:19|20)[0-9]{2}"
_DATED = re.compile(
    rf"(?P<before>.*?[^\W\d_].*?)[ _.-]+(?P<year>{_YEAR})"
    rf"|(?P<first>{_YEAR})[ _.-]+(?P<after>.*[^\W\d_].*)"
)


def _side_by_side(columns: Sequence[Column], wanted: str) -> tuple[list[Column], str]:
    """Find the columns that periods head, where there are such; of two kinds those wanted."""
    able = [c for c in columns if c.role in (None, "value", "rank")]
    found = [c for c in able if c.period is not None or c.part]
    if len(found) < 2 and not (found and not any(c.role in ("value", "period") for c in columns)):
        return [], ""
    if chosen := [c for c in found if wanted and plain(c.across) == wanted]:
        return chosen, "periods"
    found = [c for c in found if c.role != "rank"] or found
    if any(c.part for c in found):  # beside quarters stand their sums
        found = [c for c in found if c.part or not _is_sum(c, found)]
    across = {c.across for c in found}
    if len(across) == 1 and role(next(iter(across))) == "value":
        return found, "periods"
    return found, "both" if any(across) else "periods"


def _is_sum(column: Column, among: Sequence[Column]) -> bool:
    """Tell whether a column is of the year whose quarters or months stand beside it."""
    return any(c.part and c.above == column.above and c.above != "" for c in among)


def _roles(
    grid: Grid, columns: Sequence[Column], body: Sequence[Row], wide: bool
) -> dict[str, Column]:
    """Tell which column is what, of several of one kind the one that says most."""
    at: dict[str, Column] = {}
    for name in dict.fromkeys(c.role for c in columns if c.role):
        able = [c for c in columns if c.role == name and any(filled(_cells(c, body)))]
        exact = [c for c in able if plain(c.name) == plain(name)]
        if len(able) > 1 and len(exact) == 1:
            able = exact
        if len(able) > 1 and name == "period":
            at |= _year_and_part(able, body)
        elif len(able) > 1 and name in _ASIDE:
            at[name] = max(able, key=lambda c: len(set(map(str, _cells(c, body)))))
        elif len(able) > 1:
            at[name] = _finest(grid, name, able, body)
        elif able:
            at[name] = able[0]
        if name == "period" and len(able) > 1 and name not in at:
            at[name] = _finest(grid, name, able, body)
    for code in ("indicator_code", "dataflow"):
        if code in at:
            at.setdefault("indicator", at[code])
    return at


def _cells(column: Column, body: Sequence[Row]) -> list[Cell]:
    return [cells[column.place] if column.place < len(cells) else "" for _, cells in body]


def _year_and_part(able: Sequence[Column], body: Sequence[Row]) -> dict[str, Column]:
    """Find a column of years beside one of months or quarters."""
    if len(able) != 2:
        return {}
    years = [c for c in able if all(period_head(x) is not None for x in filled(_cells(c, body)))]
    parts = [c for c in able if plain(c.name) in ("month", "thang", "quarter", "quy")]
    parts = [c for c in parts if c not in years]
    return {"period": years[0], "part": parts[0]} if len(years) == len(parts) == 1 else {}


def _finest(grid: Grid, name: str, able: Sequence[Column], body: Sequence[Row]) -> Column:
    """Choose the column that settles all others of its kind; of two that say the same the name."""
    cells = pd.DataFrame({c.place: [str(x) for x in _cells(c, body)] for c in able})
    cells = cells[(cells != "").all(axis=1)]

    def settles(one: Column) -> bool:
        others = [c.place for c in able if c is not one]
        groups = cells.groupby(one.place)[others]
        return all(len(some.drop_duplicates()) == 1 for _, some in groups)

    fit = [c for c in able if settles(c)]
    if not fit:
        raise _unclear("table.which_column", grid, able, role=name)
    letters = {c.place: cells[c.place].str.len().mean() for c in fit}
    return max(fit, key=lambda c: (tongue(c.name)[1] == "vi", letters[c.place], -c.place))


def _holds_figures(column: Column, body: Sequence[Row]) -> bool:
    held = [
        cell for cell in _cells(column, body) if cell != "" and not is_missing(unflagged(cell)[0])
    ]
    return 2 * sum(map(is_figure, held)) > len(held)


def _across(
    grid: Grid, at: Mapping[str, Column], given: Mapping[str, object], values: Sequence[Column]
) -> str:
    """Tell what the headers of figures name, where they name no period."""
    known = at.keys() | given.keys()
    if not values:
        raise InputError([Fault("table.no_figures", grid.label)])
    if {"area", "indicator"} <= known:
        if len(values) == 1:
            return "long"
        raise _unclear("table.value_unclear", grid, values)
    if "indicator" in known:
        return "areas"
    if "area" in known:
        return "indicators"
    raise _unclear("table.across", grid, values)


def _from_around(
    grid: Grid,
    kind: str,
    at: Mapping[str, Column],
    values: Sequence[Column],
    free: Sequence[Column],
    given: Mapping[str, object],
    above: Sequence[Row],
    asked: Asked,
) -> dict[str, object]:
    """Take what the columns do not say from the sheet's name, the lines above, the file's name."""
    said = _said([*above, *(row for row in grid.rows if len(set(map(str, filled(row[1])))) < 3)])
    found: dict[str, object] = {
        name: said[name] for name in ("unit", "source", "updated") if name in said
    }
    lines = [line for line in _texts(above) if line not in said["lines"]]
    own = grid.sheet if not _UNNAMED.fullmatch(grid.sheet) else ""
    if asked.period is not None:
        found["period"] = asked.period
    elif "period" not in at and not all(c.period is not None for c in values):
        for texts in ([own], lines, [grid.stem]):
            periods = dict.fromkeys(p for text in texts for p in _periods_in(text))
            if len(periods) == 1:
                found["period"] = next(iter(periods))
                break
        else:
            raise InputError([Fault("table.no_period", grid.label)])
    across = across_of(kind, at.keys() | given.keys())
    if "area" not in at.keys() | given.keys() and across != "area":
        names = ", ".join(f"«{c.name or c.place + 1}»" for c in [*at.values(), *free])
        raise InputError([Fault("table.no_area", grid.label, values={"known": names})])
    if len(lines) == 1:
        found["title"] = lines[0]
    if "indicator" not in at.keys() | given.keys() and across != "indicator":
        named = own if own and not _periods_in(own) else found.pop("title", "")
        found["indicator"] = named or _OPEN_SDG.sub(r"\1.\2.\3", grid.stem)
    return found


def across_of(kind: str, known: Collection[str]) -> str | None:
    """Tell what headers of figures name beside periods."""
    if kind == "both":
        return "area" if "indicator" in known else "indicator"
    return {"indicators": "indicator", "areas": "area"}.get(kind)


def _said(rows: Sequence[Row]) -> dict[str, object]:
    """Find unit, source and day of update in the lines around a table, and which lines say them."""
    found: dict[str, object] = {"lines": []}
    for _, cells in rows:
        words = [str(cell) for cell in dict.fromkeys(filled(cells))]
        text = words[0] if len(words) == 1 else ": ".join(words)
        for name, pattern in LINES.items():
            if line := pattern.fullmatch(text):
                found.setdefault(name, line[1].strip(" ()."))
                found["lines"] += [*words]
        if len(words) == 1 and text[0] == "(" and is_unit(text):
            found.setdefault("unit", text.strip("()"))
            found["lines"] += [*words]
    return found


def _texts(rows: Sequence[Row]) -> list[str]:
    return [str(cell) for _, cells in rows for cell in dict.fromkeys(filled(cells))]


_OPEN_SDG = re.compile(r"(?:indicator_)?([0-9]{1,2})-([0-9a-z]{1,2})-([0-9]{1,2})")
_SOME_PERIOD = re.compile(
    r"(?<![0-9])(?:(?:quý|q)\s*(?:[1-4]|i{1,3}|iv)\s*(?:[-/ ]| năm )\s*)?(?:19|20)[0-9]{2}"
    r"(?:[-_/ ]?(?:q[1-4]|m?(?:0[1-9]|1[0-2])(?![0-9])|[-/][0-9]{2,4}))?(?![0-9])",
    re.IGNORECASE,
)


def _periods_in(text: str) -> list[object]:
    """Find the periods that a text names."""
    found = [period_head(one.replace("_", "-")) for one in _SOME_PERIOD.findall(text)]
    return [period for period in found if period is not None]


def _unclear(rule: str, grid: Grid, columns: Sequence[Column], **values: object) -> InputError:
    names = list(dict.fromkeys(c.across or c.name or str(c.place + 1) for c in columns))
    shown = ", ".join(f"«{one}»" for one in names[:6]) + (", …" if len(names) > 6 else "")
    return InputError([Fault(rule, grid.label, values={"got": shown, "first": names[0], **values})])
