"""Tables as people have them: read as they are meant, or refused with the way out."""

import csv
import io
import itertools
import shutil
import warnings
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import Asked, draft_folder, read_tables
from pgi_analysis.data.plain import DataWarning

TABLES = Path(__file__).parent / "tables"


def told(panel):
    """The figures of a panel by area, indicator and period; those that are missing left out."""
    known = panel.dropna(subset=["value"])
    keys = zip(known["area"], known["indicator"], known["period"].astype(str), strict=True)
    return dict(zip(keys, known["value"].round(9), strict=True))


def write(path, rows, *, encoding="utf-8", separator=","):
    lines = io.StringIO()
    csv.writer(lines, delimiter=separator, lineterminator="\n").writerows(rows)
    path.write_text(lines.getvalue(), encoding=encoding)
    return path


def read(path, rows, **options):
    return told(pgi.read_panel(write(path, rows), **options))


# --- A known panel, in whatever layout, comes back. ---

AREAS, INDICATORS = ("Huế", "Lào Cai", "Đà Nẵng"), ("Minh bạch", "Tỷ lệ hộ nghèo", "GDP")
CALENDARS = (
    [2021, 2022, 2023],
    ["2023Q1", "2023Q2", "2023Q3"],
    ["2019/20", "2020/21", "2021/22"],
    ["2024-01", "2024-02", "2024-03"],
    ["Tháng 1/2024", "Tháng 2/2024", "Tháng 3/2024"],
)


def long(figures, areas, indicators, periods, cell):
    yield ["STT", "Địa phương", "Chỉ tiêu", "Kỳ", "Kết quả", "Ghi chú"]
    number = 0
    for area in areas:
        for indicator in indicators:
            for period in periods:
                number += 1
                yield [number, area, indicator, period, cell(area, indicator, period), ""]


def periods_aside(figures, areas, indicators, periods, cell):
    yield ["Tỉnh", "Chỉ số", *periods]
    for area in areas:
        for indicator in indicators:
            yield [area, indicator, *(cell(area, indicator, period) for period in periods)]


def indicators_aside(figures, areas, indicators, periods, cell):
    yield ["Province", "Period", *indicators, "Xếp hạng"]
    for area in areas:
        for period in periods:
            yield [area, period, *(cell(area, name, period) for name in indicators), 1]


def both_aside(figures, areas, indicators, periods, cell):
    yield ["Tỉnh", *(x for period in periods for x in (period, *[""] * (len(indicators) - 1)))]
    yield ["", *(indicators * len(periods))]
    for area in areas:
        yield [area, *(cell(area, name, period) for period in periods for name in indicators)]


def both_turned(figures, areas, indicators, periods, cell):
    yield ["Tỉnh", *(x for name in indicators for x in (name, *[""] * (len(periods) - 1)))]
    yield ["", *(list(periods) * len(indicators))]
    for area in areas:
        yield [area, *(cell(area, name, period) for name in indicators for period in periods)]


def areas_aside(figures, areas, indicators, periods, cell):
    yield ["Chỉ tiêu", "Kỳ", *areas]
    for indicator in indicators:
        for period in periods:
            yield [indicator, period, *(cell(area, indicator, period) for area in areas)]


LAYOUTS = (long, periods_aside, indicators_aside, both_aside, both_turned, areas_aside)


@given(data=st.data())
def test_a_known_panel_comes_back_in_whatever_layout(data, tmp_path_factory):
    draw = data.draw
    layout, periods = draw(st.sampled_from(LAYOUTS)), draw(st.sampled_from(CALENDARS))
    separator = draw(st.sampled_from(",;\t"))
    decimal = "," if separator == ";" else "."
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    sign = draw(st.sampled_from(["", "%", " %"]))
    keys = [(a, i, p) for a in AREAS for i in INDICATORS for p in periods]
    numbers = st.integers(10, 99_999).map(lambda n: n / 100)
    figures = {key: draw(numbers) for key in keys}
    for key in draw(st.lists(st.sampled_from(keys), max_size=3)):
        figures[key] = None

    mark = draw(st.sampled_from(["", ":", "..", "n/a", "-", "chưa có", "…"]))

    def cell(*key):
        if key[0] not in AREAS:
            return "1" + decimal + "5" + sign
        value = figures[key]
        return mark if value is None else f"{value:.2f}".replace(".", decimal) + sign

    areas = [*AREAS, *draw(st.sampled_from([[], ["Cả nước"], ["Trung bình", "Đông Nam Bộ"]]))]
    rows = list(layout(figures, areas, INDICATORS, periods, cell))
    width = max(map(len, rows))
    above = draw(st.sampled_from([[], [["Kết quả các địa phương"], []]]))
    below = draw(st.sampled_from([[], [[], ["Nguồn: Tổng cục Thống kê"], ["Ghi chú: số sơ bộ"]]]))
    rows = [row + [""] * (width - len(row)) for row in [*above, *rows, *below]]
    path = tmp_path_factory.mktemp("layout") / "table.csv"
    write(path, rows, encoding=encoding, separator=separator)
    options = {"columns": {"area": "*"}} if layout is areas_aside else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        panel = pgi.read_panel(path, **options)
    assert told(panel) == {
        (area, indicator, str(period)): value
        for (area, indicator, period), value in figures.items()
        if value is not None
    }


