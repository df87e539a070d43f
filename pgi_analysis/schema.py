"""The contract of every table, checked once, at the door, with every fault named.

`check` turns a table of text into a typed one: numbers, years, dates and yes/no are read as people
write them in Vietnam, then pandera checks the columns, the empty cells, the allowed values and the
keys. What needs two tables at once is in `consistency`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from pgi_analysis.deadlines import Quarter
from pgi_analysis.faults import Fault, Hint, InputError
from pgi_analysis.reading import clean

if TYPE_CHECKING:
    import pandera.pandas as pa

SCORE_STATUS = ("published", "derived", "doubtful", "interim")
TASK_STATUS = ("not_started", "in_progress", "done", "blocked")
STATISTICS = ("median", "value_at_rank")

_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YES = {"yes", "true", "1", "có", "co", "x"}
_NO = {"no", "false", "0", "không", "khong"}


def parse_number(text: str) -> float:
    """Read a number with a decimal point or comma.

    Examples
    --------
    >>> parse_number("4,84"), parse_number("−0.5"), parse_number("12")
    (4.84, -0.5, 12.0)
    """
    plain = text.replace("−", "-").replace("–", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text)
    value = float(plain.replace(",", "."))
    if abs(value) == float("inf"):
        raise ValueError(text)
    return value


def parse_whole(text: str) -> int:
    """Read a whole number; a spreadsheet's ``2024.0`` is one."""
    value = parse_number(text)
    if value != int(value) or abs(value) > 1e9:
        raise ValueError(text)
    return int(value)


def parse_date(text: str) -> pd.Timestamp:
    """Read a date: year-month-day, day/month/year, or the day number of a spreadsheet.

    Examples
    --------
    >>> [parse_date(text).date().isoformat() for text in ("2025-05-06", "06/05/2025", "45783")]
    ['2025-05-06', '2025-05-06', '2025-05-06']
    """
    text = re.sub(r"[T ]00:00(:00(\.0+)?)?$", "", text)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
        return _timestamp(date(year, month, day))
    if re.fullmatch(r"[0-9]{5}", text):
        return _timestamp(date(1899, 12, 30) + timedelta(days=int(text)))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return _timestamp(date.fromisoformat(text))
    raise ValueError(text)


def _timestamp(day: date) -> pd.Timestamp:
    if not 1900 <= day.year <= 2200:
        raise ValueError(day)
    return pd.Timestamp(day)


def parse_yes_no(text: str) -> bool:
    """Read yes/no, có/không, true/false, 1/0."""
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise ValueError(text)
    return folded in _YES


def parse_quarter(text: str) -> str:
    """Read a quarter to the form 2024Q4."""
    return str(Quarter.parse(text))


#: kind of column: how a cell is read, and the dtype it is kept in while empty cells are allowed
KINDS: dict[str, tuple[Callable[[str], object], str]] = {
    "text": (clean, "str"),
    "number": (parse_number, "float64"),
    "whole": (parse_whole, "Int64"),
    "date": (parse_date, "datetime64[s]"),
    "yes_no": (parse_yes_no, "boolean"),
    "quarter": (parse_quarter, "str"),
}


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
        return pa.Check.in_range(low, high, error=f"between|{low:g}|{high:g}")

    def table(name: str, key: list[str], **columns: pa.Column) -> pa.DataFrameSchema:
        return pa.DataFrameSchema(columns, unique=key, strict=True, name=name)

    text, number, whole, day = "text", "number", "whole", "date"
    year = between(1900, 2200)
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
            percent=column(number, between(0, 100), empty=True),
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
    typed, faults = {}, []
    for column, spec in schema.columns.items():
        if column in table:
            kind = spec.metadata["kind"]
            typed[column], found = _read_column(table[column], kind, file)
            faults += found
    unknown = [column for column in table.columns if column not in schema.columns]
    missing = [c for c, spec in schema.columns.items() if spec.required and c not in table]
    for column in unknown:
        guess = _closest(column, [c for c in schema.columns if c not in table])
        hint = Hint("did_you_mean", {"guess": guess}) if guess else Hint()
        faults.append(Fault("column_unknown", file, None, column, {"hint": hint}))
    for column in missing:
        faults.append(Fault("column_missing", file, None, column))
    result = pd.DataFrame(typed, index=table.index)
    wrong = {(fault.row, fault.column) for fault in faults}
    if not missing:
        try:
            schema.validate(result, lazy=True)
        except pandera.errors.SchemaErrors as error:
            found = _faults_of(error.failure_cases, schema, table, file)
            faults += [fault for fault in found if (fault.row, fault.column) not in wrong]
    for column, spec in schema.columns.items():
        if column not in result:
            result[column] = pd.Series(pd.NA, index=result.index, dtype=KINDS[_kind(spec)][1])
    bad = [(f.row, f.column) for f in faults if f.row in result.index and f.column in result]
    for row, column in bad:
        result.loc[row, column] = None
    return result[list(schema.columns)], faults


def _kind(spec: pa.Column) -> str:
    return spec.metadata["kind"]


def _read_column(cells: pd.Series, kind: str, file: str) -> tuple[pd.Series, list[Fault]]:
    parse, dtype = KINDS[kind]
    if kind != "text" and pd.api.types.is_numeric_dtype(cells.dtype) and kind != "quarter":
        finite = cells.where(cells.abs() != float("inf"))
        whole = kind != "whole" or bool((finite.dropna() % 1 == 0).all())
        if whole and finite.isna().equals(cells.isna()):
            return cells.astype(dtype), []
    values, faults = [], []
    for row, cell in cells.items():
        if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell or cell == "":
            values.append(None)
            continue
        text = str(cell.date()) if isinstance(cell, pd.Timestamp) else str(cell)
        try:
            values.append(parse(clean(text)))
        except (ValueError, OverflowError):
            values.append(None)
            faults.append(Fault(f"not_{kind}", file, row, str(cells.name), {"got": text}))
    return pd.Series(values, index=cells.index, dtype=dtype, name=cells.name), faults


def _faults_of(
    cases: pd.DataFrame, schema: pa.DataFrameSchema, table: pd.DataFrame, file: str
) -> list[Fault]:
    faults, keys = [], set()
    for case in cases.itertuples():
        rule, *arguments = str(case.check).split("|")
        if rule == "not_nullable":
            faults.append(Fault("cell_empty", file, case.index, case.column))
        elif rule == "multiple_fields_uniqueness":
            keys.add(case.index)
        elif rule in ("allowed", "between", "positive", "at_least"):
            values = dict(zip(("low", "high"), arguments, strict=False))
            values |= {"got": table.loc[case.index, case.column], "hint": Hint()}
            if rule == "allowed":
                guess = _closest(str(values["got"]), arguments[0].split(", "))
                values["hint"] = Hint("did_you_mean", {"guess": guess}) if guess else Hint()
            faults.append(Fault(rule, file, case.index, case.column, values))
    key = ", ".join(schema.unique)
    first = {}
    for row in sorted(keys):
        cells = tuple(str(table.loc[row].get(column)) for column in schema.unique)
        if cells in first:
            values = {"got": ", ".join(cells), "first": first[cells]}
            faults.append(Fault("row_twice", file, row, key, values))
        first.setdefault(cells, row)
    return faults


def _closest(word: str, known: list[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(word.lower(), known, 1, 0.6)), "")


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
    keep = [column for column in contracts()[name].columns if column in plain]
    checked, faults = check(name, plain[keep])
    if faults:
        raise InputError(faults)
    return checked
