"""Tables mutated in every way: each gives a result or an `InputError`, never another error.

``PGI_MUTATIONS=3000`` tries more than the few hundred of every day.
"""

import os

import numpy as np
import openpyxl
import pandas as pd
from hypothesis import HealthCheck, example, given, reject, settings
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import read_panel, read_targets, schema

EXAMPLES = int(os.environ.get("PGI_MUTATIONS", "150"))
SETTINGS = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)

ODD = st.sampled_from(
    [
        *("", " ", "NaN", "n/a", ":", "..", "-", "–", "45%", "1.012", "1,012", "1.234,5", "987,5"),
        *("1 234", "1e3", "1e999", "inf", "<5", ">= 80", "2024", "2024.0", "2024Q1", "Q1 2024"),
        *("2024-01", "01/2024", "2003-05", "2014/15", "202312", "44197", "2024-01-31", "FY2015"),
        *("=1+1", "#N/A", "yes", "Có", "published", "interim", "Hà Nội", "\ufeffa", "a\nb", '"'),
        *(0, 1, -1, 24, 2024, 202312, 44197, 1.012, 1e308, -1e308, 1e-320, np.nan, np.inf, None),
        *(True, pd.NA, pd.NaT, pd.Timestamp("2024-01-01"), pd.Timestamp("2024-05-17 10:30")),
        *(pd.Timestamp("2024-01-01", tz="Asia/Ho_Chi_Minh"), np.datetime64("2024-02-01")),
        *(pd.Period("2024Q1", "Q"), pd.Period("2024-01", "M"), pd.Period("2024", "Y-MAR")),
        *(pd.Period("2024-01-05", "D"), pd.Interval(0, 1), 3 + 4j, b"bytes", pd.Timedelta("1D")),
        *((1, 2), [1, 2], {"a": 1}, frozenset({1}), np.int8(3), np.float32(1.5), object()),
    ]
)
TYPES = st.sampled_from(
    [
        *("category", "string", "object", "Int64", "Float64", "boolean", "datetime64[ns]"),
        *("period[M]", "period[Q]", "period[Y]", "complex128", "float32", "int8", "uint8"),
        *("Sparse[float64]", "int64[pyarrow]", "double[pyarrow]", "string[pyarrow]"),
    ]
)
NAMES = st.sampled_from(
    [
        *("area", "indicator", "period", "value", "status", "released", "target", "target_period"),
        *("Area", "năm", "Giá trị", "perid", "baseline", "baseline_period", "direction", "lower"),
        *("upper", "note", "", "2021", 2021, None, ("a", "b"), 1.5, pd.Timestamp("2024-01-01")),
    ]
)
CHANGE = st.one_of(
    st.tuples(st.just("cell"), st.integers(0, 30), st.integers(0, 9), ODD),
    st.tuples(st.just("column"), st.integers(0, 9), ODD),
    st.tuples(st.just("type"), st.integers(0, 9), TYPES),
    st.tuples(st.just("rename"), st.integers(0, 9), NAMES),
    st.tuples(st.just("add"), NAMES, ODD),
    st.tuples(st.just("drop"), st.integers(0, 9)),
    st.tuples(st.just("rows"), st.integers(0, 30), st.integers(0, 30)),
    st.tuples(st.just("repeat"), st.integers(0, 30)),
    st.tuples(st.just("index"), st.lists(st.integers(0, 9), max_size=3)),
    st.tuples(st.just("levels")),
    st.tuples(st.just("periods"), st.sampled_from(["2024-{:02}", "{}/2024", "Q{} 2024", "{}/21"])),
)


def small_panel():
    rng = np.random.default_rng(0)
    seen = [(a, i, y) for a in ("A", "B", "C", "D") for i in ("x", "y") for y in range(2019, 2024)]
    table = pd.DataFrame(seen, columns=["area", "indicator", "period"])
    return table.assign(value=5 + rng.normal(size=len(table)).round(2))


def small_targets():
    rows = [("A", "x", 6.0, 2025, 1, 5.0, 2019), ("B", "y", 4.5, 2026, -1, 5.0, 2020)]
    names = "area indicator target target_period direction baseline baseline_period".split()
    return pd.DataFrame(rows, columns=names)


def changed(table, changes):
    """Apply mutations; one that pandas itself cannot do leaves the table as it is."""
    for change in changes:
        try:
            table = _change(table, *change)
        except Exception:
            continue
    return table