def test_sheets_are_years_and_two_headers_are_names_in_two_languages(reference):
    path = reference("cases/inputs/15-sheet-per-year-and-summary-row/papi-like.xlsx")
    with pytest.warns(DataWarning, match="«Điểm cao nhất» is a total, an average"):
        panel = pgi.read_panel(path)
    assert set(panel["area"]) == {"Hà Nội", "Hà Giang", "Cao Bằng"}
    assert set(panel["period"]) == {2015, 2016}
    assert told(panel)["Hà Nội", "Quality of Elections", "2016"] == 1.55


def test_a_table_of_the_world_bank(reference):
    path = reference("cases/inputs/19-world-bank-wide/wb.csv")
    with pytest.warns(DataWarning, match="«World» is a total"):
        panel = pgi.read_panel(path)
    expected = {("Aland", "X.Y", "2020"): 1.5, ("Aland", "X.Y", "2021"): 1.6}
    expected |= {("Bland", "X.Y", "2020"): 2.5, ("Bland", "X.Y", "2021"): 2.4}
    assert told(panel) == expected | {("Bland", "X.Y", "2022"): 2.6}


@pytest.mark.parametrize("file", ["sdmx.csv", "renamed.csv"])
def test_flags_mark_breaks_and_are_no_status(reference, file):
    panel = pgi.read_panel(reference(f"cases/inputs/20-sdmx-flags-and-breaks/{file}"))
    assert panel["series_break"].tolist() == [False, True, False]
    assert panel["value"].tolist() == [12.3, 18.9, 9.9]
    assert "status" not in panel
    assert set(panel["indicator"]) == {"X" if file == "sdmx.csv" else "x"}


def test_the_plain_tables_of_the_cases(reference):
    of = {
        "17-financial-and-rolling-years/panel.csv": ("A", "x", "2013/14", 4.1),
        "18-one-national-series/panel.csv": ("Canada", "11.6.1", "2024", 666.6),
        "21-macro-workbook-percent-cells/kpi.xlsm": ("A", "x", "2021", 0.45),
        "21-macro-workbook-percent-cells/percent.xlsx": ("A", "x", "2021", 45.0),
    }
    for file, (*key, value) in of.items():
        assert told(pgi.read_panel(reference(f"cases/inputs/{file}")))[tuple(key)] == value


# --- Each layout of others, in a line or two. ---


def test_our_world_in_data(tmp_path):
    rows = [
        ["Entity", "Code", "Year", "Child mortality"],
        *(["Africa", "", 2020, 5], ["Chad", "TCD", 2020, 9], ["Chad", "TCD", 2021, 8]),
        *(["Kosovo", "OWID_KOS", 2020, 2], ["World", "OWID_WRL", 2020, 4]),
    ]
    with pytest.warns(DataWarning, match="«Africa» is a total"):
        found = read(tmp_path / "a.csv", rows)
    assert {key[0] for key in found} == {"Chad", "Kosovo"}
    assert found["Chad", "Child mortality", "2021"] == 8


def test_a_province_without_a_code_is_no_summary(tmp_path):
    rows = [["Tỉnh", "Mã tỉnh", "Năm", "Điểm"], ["Huế", "46", 2023, 5], ["Lào Cai", "", 2023, 6]]
    assert len(read(tmp_path / "a.csv", rows)) == 2


