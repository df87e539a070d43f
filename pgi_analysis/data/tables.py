"""Tables as people have them to one checked panel, and what was left out of it.

`layouts` tells what the columns of each sheet or file are; here their rows become a row a figure,
and one panel of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pgi_analysis.data import schema, workbooks
from pgi_analysis.data.areas import is_summary, listed
from pgi_analysis.data.breakdowns import of_all
from pgi_analysis.data.cells import SPREADSHEET_ERRORS
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.grids import Cell, filled, read_grids
from pgi_analysis.data.header_rows import is_missing, unflagged
from pgi_analysis.data.headers import joined, part_head, period_head, plain
from pgi_analysis.data.layouts import Asked, Column, Layout, stacked, understand
from pgi_analysis.data.names import fold
from pgi_analysis.data.numbers import Token, read_numbers
from pgi_analysis.faults import Fault, InputError, did_you_mean, gather

#: for which a sheet is no table of figures, and is left out where others are
_NO_TABLE = (
    *("file_empty", "header_single", "no_rows", "table.no_figures", "table.no_area"),
    "table.no_period",
)
#: letters of statistical offices: those that leave no figure, forecasts, and doubtful figures
_NOTHING, _FORECAST, _DOUBTFUL = set("cnzmloq"), set("f"), set("ud")
#: letters that a note says
NOTED = {"e": "estimated", "i": "estimated", "p": "provisional", "r": "revised", "s": "estimated"}
#: the files of a folder that are read
_FILES = (".csv", ".tsv", ".gz", ".xlsx", ".xlsm")
#: the one country with a code of Our World in Data's own
_KOSOVO = "OWID_KOS"
_BEHIND = re.compile(r"(.+?)[ ,]*[(\[]([^()\[\]]+)[)\]]")
_CODED = r"^(.+?) \[([A-Z0-9]+(?:[._-][A-Z0-9]+)+)\]$"
_DATAFLOW = r"^(?:[^:]*:)?([^(:]+)"
#: by what figures are to be multiplied
_POWERS = {"": 0, "units": 0, "thousands": 3, "millions": 6, "billions": 9}
#: what units are called in code lists
_UNITS = {"PC": "%", "PT": "%", "PERCENT": "%", "PERCENTAGE": "%"}


@dataclass(frozen=True)
class Understood:
    """One panel of some files.

    Attributes
    ----------
    panel : DataFrame
        By the contract ``panel``, each row with where it stands (``label, line, head``) and, where
        the table says so, ``note``, ``source`` and when it was ``updated``.
    indicators : DataFrame
        ``indicator, name, second, unit, group, direction``.
    layouts : list of Layout
    left : list of Fault
        What was left out, and why.
    """

    panel: pd.DataFrame
    indicators: pd.DataFrame
    layouts: list[Layout]
    left: list[Fault]


def read_tables(paths: Sequence[Path], asked: Asked) -> Understood:
    """Read files as people have them.

    Raises
    ------
    InputError
        Naming every fault; where a table can be read in more than one way, the option that tells.
    """
    left: list[Fault] = []
    layouts = list(_layouts(paths, asked, left))
    _known_columns(layouts, asked)
    parts = [_figures(layout, asked, left) for layout in layouts]
    table = pd.concat(parts, ignore_index=True)
    table, found = _without(_key(table), asked)
    left += found
    table = _flags(table, left)
    table, faults = _values(table, left)
    checked, broken = schema.check("panel", table[_contract(table)], foreign=True)
    faults += [placed(fault, table) for fault in broken]
    if faults:
        raise InputError(gather(faults))
    further = ["label", "line", "head", "note", "source", "updated"]
    panel = checked.join(table[[name for name in further if name in table]])
    return Understood(panel, _indicators(table), layouts, gather(left))


def _contract(table: pd.DataFrame) -> list[str]:
    return [name for name in contracts()["panel"].columns if name in table]


def _layouts(paths: Sequence[Path], asked: Asked, left: list[Fault]) -> Iterator[Layout]:
    """Understand every file and sheet; a sheet that is no table is left out beside one that is."""
    sheets = {fold(name) for name in asked.sheets}
    known = []
    for path in paths:
        within = path.is_dir()
        files = (
            [one for one in sorted(path.iterdir()) if one.suffix.lower() in _FILES]
            if within
            else [path]
        )
        if not files:
            raise InputError([Fault("table.no_files", str(path))])
        grids = [grid for file in files for grid in read_grids(file)]
        found, faults = [], []
        known += [grid.sheet for grid in grids if grid.sheet]
        for grid in grids:
            if sheets and grid.sheet and fold(grid.sheet) not in sheets:
                continue
            if not sheets and len(grids) > 1 and workbooks.is_of_targets(grid.sheet):
                left.append(Fault("left.targets", grid.label))
                continue
            if grid.hidden and not sheets:
                left.append(Fault("left.hidden", grid.label))
                continue
            if grid.veiled:
                left.append(
                    Fault("left.veiled", grid.label, values={"got": ", ".join(grid.veiled)})
                )
            for table in stacked(grid):
                try:
                    found.append(understand(table, asked))
                except InputError as error:
                    faults += error.faults
        grave = [fault for fault in faults if fault.rule not in _NO_TABLE]
        if grave or (faults and (not found or sheets)):
            raise InputError(gather(grave or faults))
        left += [Fault("left.sheet", fault.file) for fault in faults]
        yield from found
    for name in asked.sheets:
        if fold(name) not in map(fold, known):
            values = {"got": name, "known": ", ".join(known), "hint": did_you_mean(name, known)}
            raise InputError([Fault("table.no_sheet", values=values)])


def _known_columns(layouts: Sequence[Layout], asked: Asked) -> None:
    """Refuse a condition on a column that no table has."""
    names = {c.name for one in layouts for c in (*one.further, *one.at.values()) if c.name}
    for name in asked.where:
        if plain(name) not in map(plain, names):
            hint = did_you_mean(name, names)
            values = {"got": name, "known": ", ".join(sorted(names)), "hint": hint}
            raise InputError([Fault("table.no_column", values=values)])


def _figures(layout: Layout, asked: Asked, left: list[Fault]) -> pd.DataFrame:
    """Make a row a figure of a table; rows without any are left out."""
    grid, places = layout.grid, [column.place for column in layout.values]
    notes, rows = [], []
    for number, cells in layout.body:
        cells = [*cells, *[""] * (max(c.place for c in _all(layout)) + 1 - len(cells))]
        figures = {str(cells[place]) for place in places} - {""}
        words = set(map(str, filled(cells)))
        if len(words) == 1 or not (figures or _is_row(layout, cells)):
            notes.append((number, next(iter(filled(cells)))))
        else:
            rows.append((number, cells))
    if notes:
        shown = {"got": notes[0][1]}
        numbers = [number for number, _ in notes]
        left.append(Fault("left.note", grid.label, numbers[0], "", shown, tuple(numbers[1:])))
    if not rows:
        raise InputError([Fault("table.no_figures", grid.label)])
    frame = pd.DataFrame(
        [cells for _, cells in rows], index=[number for number, _ in rows], dtype=object
    )
    if spilled := list(_spilled(frame, layout)):
        raise InputError(gather(spilled))
    left += _unread(frame, layout)
    frame, aside = of_all(frame, layout, asked.where)
    left += aside
    part = pd.concat([_column(frame, layout, column) for column in layout.values])
    if layout.kind != "long":  # an empty cell of a wide table is no row
        part = part[part["value"] != ""]
    return part.sort_index(kind="stable")


def _spilled(frame: pd.DataFrame, layout: Layout) -> Iterator[Fault]:
    """Find figures whose decimal comma has parted them, the rest in a column that is not read."""
    if layout.grid.separator != "," or layout.kind != "long":
        return
    value, notes = layout.values[0], [layout.at.get(name) for name in ("note", "source")]
    free = [one for one in (*layout.further, *notes) if one and one.place == value.place + 1]
    for column in free:
        figures, rest = frame[value.place].astype(str), frame[column.place].astype(str)
        digits, whole = rest.str.fullmatch(r"\d{1,4}"), figures.str.fullmatch(r"[-+]?\d+")
        # a column of figures of its own goes with every figure
        if (digits & ~whole).any() or (digits.all() and column not in notes):
            continue
        if all(period_head(cell) is not None for cell in rest):  # the years of the figures
            continue
        for row in frame.index[digits & whole]:
            values = {"got": figures[row], "rest": rest[row], "name": column.name}
            yield Fault("table.spilled", layout.grid.label, row, value.name, values)


def _unread(frame: pd.DataFrame, layout: Layout) -> Iterator[Fault]:
    """Point at the columns with figures, beside those of a wide table, that are not read."""
    for column in layout.further if layout.kind != "long" else ():
        cells = [cell for cell in frame[column.place] if cell != "" and not is_missing(cell)]
        if column.name and cells and not read_numbers(cells)[1]:
            yield Fault("left.column", layout.grid.label, column=column.name)


def _all(layout: Layout) -> list[Column]:
    return [*layout.at.values(), *layout.values, *layout.further]


def _is_row(layout: Layout, cells: Sequence[Cell]) -> bool:
    """Tell whether a row of a long table without a figure is one all the same, not a footer."""
    at = layout.at.get("period")
    return layout.kind == "long" and at is not None and period_head(cells[at.place]) is not None


def _column(frame: pd.DataFrame, layout: Layout, column: Column) -> pd.DataFrame:
    """Take the figures of one column, with all that its rows and its header say of them."""
    part = pd.DataFrame({"value": frame[column.place]}, index=frame.index)
    part["label"], part["line"] = layout.grid.label, frame.index
    part["head"] = "value" if layout.kind == "long" else column.name
    for name, of in layout.at.items():
        cells = frame[of.place]
        if of.role == "dataflow" and name == "indicator":  # ESTAT:NAMA_10_GDP(1.0)
            cells = cells.astype(str).str.extract(_DATAFLOW, expand=False)
        elif ":" in of.name:  # «geo: Geopolitical entity» over «AT: Austria»
            place = 0 if name == "status" else -1
            cells = cells.map(lambda cell, at=place: str(cell).split(":", 1)[at].strip())
        part[name] = cells
    if "area_code" in part and plain(layout.at["area"].name) == "entity":
        part["area_code"] = part["area_code"].replace("", "OWID_")  # groups have no code there
    for name, said in layout.given.items():
        if name not in part:
            part[name] = said
        else:
            part[name] = part[name].where(part[name] != "", said)
    if column.period is not None:
        step = column.part
        part["period"] = joined(column.period, step) if step else column.period
    elif step := column.part:
        part["period"] = [joined(period_head(year) or year, step) for year in part["period"]]
    elif "part" in part:
        kind = layout.at["part"].name
        steps = [part_head(cell) or part_head(f"{kind} {cell}") for cell in part["part"]]
        pairs = zip(part["period"], steps, part["part"], strict=True)
        part["period"] = [joined(y, step) if step else f"{y} {cell}" for y, step, cell in pairs]
    else:
        part["period"] = [p if period_head(p) is None else period_head(p) for p in part["period"]]
    if layout.across:
        part[layout.across] = column.across
        if layout.across == "indicator":
            part["second"] = column.second
            if layout.kind == "indicators" and column.above != "":
                part["group"] = str(column.above)
    if column.unit and "unit" not in layout.at:
        part["unit"] = column.unit
    merged = layout.grid.figures_merged
    for row in frame.index:
        if (row, column.place + 1) in merged:
            values = {"got": merged[row, column.place + 1]}
            raise InputError([Fault("cells_merged", layout.grid.label, row, values=values)])
    return part


def _key(table: pd.DataFrame) -> pd.DataFrame:
    """Give each indicator a key: its code, where codes and names are one to one, else its name."""
    texts = [
        name for name in ("area", "indicator", "unit", "group", "note", "source") if name in table
    ]
    shown = {name: table[name].map(_text) for name in texts}
    table = table.assign(**shown, name=shown["indicator"])
    if "indicator_code" not in table:  # «GDP (current US$) [NY.GDP]»
        coded = table["name"].astype(str).str.extract(_CODED)
        if coded.notna().all(axis=None):
            table = table.assign(indicator=coded[0], name=coded[0], indicator_code=coded[1])
    if "indicator_code" in table:
        pairs = table[["indicator", "indicator_code"]].astype(str).drop_duplicates()
        if pairs["indicator"].is_unique and pairs["indicator_code"].is_unique:
            table["indicator"] = table["indicator_code"].map(_text)
    return table


def _text(cell: object) -> object:
    return None if cell == "" or pd.isna(cell) else str(cell)


def _without(table: pd.DataFrame, asked: Asked) -> tuple[pd.DataFrame, list[Fault]]:
    """Leave out summaries of areas, and what the reader does not want."""
    area = table["area"].fillna("").astype(str)
    summary = area.map({name: is_summary(name) for name in area.unique()}).astype(bool)
    if "area_code" in table:
        code = table["area_code"].astype(str)
        summary |= code.isin(listed("codes")) | (code.str.startswith("OWID_") & (code != _KOSOVO))
    codes = area.isin(listed("codes"))
    summary |= codes & (area.str.len() <= 4).all()
    wanted = {fold(asked.area)} if asked.area else set()
    summary &= ~area.map(fold).isin(wanted)
    if summary.all():
        summary[:] = False
    left = [
        _some("left.summary", rows, "area", got=name)
        for name, rows in table[summary].groupby("area", sort=False)
    ]
    table = table[~summary]
    for name in asked.without:
        keys = table[["area", "indicator", "name"]].fillna("").astype(str).map(fold)
        of = (keys == fold(name)).any(axis=1)
        if not of.any():
            known = [*table["indicator"].unique(), *table["area"].unique()]
            values = {"got": name, "hint": did_you_mean(name, map(str, known))}
            raise InputError([Fault("table.without", values=values)])
        left.append(_some("left.asked", table[of], "", got=name))
        table = table[~of]
    if table.empty:
        raise InputError([Fault("table.no_figures")])
    return table.reset_index(drop=True), left


def _some(rule: str, rows: pd.DataFrame, column: str, **values: object) -> Fault:
    """Make a notice of some rows of the first file that has them."""
    label = rows["label"].iloc[0]
    first, *also = dict.fromkeys(rows.loc[rows["label"] == label, "line"])
    return Fault(rule, label, first, column, values, tuple(also))


def _flags(table: pd.DataFrame, left: list[Fault]) -> pd.DataFrame:
    """Turn the letters of statistical offices into breaks, statuses and notes."""
    pairs = table["value"].map(unflagged)
    table = table.assign(value=[cell for cell, _ in pairs])
    letters = pd.Series([letter for _, letter in pairs], table.index)
    said = table["status"].astype(str) if "status" in table else pd.Series("", table.index)
    coded = said.str.fullmatch(r"[A-Za-z](?:[ ,]?[a-z]){0,3}")
    letters = letters.where(letters != "", said.where(coded, "")).str.lower()
    if not (letters != "").any():
        return table
    sets = letters.map(lambda text: set(text) & set("abcdefghijklmnopqrstuvwxyz"))
    none = sets.map(lambda some: bool(some & _NOTHING))
    forecast = sets.map(lambda some: bool(some & _FORECAST))
    if forecast.any():
        left.append(_some("left.forecast", table[forecast], ""))
    status = said.where(~coded, "").where(
        ~sets.map(lambda some: bool(some & _DOUBTFUL)), "doubtful"
    )
    notes = sets.map(lambda some: " ".join(sorted({NOTED[x] for x in some & NOTED.keys()})))
    table = table.assign(
        value=table["value"].where(~none, ""),
        status=status,
        series_break=sets.map(lambda some: "yes" if "b" in some else "no"),
        note=notes if "note" not in table else table["note"].where(notes == "", notes),
    )
    return table[~forecast].reset_index(drop=True)


def _values(table: pd.DataFrame, left: list[Fault]) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the figures: per cent by indicator, decimal marks by file."""
    held = table["value"].astype(object)
    held = held.where(~held.map(is_missing), None)
    marks = table["value"][held.isna() & (table["value"] != "")]
    if len(marks):
        shown = ", ".join(f"«{mark}»" for mark in dict.fromkeys(marks))
        left.append(_some("left.missing", table.loc[marks.index], "", got=shown, n=len(marks)))
    faults: list[Fault] = []
    wrong: set[int] = set()
    unit = table["unit"].copy() if "unit" in table else pd.Series(None, table.index, dtype=object)

    def refuse(at: int, rule: str, values: dict[str, object]) -> None:
        if at not in wrong:
            wrong.add(at)
            row = table.loc[at]
            faults.append(Fault(rule, row["label"], int(row["line"]), row["head"], values))

    for at in table.index[
        held.map(lambda x: isinstance(x, str) and x.upper() in SPREADSHEET_ERRORS)
    ]:
        refuse(at, "cell_error", {"got": held[at]})
        held[at] = None
    for _, cells in held.groupby(table["indicator"], sort=False):
        signed = cells.map(lambda cell: isinstance(cell, str) and cell.endswith("%"))
        if not signed.any():
            continue
        for place, (rule, values) in read_numbers(_tokens(cells))[1].items():
            if rule == "percent_mixed":
                refuse(cells.index[place], rule, values)
        held[cells.index] = cells.where(~signed, cells.astype(str).str.rstrip("% "))
        unit[cells.index] = "%"
    figures = pd.Series(float("nan"), table.index)
    for _, cells in held.groupby(table["label"], sort=False):
        values, refused = read_numbers(_tokens(cells))
        figures[cells.index] = [float("nan") if v is None else v for v in values]
        for place, (rule, shown) in refused.items():
            refuse(cells.index[place], rule, shown)
    for at, cell in table["unit_mult"].dropna().items() if "unit_mult" in table else ():
        power = _power(str(cell))
        if power is None:
            refuse(at, "table.multiplier", {"got": cell})
        elif power:
            figures[at] = round(figures[at] * 10**power, 9)
    return table.assign(value=figures, unit=unit), faults


