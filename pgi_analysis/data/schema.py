"""A table against its contract, once, at the door, with every fault named.

`check` turns a table of text into a typed one: numbers, years, dates and yes/no are read as people
write them in Vietnam, then pandera checks the columns, the empty cells, the allowed values and the
keys. What needs two tables at once is in `consistency`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pgi_analysis.data.breakdowns import told_apart
from pgi_analysis.data.cells import KINDS, LARGEST, SPREADSHEET_ERRORS, clean
from pgi_analysis.data.contracts import contracts
from pgi_analysis.faults import Fault, Hint, InputError, did_you_mean, gather


def check(
    name: str, table: pd.DataFrame, *, further: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the cells of a table by its contract and find what breaks it.

    Parameters
    ----------
    name : str
        The contract: ``scores``, ``targets`` …
    table : DataFrame
        Cells of text, or already typed; the index counts rows, its name is the file.
    further : DataFrame, optional
        Columns of the file that were left out; those in `table` that the contract does not have if
        left out.

    Returns
    -------
    DataFrame
        Every column of the contract, typed, in the contract's order; a cell with a fault is empty.
    list of Fault
        Empty when the table is sound.
    """
    import pandera.errors

    schema = contracts()[name]
    file = str(table.index.name or name)
    if not set(schema.columns) & set(table.columns):
        empty, _ = check(name, pd.DataFrame(columns=list(schema.columns), dtype=object))
        return empty, [Fault("header_unknown", file, values={"known": ", ".join(schema.columns)})]
    missing = [c for c, spec in schema.columns.items() if spec.required and c not in table]
    faults = [Fault("column_missing", file, None, column) for column in missing]
    foreign = [column for column in table.columns if column not in schema.columns]
    for column in foreign:
        hint = did_you_mean(column, [c for c in schema.columns if c not in table])
        faults.append(Fault("column_unknown", file, None, column, {"hint": hint}))
    result = pd.DataFrame(index=table.index)
    for column, spec in schema.columns.items():
        cells = table.get(column, pd.Series(None, table.index, dtype=object, name=column))
        result[column], found = _read_column(cells, spec.metadata["kind"], file)
        faults += found
    try:
        schema.validate(result, lazy=True)
    except pandera.errors.SchemaErrors as error:
        known = {(fault.row, fault.column) for fault in faults}
        for fault in _broken_rules(error.failure_cases, table, file):
            if (fault.row, fault.column) not in known and fault.column not in missing:
                faults.append(fault)
        repeated = _repeated_rows(result, table, schema.unique or [], faults)
        faults += told_apart(repeated, table[foreign] if further is None else further)
    for fault in faults:
        if fault.row in result.index and fault.column in result:
            result.loc[fault.row, fault.column] = None
    return result, faults


def _read_column(cells: pd.Series, kind: str, file: str) -> tuple[pd.Series, list[Fault]]:
    parse, dtype = KINDS[kind]
    if _are_typed(cells, kind):
        return cells.astype(dtype), []
    if cells.isna().all():
        return pd.Series(None, index=cells.index, dtype=dtype, name=cells.name), []
    if isinstance(cells.dtype, pd.StringDtype) and cells.nunique() < len(cells) / 2:
        # texts that recur are read once
        codes, texts = pd.factorize(cells)
        read, faults = _read_column(pd.Series(texts, name=cells.name), kind, file)
        if not faults:
            return read.reindex(codes).set_axis(cells.index), []
    values, faults = [], []
    for row, cell in cells.items():
        if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell or cell == "":
            values.append(None)
            continue
        text, rule = str(cell.date() if isinstance(cell, pd.Timestamp) else cell), f"not_{kind}"
        try:
            if text.upper() in SPREADSHEET_ERRORS:
                rule = "cell_error"
                raise ValueError(text)
            values.append(parse(clean(text)))
        except ValueError:
            values.append(None)
            faults.append(Fault(rule, file, row, str(cells.name), {"got": text}))
    return pd.Series(values, index=cells.index, dtype=dtype, name=cells.name), faults


def _are_typed(cells: pd.Series, kind: str) -> bool:
    """Tell whether the cells are numbers already, such as the kind may hold."""
    types = pd.api.types
    if not types.is_numeric_dtype(cells.dtype) or types.is_bool_dtype(cells.dtype):
        return False
    size = cells.dropna().abs()
    if kind == "number":
        return bool((size < float("inf")).all())
    return kind in ("whole", "direction") and bool(((size % 1 == 0) & (size <= LARGEST)).all())


def _broken_rules(cases: pd.DataFrame, table: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Say pandera's failure cases in the words of this package."""
    for case in cases.itertuples():
        rule, *arguments = str(case.check).split("|")
        if rule == "not_nullable":
            yield Fault("cell_empty", file, case.index, case.column)
        elif rule in ("allowed", "between", "positive", "at_least", "too_long"):
            got = table.loc[case.index, case.column]
            values = {"got": got, "hint": Hint()} | dict(
                zip(("low", "high"), arguments, strict=False)
            )
            if rule == "allowed":
                values["hint"] = did_you_mean(str(got), arguments[0].split(", "))
            yield Fault(rule, file, case.index, case.column, values)


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
            shown = ", ".join(str(cell) for cell in table.loc[row, key] if not pd.isna(cell))
            values = {"got": shown, "first": earlier}
            yield Fault("row_twice", str(table.index.name), row, ", ".join(key), values)


def require(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Check a table that a caller passed in, and raise for its faults.

    Raises
    ------
    InputError
        Naming every fault; rows are counted from 0 as in the table's index order.
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError([Fault("not_a_table", values={"name": name, "got": type(table).__name__})])
    plain = table.reset_index(drop=True)
    plain.index.name = name
    keep = [column for column in plain.columns if column in contracts()[name].columns]
    twice = sorted({column for column in keep if keep.count(column) > 1})
    if twice:
        raise InputError(Fault("column_twice", name, None, column) for column in twice)
    further = plain.drop(columns=keep).rename(columns=str)
    checked, faults = check(name, plain[keep], further=further)
    if faults:
        raise InputError(gather(faults))
    return checked