def test_letters_behind_figures(tmp_path):
    path = tmp_path / "nama.tsv"
    path.write_text(
        "freq,unit,geo\\TIME_PERIOD\t2020 \t2021 \t2022 \n"
        "A,PC,AT\t12.3 \t15.5 b\t: \nA,PC,DE\t: c\t9.5 e\t9.9 f\n"
    )
    with pytest.warns(DataWarning, match="marked f are forecasts"):
        panel = pgi.read_panel(path)
    assert list(told(panel).values()) == [12.3, 15.5, 9.5]
    assert panel.loc[panel["series_break"], "period"].tolist() == [2021]


def test_labels_beside_codes(tmp_path):
    rows = [
        [
            "STRUCTURE_ID",
            "REF_AREA: Area",
            "TIME_PERIOD: Time",
            "OBS_VALUE: Value",
            "OBS_STATUS: S",
        ],
        ["OECD:DF_X(1.0)", "AUT: Austria", 2020, 1.5, "A: Normal value"],
        ["OECD:DF_X(1.0)", "AUT: Austria", 2021, 1.6, "B: Break"],
    ]
    panel = pgi.read_panel(write(tmp_path / "a.csv", rows))
    assert told(panel) == {("Austria", "DF_X", "2020"): 1.5, ("Austria", "DF_X", "2021"): 1.6}
    assert panel["series_break"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("header", "cells", "periods"),
    [
        (["Năm", "Quý"], [[2023, 1], [2023, "II"]], ["2023Q1", "2023Q2"]),
        (["Year", "Month"], [[2023, "Jan"], [2023, "February"]], ["2023-01", "2023-02"]),
        (["Year", "Month"], [[2023, 11], [2024, 2]], ["2023-11", "2024-02"]),
        (["Năm"], [["Năm 2023"], ["Sơ bộ 2024"]], ["2023", "2024"]),
    ],
)
def test_years_and_their_parts(tmp_path, header, cells, periods):
    rows = [["Tỉnh", *header, "Điểm"], *(["Huế", *when, 5 + n] for n, when in enumerate(cells))]
    assert [key[2] for key in read(tmp_path / "a.csv", rows)] == periods


@pytest.mark.filterwarnings("ignore::pgi_analysis.data.plain.DataWarning")
def test_months_side_by_side_take_their_year_from_the_sheet_the_title_or_a_column(tmp_path):
    header = ["Chỉ tiêu", "Tháng 1", "Tháng 2", "Cả năm"]
    months = {("Sở X", "x", "2024-01"): 1.0, ("Sở X", "x", "2024-02"): 2.0}
    titled = [["Kết quả năm 2024"], [], header, ["x", 1, 2, 3]]
    assert read(tmp_path / "a.csv", titled, area="Sở X") == months
    assert read(tmp_path / "kpi-2024.csv", titled[2:], area="Sở X") == months
    rows = [["Year", "Jan", "Feb"], [2024, 1, 2]]
    assert read(tmp_path / "b.csv", rows, area="Sở X", indicator="x") == months


def test_the_money_supply_is_no_month(tmp_path):
    rows = [["Country", "Year", "M1", "M2"], ["X", 2020, 5, 9]]
    found = {("X", "M1", "2020"): 5.0, ("X", "M2", "2020"): 9.0}
    assert read(tmp_path / "a.csv", rows) == found


def test_a_header_of_dates_is_one_of_months(tmp_path):
    rows = [["Area", "2024-01-01", "2024-02-01"], ["X", 1, 2]]
    assert [key[2] for key in read(tmp_path / "a.csv", rows)] == ["2024-01", "2024-02"]


def test_of_two_names_of_an_area_the_finer_or_the_fuller_is_taken(tmp_path):
    rows = [["Tỉnh", "Huyện", "Năm", "Điểm"], ["A", "a1", 2023, 5], ["A", "a2", 2023, 6]]
    assert {key[0] for key in read(tmp_path / "a.csv", rows)} == {"a1", "a2"}
    rows.append(["B", "a1", 2023, 7])
    with pytest.raises(pgi.InputError, match="several columns may be «area»: «Tỉnh», «Huyện»"):
        read(tmp_path / "a.csv", rows)


