"""The parsers of cells, and the contracts of tables that a caller passes in."""

import re
import shutil
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from budget import often
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import cells as parsing
from pgi_analysis.data import schema
from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.reading import clean
from pgi_analysis.faults import Fault, Hint, gather


@pytest.mark.parametrize(
    "text",
    [
        *("2025-05-06", "06/05/2025", "6/5/2025", "06.05.2025", "6-5-2025", "45783"),
        *("2025-05-06 00:00:00", "2025-05-06T00:00", "06/05/2025 0:00"),
    ],
)
def test_dates_worked(text):
    assert parsing.parse_date(text) == pd.Timestamp(2025, 5, 6)


@pytest.mark.parametrize(
    "text",
    [
        *("31/02/2025", "05/13/2025", "06/05/25", "2025-5-6", "2025", "20250506", "May 2025"),
        *("3025-05-06", "0001-01-01", "99999999", "00000", "2025-05-06 07:30"),
    ],
)
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match=r"."):
        parsing.parse_date(text)


@given(st.dates(date(1927, 5, 18), date(2173, 10, 13)), st.sampled_from(range(4)))
def test_any_date_reads_back(day, form):
    spelt = [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        str((day - date(1899, 12, 30)).days),
    ]
    assert parsing.parse_date(spelt[form]).date() == day


@pytest.mark.parametrize(
    ("text", "value"),
    [("yes", True), ("Có", True), ("1", True), ("X", True), ("NO", False), ("không", False)],
)
def test_yes_and_no_worked(text, value):
    assert parsing.parse_yes_no(text) is value


@pytest.mark.parametrize("text", ["2024Q4", "Q4/2024", "2024-q4", "quý 4/2024", "Quý IV 2024"])
def test_quarters_worked(text):
    assert parsing.parse_quarter(text) == "2024Q4"


CELL = st.text() | st.from_regex(r"[-+0-9.,/eEQ:T% ]{0,12}", fullmatch=True) | st.floats()


@pytest.mark.parametrize("kind", parsing.KINDS)
@given(cells=st.lists(CELL, max_size=4))
def test_any_cells_are_read_or_refused(kind, cells):
    read, dtype = parsing.KINDS[kind]
    tokens = [parsing.token(cell) for cell in cells]
    values, refused = read(tokens)
    assert len(pd.Series(values, dtype=dtype)) == len(cells)
    for place, token in enumerate(tokens):
        figures = ("number", "target", "percent", "whole", "direction")
        empty = token is None or (kind in figures and token in parsing.NO_FIGURE)
        assert (values[place] is None) == (empty or place in refused)


@given(st.text())
def test_cleaning_twice_cleans_no_more(text):
    assert clean(clean(text)) == clean(text)


@settings(max_examples=often(5), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random, data_dir, tmp_path):
    shutil.copytree(data_dir, tmp_path, dirs_exist_ok=True)
    header, *rows = (data_dir / "scores.csv").read_text("utf-8").splitlines()
    random.shuffle(rows)
    (tmp_path / "scores.csv").write_text("\n".join([header, *rows]), "utf-8")
    key = ["area", "indicator", "period", "released"]
    loaded, straight = (
        pgi.load(folder).scores.sort_values(key, ignore_index=True)
        for folder in (tmp_path, data_dir)
    )
    pd.testing.assert_frame_equal(loaded, straight)


# --- Tables that a caller passes in. ---


def panel(**columns):
    """Make a panel of two rows that is sound but for some columns."""
    sound = {"area": ["a", "b"], "indicator": "x", "period": 2024, "value": [1.0, 2.0]}
    return pd.DataFrame(sound | columns)


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"period": np.int16(2024)},
        {"period": 2024.0},
        {"period": "2024"},
        {"period": pd.Series([2024, 2024], dtype="Int64")},
        {"value": pd.Series([1, 2], dtype="Float64")},
        {"value": ["1,0", "2,0"]},
        {"area": pd.Categorical(["a", "b"])},
        {"indicator": "x ", "remark": "not part of the contract"},
        {"note": 1, "region": "north", "source": "a book", "unit": "points"},
        {"period": pd.Period("2024", "Y")},
        {"period": pd.Timestamp(2024, 1, 1)},
    ],
)
def test_a_panel_may_be_typed_in_many_ways(columns):
    given_table = panel(**columns)
    before = given_table.copy()
    checked = schema.require("panel", given_table)
    pd.testing.assert_frame_equal(given_table, before)
    assert checked["period"].tolist() == [2024, 2024]
    assert checked["value"].tolist() == [1.0, 2.0]
    assert checked["area"].tolist() == ["a", "b"]
    assert checked["indicator"].tolist() == ["x", "x"]
    assert checked.columns.tolist() == list(contracts()["panel"].columns)
    dtypes = checked.dtypes.astype(str).to_dict()
    assert dtypes["period"] == "Int64"
    assert dtypes["value"] == "float64"
    assert dtypes["released"] == "datetime64[s]"


def test_levels_of_the_index_are_columns():
    checked = schema.require("panel", panel().set_index(["area", "period"]))
    pd.testing.assert_frame_equal(checked, schema.require("panel", panel()))


