"""The contract of every table, checked once, at the door, with every fault named.

`check` turns a table of text into a typed one: numbers, years, dates and yes/no are read as people
write them in Vietnam, then pandera checks the columns, the empty cells, the allowed values and the
keys. What needs two tables at once is in `consistency`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.faults import Fault, Hint, InputError, did_you_mean, gather
from pgi_analysis.parsing import KINDS, LARGEST, SPREADSHEET_ERRORS, YEARS, clean
from pgi_analysis.parsing import parse_date as parse_date

if TYPE_CHECKING:
    import pandera.pandas as pa

SCORE_STATUS = ("published", "derived", "doubtful", "interim")
TASK_STATUS = ("not_started", "in_progress", "done", "blocked")
STATISTICS = ("median", "value_at_rank")


@cache
def contracts() -> dict[str, pa.DataFrameSchema]:
    """Give the pandera schema of every table, by the table's name."""
    import pandera.pandas as pa

    def column(kind: str, *checks: pa.Check, empty: bool = False, optional: bool = False):
        return pa.Column(
            KINDS[kind][1],
            list(checks),
            nullable=empty or optional,
            required=not optional,
            metadata={"kind": kind},
        )

    def one_of(allowed: Iterable[object]) -> pa.Check:
        return pa.Check.isin(list(allowed), error="allowed|" + ", ".join(map(str, allowed)))

    def between(low: float, high: float) -> pa.Check:
        return pa.Check.in_range(low, high, error=f"between|{low:.0f}|{high:.0f}")

    def table(name: str, key: list[str], /, **columns: pa.Column) -> pa.DataFrameSchema:
        return pa.DataFrameSchema(columns, unique=key, strict=True, name=name)

    text, number, whole, day = "text", "number", "whole", "date"
    year = between(*YEARS)
    notes = {"note_vi": column(text, optional=True), "note_en": column(text, optional=True)}
    origin = {"source": column(text), **notes}
    release = {
        "status": column(text, one_of(SCORE_STATUS)),
        "released": column(day),
        **origin,
    }
    both = {"name_vi": column(text), "name_en": column(text)}
    direction = one_of((1, -1))
    schemas = [
        table("plan", ["key"], key=column(text), value=column(text, empty=True)),
        table(
            "provinces",
            ["name_vi"],
            code=column(text, optional=True),
            **both,
            region_vi=column(text, optional=True),
            region_en=column(text, optional=True),
            aliases=column(text, optional=True),
            successor_2025=column(text, optional=True),
            source=column(text, optional=True),
        ),
        table(
            "indicators",
            ["indicator"],
            indicator=column(text),
            **both,
            direction=column(whole, direction),
            lower=column(number, empty=True),
            upper=column(number, empty=True),
            part_of=column(text, optional=True),
            weight=column(number, pa.Check.gt(0, error="positive"), optional=True),
            **origin,
        ),
        table(
            "releases",
            ["period"],
            period=column(whole, year),
            released=column(day),
            series_break=column("yes_no"),
            ranked_areas=column(whole, pa.Check.ge(1, error="at_least|1"), optional=True),
            **origin,
        ),
        table(
            "scores",
            ["area", "indicator", "period", "released"],
            area=column(text),
            indicator=column(text),
            period=column(whole, year),
            value=column(number),
            **release,
        ),
        table(
            "ranks",
            ["area", "indicator", "period", "released"],
            area=column(text),
            indicator=column(text),
            period=column(whole, year),
            rank=column(whole, pa.Check.ge(1, error="at_least|1")),
            **release,
        ),
        table(
            "national",
            ["indicator", "period", "statistic", "rank", "released"],
            indicator=column(text),
            period=column(whole, year),
            statistic=column(text, one_of(STATISTICS)),
            rank=column(whole, pa.Check.ge(1, error="at_least|1"), empty=True),
            value=column(number),
            **release,
        ),
        table(
            "targets",
            ["indicator", "target_period"],
            indicator=column(text),
            baseline=column(number, empty=True),
            baseline_period=column(whole, year, empty=True),
            target=column(number),
            target_period=column(whole, year),
            planned_rise=column(number, optional=True),
            **origin,
        ),
        table(
            "actions",
            ["action"],
            action=column(text),
            indicator=column(text),
            task_vi=column(text),
            task_en=column(text),
            lead_unit_vi=column(text),
            lead_unit_en=column(text),
            cooperating_units_vi=column(text, optional=True),
            cooperating_units_en=column(text, optional=True),
            source=column(text, optional=True),
        ),
        table(
            "progress",
            ["action", "quarter", "reported"],
            action=column(text),
            quarter=column("quarter"),
            reported=column(day),
            status=column(text, one_of(TASK_STATUS)),
            percent=column("percent", between(0, 100), empty=True),
            evidence=column(text, optional=True),
            obstacle=column(text, optional=True),
            interim_value=column(number, optional=True),
        ),
        table(
            "panel",
            ["area", "indicator", "period"],
            area=column(text),
            indicator=column(text),
            period=column(whole, between(-1e6, 1e6)),
            value=column(number, empty=True),
            status=column(text, one_of(SCORE_STATUS), optional=True),
            released=column(day, optional=True),
        ),
        table(
            "panel_targets",
            ["area", "indicator", "target_period"],
            area=column(text),
            indicator=column(text),
            target=column(number),
            target_period=column(whole, between(-1e6, 1e6)),
            baseline=column(number, optional=True),
            baseline_period=column(whole, between(-1e6, 1e6), optional=True),
            direction=column(whole, direction, optional=True),
            lower=column(number, optional=True),
            upper=column(number, optional=True),
        ),
    ]
    return {schema.name: schema for schema in schemas}


def check(name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Read the cells of a table by its contract and find what breaks it.

    Parameters
    ----------
    name : str
        The contract: ``scores``, ``targets`` …
    table : DataFrame
        Cells of text, or already typed; the index counts rows, its name is the file.

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
    missing = [c for c, spec in schema.columns.items() if spec.required and c not in table]
    faults = [Fault("column_missing", file, None, column) for column in missing]
    for column in [column for column in table.columns if column not in schema.columns]:
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
        faults += _repeated_rows(result, table, schema.unique, faults)
    for fault in faults:
        if fault.row in result.index and fault.column in result:
            result.loc[fault.row, fault.column] = None
    return result, faults


def _read_column(cells: pd.Series, kind: str, file: str) -> tuple[pd.Series, list[Fault]]:
    parse, dtype = KINDS[kind]
    if _are_typed(cells, kind):
        return cells.astype(dtype), []
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
    return kind == "whole" and bool(((size % 1 == 0) & (size <= LARGEST)).all())


def _broken_rules(cases: pd.DataFrame, table: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Say pandera's failure cases in the words of this package."""
    for case in cases.itertuples():
        rule, *arguments = str(case.check).split("|")
        if rule == "not_nullable":
            yield Fault("cell_empty", file, case.index, case.column)
        elif rule in ("allowed", "between", "positive", "at_least"):
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
    if None in bad:  # a column of the key is missing
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
    checked, faults = check(name, plain[keep])
    if faults:
        raise InputError(gather(faults))
    return checked