def test_merged_cells_stand_for_all_they_cover_but_a_figure_does_not(tmp_path):
    book = openpyxl.Workbook()
    for row in (["Tỉnh", "Thu nhập", None], [None, 2022, 2023], ["Huế", 1, 2], ["Lào Cai", 3, 4]):
        book.active.append(row)
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    book.save(tmp_path / "a.xlsx")
    found = told(pgi.read_panel(tmp_path / "a.xlsx"))
    assert found["Lào Cai", "Thu nhập", "2023"] == 4
    book.active.merge_cells("B3:C3")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(pgi.InputError, match=r"row 3: the cells B3:C3 are merged"):
        pgi.read_panel(tmp_path / "a.xlsx")


# --- What can be read in two ways is refused, with the option that settles it. ---

PLAN_AND_RESULT = [["Chỉ tiêu", "Kế hoạch", "Đạt"], ["x", 1, 2], ["y", 3, 4]]
SEXES = [["Country", "Year", "Sex", "Value"], ["X", 2020, "Female", 1], ["X", 2020, "Male", 2]]


def test_a_plan_beside_its_result_is_not_two_areas(tmp_path):
    path = write(tmp_path / "a.csv", PLAN_AND_RESULT)
    with pytest.raises(pgi.InputError, match="are they areas, or such as plan and result"):
        pgi.read_panel(path, period="2024")
    with pytest.raises(pgi.InputError, match="several columns hold figures: «Kế hoạch», «Đạt»"):
        pgi.read_panel(path, period="2024", area="Sở X")
    found = pgi.read_panel(path, period="2024", area="Sở X", columns={"value": "Đạt"})
    assert told(found) == {("Sở X", "x", "2024"): 2.0, ("Sở X", "y", "2024"): 4.0}


@pytest.mark.filterwarnings("ignore::pgi_analysis.data.plain.DataWarning")
def test_a_plan_beside_its_result_under_months_neither(tmp_path):
    rows = [
        ["Chỉ tiêu", "Tháng 1", "", "Tháng 2", ""],
        ["", "KH", "TH", "KH", "TH"],
        ["x", 1, 2, 3, 4],
    ]
    options = {"area": "Sở X", "period": "2024"}
    with pytest.raises(pgi.InputError, match="several columns hold figures: «KH», «TH»"):
        read(tmp_path / "a.csv", rows, **options)
    found = read(tmp_path / "a.csv", rows, columns={"value": "TH"}, **options)
    assert found == {("Sở X", "x", "2024-01"): 2.0, ("Sở X", "x", "2024-02"): 4.0}


def test_columns_beside_years_are_indicators_or_areas(tmp_path):
    rows = [["Year", "Arda", "Bela"], [2020, 1, 2], [2021, 3, 4]]
    with pytest.raises(pgi.InputError, match="«Arda», «Bela» may be indicators or areas"):
        read(tmp_path / "a.csv", rows)
    assert ("X", "Arda", "2020") in read(tmp_path / "a.csv", rows, area="X")
    assert ("Arda", "poverty", "2020") in read(tmp_path / "a.csv", rows, indicator="poverty")


def test_groups_without_a_total_are_asked_for(tmp_path):
    with pytest.raises(pgi.InputError, match="the rows differ in «Sex»: «Female», «Male»"):
        read(tmp_path / "a.csv", SEXES)
    assert read(tmp_path / "a.csv", SEXES, where={"sex": "female"}) == {("X", "a", "2020"): 1.0}
    with pytest.raises(pgi.InputError, match="no row has «Both» here"):
        read(tmp_path / "a.csv", SEXES, where={"Sex": "Both"})
    with pytest.raises(pgi.InputError, match=r"no column «Sexe».*Did you mean Sex"):
        read(tmp_path / "a.csv", SEXES, where={"Sexe": "Male"})


@pytest.mark.parametrize("total", ["", "Total", "_T", "T", "TOTAL", "Cả hai giới"])
def test_of_groups_the_total_is_taken_and_said(tmp_path, total):
    rows = [*SEXES, ["X", 2020, total, 3], ["X", 2021, "Female", 4]]
    with pytest.warns(DataWarning, match="«Female», «Male»: these are groups"):
        found = read(tmp_path / "a.csv", rows)
    assert found == {("X", "a", "2020"): 3.0}


