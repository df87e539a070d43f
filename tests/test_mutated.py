"""Tables, files, folders and forms mutated in every way: a result or an `InputError`, no more.

``make test-deep`` tries twenty times as many as every day, ``PGI_MUTATIONS=15000`` as many as one
likes. Each must end within `SECONDS`, and all together not take `MEMORY` more.
"""

import csv
import io
import os
import shutil
import sys
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import budget
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, reject, settings
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import read_panel, read_targets, schema
from pgi_analysis.excel import compare_forms, read_forms, save, write_form
from pgi_analysis.excel.form import COLUMNS

EXAMPLES = int(os.environ.get("PGI_MUTATIONS", budget.often(150)))
SECONDS, MEMORY = 20, 2**30
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=timedelta(seconds=SECONDS),
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture(scope="module", autouse=True)
def _memory():
    """Refuse what fills the memory, where the system tells how much a process has had."""
    resource = pytest.importorskip("resource")
    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit < MEMORY


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
@example(of_panel=[], of_targets=[("type", 2, "float32")])
@example(of_panel=[], of_targets=[("add", "Measure", "%"), ("add", "measure", "%")])
def test_any_tables_are_projected_or_refused(of_panel, of_targets):
    tables = changed(small_panel(), of_panel), changed(small_targets(), of_targets)
    found = result_or_refusal(pgi.project, *tables)
    assert found is None or len(found.table) == len(tables[1])


@settings(SETTINGS, max_examples=EXAMPLES // 5)
@given(changes=st.lists(CHANGE, max_size=2))
@example(changes=[("rows", 0, 0)])
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


TEXTS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "0", "-1", "4,84", "1.012", "1e308", "NaN", "2052", "24", "20244", "2024Q5"),
            *(
                "2205-01-01",
                "31/02/2024",
                "45783",
                "yes",
                "all",
                "total",
                "-30%",
                "halve",
                "within",
            ),
            *(
                "=1+1",
                "#REF!",
                "Láº¡ng SÆ¡n",
                "t?nh",
                "\ufffd",
                "\u202e",
                "\u200b",
                "[a]",
                '"',
                "'",
            ),
            *("s1", "s1;s2", "published", "doubtful", "backcast", "interim", "rank", "done", "0.4"),
            *("a" * 40_000, "\n", ";", "{area}", "../x", "title_vi", "[reporting]", "x = ["),
        ]
    ),
    st.text(max_size=6),
)
SPOILT = st.one_of(
    st.tuples(st.just("cell"), st.integers(0, 99), st.integers(0, 300), st.integers(0, 12), TEXTS),
    st.tuples(st.just("column"), st.integers(0, 99), st.integers(0, 12), TEXTS),
    st.tuples(st.just("head"), st.integers(0, 99), st.integers(0, 12), TEXTS),
    st.tuples(st.just("rows"), st.integers(0, 99), st.integers(0, 300), st.integers(0, 300)),
    st.tuples(st.just("again"), st.integers(0, 99), st.integers(0, 300)),
    st.tuples(st.just("bytes"), st.integers(0, 99), st.integers(0, 5000), st.binary(max_size=4)),
    st.tuples(st.just("cut"), st.integers(0, 99), st.integers(0, 5000)),
    st.tuples(st.just("gone"), st.integers(0, 99)),
    st.tuples(st.just("folder"), st.integers(0, 99)),
    st.tuples(st.just("swapped"), st.integers(0, 99), st.integers(0, 99)),
    st.tuples(
        st.just("written"),
        st.integers(0, 99),
        st.sampled_from([(";", "utf-16"), ("\t", "cp1258"), ("|", "utf-8")]),
    ),
    st.tuples(st.just("line"), st.integers(0, 99), st.integers(0, 40), TEXTS),
)
FOLDERS = {
    "data": "lang-son-transport-2024",
    "examples/three-year-plan": "song-xanh-2024-2026",
    "examples/kpi-thang": "so-noi-vu-2025",
    "examples/twelve-countries": "drovia-2030",
}