def _change(table, kind, *args):
    table = table.copy()
    if kind == "cell":
        row, column, value = args
        cells = list(table.iloc[:, column % table.shape[1]].astype(object))
        cells[row % len(cells)] = value
        table.isetitem(column % table.shape[1], pd.Series(cells, table.index, dtype=object))
    elif kind == "column":
        cells = pd.Series([args[1]] * len(table), table.index, dtype=object)
        table.isetitem(args[0] % table.shape[1], cells)
    elif kind == "type":
        place = args[0] % table.shape[1]
        table.isetitem(place, table.iloc[:, place].astype(args[1]))
    elif kind == "rename":
        names = list(table.columns)
        names[args[0] % len(names)] = args[1]
        table.columns = pd.Index(names, dtype=object)
    elif kind == "add":
        table.insert(len(table.columns), args[0], [args[1]] * len(table), allow_duplicates=True)
    elif kind == "drop":
        table = table.drop(columns=table.columns[args[0] % table.shape[1]])
    elif kind == "rows":
        table = table.iloc[min(args) : max(args)]
    elif kind == "repeat":
        table = pd.concat([table, table.iloc[[args[0] % len(table)]]])
    elif kind == "index":
        table = table.set_index([table.columns[i % table.shape[1]] for i in args[0]])
    elif kind == "levels":
        table.columns = pd.MultiIndex.from_tuples([("a", name) for name in table.columns])
    elif kind == "periods":
        for name in ("period", "target_period", "baseline_period"):
            if name in table:
                steps = pd.to_numeric(table[name]).astype(int) - 2018
                table[name] = [args[0].format(step) for step in steps]
    return table


def result_or_refusal(function, *args, **options):
    """Give the result, or None where the input is refused with a message in both languages."""
    try:
        return function(*args, **options)
    except pgi.InputError as error:
        said = [error.text(language) for language in ("vi", "en")]
    assert all(said)
    return None


CHANGES = st.lists(CHANGE, min_size=1, max_size=4)


@SETTINGS
@given(changes=CHANGES, contract=st.sampled_from(["panel", "panel_targets", "cases"]))
def test_any_table_is_checked_or_refused(changes, contract):
    table = changed(small_targets() if contract == "panel_targets" else small_panel(), changes)
    checked = result_or_refusal(schema.require, contract, table)
    if checked is not None:
        again = schema.require(contract, checked)
        pd.testing.assert_frame_equal(again, checked)


@SETTINGS
@given(of_panel=st.lists(CHANGE, max_size=2), of_targets=st.lists(CHANGE, max_size=2))
@example(of_panel=[], of_targets=[("add", "target", ""), ("repeat", 0)])
@example(of_panel=[], of_targets=[("add", "area", "all")])
@example(of_panel=[], of_targets=[("add", "Measure", "%"), ("add", "measure", "%")])
def test_any_tables_are_projected_or_refused(of_panel, of_targets):
    tables = changed(small_panel(), of_panel), changed(small_targets(), of_targets)
    found = result_or_refusal(pgi.project, *tables)
    assert found is None or len(found.table) == len(tables[1])


@settings(SETTINGS, max_examples=EXAMPLES // 5)
@given(changes=st.lists(CHANGE, max_size=2))
def test_any_panel_is_back_tested_and_assessed_or_refused(changes):
    panel = changed(small_panel(), changes)
    result_or_refusal(pgi.backtest, panel, history=2, horizons=[1], models=["ar1"])
    result_or_refusal(pgi.assess, panel, small_targets(), method="statcan")
    result_or_refusal(pgi.trend, panel, area="A")


@SETTINGS
@given(
    changes=CHANGES,
    separator=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258", "latin-1"]),
    suffix=st.sampled_from([".csv", ".csv.gz", ".xlsx", ".xlsm", ".txt", ".ods", ".xls"]),
    noise=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3)), max_size=2),
    decimal=st.sampled_from([".", ","]),
)
def test_any_file_is_read_or_refused(
    changes, separator, encoding, suffix, noise, decimal, tmp_path_factory
):
    path = tmp_path_factory.mktemp("mutated") / f"table{suffix}"
    table = changed(small_panel(), changes)
    options = {"index": False, "sep": separator, "decimal": decimal, "compression": "infer"}
    table.to_csv(path, encoding=encoding, errors="replace", **options)
    raw = bytearray(path.read_bytes())
    for place, piece in noise:
        raw[place:place] = piece
    path.write_bytes(raw)
    result_or_refusal(read_panel, path)
    result_or_refusal(read_targets, path)


@settings(SETTINGS, max_examples=EXAMPLES // 5)
@given(changes=CHANGES, formats=st.lists(st.sampled_from(["General", "0%", "@", "mmm-yy", "0.00"])))
def test_any_workbook_is_read_or_refused(changes, formats, tmp_path_factory):
    path = tmp_path_factory.mktemp("mutated") / "table.xlsx"
    table = changed(small_panel(), changes)
    book = openpyxl.Workbook()
    for row, cells in enumerate([list(table.columns), *table.itertuples(index=False)], start=1):
        for column, cell in enumerate(cells, start=1):
            try:
                book.active.cell(row, column, cell)
            except (ValueError, TypeError):  # openpyxl cannot write it
                book.active.cell(row, column, str(cell)[:20].strip("\x00"))
            if formats:
                book.active.cell(row, column).number_format = formats[column % len(formats)]
    try:
        book.save(path)
    except (ValueError, TypeError, OverflowError, AttributeError):
        reject()
    result_or_refusal(read_panel, path)