def test_a_unit_that_changes_within_an_indicator_is_refused(tmp_path):
    rows = [["Country", "Year", "Unit", "Value"], ["X", 2020, "USD", 5], ["X", 2021, "EUR", 4]]
    with pytest.raises(pgi.InputError, match="the rows differ in «Unit»: «USD», «EUR»"):
        read(tmp_path / "a.csv", rows)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [["Tỉnh", "Năm", "Điểm"], ["Huế", 2023, 5], ["", 2024, 6]],
            "row 3, area: the cell is empty",
        ),
        ([["Tỉnh", "PCI"], ["Huế", 5]], "nothing says when the figures are of"),
        ([["Năm", "Điểm"], [2023, 5]], "no column says which area a figure is of"),
        ([["Tỉnh", "Năm", "Tên"], ["Huế", 2023, "x"]], "this holds no figures"),
        ([["Tỉnh", 2022, 2022], ["Huế", 1, 2]], "row 1, 2022: the header names this column twice"),
        ([["Tỉnh", 2022, 2023], ["Huế", 1, 2, 3]], "row 2: the row has 4 cells, the header 3"),
        ([["Tỉnh", 2022, 2023], ["Huế", "x", "#REF!"], ["A", 1, 2]], "row 2, 2023: #REF! is an"),
        ([["Tỉnh", 2022, 2023], ["Huế", "45%", 46]], "row 2, 2022: some cells of the column"),
        (
            [["Tỉnh", 2022, 2023], ["Huế", 1, 2], ["Hue", 1, 2]],
            "row 3, area: «Hue» counts as «Huế»",
        ),
        (
            [["Tỉnh", 2022, 2023], ["Huế", 1, 2], ["Huế", 1, 2]],
            "Huế, a, 2022 stands already in row 2",
        ),
    ],
)
def test_what_is_not_understood_is_refused_where_it_stands(tmp_path, rows, message):
    with pytest.raises(pgi.InputError, match=message):
        read(tmp_path / "a.csv", rows)


# --- pgi init: says what it understood, asks, writes whole folders. ---


def texts(folder):
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in folder.rglob("*.*")}


DIRECTED = ("--direction", "up", "--direction", "*Pov*=down", "--direction", "SYN.HIV=down")


