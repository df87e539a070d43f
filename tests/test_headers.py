"""Columns of no contract: near ones are asked about, foreign ones pass."""

import openpyxl
import pandas as pd
import pytest

import pgi_analysis as pgi
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


@pytest.mark.parametrize("kind", [".csv", ".xlsx", "frame"])
def test_a_near_column_is_refused_in_files_workbooks_and_frames_alike(kind, tmp_path):
    header = ["area", "indicator", "target", "target_period", "note", "Baseline value", "chiều"]
    rows = [header, ["A", "x", 5, 2030, "n", 4, 1]]
    path = tmp_path / f"targets{kind}"
    panel = pd.DataFrame({"area": list("AB"), "indicator": "x", "period": 2023, "value": [4.0, 5]})
    if kind == ".csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
    elif kind == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)

    def read():
        if kind == "frame":
            pgi.project(panel, pd.DataFrame(rows[1:], columns=header))
        pgi.read_targets(path)

    with pytest.raises(pgi.InputError, match="Did you mean baseline") as caught:
        read()
    file, first = ("panel_targets", header[5]) if kind == "frame" else (path.name, "baseline value")
    no_column = "the table has no column of this name. Rename or delete it. Did you mean"
    assert caught.value.text("en") == (
        f"{file}, {first}: {no_column} baseline?\n{file}, chiều: {no_column} direction?"
    )