def test_a_number_as_the_code_of_an_area_reads_as_it_is_shown():
    codes = [schema.require("panel", panel(area=area)) for area in ([1.0, 2.0], ["1", "2"])]
    pd.testing.assert_frame_equal(*codes)


@pytest.mark.parametrize("day", [date(2025, 5, 6), datetime(2025, 5, 6), pd.Timestamp(2025, 5, 6)])
def test_a_panel_may_hold_dates_of_any_kind(day):
    checked = schema.require("panel", panel(released=[day, None]))
    assert checked["released"].tolist() == [pd.Timestamp(2025, 5, 6), pd.NaT]


def test_missing_values_stay_missing():
    checked = schema.require("panel", panel(value=[np.nan, 2.0], status=[None, "published"]))
    assert checked["value"].isna().tolist() == [True, False]
    assert checked["status"].isna().tolist() == [True, False]


NO_PERIOD = (
    "is no period. Write years (2024), half-years (2024H1), quarters (2024Q1), months (2024-01) or "
    "financial years (2014/15), all of one kind."
)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([1, 2], "panel must be a pandas DataFrame, got list."),
        (
            panel(period=[2024.5, 2024]),
            f"panel row 0, period: «2024.5» {NO_PERIOD}",
        ),
        (
            panel(period=[1e300, 2024]),
            f"panel row 0, period: «1e+300» {NO_PERIOD}",
        ),
        (
            panel(period=[20_240_000, 2024]),
            f"panel row 0, period: «20240000» {NO_PERIOD}",
        ),
        (
            panel(value=[1.0, np.inf]),
            "panel row 1, value: «inf» is not a number. "
            "Write it like 4.84 or 4,84, without a unit or a thousands separator.",
        ),
        (
            panel(value=True),
            "panel rows 0, 1, value: «True» is not a number. "
            "Write it like 4.84 or 4,84, without a unit or a thousands separator.",
        ),
        (
            panel().set_axis(pd.MultiIndex.from_product([["a", "b"], ["c", "d"]]), axis=1),
            "panel: the columns have several levels. Make one of them: table.columns = [...]",
        ),
        (
            panel(Direction=1).drop(columns="value"),
            "panel, value: the column is missing. Add it to the header row.",
        ),
        (
            panel(**{"Giá trị": 1}).drop(columns="value"),
            "panel, Giá trị: the table has no column of this name. Rename or delete it. "
            "Did you mean value?\n"
            "panel, value: the column is missing. Add it to the header row.",
        ),
        (
            panel(Value=1),
            "panel, Value: the table has no column of this name. Rename or delete it. "
            "Did you mean value?",
        ),
        (
            panel()
            .pivot(index=["area", "indicator"], columns="period", values="value")
            .assign(**{"2025": 1, "2026": 2}),
            "panel: the periods 2024 to 2026 stand side by side. What is wanted is a row a score, "
            "with the columns area, indicator, period and value. In Python: "
            'table.melt(id_vars=["area", "indicator"], var_name="period").',
        ),
        (
            panel(released=[2025, 2025]),
            "panel rows 0, 1, released: «2025» is not a date from 1900 to 2200. "
            "Write it like 2025-05-06 or 06/05/2025 (day first).",
        ),
        (
            panel(value=pd.Period("2024Q1", "Q")),
            "panel rows 0, 1, value: «2024Q1» is not a number. "
            "Write it like 4.84 or 4,84, without a unit or a thousands separator.",
        ),
        (
            panel(area=[["a", "b"]] * 2),
            "panel row 1, area, indicator, period: ['a', 'b'], x, 2024 stands already in row 0. "
            "Delete one of the two rows.",
        ),
        (
            panel(area="a"),
            "panel row 1, area, indicator, period: a, x, 2024 stands already in row 0. "
            "Delete one of the two rows.",
        ),
        (
            panel().drop(columns="area"),
            "panel, area: the column is missing. Add it to the header row.",
        ),
        (
            panel().set_axis(["area", "indicator", "period", "area"], axis=1),
            "panel, area: the header names this column twice. Delete or rename one.",
        ),
    ],
)
def test_a_wrong_panel_is_refused(table, message):
    with pytest.raises(pgi.InputError, match=f"^{re.escape(message)}$"):
        schema.require("panel", table)


def test_equal_faults_of_many_rows_are_one_line():
    faults = [Fault("cell_empty", "scores.csv", row, "source") for row in range(2, 10)]
    faults.insert(
        3,
        Fault(
            "area_unknown",
            "scores.csv",
            4,
            "area",
            {"got": "x", "areas": "areas.csv", "hint": Hint()},
        ),
    )
    one, other = gather(faults)
    assert one.text("en") == (
        "scores.csv rows 2, 3, 4, 5, 6 and 3 more, source: "
        "the cell is empty, and may not be. Fill it in."
    )
    assert one.text("vi").startswith("scores.csv các dòng 2, 3, 4, 5, 6 và 3 dòng khác, source: ")
    assert other.text("en").startswith("scores.csv row 4, area: «x» is not an area")