def test_a_folder_of_a_table_of_the_world_bank(pgi_command, tmp_path):
    out = tmp_path / "data"
    table = ("--from", TABLES / "world-bank.csv")
    code, said, _ = pgi_command(
        "init", out, *table, *DIRECTED, "--yes", "--plan", "p", "--area", "arda land"
    )
    assert code == 0
    assert (
        "Left out or noted:\n  world-bank.csv rows 78, 79, 80, 81, 82 and 1 more, area: «World»"
        in said
    )
    assert "SYN.GDP.PCAP (GDP per capita): unit current US$; higher is better; 2012 to 2023" in said
    files = texts(out)
    assert files["index.toml"].startswith(
        'source = "Synthetic Development Indicators"\nreleased = 2024-10-07\n'
    )
    assert 'singular_en = "country"' in files["index.toml"]
    indicators = pd.read_csv(out / "indicators.csv", index_col="indicator")
    assert indicators.loc["SYN.POV.RATE"].tolist() == [
        "Poverty headcount ratio",
        "% of population",
        -1,
    ]
    assert files["plans/p/targets.csv"].splitlines()[1] == "SYN.POV.RATE,13.97,2023,,"
    assert (
        files["plans/p/plan.toml"]
        == 'name = "p"\narea = "Ardaland"\n\n[reporting]\nrhythm = "yearly"\n'
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        table = pgi.read_panel(TABLES / "world-bank.csv")
    assert told(pgi.read_panel(out / "scores.csv")) == told(table)


def test_an_open_sdg_folder_has_no_area_and_many_files(pgi_command, tmp_path):
    words = [
        "init",
        tmp_path / "data",
        "--from",
        TABLES / "open-sdg",
        "--yes",
        "--direction",
        "down",
    ]
    words += ["--released", "2024-05-01"]
    code, _, err = pgi_command(*words)
    assert code == 1
    assert "indicator_1-2-1.csv: no column says which area a figure is of" in err
    assert not (tmp_path / "data").exists()
    code, said, _ = pgi_command(*words, "--area", "Ardaland")
    assert code == 0
    assert "indicator_17-1-1.csv: holds no table of figures: left out." in said
    scores = pd.read_csv(tmp_path / "data" / "scores.csv", dtype={"indicator": str})
    assert scores.groupby("indicator").size().to_dict() == {"1.2.1": 13, "3.6.1": 13, "8.5.2": 13}
    assert "per 100,000 population" in (tmp_path / "data" / "indicators.csv").read_text("utf-8")


def test_a_folder_of_eurostat_has_breaks_notes_and_the_day(pgi_command, tmp_path):
    out = tmp_path / "data"
    words = ("init", out, "--from", TABLES / "eurostat.csv", "--direction", "down", "--yes")
    code, said, _ = pgi_command(*words)
    assert code == 0
    assert "Break: SYN_RATE of BB begins anew in 2017." in said
    assert "released = 2024-10-07" in (out / "index.toml").read_text("utf-8")
    scores = pd.read_csv(out / "scores.csv")
    assert len(scores) == 3 * 11 - 1
    assert scores.loc[scores["series_break"] == "yes", ["area", "period"]].to_numpy().tolist() == [
        ["BB", 2017]
    ]
    assert set(scores.loc[scores["period"] == 2023, "note_vi"]) == {"sơ bộ"}


def test_a_vietnamese_workbook_gives_a_vietnamese_folder(pgi_command, tmp_path):
    out = tmp_path / "data"
    words = ["init", out, "--from", TABLES / "papi.xlsx", "--direction", "up", "--lang", "vi"]
    code, said, _ = pgi_command(*words, "--released", "10/5/2025", "--yes")
    assert code == 0
    assert "papi.xlsx [PAPI 2019]: mỗi chỉ số một cột" in said
    assert "«Trung bình» là dòng tổng, trung bình hoặc nhóm địa phương" in said
    indicators = pd.read_csv(out / "indicators.csv")
    assert list(indicators) == ["indicator", "name_vi", "unit", "direction"]
    assert "Xếp hạng" not in set(indicators["indicator"])
    assert set(pd.read_csv(out / "scores.csv")["period"]) == set(range(2019, 2025))


def test_a_workbook_by_month_with_per_cents(pgi_command, tmp_path):
    out = tmp_path / "data"
    words = [
        "init",
        out,
        "--from",
        TABLES / "kpi.xlsx",
        "--direction",
        "up",
        "--area",
        "Văn phòng Sở",
    ]
    code, said, _ = pgi_command(*words, "--released", "2025-01-10", "--yes", "--plan", "kpi")
    assert code == 0
    assert "Next: fill in the columns target and target_period" in said
    scores = pd.read_csv(out / "scores.csv")
    first = scores[scores["indicator"] == "Hồ sơ giải quyết đúng hạn"]
    assert len(first) == 23  # of 24 one is «chưa có»
    assert first["value"].between(85, 110).all()
    assert first["period"].iloc[0] == "2023-01"
    assert "2024-11,," in (out / "plans" / "kpi" / "targets.csv").read_text("utf-8").splitlines()[1]


@pytest.mark.parametrize("asked", list(itertools.permutations(["up", "SYN.*=down", "SYN.HIV=up"])))
def test_what_is_said_of_fewer_indicators_holds_in_whatever_order(asked):
    found = read_tables([TABLES / "world-bank.csv"], Asked())
    made = draft_folder(found, directions=asked).indicators.set_index("indicator")["direction"]
    assert made.pop("SYN.HIV") == 1
    assert set(made) == {-1}


def test_without_directions_or_a_day_yes_refuses_and_says_what_to_add(pgi_command, tmp_path):
    out = tmp_path / "data"
    code, _, err = pgi_command("init", out, "--from", TABLES / "papi.xlsx", "--yes")
    assert code == 1
    assert '--direction "Công khai, minh bạch=…"' in err
    assert "--released 2025-05-06" in err
    assert not list(tmp_path.iterdir())


def test_it_asks_for_what_it_does_not_know(pgi_command, tmp_path, monkeypatch):
    out = tmp_path / "data"
    path = write(tmp_path / "a.csv", [["Tỉnh", 2022, 2023], ["Huế", 1, 2]])
    answers = iter(["x", "l", "2024-05-06", "y"])
    pgi_command("validate")  # sets the command up
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("sys.argv", ["pgi", "init", str(out), "--from", str(path)])
    from pgi_analysis import cli

    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert (out / "indicators.csv").read_text("utf-8") == "indicator,name_vi,direction\na,a,-1\n"
    assert "released = 2024-05-06" in (out / "index.toml").read_text("utf-8")


def test_with_nobody_to_answer_nothing_is_written(pgi_command, tmp_path):
    words = ["init", tmp_path / "data", "--from", TABLES / "eurostat.csv", "--direction", "down"]
    code, _, err = pgi_command(*words)
    assert code == 1
    assert "Nothing was written, since nobody answered" in err
    code, said, _ = pgi_command(*words, answer="n")
    assert code == 1
    assert said.endswith("Nothing was written.\n")
    assert not list(tmp_path.iterdir())


def test_files_that_are_there_are_kept_unless_told(pgi_command, tmp_path):
    out = tmp_path / "data"
    words = ["init", out, "--from", TABLES / "eurostat.csv", "--direction", "down", "--yes"]
    pgi_command(*words)
    (out / "scores.csv").write_text("mine", "utf-8")
    before = texts(out)
    code, _, err = pgi_command(*words)
    assert code == 1
    assert "indicators.csv, scores.csv, index.toml is there already" in err
    assert texts(out) == before
    code, *_ = pgi_command(*words, "--replace")
    assert code == 0
    assert texts(out)["scores.csv"] != "mine"
    assert not [file for file in tmp_path.iterdir() if file != out]


def test_a_plan_for_all_areas_has_a_row_for_each_indicator(pgi_command, tmp_path):
    out = tmp_path / "data"
    words = ["init", out, "--from", TABLES / "world-bank.csv", *DIRECTED, "--yes"]
    code, _, err = pgi_command(*words, "--plan", "goals", "--area", "all")
    assert (code, err) == (0, "")
    home = out / "plans" / "goals"
    assert "area" not in (home / "plan.toml").read_text("utf-8")
    first, *rows = (home / "targets.csv").read_text("utf-8").splitlines()
    assert first == "area,indicator,measure,target,target_period,baseline_period"
    assert [row.split(",")[0] for row in rows] == ["all"] * 6
    (home / "targets.csv").write_text(f"{first}\nall,SYN.LIFE,,80,2030,\n", "utf-8")
    assert len(pgi.data.plans_of(out, "goals")) == 12


def test_targets_of_each_area_make_a_plan_for_all(pgi_command, tmp_path):
    out = tmp_path / "data"
    pgi_command("init", out, "--from", TABLES / "world-bank.csv", *DIRECTED, "--yes")
    rows = [["Country", "Indicator", "Target", "Target year", "Measure"]]
    rows += [[area, "SYN.LIFE", 85, 2030, ""] for area in ("Belaland", "Coraland")]
    words = ["init", out, "--plan", "two", "--area", "all", "--yes"]
    words += ["--targets", write(tmp_path / "targets.csv", rows)]
    code, _, err = pgi_command(*words)
    assert (code, err) == (0, "")
    assert pgi.data.plans_of(out, "two") == ["two.belaland", "two.coraland"]
    write(tmp_path / "targets.csv", [*rows, ["Belaland", "SYN.HIV", "-50%", 2030, "change"]])
    code, _, err = pgi_command(*words, "--replace")
    assert code == 1
    assert "targets.csv row 4, target: «change: -50%» is a change" in err


def test_a_plan_is_added_to_a_folder_with_targets_of_a_table(pgi_command, tmp_path):
    out = tmp_path / "data"
    pgi_command("init", out, "--from", TABLES / "world-bank.csv", *DIRECTED, "--yes")
    scores = (out / "scores.csv").read_text("utf-8")
    rows = [
        ["Country", "Indicator", "Target", "Target year"],
        ["Belaland", "Access to electricity", 95, 2030],
    ]
    rows += [["Belaland", "syn.pov.rate", 8, 2030], ["Coraland", "SYN.HIV", 0.1, 2030]]
    targets = write(tmp_path / "targets.csv", rows)
    words = [
        "init",
        out,
        "--plan",
        "bela-2030",
        "--area",
        "Belaland",
        "--targets",
        targets,
        "--yes",
    ]
    code, said, err = pgi_command(*words)
    assert (code, err) == (0, "")
    assert f"pgi report --data {out} --plan bela-2030" in said
    written = (out / "plans" / "bela-2030" / "targets.csv").read_text("utf-8")
    assert written == "indicator,target,target_period\nSYN.ELEC,95,2030\nSYN.POV.RATE,8,2030\n"
    assert (out / "scores.csv").read_text("utf-8") == scores
    write(targets, [*rows, ["Belaland", "GPD per capita", 1, 2030]])
    code, _, err = pgi_command(*words[:3], "other", *words[4:])
    assert code == 1
    assert "targets.csv row 5, indicator: the panel does not have «GPD per capita»" in err
    assert not (out / "plans" / "other").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Name a table to make the folder of"),
        (["--from", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (["--from", "T", "--direction", "sideways"], "«sideways» is no direction"),
        (["--from", "T", "--direction", "nothing=up"], "no indicator"),
        (["--from", "T", "--released", "soon"], "«soon» is not a date"),
        (["--from", "T", "--columns", "area"], "«area» names no value"),
        (["--from", "T", "--columns", "aera=geo"], "Did you mean area"),
        (["--from", "T", "--columns", "area=Geo2"], "there is no column «Geo2»"),
        (["--from", "T", "--without", "Narnia"], "no area and no indicator «Narnia»"),
        (
            ["--from", "T", "--plan", "p"],
            "for a plan of all areas; there are: AA",
        ),
        (["--from", "T", "--plan", "p", "--area", "Q"], "has no area «Q»"),
        (["--from", "T", "--plan", "../p", "--area", "AA"], "cannot be a plan's name"),
        (["--from", "T", "--targets", "x.csv"], "--area and --targets are of a plan"),
    ],
)
def test_wrong_words_of_init(pgi_command, tmp_path, words, message):
    words = [TABLES / "eurostat.csv" if word == "T" else word for word in words]
    code, _, err = pgi_command("init", tmp_path / "data", *words, "--yes")
    assert code == 1
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_to_is_left_as_it_was(pgi_command, tmp_path, monkeypatch):
    out = tmp_path / "data"
    words = ["init", out, "--from", TABLES / "eurostat.csv", "--direction", "down", "--yes"]

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    code, _, err = pgi_command(*words)
    assert code == 1
    assert "cannot be written (No space left on device)" in err
    assert not list(tmp_path.iterdir())


def test_sheets_are_named_and_hidden_ones_left_out(tmp_path):
    path = Path(shutil.copy(TABLES / "papi.xlsx", tmp_path))
    book = openpyxl.load_workbook(path)
    book["PAPI 2019"].sheet_state = "hidden"
    book.create_sheet("Ghi chú").append(["Số liệu giả định", "để thử"])
    book.save(path)
    with pytest.warns(DataWarning, match=r"\[PAPI 2019\]: this sheet is hidden"):
        panel = pgi.read_panel(path)
    assert set(panel["period"]) == set(range(2020, 2025))
    with pytest.warns(DataWarning, match="Trung bình"):
        panel = pgi.read_panel(path, sheets=["papi 2019"])
    assert set(panel["period"]) == {2019}
    with pytest.raises(pgi.InputError, match="There is no sheet «PAPI 2018»"):
        pgi.read_panel(path, sheets=["PAPI 2018"])


@pytest.mark.parametrize("header", ["UNIT_MULT", "Power Code"])
def test_a_multiplier_is_multiplied_by(tmp_path, header):
    """97 million and 98,000 thousand are next to each other, not a thousand apart."""
    path = tmp_path / "people.csv"
    rows = ("VN,2020,97,6", "VN,2021,98000,3", "LA,2020,7.25,Millions", "LA,2021,7300000,")
    path.write_text("\n".join([f"REF_AREA,TIME_PERIOD,OBS_VALUE,{header}", *rows]), "utf-8")
    assert pgi.read_panel(path)["value"].tolist() == [97e6, 98e6, 7.25e6, 7.3e6]
    path.write_text(path.read_text("utf-8").replace("Millions", "dozens"), "utf-8")
    with pytest.raises(pgi.InputError, match="row 4, value: «dozens» should say"):
        pgi.read_panel(path)


def test_a_column_of_figures_that_is_not_read_is_pointed_at(tmp_path):
    path = tmp_path / "air.csv"
    path.write_text("Country,2020,2021*,2022e,Target 2025\nA,5,6,7,9\nB,4,5,6,9\n", "utf-8")
    with pytest.warns(DataWarning, match=r"air\.csv, Target 2025: this column of figures"):
        found = pgi.read_panel(path)
    assert sorted(set(found["period"])) == [2020, 2021, 2022]
    assert len(found) == 6
