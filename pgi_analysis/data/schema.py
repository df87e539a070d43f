"""A table against its contract, once, at the door, with every fault named.

`check` turns a table of text into a typed one: numbers, years, dates and yes/no are read as people
write them in Vietnam, then pandera checks the columns, the empty cells, the allowed values and the
keys. What needs two tables at once is in `consistency`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pgi_analysis.data.breakdowns import told_apart
from pgi_analysis.data.cells import CELL_BY_CELL, KINDS, SPREADSHEET_ERRORS, token
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.headers import meant, periods_across
from pgi_analysis.data.numbers import HUGE, LARGEST, Token
from pgi_analysis.data.period_columns import read_periods
from pgi_analysis.data.periods import Calendar, Period, calendar_of
from pgi_analysis.faults import (
    Fault,
    Hint,
    InputError,
    closest,
    did_you_mean,
    gather,
    guessed,
)

if TYPE_CHECKING:
    import pandera.pandas as pa


def check(
    name: str, table: pd.DataFrame, *, foreign: bool = False, like: Calendar | None = None
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the cells of a table by its contract and find what breaks it.

    Parameters
    ----------
    name : str
        The contract: ``scores``, ``targets`` …
    table : DataFrame
        Cells of text, or already typed; the index counts rows, its name is the file.
    foreign : bool
        Whether columns of no contract may stand beside those of this one. One that is named nearly
        like a column of the contract, or as people call it, is a fault all the same.
    like : Calendar, optional
        Of the panel or the data folder that the table goes with. Where its periods are not years,
        those of a folder's tables are read by it as well.

    Returns
    -------
    DataFrame
        Every column of the contract, typed, in the contract's order; a cell with a fault is empty.
    list of Fault
        Empty when the table is sound.
    """
    import pandera.errors

    schema = contracts()[name]
    if like is not None and not like.plain:
        schema = _with_periods(schema)
    file = str(table.index.name or name)
    faults = list(_header_faults(schema, table, file, foreign))
    if any(fault.rule in ("header_unknown", "table_wide") for fault in faults):
        empty, _ = check(name, pd.DataFrame(columns=list(schema.columns), dtype=object))
        return empty, faults
    result, found = _read_cells(schema, table, file, like)
    faults += found
    try:
        schema.validate(result, lazy=True)
    except pandera.errors.SchemaErrors as error:
        known = {(fault.row, fault.column) for fault in faults}
        for fault in _broken_rules(error.schema_errors, table, file):
            if (fault.row, fault.column) not in known and fault.column in table:
                faults.append(fault)
        repeated = _repeated_rows(result, table, schema.unique or [], faults)
        further = [column for column in table.columns if column not in schema.columns]
        faults += told_apart(repeated, table[further])
    for fault in faults:
        if fault.row in result.index and fault.column in result:
            result.loc[fault.row, fault.column] = None
    return result, faults


def _with_periods(schema: pa.DataFrameSchema) -> pa.DataFrameSchema:
    """Return a contract whose years are periods of any kind."""
    years = [name for name, spec in schema.columns.items() if spec.metadata["kind"] == "year"]
    free = {"checks": [], "metadata": {"kind": "period"}}
    return schema.update_columns(dict.fromkeys(years, free))


def _header_faults(
    schema: pa.DataFrameSchema, table: pd.DataFrame, file: str, foreign: bool
) -> Iterator[Fault]:
    """Find the columns that are missing, and those that are not understood."""
    present = [column for column in schema.columns if column in table]
    absent = [column for column in schema.columns if column not in table]
    if "period" in absent and (ends := periods_across(list(table.columns))):
        yield Fault("table_wide", file, values={"first": ends[0], "last": ends[1]})
        return
    if not present:
        yield Fault("header_unknown", file, values={"known": ", ".join(schema.columns)})
        if not foreign:
            return
    for column in absent:
        if present and schema.columns[column].required:
            yield Fault("column_missing", file, None, column)
    for column in [str(one) for one in table.columns if one not in schema.columns]:
        guess = meant(column, absent, present if foreign else ())
        if guess is None and not foreign:
            guess = closest(column, absent)
        if guess is not None or not foreign:
            yield Fault("column_unknown", file, None, column, {"hint": guessed(guess)})