def _power(said: str) -> int | None:
    """Return the power of ten by which a figure is to be multiplied, None where it is not told.

    Examples
    --------
    >>> [_power(said) for said in ("", "6", "3: Thousands", "Millions", "dozens")]
    [0, 6, 3, 6, None]
    """
    code, word = re.fullmatch(r"\s*(-?\d{0,2})(?:\.0)?\s*:?\s*(.*?)\s*", said).groups()
    return int(code) if code.strip("-") else _POWERS.get(word.casefold())


def _tokens(cells: pd.Series) -> list[Token]:
    return [None if pd.isna(cell) else cell for cell in cells]


def placed(fault: Fault, table: pd.DataFrame) -> Fault:
    """Say where a fault of the panel stands in the file that it came from."""
    if fault.row is None:
        return replace(fault, file=", ".join(table["label"].unique()))
    row = table.loc[fault.row]
    values = dict(fault.values)
    if "first" in values and values["first"] in table.index:
        first = table.loc[values["first"]]
        same = first["label"] == row["label"]
        values["first"] = first["line"] if same else f"{first['line']} ({first['label']})"
    head = row["head"] if fault.column == "value" else fault.column
    also = table.loc[[one for one in fault.also if table.loc[one, "label"] == row["label"]], "line"]
    return Fault(fault.rule, row["label"], int(row["line"]), head, values, tuple(map(int, also)))


