"""Columns of no contract: near ones are asked about, foreign ones pass."""

import pytest

from pgi_analysis.data.contracts import contracts
from pgi_analysis.data.headers import meant, periods_across

TARGETS = list(contracts()["panel_targets"].columns)
PANEL = list(contracts()["panel"].columns)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(("Area", "area"), (" area ", "area"), ("aera", "area"), ("Tỉnh", "area")),
        *(("Địa phương", "area"), ("country", "area"), ("geo", "area"), ("PROVINCE", "area")),
        *(("Chỉ tiêu", "indicator"), ("inidcator", "indicator")),
        *(("target year", "target_period"), ("Năm mục tiêu", "target_period")),
        *(("mục tiêu", "target"), ("Target", "target"), ("goal", "target")),
        *(("mức gốc", "baseline"), ("baseline value", "baseline"), ("basline", "baseline")),
        *(("Baseline-Period", "baseline_period"), ("năm gốc", "baseline_period")),
        *(("chiều", "direction"), ("directon", "direction"), ("Lower ", "lower")),
        *(("lower_bound", "lower"), ("max", "upper")),
    ],
)
def test_near_columns_of_targets(name, column):
    assert meant(name, TARGETS) == column


@pytest.mark.parametrize(
    ("name", "column"),
    [
        *(("năm", "period"), ("Year", "period"), ("kỳ", "period"), ("TIME_PERIOD", "period")),
        *(("điểm", "value"), ("score", "value"), ("giá trị", "value"), ("obs_value", "value")),
        *(("OBS_FLAG", "status"), ("ngày công bố", "released")),
    ],
)
def test_near_columns_of_a_panel(name, column):
    assert meant(name, PANEL) == column


@pytest.mark.parametrize(
    "name", ["note", "region", "source", "unit", "comment", "code", "population", "ghi chú", "vùng"]
)
@pytest.mark.parametrize("contract", ["panel", "panel_targets"])
def test_foreign_columns_pass(name, contract):
    columns = contracts()[contract].columns
    needed = [one for one, spec in columns.items() if spec.required]
    absent = [one for one in columns if one not in needed]
    assert meant(name, absent, needed) is None


def test_synonyms_of_a_column_that_is_there_pass():
    assert meant("country", ["status"], ["area"]) is None
    assert meant("state", ["status"], ["area"]) is None
    assert meant("AREA", ["status"], ["area"]) == "area"


@pytest.mark.parametrize(
    "cells", [["area", 2020, 2021, 2022], ["x", "2024Q1", "2024Q2", "2024Q3"], ["x", *"abc"]]
)
def test_periods_side_by_side(cells):
    wide = cells[1] != "a"
    assert periods_across(cells) == ((cells[1], cells[-1]) if wide else None)
