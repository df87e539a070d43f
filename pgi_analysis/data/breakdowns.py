"""Rows that say the same of several groups: by sex, age, settlement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from pgi_analysis.data.areas import is_whole
from pgi_analysis.data.headers import plain
from pgi_analysis.data.layouts import Column, Layout
from pgi_analysis.data.names import fold
from pgi_analysis.faults import Fault, Hint, InputError

#: values of a column named in a message
SHOWN = 4


def told_apart(repeated: Iterable[Fault], further: pd.DataFrame) -> list[Fault]:
    """Return one fault in place of those for rows that differ in further columns.

    Parameters
    ----------
    repeated : iterable of Fault
        ``row_twice``, a row each, with the earlier row as ``first``.
    further : DataFrame
        The columns of the table that the contract does not have, on the same rows.
    """
    faults = list(repeated)
    cells = further.loc[:, ~further.columns.duplicated()].astype(object)
    cells = cells.where(cells.notna(), "").astype(str)
    rows = [fault.row for fault in faults]
    earlier = [fault.values["first"] for fault in faults]
    differ = cells.loc[rows] != cells.loc[earlier].set_axis(rows)
    if differ.empty or not differ.any(axis=None):
        return faults
    columns = [str(name) for name in cells.columns[differ.any()]]
    groups = list(differ.index[differ.any(axis=1)])
    values = {name: list(dict.fromkeys(cells[name])) for name in columns}
    one = {name: next(filter(is_whole, found), found[0]) for name, found in values.items()}
    shown = (
        f"{name} ({', '.join(found[:SHOWN])}{', …' if len(found) > SHOWN else ''})"
        for name, found in values.items()
    )
    choice = [f'panel["{name}"] == "{value}"' for name, value in one.items()]
    together = choice[0] if len(choice) == 1 else " & ".join(f"({part})" for part in choice)
    says = {"got": ", ".join(shown), "choice": together}
    first = faults[0]
    place = (first.file, groups[0], ", ".join(columns), says, tuple(groups[1:]))
    again = [fault for fault in faults if fault.row not in set(groups)]
    return [Fault("breakdown", *place), *again]


def of_all(
    frame: pd.DataFrame, layout: Layout, where: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Keep the rows of a table that are about all, not about a group, or about the group asked for.

    Parameters
    ----------
    frame : DataFrame
        The cells, by their columns' places; the index counts rows.
    layout : Layout
    where : mapping
        As in `Asked`.

    Raises
    ------
    InputError
        Rows differ in a column that does not tell which of them is about all.
    """
    label, left = layout.grid.label, []
    asked = {plain(name): value for name, value in where.items()}
    keep, open_ = pd.Series(True, frame.index), []
    key = [
        layout.at[name].place
        for name in ("area", "indicator", "period", "part")
        if name in layout.at
    ]
    unit = [layout.at["unit"]] if "unit" in layout.at else []
    for column in [*layout.further, *unit, *layout.at.values()]:
        cells = frame[column.place].astype(str)
        wanted = asked.get(plain(column.name)) if column.name else None
        if wanted is not None:
            chosen = cells.map(fold) == fold(wanted) if wanted else cells == ""
            if wanted != "*" and not chosen.any():
                known = ", ".join(map(_shown, cells.unique()[: 2 * SHOWN]))
                values = {"got": wanted, "known": known}
                raise InputError([Fault("table.no_value", label, None, column.name, values)])
            keep &= chosen | (wanted == "*")
        elif column in layout.further and len(set(cells)) > 1:
            open_.append(column)
    for column in open_:
        cells = frame.loc[keep, column.place].astype(str)
        if len(set(cells)) == 1 or any(_settled(cells, frame[place]) for place in key[:2]):
            continue
        whole = cells.map(lambda cell: cell == "" or is_whole(cell))
        again = frame.loc[keep, key].astype(str).duplicated(keep=False)
        named = cells[whole].ne("").any() or again.any()
        if whole.any() and not whole.all() and (named or not _of_numbers(cells)):
            if not named:
                raise _which(label, column, cells)
            values = {"got": ", ".join(map(_shown, cells[~whole].unique()[:SHOWN]))}
            kept = next(iter(cells[whole]))
            values |= {"kept": _shown(kept) if kept else Hint("blank")}
            rows = [int(row) for row in cells.index[~whole]]
            left.append(Fault("left.groups", label, rows[0], column.name, values, tuple(rows[1:])))
            keep[cells.index[~whole]] = False
    rest = frame[keep]
    again = rest[key].astype(str).duplicated(keep=False) if key else pd.Series(True, rest.index)
    for column in [*open_, *unit] if again.any() and len(rest) > 1 else ():
        cells = rest.loc[again, column.place].astype(str)
        if len(set(cells)) > 1 and not (column in unit and len(set(cells) - {""}) == 1):
            raise _which(label, column, cells)
    for column in unit:
        by = rest[layout.at["indicator"].place] if "indicator" in layout.at else rest.index * 0
        units = rest[column.place].astype(str)
        units = units[units != ""]
        several = units.groupby(by).agg(lambda some: len(set(some))) > 1
        if plain(column.name) not in asked and several.any():
            raise _which(label, column, units)
    return rest, left


def _settled(cells: pd.Series, by: pd.Series) -> bool:
    """Tell whether each area, or each indicator, has one value of a column, as a region is."""
    groups = cells.groupby(by[cells.index].astype(str))
    return len(groups) > 1 and all(len(set(some)) == 1 for _, some in groups)


def _of_numbers(cells: pd.Series) -> bool:
    return bool(pd.to_numeric(cells[cells != ""], errors="coerce").notna().all())


def _shown(cell: str) -> str:
    return f"«{cell}»"


def _which(label: str, column: Column, cells: pd.Series) -> InputError:
    found = list(cells.unique())
    example = next(filter(None, found), "")
    values = {"got": ", ".join(map(_shown, found[:SHOWN])) + (", …" if len(found) > SHOWN else "")}
    values |= {"name": column.name or str(column.place + 1), "example": example}
    return InputError([Fault("table.groups", label, int(cells.index[0]), column.name, values)])