def _indicators(table: pd.DataFrame) -> pd.DataFrame:
    """List the indicators with what the tables say of them."""

    def one(cells: pd.Series) -> object:
        said = cells[cells.notna() & (cells != "")]
        return said.iloc[0] if len(said) else None

    wanted = ("name", "second", "unit", "group", "direction", "source")
    found = table.groupby("indicator", sort=False)[[n for n in wanted if n in table]].agg(one)
    found = found.reindex(columns=list(wanted)).astype(object).reset_index()
    found["unit"] = found["unit"].map(lambda unit: _UNITS.get(str(unit).upper(), unit))
    named = [_unit_in(str(name)) for name in found["name"]]
    short = pd.Series([name for name, _ in named], found.index)
    apart = ~short.duplicated(keep=False) & found["unit"].isna()
    found["unit"] = found["unit"].where(~apart, [unit for _, unit in named])
    found["name"] = found["name"].where(~apart, short)
    return found.astype(object).where(found.notna(), None)


def _unit_in(name: str) -> tuple[str, str | None]:
    """Split a name into what is measured and the unit behind it, where that is one.

    Examples
    --------
    >>> _unit_in("GDP per capita (current US$)"), _unit_in("Employment rate (female)")
    (('GDP per capita', 'current US$'), ('Employment rate (female)', None))
    """
    found = _BEHIND.fullmatch(name)
    words = set(re.split(r"[^\w%$€£]+", found[2].casefold())) if found else set()
    return (found[1], found[2]) if found and words & listed("units") else (name, None)