def _read_cells(
    schema: pa.DataFrameSchema, table: pd.DataFrame, file: str, like: Calendar | None
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read all columns of a contract; those that the table lacks are empty."""
    read: dict[str, pd.Series] = {}
    periods: dict[str, list[Token | Period]] = {}
    where: dict[str, np.ndarray] = {}
    faults: list[Fault] = []
    for column, spec in schema.columns.items():
        kind = spec.metadata["kind"]
        if column not in table and kind != "period":
            read[column] = pd.Series(None, table.index, dtype=KINDS[kind][1])
            continue
        cells = table.get(column, pd.Series(None, table.index, dtype=object))
        if kind != "period" and _are_typed(cells, kind):
            read[column] = cells.astype(KINDS[kind][1])
            continue
        codes, tokens, errors = _tokens(cells)
        for row, got in _by_row(errors, codes, table):
            faults.append(Fault("cell_error", file, row, column, {"got": got}))
        where[column] = codes
        if kind == "period":
            read[column], periods[column] = cells, tokens  # keeps the column's place
            continue
        reader, dtype = KINDS[kind]
        if kind not in CELL_BY_CELL:  # how most cells are written tells how to read the others
            tokens, codes = [tokens[code] for code in codes], np.arange(len(codes))
        values, refused = reader(tokens)
        read[column] = _spread(values, codes, table, dtype)
        for row, (rule, shown) in _by_row(refused, codes, table):
            faults.append(Fault(rule, file, row, column, shown))
    numbered, refused = read_periods(periods, like)
    for column, values in numbered.items():
        plain = not any(isinstance(value, Period) for value in values)
        read[column] = _spread(values, where[column], table, "Int64" if plain else object)
        own = {place: why for (name, place), why in refused.items() if name == column}
        for row, (rule, shown) in _by_row(own, where[column], table):
            faults.append(Fault(rule, file, row, column, shown))
    return pd.DataFrame(read, index=table.index), faults


def _tokens(cells: pd.Series) -> tuple[np.ndarray, list[Token | Period], dict[int, str]]:
    """Tell what the cells of a column hold, and where a spreadsheet has left an error instead.

    Of a column of one type equal cells are looked at once; in one of objects 1 and True are equal.

    Returns
    -------
    array
        The place of each cell among the tokens.
    list
        The tokens, the last of them for empty cells.
    dict
        The errors, by place among the tokens.
    """
    if cells.dtype == object and pd.api.types.infer_dtype(cells, skipna=True) != "string":
        codes, kinds = np.arange(len(cells)), list(cells)
    else:
        codes, kinds = pd.factorize(cells)
    held: list[Token | Period] = [*map(token, kinds), None]
    errors = {
        place: one
        for place, one in enumerate(held)
        if isinstance(one, str) and one.upper() in SPREADSHEET_ERRORS
    }
    for place in errors:
        held[place] = None
    return np.where(codes < 0, len(kinds), codes), held, errors


def _spread(values: list, codes: np.ndarray, table: pd.DataFrame, dtype: str | type) -> pd.Series:
    """Give each row the value at its place."""
    return pd.Series(values, dtype=dtype).take(codes).set_axis(table.index)


def _by_row(
    found: Mapping[int, object], codes: np.ndarray, table: pd.DataFrame
) -> Iterator[tuple[int, object]]:
    """Go through the rows whose place is among those found."""
    for row in np.flatnonzero(np.isin(codes, list(found))) if found else ():
        yield table.index[row], found[codes[row]]


def _are_typed(cells: pd.Series, kind: str) -> bool:
    """Tell whether the cells are numbers already, such as the kind may hold."""
    types = pd.api.types
    if not (types.is_integer_dtype(cells.dtype) or types.is_float_dtype(cells.dtype)):
        return False
    size = cells.dropna().astype(float).abs()  # of a small type the limits are none
    if kind in ("number", "target"):
        return bool((size <= HUGE).all())
    return kind in ("whole", "direction") and bool(((size % 1 == 0) & (size <= LARGEST)).all())


#: pandera's checks as rules of ours, and what of a check's settings the message names
_RULES = {
    "isin": ("allowed", "allowed_values", ""),
    "in_range": ("between", "min_value", "max_value"),
    "greater_than": ("positive", "min_value", ""),
    "greater_than_or_equal_to": ("at_least", "min_value", ""),
    "str_length": ("too_long", "max_value", ""),
}


def _broken_rules(errors: list, table: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Say what pandera found in the words of this package."""
    for error in errors:
        column = error.schema.name
        if error.check == "not_nullable":
            for row in error.failure_cases["index"]:
                yield Fault("cell_empty", file, row, column)
        name, settings = getattr(error.check, "name", ""), getattr(error.check, "statistics", {})
        if name not in _RULES:
            continue
        rule, low, high = _RULES[name]
        for row in error.failure_cases["index"]:
            got = table.loc[row, column]
            values = {"got": got, "low": settings[low], "high": settings.get(high), "hint": Hint()}
            if rule == "allowed":
                known = list(map(str, settings[low]))
                values |= {"low": ", ".join(known), "hint": did_you_mean(str(got), known)}
            yield Fault(rule, file, row, column, values)


def _repeated_rows(
    result: pd.DataFrame, table: pd.DataFrame, key: list[str], faults: list[Fault]
) -> Iterator[Fault]:
    """Find the rows that say again what an earlier row says, however they spell it."""
    bad = {fault.row for fault in faults if fault.column in key}
    if None in bad or not key:  # a column of the key is missing, or rows may repeat
        return
    first: dict[tuple[str, ...], int] = {}
    for row, *cells in result[key].astype(str).drop(bad).itertuples(name=None):
        earlier = first.setdefault(tuple(cells), row)
        if earlier != row:
            said = table.loc[row, [name for name in key if name in table]]
            shown = ", ".join(str(one) for one in map(token, said) if one is not None)
            values = {"got": shown, "first": earlier}
            named = ", ".join(name for name in key if name in table)
            yield Fault("row_twice", str(table.index.name), row, named, values)


def require(name: str, table: pd.DataFrame, *, like: pd.DataFrame | None = None) -> pd.DataFrame:
    """Check a table that a caller passed in, and raise for its faults.

    Columns may also be levels of the table's index. Periods come back as whole numbers where they
    are years, else as `periods.Period`.

    Parameters
    ----------
    name : str
        The contract.
    table : DataFrame
    like : DataFrame, optional
        The panel, already checked, whose kind of period the table must have.

    Raises
    ------
    InputError
        Naming every fault; rows are counted from 0 as in the table's index order.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError([Fault("not_a_table", values={"name": name, "got": type(table).__name__})])
    if table.columns.nlevels > 1:
        raise InputError([Fault("columns_nested", name)])
    plain = table.reset_index(drop=True)
    for place, level in enumerate(table.index.names):
        if level is not None and level not in table.columns:
            cells = table.index.get_level_values(place)
            plain.insert(0, level, cells, allow_duplicates=True)
    plain.index.name = name
    known = list(contracts()[name].columns)
    twice = [column for column in known if list(plain.columns).count(column) > 1]
    if twice:
        raise InputError(Fault("column_twice", name, None, column) for column in twice)
    calendar = calendar_of(like) if like is not None and len(like) else None
    checked, faults = check(name, plain, foreign=True, like=calendar)
    if faults:
        raise InputError(gather(faults))
    return checked