def spoil(folder, kind, number, *args):
    """Spoil one file of a data folder; one that is not there, or is no table, is left."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        return
    path = files[number % len(files)]
    raw = path.read_bytes()
    place = args[0] % (len(raw) + 1) if kind in ("bytes", "cut") else 0
    if kind == "bytes":
        path.write_bytes(raw[:place] + args[1] + raw[place:])
    elif kind == "cut":
        path.write_bytes(raw[:place])
    elif kind in ("gone", "folder"):
        path.unlink()
        if kind == "folder":
            path.mkdir()
    elif kind == "swapped":
        path.write_bytes(files[args[0] % len(files)].read_bytes())
    elif kind == "line":
        lines = raw.decode("utf-8", "replace").split("\n")
        lines.insert(args[0] % len(lines), args[1])
        path.write_bytes("\n".join(lines).encode("utf-8", "replace"))
    else:
        text = raw.decode("utf-8", "replace").replace("\0", "").replace("\r", "")
        table = list(csv.reader(io.StringIO(text)))
        mark, encoding = args[0] if kind == "written" else (",", "utf-8")
        if table and kind != "written":
            _spoil_table(table, kind, *args)
        text = io.StringIO()
        csv.writer(text, delimiter=mark).writerows(table)
        path.write_bytes(text.getvalue().encode(encoding, "replace"))


def _spoil_table(table, kind, *args):
    place = args[0] % len(table)
    if kind == "cell" and table[place]:
        table[place][args[1] % len(table[place])] = args[2]
    elif kind == "head" and table[0]:
        table[0][args[0] % len(table[0])] = args[1]
    elif kind == "column":
        for row in table[1:]:
            if row:
                row[args[0] % len(row)] = args[1]
    elif kind == "rows":
        del table[min(args) % len(table) : max(args) % len(table)]
    elif kind == "again":
        table.append(list(table[place]))


@settings(SETTINGS, max_examples=EXAMPLES // 5, phases=set(Phase) - {Phase.shrink})
@given(home=st.sampled_from(sorted(FOLDERS)), damage=st.lists(SPOILT, min_size=1, max_size=3))
@example(home="examples/three-year-plan", damage=[("head", 16, 8, ";"), ("again", 21, 170)])
@example(home="examples/three-year-plan", damage=[("column", 34, 0, "?")])
def test_any_folder_is_loaded_or_refused(home, damage, tmp_path_factory):
    folder = Path(shutil.copytree(home, tmp_path_factory.mktemp("spoilt") / "data"))
    for one in damage:
        spoil(folder, *one)
    result_or_refusal(pgi.plan_names, folder)
    ds = result_or_refusal(pgi.load, folder, plan=FOLDERS[home])
    shutil.rmtree(folder)
    if ds is not None:
        assert all(notice.text("vi") for notice in ds.notices)
        known = result_or_refusal(ds.at, "2025Q2")
        for found in (pgi.gap, pgi.trend, pgi.tasks) if known is not None else ():
            result_or_refusal(found, known)


@cache
def form():
    """A form for the plan of the first user, filled in, as the bytes of its file."""
    ds = pgi.load("data", plan=FOLDERS["data"])
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "form.xlsx"
        write_form(ds, "2024Q4", path, language="vi")
        book = openpyxl.load_workbook(path)
        plain = [column.name for column in COLUMNS if not column.optional]
        entries = {"status": "Đang triển khai", "percent": 40, "reported": "02/12/2024"}
        for row in (9, 10, 11):
            for name, entry in entries.items():
                book.active.cell(row, plain.index(name) + 1).value = entry
        book.save(path)
        return path.read_bytes(), ds


@settings(SETTINGS, max_examples=EXAMPLES // 10, phases=set(Phase) - {Phase.shrink})
@given(
    cells=st.lists(st.tuples(st.integers(1, 20), st.integers(1, 14), TEXTS | ODD), max_size=4),
    rows=st.lists(st.tuples(st.booleans(), st.integers(1, 20)), max_size=2),
    noise=st.lists(st.tuples(st.integers(0, 9000), st.binary(min_size=1, max_size=3)), max_size=1),
)
def test_any_form_is_taken_in_or_refused(cells, rows, noise, tmp_path_factory):
    raw, ds = form()
    folder = tmp_path_factory.mktemp("forms")
    path = folder / "form.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for added, row in rows:
        (book.active.insert_rows if added else book.active.delete_rows)(row)
    for row, column, value in cells:
        try:
            book.active.cell(row, column).value = value
        except Exception:  # merged, or nothing that a cell holds
            continue
    try:
        book.save(path)
    except (ValueError, TypeError, OverflowError, AttributeError):
        reject()
    spoilt = bytearray(path.read_bytes())
    for place, piece in noise:
        spoilt[place % len(spoilt) : place % len(spoilt) + len(piece)] = piece
    path.write_bytes(spoilt)
    taken = result_or_refusal(lambda: compare_forms(read_forms([path]), ds))
    if taken is not None and not taken.nothing:
        progress = Path(shutil.copy(f"data/plans/{FOLDERS['data']}/progress.csv", folder))
        save(taken, progress)
        again = pd.read_csv(progress)
        assert len(again) == len(taken.merged)
